"""The operator works through dead letters: nothing is lost, nothing personal is shown."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.events import readers
from chalicelib.images.model import State, upload_key
from infra import dead_letters, pause
from infra.dead_letters import DeadQueue
from infra.letters import read
from infra.local.events import sqs_event
from tests.classification.test_events import record
from tests.images.making import awaited_image, image_of, upload
from tests.infra.deployed import deploy, elsewhere, end_holds, forget, meeting
from tests.infra.laying_aside import (
    PHOTO,
    bodies,
    classify_runs,
    command,
    failed,
    lay_aside,
    records,
    url,
)
from tests.labelling.making import classified_image, reader
from tests.world import World, new_world


@pytest.fixture(scope="module")
def deployed() -> Iterator[World]:
    with new_world() as made:
        deploy(made, mapping=False)
        yield made


@pytest.fixture
def house(deployed: World) -> World:
    """Ten minutes after what is laid aside here: SQS keeps the real time."""
    forget(deployed).clock.moment = datetime.now(UTC) + timedelta(minutes=10)
    return deployed


def test_a_list_tells_what_each_is_about_and_takes_nothing_away(
    house: World, capsys: pytest.CaptureFixture[str]
) -> None:
    event = {"Records": [record("uploads/image7", "v1")]}
    letters = [
        lay_aside(house, "labelling", {"image_id": "image1", "trace": "t"}),
        lay_aside(house, "labelling", {"reader_id": "expert1"}),
        lay_aside(house, "classify", failed(event)),
    ]
    before = bodies(house, "labelling-dead"), bodies(house, "classify-dead")
    house.clock.advance(hours=3, minutes=5, seconds=30)
    for _ in range(2):
        assert command(house, "list") == 0
    told = capsys.readouterr().out
    assert all(told.count(letter) == 2 for letter in letters)
    for words in ("labelling-dead: 2", "image image1", "reader expert1", "3 h 15 min old"):
        assert words in told
    assert "uploads/image7, ValueError RetriesExhausted" in told
    assert (bodies(house, "labelling-dead"), bodies(house, "classify-dead")) == before


def test_steps_of_releases_and_reports_of_tests_are_told_and_sent_again(
    house: World, capsys: pytest.CaptureFixture[str]
) -> None:
    told_of = {
        "builds": {
            "preview of DSC-SKIN-MEL": {"preview": "DSC-SKIN-MEL"},
            "release r1,": {"release_id": "r1", "trace": "t"},
            "release r1, shard 12": {"release_id": "r1", "shard": "12"},
        },
        "evaluations": {"evaluation e1": {"evaluation_id": "e1"}},
    }
    for name, letters in told_of.items():
        for body in letters.values():
            lay_aside(house, name, body)
    lay_aside(house, "builds", {"release_id": "r1", "shard": 12})
    lay_aside(house, "evaluations", {"release_id": "r1"})
    assert command(house, "list") == 0
    told = capsys.readouterr().out
    for letters in told_of.values():
        assert all(words in told for words in letters)
    assert told.count("none of our messages") == 2
    for name, letters in told_of.items():
        assert command(house, "redrive", "--queue", name) == 1, "one is none of ours"
        sent = sorted(json.dumps(body) for body in letters.values())
        assert bodies(house, name, take=True) == sent
        assert len(bodies(house, f"{name}-dead", take=True)) == 1


def test_nothing_written_freely_is_shown(house: World, capsys: pytest.CaptureFixture[str]) -> None:
    event = {"Records": [record("uploads/Ivan Petrov.jpg", "v1")]}
    letter = failed(event)
    letter["responsePayload"] |= {
        "errorType": "Ivan Petrov",
        "errorMessage": "Ivan Petrov",
        "stackTrace": ["Ivan Petrov"],
    }
    for body in (letter, "Ivan Petrov", {"image_id": "Ivan Petrov"}, "[" * 100_000):
        for name in ("labelling", "classify"):
            lay_aside(house, name, body)
    command(house, "list")
    command(house, "redrive", "--queue", "labelling")
    told = capsys.readouterr()
    assert told.out.count("none of our messages") == 9
    assert "Petrov" not in told.out + told.err


def test_empty_queues_are_no_failure(house: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(house, "list") == command(house, "redrive") == 0
    assert "classify-dead: none" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("condition", "payload", "told"),
    [
        ("ZeroReservedConcurrency", None, "ZeroReservedConcurrency, no type of error"),
        ("EventAgeExceeded", None, "EventAgeExceeded, no type of error"),
        ("RetriesExhausted", {"errorMessage": "timed out"}, "RetriesExhausted, no type of error"),
        (
            "RetriesExhausted",
            {"errorType": "Sandbox.Timedout"},
            "Sandbox.Timedout RetriesExhausted",
        ),
    ],
)
def test_lambdas_records_of_functions_that_did_not_answer_are_understood(
    condition: str, payload: dict[str, str] | None, told: str
) -> None:
    letter = failed({"Records": [record("uploads/image7", None)]})
    letter["requestContext"]["condition"] = condition
    del letter["responsePayload"]
    if payload is None:
        del letter["responseContext"]
    else:
        letter["responsePayload"] = payload
    attributes = {"SentTimestamp": "0", "ApproximateReceiveCount": "1"}
    message = {"MessageId": "m", "ReceiptHandle": "r", "Body": json.dumps(letter)}
    found = read("classify", message | {"Attributes": attributes})
    assert (found.about, found.error) == ("uploads/image7", told)
    assert found.event == letter["requestPayload"]


def test_an_upload_given_up_is_taken_in_by_a_redrive(
    house: World, capsys: pytest.CaptureFixture[str]
) -> None:
    awaited_image(house, PHOTO)
    event = {"Records": [record(upload_key("image1"), upload(house, PHOTO))]}
    lay_aside(house, "classify", failed(event))
    with classify_runs(house) as called:
        assert command(house, "redrive") == 0
    assert called == [event]
    assert image_of(house).state is State.CLASSIFIED
    assert bodies(house, "classify-dead") == []
    assert "classify-dead: 1 sent again" in capsys.readouterr().out


def test_a_redrive_that_dies_leaves_an_event_twice_and_loses_none(house: World) -> None:
    awaited_image(house, PHOTO)
    event = {"Records": [record(upload_key("image1"), upload(house, PHOTO))]}
    lay_aside(house, "classify", failed(event))

    def die(**_: Any) -> None:
        raise ConnectionError

    with classify_runs(house) as called:
        with meeting(house, "sqs.DeleteMessage", die), pytest.raises(ConnectionError):
            command(house, "redrive")
        assert len(bodies(house, "classify-dead")) == 1
        first = image_of(house)
        assert command(house, "redrive") == 0
    assert called == [event, event]
    assert image_of(house) == first, "the second time changes nothing"
    assert bodies(house, "classify-dead") == []


def test_wherever_a_redrive_is_killed_no_message_is_lost(
    house: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for calls in (4, 5, 6, 9):  # from the letters' receipt to the end of the third
        sent = {json.dumps({"image_id": f"image{calls}-{n}"}) for n in range(3)}
        for body in sent:
            lay_aside(house, "labelling", body)
        with monkeypatch.context() as killed, house.crash_after(calls):
            killed.setattr(DeadQueue, "release", lambda _: None)  # nothing runs after a kill
            command(house, "redrive", "--queue", "labelling")
        end_holds()
        assert {*bodies(house, "labelling"), *bodies(house, "labelling-dead")} == sent
        assert command(house, "redrive", "--queue", "labelling") == 0
        arrived = bodies(house, "labelling", take=True)
        assert set(arrived) == sent
        assert len(arrived) <= len(sent) + 1, "the one at work came twice, at most"
        assert bodies(house, "labelling-dead") == []


def test_what_is_not_ours_is_left_at_once_for_somebody_to_drop(
    house: World, capsys: pytest.CaptureFixture[str]
) -> None:
    strange = lay_aside(house, "labelling", {"hello": "world"})
    lay_aside(house, "labelling", {"image_id": "image1"})
    assert command(house, "redrive", "--queue", "labelling") == 1
    assert "1 left that are none of our messages" in capsys.readouterr().out
    assert bodies(house, "labelling-dead") == [json.dumps({"hello": "world"})]
    assert bodies(house, "labelling") == [json.dumps({"image_id": "image1"})]
    assert command(house, "drop", strange, "--reason", "a stranger's") == 0
    assert bodies(house, "labelling-dead") == []


def test_a_poison_message_comes_back_once_and_is_not_chased(
    house: World, capsys: pytest.CaptureFixture[str]
) -> None:
    lay_aside(house, "labelling", {"image_id": "image1"})
    house.clock.moment = datetime.now(UTC)
    sends = []

    def fails_again(params: Any, **_: Any) -> None:
        if json.loads(params["body"])["QueueUrl"] == url(house, "labelling"):
            sends.append(params)
            assert len(sends) == 1, "it is chased"
            lay_aside(house, "labelling", {"image_id": "image1"})

    with meeting(house, "sqs.SendMessage", fails_again):
        assert command(house, "redrive", "--queue", "labelling") == 0
    assert "1 left that came after the start" in capsys.readouterr().out
    assert len(bodies(house, "labelling-dead")) == 1


def test_more_letters_than_one_answer_holds_are_all_sent_again(
    house: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dead_letters, "TOLD_EVERY", 10)
    for number in range(12):
        lay_aside(house, "labelling", {"image_id": f"image{number}"})
    assert command(house, "redrive", "--queue", "labelling") == 0
    told = capsys.readouterr()
    assert "12 sent again" in told.out
    assert "10 of about 12" in told.err
    assert len(set(bodies(house, "labelling"))) == 12


def test_a_message_sent_again_is_handled_as_the_first_time(house: World) -> None:
    reader(house, "expert1")
    classified_image(house, "image1")
    lay_aside(house, "labelling", {"image_id": "image1", "trace": "t"})
    assert command(house, "redrive", "--queue", "labelling") == 0
    [body] = [each for each in bodies(house, "labelling") if "image_id" in each]
    event = sqs_event(
        [{"MessageId": "m", "ReceiptHandle": "r", "Body": body, "MD5OfBody": ""}],
        queue_arn="arn:aws:sqs:eu-central-1:123456789012:rodinka-test-labelling",
        region="eu-central-1",
    )
    assert readers.wanted(house.platform, event) == {"batchItemFailures": []}
    assert image_of(house).state is State.IN_LABELLING


def test_while_the_functions_are_paused_no_event_is_thrown_at_them(
    house: World, capsys: pytest.CaptureFixture[str]
) -> None:
    lay_aside(house, "classify", failed({"Records": [record("uploads/image7", None)]}))
    lay_aside(house, "labelling", {"image_id": "image1"})
    pause.pause(house.platform)
    try:
        with classify_runs(house) as called:
            assert command(house, "redrive") == 1
    finally:
        pause.resume(house.platform, pause.configured("test"))
    assert "infra.pause off first" in capsys.readouterr().err
    assert (called, len(bodies(house, "classify-dead"))) == ([], 1)
    assert len(bodies(house, "labelling")) == 1, "messages wait there until the pause ends"


def test_a_stage_without_functions_is_told_so(
    house: World, capsys: pytest.CaptureFixture[str]
) -> None:
    lay_aside(house, "classify", failed({"Records": [record("uploads/image7", None)]}))
    assert dead_letters.main(["redrive"], lambda: elsewhere(house)) == 1
    assert "deploy the stage first" in capsys.readouterr().err
    assert len(bodies(house, "classify-dead")) == 1


def test_a_dropped_letter_is_gone_said_and_recorded_once(
    house: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(12):
        lay_aside(house, "labelling", {"image_id": f"image{number}"})
    wanted = lay_aside(house, "labelling", {"image_id": "image99"})
    with monkeypatch.context() as dying:
        dying.setattr(DeadQueue, "remove", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            command(house, "drop", wanted, "--reason", "seen")
    assert len(bodies(house, "labelling-dead")) == 13
    assert len(records(house)) == 1, "on record before it is gone"
    assert command(house, "drop", wanted, "--reason", "the image was deleted") == 0
    told = capsys.readouterr().out
    for words in (wanted, "image image99", "the image was deleted", "labelling-dead"):
        assert words in told
    assert len(bodies(house, "labelling-dead")) == 12
    assert json.dumps({"image_id": "image99"}) not in bodies(house, "labelling-dead")
    [item] = records(house)
    assert item["act"] == {"S": "dead_letter.dropped"}
    assert item["on"] == {"S": f"{wanted} image image99"}
    assert command(house, "drop", wanted, "--reason", "again") == 1
    assert "no dead letter" in capsys.readouterr().err


def test_a_letter_is_dropped_for_a_reason(house: World) -> None:
    with pytest.raises(SystemExit):
        command(house, "drop", "message")

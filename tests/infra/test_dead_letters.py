"""The operator reads dead letters and drops some for a reason: nothing personal is shown."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.oversight.dead_queue import DeadQueue
from chalicelib.oversight.letters import read
from tests.classification.test_events import record
from tests.infra.laying_aside import (
    bodies,
    command,
    failed,
    lay_aside,
    records,
)
from tests.world import World


@pytest.fixture
def house(stage: World) -> World:
    """Ten minutes after what is laid aside here: SQS keeps the real time."""
    stage.clock.moment = datetime.now(UTC) + timedelta(minutes=10)
    return stage


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

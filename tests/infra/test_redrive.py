"""The operator sends dead letters again: none is lost, and none is chased."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.events import readers
from chalicelib.images.model import State, upload_key
from chalicelib.oversight.dead_queue import DeadQueue
from infra import dead_letters, pause
from infra.local.events import sqs_event
from tests.classification.test_events import record
from tests.images.making import awaited_image, image_of, upload
from tests.infra.deployed import elsewhere, end_holds, meeting
from tests.infra.laying_aside import (
    PHOTO,
    bodies,
    classify_runs,
    command,
    failed,
    lay_aside,
    url,
)
from tests.labelling.making import classified_image, reader
from tests.world import World


@pytest.fixture
def house(stage: World) -> World:
    """Ten minutes after what is laid aside here: SQS keeps the real time."""
    stage.clock.moment = datetime.now(UTC) + timedelta(minutes=10)
    return stage


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

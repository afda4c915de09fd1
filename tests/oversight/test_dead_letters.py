"""An administrator sees what functions gave up on, sends it once more, or drops it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.images.model import upload_key
from chalicelib.oversight import dead_letters
from chalicelib.oversight.dead_queue import QUEUES
from tests.asking import Answered
from tests.classification.test_events import record
from tests.images.making import awaited_image, image_of
from tests.infra.laying_aside import PHOTO, bodies, failed, lay_aside, records
from tests.patients.asking import Client
from tests.world import World

REDRIVE = "/v1/dead-letters/{queue}/redrive"
LETTER = "/v1/dead-letters/{queue}/{letter_id}"


@pytest.fixture(autouse=True)
def _later(world: World) -> None:
    """Ten minutes after what is laid aside here: SQS keeps the real time."""
    world.clock.moment = datetime.now(UTC) + timedelta(minutes=10)


def listed(admin: Client) -> dict[str, Any]:
    answer = admin.ask("GET", "/v1/dead-letters")
    assert answer.status == 200, answer.body
    return {each["queue"]: each for each in answer.body["items"]}


def redriven(admin: Client, queue: str) -> Answered:
    return admin.ask("POST", REDRIVE, queue=queue)


def test_every_queue_is_told_with_what_its_letters_are_about(world: World, admin: Client) -> None:
    letter = lay_aside(world, "labelling", {"case_id": "image1"})
    lay_aside(world, "classify", failed({"Records": [record("uploads/image7", "v1")]}))
    lay_aside(world, "builds", "Ivan Petrov")
    for _ in range(2):
        found = listed(admin)
        assert tuple(found) == QUEUES
        assert [found[name]["count"] for name in QUEUES] == [1, 1, 0, 1, 0]
    [told] = found["labelling"]["letters"]
    assert (told["letter_id"], told["subject"], told["queue"]) == (
        letter,
        "case image1",
        "labelling",
    )
    assert told["first_received_at"] >= told["sent_at"]
    assert told["receive_count"] == 2
    [upload] = found["classify"]["letters"]
    assert (upload["subject"], upload["error"]) == (
        "uploads/image7",
        "ValueError RetriesExhausted",
    )
    [unknown] = found["builds"]["letters"]
    assert unknown["subject"] is None
    assert "Petrov" not in str(found), "nothing personal is shown"


def test_at_most_ten_letters_of_a_queue_are_told(world: World, admin: Client) -> None:
    for number in range(12):
        lay_aside(world, "labelling", {"image_id": f"image{number}"})
    told = listed(admin)["labelling"]
    assert told["count"] == 12
    assert len(told["letters"]) == 10


def test_letters_are_sent_to_their_queue_again_and_strange_ones_left(
    world: World, admin: Client
) -> None:
    lay_aside(world, "builds", {"preview": "DSC-SKIN-MEL"})
    lay_aside(world, "builds", "?")
    answer = redriven(admin, "builds")
    assert answer.status == 202
    assert answer.body == {"queue": "builds", "sent": 1, "unknown": 1, "left": 1}
    assert bodies(world, "builds") == ['{"preview":"DSC-SKIN-MEL"}']
    assert bodies(world, "builds-dead") == ["?"]


def test_one_request_sends_a_hundred_letters_at_most(
    world: World, admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dead_letters, "MOST_AT_ONCE", 10)
    for number in range(25):
        lay_aside(world, "labelling", {"image_id": f"image{number}"})
    told = [redriven(admin, "labelling").body for _ in range(3)]
    assert [each["sent"] for each in told] == [10, 10, 5]
    assert [each["left"] for each in told] == [15, 5, 0]


def test_an_upload_given_up_is_looked_for_by_the_next_sweep(world: World, admin: Client) -> None:
    awaited_image(world, PHOTO)
    event = {"Records": [record(upload_key("image1"), "v1")]}
    lay_aside(world, "classify", failed(event))
    assert redriven(admin, "classify").body["sent"] == 1
    due_at = image_of(world).due_at
    assert due_at is not None
    assert due_at <= world.clock.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert bodies(world, "classify-dead") == []


def test_a_letter_is_dropped_once_and_recorded(world: World, admin: Client) -> None:
    letter = lay_aside(world, "webhooks", "?")
    lay_aside(world, "webhooks", "!")
    assert admin.ask("DELETE", LETTER, queue="webhooks", letter_id=letter).status == 204
    assert bodies(world, "webhooks-dead") == ["!"]
    assert admin.ask("DELETE", LETTER, queue="webhooks", letter_id=letter).status == 404
    dropped = [each for each in records(world) if each["act"]["S"] == "dead_letter.dropped"]
    assert [each["on"]["S"] for each in dropped] == [letter]


def test_a_queue_that_is_none_is_not_found(admin: Client) -> None:
    assert redriven(admin, "labelling-dead").status == 404
    assert admin.ask("DELETE", LETTER, queue="people", letter_id="m1").status == 404

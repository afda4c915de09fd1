"""KMS off, DynamoDB throttled, SQS down, a clock set back: requests fail without a trace and succeed when repeated."""

import hashlib

import pytest
from botocore.exceptions import ClientError

from chalicelib.images.model import State
from chalicelib.patients import disclosure
from chalicelib.platform import keys
from tests.asking import Answered, as_caller, ask
from tests.classification.taking_in import PHOTO, queued_messages, run_sweep, take_in
from tests.images.making import awaited_image, image_of, states_of, upload
from tests.patients.asking import CODE, Client
from tests.world import WorkerDied, World

SLOT = {
    "kind": "dermoscopic",
    "content_type": "image/jpeg",
    "bytes": len(PHOTO),
    "sha256": hashlib.sha256(PHOTO).hexdigest(),
}


@pytest.fixture
def doctor(world: World, away: set[str]) -> Client:
    return Client(world, account_id="doctor1", clinic_id="clinic1")


def open_slot(lesion_id: str, key: str) -> Answered:
    return ask(
        "POST",
        "/v1/lesions/{lesion_id}/images",
        caller=as_caller("doctor", "doctor1", "clinic1"),
        body=SLOT,
        ids={"lesion_id": lesion_id},
        headers={"idempotency-key": key},
    )


@pytest.mark.parametrize("service", ["kms", "dynamodb"])
def test_a_survey_fails_whole_and_its_repetition_enters_it_once(
    doctor: Client, away: set[str], service: str, caplog: pytest.LogCaptureFixture
) -> None:
    away.add(service)
    for answer in (doctor.enter(key="k1"), doctor.look_up()):
        assert (answer.status, answer.error["code"]) == (500, "internal")
        assert CODE not in repr(answer.body)
    away.clear()
    assert doctor.items("patient") == doctor.items("lesion") == doctor.items("code") == []
    assert CODE not in caplog.text
    first, again = doctor.enter(key="k1"), doctor.enter(key="k1")
    assert (first.status, first.body) == (201, again.body)
    assert len(doctor.items("patient")) == 1
    assert doctor.look_up().status == 200


def test_images_need_no_kms_of_ours(doctor: Client, away: set[str], world: World) -> None:
    lesion_id = doctor.enter().body["lesion_id"]
    away.add("kms")
    slot = open_slot(lesion_id, "k1").body
    take_in(world, upload(world, PHOTO, image_id=slot["image_id"]), slot["image_id"])
    assert image_of(world, slot["image_id"]).state is State.CLASSIFIED


def test_a_slot_refused_by_a_throttled_table_is_opened_by_the_repetition(
    doctor: Client, away: set[str], world: World
) -> None:
    lesion_id = doctor.enter().body["lesion_id"]
    away.add("dynamodb")
    assert open_slot(lesion_id, "k1").status == 500
    world.clock.advance(minutes=1)
    away.clear()
    opened = open_slot(lesion_id, "k1")
    assert opened.status == 201
    item = world.platform.cases.get(keys.slots("doctor1"))
    assert item is not None
    assert item["open"] == {opened.body["image_id"]}


def test_an_upload_during_a_throttled_minute_is_taken_in_after_it(
    away: set[str], world: World
) -> None:
    awaited_image(world, PHOTO)
    version = upload(world, PHOTO)
    away.add("dynamodb")
    for _ in range(3):  # as often as Lambda delivers an event
        with pytest.raises(ClientError):
            take_in(world, version)
        world.clock.advance(seconds=20)
    with pytest.raises(ClientError):
        run_sweep(world)
    away.clear()
    world.clock.advance(minutes=7)
    run_sweep(world)
    assert states_of(image_of(world)) == ["awaiting_upload", "received", "classified"]
    assert len(queued_messages(world)) == 1


def test_an_image_classified_while_the_queue_is_down_is_queued_afterwards(
    away: set[str], world: World
) -> None:
    awaited_image(world, PHOTO)
    version = upload(world, PHOTO)
    away.add("sqs")
    with pytest.raises(ClientError):
        take_in(world, version)
    first = image_of(world)
    assert first.state is State.CLASSIFIED
    away.clear()
    assert queued_messages(world) == []
    world.clock.advance(minutes=6)
    run_sweep(world)
    assert image_of(world) == first
    assert queued_messages(world) == ['{"image_id":"image1"}']


def test_a_sweep_that_meets_a_queue_that_is_down_does_the_rest_and_tells(
    away: set[str], world: World
) -> None:
    for image_id in ("image1", "image2"):
        awaited_image(world, PHOTO, image_id=image_id)
    take_in(world, upload(world, PHOTO))
    upload(world, PHOTO, image_id="image2")
    queued_messages(world)
    world.clock.advance(minutes=7)
    away.add("sqs")
    assert run_sweep(world) == 0, "neither could be brought to its end"
    away.clear()
    assert image_of(world, "image2").state is State.CLASSIFIED
    world.clock.advance(minutes=7)
    run_sweep(world)
    assert '{"image_id":"image2"}' in queued_messages(world)


def test_a_clock_set_back_an_hour_loses_no_image_and_doubles_none(
    world: World,
) -> None:
    awaited_image(world, PHOTO)
    version = upload(world, PHOTO)
    world.clock.advance(hours=-1)
    assert run_sweep(world) == 0, "nothing is overdue an hour before it was made"
    take_in(world, version)
    take_in(world, version)
    assert states_of(image_of(world)) == ["awaiting_upload", "received", "classified"]
    world.clock.advance(minutes=6)
    run_sweep(world)
    world.clock.advance(hours=1)
    run_sweep(world)
    assert states_of(image_of(world)) == ["awaiting_upload", "received", "classified"]
    assert set(queued_messages(world)) == {'{"image_id":"image1"}'}


def test_a_lease_given_before_the_clock_was_set_back_ends_when_its_time_comes(
    world: World,
) -> None:
    awaited_image(world, PHOTO)
    version = upload(world, PHOTO)
    world.crash_in = 1  # the worker dies right after it pinned the version
    with pytest.raises(WorkerDied):
        take_in(world, version)
    world.crash_in = None
    world.clock.advance(hours=-1)
    take_in(world, version)
    assert image_of(world).state is State.RECEIVED, "the lease is not over"
    world.clock.advance(hours=1, minutes=2)
    run_sweep(world)
    assert states_of(image_of(world)) == ["awaiting_upload", "received", "classified"]


def test_quotas_and_limits_hold_when_the_clock_is_set_back(
    doctor: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disclosure, "LOOKUPS", disclosure.LOOKUPS._replace(times=2))
    first = doctor.enter()
    assert [doctor.look_up().status for _ in range(3)] == [200, 200, 429]
    lesion_id = first.body["lesion_id"]
    slot = open_slot(lesion_id, "k1")
    world.clock.advance(hours=-1)
    again = open_slot(lesion_id, "k1")
    assert again.body["image_id"] == slot.body["image_id"]
    world.clock.advance(hours=1)
    assert doctor.look_up().status == 429

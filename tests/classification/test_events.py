"""Events as Lambda really delivers them, through the functions of `app`."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote_plus

import pytest

import app
from chalicelib.events.uploads import SomeFailed
from chalicelib.images.model import State, upload_key
from chalicelib.labelling.model import FIRST_READERS
from chalicelib.platform.objects import ObjectStore
from tests import pictures
from tests.images.making import awaited_image, image_of, upload
from tests.labelling.making import case_of, classified_image, reader
from tests.world import World, new_world

PHOTO = pictures.jpeg(pictures.photograph(160, 120))


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with new_world() as made:
        monkeypatch.setattr(app, "platform", lambda: made.platform)
        yield made


def record(key: str, version: str | None) -> dict[str, Any]:
    """One record as S3 writes it; it leaves the version out of unversioned buckets."""
    stored: dict[str, Any] = {"key": quote_plus(key), "size": len(PHOTO), "sequencer": "00A1"}
    if version is not None:
        stored["versionId"] = version
    return {
        "eventVersion": "2.3",
        "eventSource": "aws:s3",
        "eventName": "ObjectCreated:Post",
        "responseElements": {"x-amz-request-id": "C3D13FE58DE4C810"},
        "s3": {"bucket": {"name": "uploads"}, "object": stored},
    }


def arrived(*records: dict[str, Any]) -> None:
    app.classify({"Records": list(records)}, None)


def test_every_record_of_an_event_is_taken_in(world: World) -> None:
    records = []
    for image_id in ("image1", "image2"):
        awaited_image(world, PHOTO, image_id=image_id)
        version = upload(world, PHOTO, image_id=image_id)
        records.append(record(upload_key(image_id), version))
    arrived(*records)
    assert image_of(world, "image1").state is State.CLASSIFIED
    assert image_of(world, "image2").state is State.CLASSIFIED


def test_a_test_event_of_s3_is_no_failure(world: World) -> None:
    app.classify({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "uploads"}, None)


def test_an_event_without_version_id_is_taken_in(world: World) -> None:
    awaited_image(world, PHOTO)
    upload(world, PHOTO)
    arrived(record(upload_key("image1"), None))
    assert image_of(world).state is State.CLASSIFIED


@pytest.mark.parametrize(
    "key", ["uploads/a+b", "uploads/100%", "uploads/снимок 1.jpg", "uploads/%2B"]
)
def test_keys_with_plus_percent_and_cyrillic_are_read_as_s3_writes_them(
    world: World, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    monkeypatch.setattr("chalicelib.classification.service.image_of_upload", seen.append)
    arrived(record(key, "v1"))
    assert seen == [key]


def test_one_record_that_fails_does_not_stop_the_next_and_the_event_comes_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = []
    for image_id in ("image1", "image2"):
        awaited_image(world, PHOTO, image_id=image_id)
        version = upload(world, PHOTO, image_id=image_id)
        records.append(record(upload_key(image_id), version))
    real = ObjectStore.get

    def fail_once(store: ObjectStore, key: str, *, version: str | None = None) -> Any:
        if key == upload_key("image1"):
            raise ConnectionError("the bucket does not answer")
        return real(store, key, version=version)

    with monkeypatch.context() as patched:
        patched.setattr(ObjectStore, "get", fail_once)
        with pytest.raises(SomeFailed):
            arrived(*records)
    assert image_of(world, "image2").state is State.CLASSIFIED
    world.clock.advance(minutes=2)
    arrived(*records)  # Lambda's retry
    assert image_of(world, "image1").state is State.CLASSIFIED
    assert image_of(world, "image2").attempts == 1


def message(number: int, body: str) -> dict[str, Any]:
    return {
        "messageId": f"message{number}",
        "receiptHandle": f"handle{number}",
        "body": body,
        "attributes": {"ApproximateReceiveCount": "1"},
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-central-1:123456789012:labelling",
        "awsRegion": "eu-central-1",
    }


@pytest.mark.parametrize("poison", ["", "not json", "{}", "[]", '{"image_id": {"S": 1}}', "NaN"])
def test_a_poison_message_among_nine_good_ones_comes_back_alone(world: World, poison: str) -> None:
    for login in ("expert1", "expert2"):
        reader(world, login)
    bodies = [json.dumps({"image_id": classified_image(world, f"image{n}")}) for n in range(9)]
    bodies.insert(4, poison)
    event = {"Records": [message(number, body) for number, body in enumerate(bodies)]}
    answer = app.assign_reader(event, None)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "message4"}]}
    assert all(len(case_of(world, f"image{n}").slots) == FIRST_READERS for n in range(9))


def test_a_schedule_that_finds_nothing_to_do_does_nothing(world: World) -> None:
    tick = {"id": "tick", "source": "aws.events", "detail-type": "", "detail": {}, "resources": []}
    for function in (app.sweep, app.seal_audit):
        function({"account": "1", "region": "x", "time": "t", "version": "0", **tick}, None)

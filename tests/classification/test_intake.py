"""From an upload to one end, whatever the events do: repeated, late, wrong, or never."""

from functools import cache
from typing import Any

import pytest

from chalicelib.classification import service
from chalicelib.classification.inference.classifier import BadOutput, Classifier
from chalicelib.classification.inference.examination import examine
from chalicelib.classification.registry import SHIPPED, NoSuchModel, active_model_file
from chalicelib.images.model import ABANDON_AFTER, MAX_ATTEMPTS, Image, Kind, State, upload_key
from chalicelib.images.problems import Problem
from chalicelib.images.store import ImageStore
from chalicelib.platform import keys
from chalicelib.platform.settings import CHECKOUT_MODEL_DIR
from chalicelib.sweep import sweep
from tests import pictures
from tests.images.making import awaited_image, image_of, states_of, upload
from tests.world import WorkerDied, World

PHOTO = pictures.jpeg()


@cache
def model() -> Classifier:
    return Classifier.load(CHECKOUT_MODEL_DIR / f"{SHIPPED}.onnx")


def no_model() -> Classifier:
    raise AssertionError("the dermoscopic model was asked about a phone photograph")


def take_in(world: World, version: str | None, image_id: str = "image1") -> Image | None:
    return service.take_in(
        world.platform, model, key=upload_key(image_id), version=version, trace="trace"
    )


def run_sweep(world: World) -> int:
    return sweep(world.platform, model, trace="sweep")


def queued_messages(world: World) -> list[str]:
    answer = world.platform.client("sqs").receive_message(
        QueueUrl=world.platform.settings.queue_labelling, MaxNumberOfMessages=10
    )
    return [message["Body"] for message in answer.get("Messages", [])]


def stored_keys(world: World) -> set[str]:
    bucket = world.platform.settings.bucket_images
    listed = world.platform.client("s3").list_objects_v2(Bucket=bucket)
    return {entry["Key"] for entry in listed.get("Contents", [])}


def test_a_dermoscopic_image_ends_classified_with_nine_probabilities_and_is_queued(
    world: World,
) -> None:
    awaited_image(world, PHOTO)
    take_in(world, upload(world, PHOTO))
    image = image_of(world)
    assert states_of(image) == ["awaiting_upload", "received", "classified"]
    assert image.classification is not None
    probabilities = image.classification["probabilities"]
    assert len(probabilities) == 9
    assert sum(probabilities.values()) == pytest.approx(1)
    assert image.classification["model"]["name"] == "rodinka"
    assert queued_messages(world) == ['{"image_id":"image1"}']
    assert stored_keys(world) == {"clean/image1.jpg", "thumbnails/image1.jpg"}


def test_classify_makes_at_most_eight_calls_to_aws(world: World) -> None:
    awaited_image(world, PHOTO)
    version = upload(world, PHOTO)
    with world.counted() as calls:
        take_in(world, version)
    assert calls.total() <= 8, calls


def test_a_phone_photograph_is_cleaned_and_never_shown_to_the_model(world: World) -> None:
    data = pictures.png()
    awaited_image(world, data, kind=Kind.MACROSCOPIC, content_type="image/png")
    version = upload(world, data)
    service.take_in(
        world.platform, no_model, key=upload_key("image1"), version=version, trace="trace"
    )
    image = image_of(world)
    assert image.state is State.CLASSIFIED
    assert image.classification is None
    assert queued_messages(world) == []
    world.clock.advance(days=30)
    assert run_sweep(world) == 0, "nothing remains to be done"


def test_a_clean_image_holds_nothing_of_what_was_written_into_the_file(world: World) -> None:
    data = pictures.jpeg_that_names()
    awaited_image(world, data)
    take_in(world, upload(world, data))
    for key in stored_keys(world):
        stored = world.platform.images.get(key)
        assert stored is not None
        assert pictures.SECRET.encode() not in stored.data


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (PHOTO[: len(PHOTO) // 2], Problem.TRUNCATED),
        (pictures.square_bomb(), Problem.WRONG_TYPE),
        (b"%PDF-1.7 not an image", Problem.WRONG_TYPE),
    ],
)
def test_a_bad_image_ends_rejected_with_its_reason(
    world: World, data: bytes, problem: Problem
) -> None:
    awaited_image(world, data)
    take_in(world, upload(world, data))
    image = image_of(world)
    assert image.state is State.REJECTED
    assert image.problem == problem
    assert stored_keys(world) == set()
    world.clock.advance(days=2)
    assert run_sweep(world) == 0, "a rejected image is finished"


def test_bytes_other_than_declared_are_rejected(world: World) -> None:
    awaited_image(world, PHOTO)
    take_in(world, upload(world, pictures.jpeg(pictures.photograph(seed=9))))
    assert image_of(world).problem in {Problem.HASH_MISMATCH, Problem.WRONG_SIZE}


def test_the_same_event_three_times_and_once_a_day_later_changes_nothing_more(
    world: World,
) -> None:
    awaited_image(world, PHOTO)
    version = upload(world, PHOTO)
    take_in(world, version)
    first = image_of(world)
    for wait in (0, 1, 24 * 3600):
        world.clock.advance(seconds=wait)
        take_in(world, version)
        assert image_of(world) == first
    assert len(queued_messages(world)) == 1


def test_other_bytes_put_after_classification_change_nothing(world: World) -> None:
    awaited_image(world, PHOTO)
    take_in(world, upload(world, PHOTO))
    first = image_of(world)
    take_in(world, upload(world, pictures.jpeg(pictures.photograph(seed=3))))
    assert image_of(world) == first


def test_an_older_versions_event_after_the_newer_changes_nothing(world: World) -> None:
    awaited_image(world, PHOTO)
    older = upload(world, PHOTO)
    newer = upload(world, PHOTO)
    take_in(world, newer)
    first = image_of(world)
    assert first.version == newer
    take_in(world, older)
    assert image_of(world) == first


def test_an_event_without_a_version_is_held_to_the_one_in_the_bucket(world: World) -> None:
    awaited_image(world, PHOTO)
    version = upload(world, PHOTO)
    take_in(world, None)
    assert image_of(world).version == version
    assert image_of(world).state is State.CLASSIFIED


@pytest.mark.parametrize(
    "key", ["uploads/nobody", "uploads/", "other/image1", "uploads/родинка 1+%.jpg", "uploads/../x"]
)
def test_an_object_that_belongs_to_no_slot_is_left_alone(world: World, key: str) -> None:
    assert service.take_in(world.platform, model, key=key, version="v", trace="trace") is None


def test_an_upload_whose_event_never_comes_is_found_in_the_bucket(world: World) -> None:
    awaited_image(world, PHOTO)
    upload(world, PHOTO)
    assert run_sweep(world) == 0, "it is not overdue yet"
    world.clock.advance(minutes=7)
    run_sweep(world)
    assert image_of(world).state is State.CLASSIFIED


def test_a_slot_nobody_used_is_abandoned_after_a_day_and_not_before(world: World) -> None:
    awaited_image(world, PHOTO)
    world.clock.advance(hours=23)
    run_sweep(world)
    assert image_of(world).state is State.AWAITING_UPLOAD
    world.clock.advance(seconds=ABANDON_AFTER.total_seconds())
    run_sweep(world)
    assert image_of(world).state is State.ABANDONED


def test_a_lost_queue_message_is_sent_again(world: World) -> None:
    awaited_image(world, PHOTO)
    take_in(world, upload(world, PHOTO))
    world.platform.client("sqs").purge_queue(QueueUrl=world.platform.settings.queue_labelling)
    world.clock.advance(minutes=6)
    assert run_sweep(world) == 1
    assert queued_messages(world) == ['{"image_id":"image1"}']


@pytest.mark.parametrize("nth", range(1, 9))
def test_a_worker_that_dies_after_any_call_is_succeeded_by_another(world: World, nth: int) -> None:
    awaited_image(world, PHOTO)
    version = upload(world, PHOTO)
    world.crash_in = nth
    with pytest.raises(WorkerDied):
        take_in(world, version)
    for _ in range(3):
        world.clock.advance(minutes=7)
        run_sweep(world)
    image = image_of(world)
    assert states_of(image) == ["awaiting_upload", "received", "classified"]
    assert queued_messages(world), "the case is queued for labelling"


def test_a_worker_that_wakes_after_its_successor_finished_changes_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    awaited_image(world, PHOTO)
    version = upload(world, PHOTO)
    real = examine

    def sleep_meanwhile(*args: Any, **kwargs: Any) -> Any:
        monkeypatch.setattr(service, "examine", real)
        world.clock.advance(minutes=10)
        run_sweep(world)  # the successor does all the work
        world.clock.advance(minutes=10)
        return real(*args, **kwargs)

    monkeypatch.setattr(service, "examine", sleep_meanwhile)
    take_in(world, version)
    assert states_of(image_of(world)) == ["awaiting_upload", "received", "classified"]
    assert image_of(world).attempts == 2
    assert len(queued_messages(world)) == 1


def test_an_image_that_no_worker_can_finish_is_refused_in_the_end(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise BadOutput("scores must be finite and not negative")

    monkeypatch.setattr(service, "examine", fail)
    awaited_image(world, PHOTO)
    with pytest.raises(BadOutput):
        take_in(world, upload(world, PHOTO))
    for _ in range(MAX_ATTEMPTS):
        world.clock.advance(days=1)
        run_sweep(world)
    assert image_of(world).state is State.REJECTED
    assert image_of(world).problem == Problem.NOT_PROCESSED


@pytest.mark.parametrize(
    ("lesion_id", "patient_id", "expected"),
    [
        ("lesion1", "patient1", "same_lesion"),
        ("lesion2", "patient1", "same_patient"),
        ("lesion3", "patient2", "another_patient"),
    ],
)
def test_the_same_pixels_are_flagged_even_under_other_metadata(
    world: World, lesion_id: str, patient_id: str, expected: str
) -> None:
    awaited_image(world, PHOTO)
    take_in(world, upload(world, PHOTO))
    twin = pictures.with_segments(PHOTO, pictures.segment(0xFE, b"another comment"))
    awaited_image(world, twin, image_id="image2", lesion_id=lesion_id, patient_id=patient_id)
    take_in(world, upload(world, twin, image_id="image2"), "image2")
    first, second = image_of(world).intake, image_of(world, "image2").intake
    assert first is not None
    assert second is not None
    assert (first.duplicate, second.duplicate) == (None, expected)


def test_each_end_leaves_one_audit_record(world: World) -> None:
    awaited_image(world, PHOTO)
    version = upload(world, PHOTO)
    for _ in range(3):
        take_in(world, version)
    audit = world.platform.settings.table_audit
    items = world.platform.client("dynamodb").scan(TableName=audit)["Items"]
    assert [item["act"]["S"] for item in items] == ["image.classified"]


def test_the_shipped_model_answers_until_another_is_active(world: World) -> None:
    assert active_model_file(world.platform).name == f"{SHIPPED}.onnx"
    world.platform.catalogue.insert(keys.active_model(), {"file": "../../etc/passwd"})
    with pytest.raises(NoSuchModel):
        active_model_file(world.platform)


def test_an_image_reads_back_as_it_was_written(world: World) -> None:
    made = awaited_image(world, PHOTO)
    assert ImageStore(world.platform.cases).get("image1") == made

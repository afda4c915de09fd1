"""Events repeated, late, out of order or missing, and workers that die: one end all the same."""

from typing import Any

import pytest

from chalicelib.classification import service
from chalicelib.classification.inference.classifier import BadOutput
from chalicelib.classification.inference.examination import examine
from chalicelib.images.model import ABANDON_AFTER, MAX_ATTEMPTS, State
from chalicelib.images.problems import Problem
from tests import pictures
from tests.classification.taking_in import PHOTO, model, queued_messages, run_sweep, take_in
from tests.images.making import awaited_image, image_of, states_of, upload
from tests.world import WorkerDied, World


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

"""One run of the sweep: how much it takes up, and in what order."""

from datetime import timedelta
from itertools import islice

import pytest

from chalicelib import sweep as sweeping
from chalicelib.classification.service import Model
from chalicelib.images.model import Image, State
from chalicelib.platform.due import PAGE, SHARDS, overdue
from chalicelib.platform.runtime import Platform
from chalicelib.platform.table import Item
from tests.classification.taking_in import run_sweep
from tests.images.making import awaited_image, image_of
from tests.world import World

MANY = SHARDS * PAGE + 40
"""Some shards have more than a page of them."""


@pytest.fixture
def slots(world: World) -> list[str]:
    """Images whose files never came, and which are to be abandoned."""
    made = [awaited_image(world, b"x", image_id=f"image{n}").image_id for n in range(MANY)]
    world.clock.advance(days=2)
    return made


def test_one_run_drives_on_everything_overdue(world: World, slots: list[str]) -> None:
    assert run_sweep(world) == MANY
    assert {image_of(world, image_id).state for image_id in slots} == {State.ABANDONED}
    assert list(overdue(world.platform.cases, now=world.clock.now())) == []


def test_items_that_fail_at_each_run_keep_no_other_waiting(
    world: World, slots: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    drive, bad = sweeping._drive_image, set(slots[: MANY // 2])

    def failing(platform: Platform, model: Model, image: Image, trace: str) -> None:
        if image.image_id in bad:
            raise RuntimeError
        drive(platform, model, image, trace)

    monkeypatch.setattr(sweeping, "_drive_image", failing)
    assert run_sweep(world) == MANY - len(bad)
    for image_id in slots:
        state = State.AWAITING_UPLOAD if image_id in bad else State.ABANDONED
        assert image_of(world, image_id).state is state


def test_a_run_ends_in_its_time_and_the_next_one_goes_on(
    world: World, slots: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    drive = sweeping._drive

    def slow(platform: Platform, model: Model, item: Item, trace: str) -> None:
        world.clock.advance(seconds=10)
        drive(platform, model, item, trace)

    monkeypatch.setattr(sweeping, "_drive", slow)
    assert run_sweep(world) == sweeping.SPAN / timedelta(seconds=10)
    monkeypatch.undo()
    assert run_sweep(world) == MANY - 4


def test_shards_take_turns_so_that_a_crowd_in_one_holds_up_no_other(
    world: World, slots: list[str]
) -> None:
    items = overdue(world.platform.cases, now=world.clock.now())
    assert len({item["due_shard"] for item in islice(items, SHARDS)}) == SHARDS

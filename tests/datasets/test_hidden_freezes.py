"""A hidden set shares nobody with a training set or with another one, whichever is frozen first."""

from typing import Any

import pytest

from chalicelib.datasets.selection import freezing
from chalicelib.datasets.selection.drafts import write_draft
from chalicelib.datasets.selection.freezing import Unfit
from chalicelib.duplicates.model import Near, Outcome
from chalicelib.duplicates.store import PairStore
from tests.datasets.choosing import plan
from tests.datasets.freezing import HIDDEN, TRAINING, frozen, images_of, units_of
from tests.datasets.shelf import Shelf

pytestmark = pytest.mark.usefixtures("learnt")


def test_a_hidden_and_a_training_release_that_race_never_both_take_one_patient(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.images(8)
    began: list[bool] = []

    def overtaken(*args: Any) -> str:
        """While the hidden set is written down, another worker freezes a training set whole."""
        draft = write_draft(*args)
        if not began:
            began.append(True)
            frozen(shelf.world, plan(access="controlled", units=12), "open")
        return draft

    monkeypatch.setattr(freezing, "write_draft", overtaken)
    assert frozen(shelf.world, HIDDEN, "hidden").units == 4
    both = [
        {unit.patient_id for unit in units_of(shelf.world, each)} for each in ("hidden", "open")
    ]
    assert both[0].isdisjoint(both[1])
    assert len(both[1]) == 12
    # Whoever comes when all are taken gets a sentence.
    with pytest.raises(Unfit) as unfit:
        frozen(shelf.world, plan(access="controlled", units=12), "open2", only=frozenset({"none"}))
    assert "«Состав прежнего выпуска»" in unfit.value.sentence.ru


def test_near_duplicates_of_a_hidden_set_enter_no_other_and_the_other_way_round(
    shelf: Shelf,
) -> None:
    shelf.images(6)
    world = shelf.world
    frozen(world, HIDDEN, "hidden", only=frozenset({"m0", "n0"}))
    near = Near(units_of(world, "hidden")[0].pixel_hash, 10, None)
    late = shelf.image("late", "nevus")
    pairs, ids = PairStore(world.platform.cases), world.platform.ids
    assert pairs.pair(ids, shelf.pixels(late), near, at=world.clock.now()) is Outcome.NEW
    frozen(world, TRAINING, "open")
    assert images_of(world, "open") == {f"{c}{n}" for c in "mn" for n in range(1, 6)}
    # The other way round: nobody of the open set, and no picture near one of its own.
    later = [shelf.image("m9", "melanoma"), shelf.image("n9", "nevus"), shelf.image("n8", "nevus")]
    near = Near(units_of(world, "open")[0].pixel_hash, 10, None)
    assert pairs.pair(ids, shelf.pixels("n8"), near, at=world.clock.now()) is Outcome.NEW
    frozen(world, HIDDEN, "hidden2", only=frozenset({"m1", "n1", *later}))
    assert images_of(world, "hidden2") == {"m9", "n9"}


def test_hidden_sets_of_two_datasets_share_nobody_and_of_one_dataset_whom_they_like(
    shelf: Shelf,
) -> None:
    shelf.images(2)
    world = shelf.world
    frozen(world, HIDDEN, "first", only=frozenset({"m0", "n0"}))
    near = Near(shelf.pixels("m0"), 10, None)
    late = shelf.image("m9", "melanoma")
    pairs, ids = PairStore(world.platform.cases), world.platform.ids
    assert pairs.pair(ids, shelf.pixels(late), near, at=world.clock.now()) is Outcome.NEW
    found = frozen(world, HIDDEN, "repeated", code="DS2")
    assert images_of(world, "repeated") == {"m1", "n1"}
    (step,) = (each for each in found.flow if each["step"] == "leaks")
    assert (step["dropped"], "another hidden one" in step["reason"]["en"]) == (3, True)
    frozen(world, HIDDEN, "second")
    assert images_of(world, "second") == {"m0", "n0", "m9"}


def test_a_hidden_set_has_nothing_that_a_model_learnt_from(shelf: Shelf, learnt: set[str]) -> None:
    shelf.images(3)
    frozen(shelf.world, HIDDEN, "before")
    learnt |= {unit.pixel_hash[:16] for unit in units_of(shelf.world, "before")[:2]}
    gone = {unit.image_id for unit in units_of(shelf.world, "before")[:2]}
    # Of what is left both classes are there, or the sentence says which is not.
    left = {f"{c}{n}" for c in "mn" for n in range(3)} - gone
    try:
        frozen(shelf.world, HIDDEN, "after")
    except Unfit:
        assert len({each[0] for each in left}) == 1
    else:
        assert images_of(shelf.world, "after") == left

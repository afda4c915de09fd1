"""One person under two ids, or one picture under two patients, is kept apart all the same."""

from typing import Any

import pytest

from chalicelib.datasets.releases.withdrawing import forget_beside
from chalicelib.datasets.selection import freezing, guard
from chalicelib.datasets.selection.candidates import load
from chalicelib.datasets.selection.drafts import DRAFTS, Members, read_members, settle
from chalicelib.datasets.selection.freezing import freeze
from chalicelib.datasets.selection.ledger import Ledger
from chalicelib.datasets.selection.selected import Context, Selection
from chalicelib.datasets.selection.selecting import screen, select
from chalicelib.duplicates.model import Near, Outcome
from chalicelib.duplicates.store import PairStore
from chalicelib.platform import keys
from chalicelib.platform.objects import ObjectStore, StoredObject
from chalicelib.platform.table import Change
from tests.datasets.choosing import candidate, plan, some
from tests.datasets.shelf import Shelf

CONTROLLED = plan(access="controlled")
TEST = plan(access="hidden", purpose="clinical_test")


@pytest.fixture(autouse=True)
def nothing_learnt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "trained_on", lambda platform: frozenset())


def images(selection: Selection) -> set[str]:
    return {unit.image_id for unit in selection.units}


def unlabelled(name: str, patient_id: str, **of: Any) -> Any:
    return candidate(name, patient_id=patient_id, label=None, **of)


def test_whoever_has_a_picture_of_another_release_is_taken_for_that_patient() -> None:
    theirs = [
        *(candidate(f"{p}{n}", patient_id=p) for p in ("copy", "near", "filed") for n in range(2)),
        unlabelled("twin", "copy", pixel_hash="c" * 64),
        unlabelled("alike", "near", pixel_hash="a" * 64),
        unlabelled("moved", "filed"),
    ]
    context = Context(
        images=frozenset({"moved"}),
        pixel_hashes=frozenset({"c" * 64, "d" * 64}),
        near={"a" * 64: frozenset({"d" * 64})},
    )
    selection = select(CONTROLLED, screen(CONTROLLED, [*some(6), *theirs]), context)
    assert images(selection) == {one.image_id for one in some(6)}
    assert {step["step"]: step["dropped"] for step in selection.flow}["leaks"] == 6


def test_whoever_has_a_picture_near_one_that_a_model_learnt_from_is_in_no_hidden_set() -> None:
    his = [candidate("n9", patient_id="p"), unlabelled("alike", "p", pixel_hash="a" * 64)]
    context = Context(trained_on=frozenset({"d" * 16}), near={"a" * 64: frozenset({"d" * 64})})
    selection = select(TEST, screen(TEST, [*some(3), *his]), context)
    assert images(selection) == {one.image_id for one in some(3)}


def test_patients_whom_a_picture_links_that_is_not_chosen_stay_in_one_split() -> None:
    splits = [{"name": "train", "share": 0.5}, {"name": "test", "share": 0.5}]
    wanted = plan(access="hidden", splits=splits)
    two = [candidate(f"{p}{n}", patient_id=p) for p in ("p1", "p2") for n in range(4)]
    screened = screen(wanted, [*some(4), *two, unlabelled("x1", "p1")])
    selection = select(wanted, screened, Context(groups=[frozenset({"x1", "p20"})]))
    parts = {unit.split for unit in selection.units if unit.patient_id in {"p1", "p2"}}
    assert len(parts) == 1


def test_a_training_set_leaves_out_who_has_an_unlabelled_copy_of_a_hidden_picture(
    shelf: Shelf,
) -> None:
    shelf.images(6)
    world = shelf.world

    def frozen(name: str, wanted: Any, **of: Any) -> Members:
        told = {"code": "DS", "number": 1, "plan": wanted, "change": "First", **of}
        freeze(world.platform, release_id=name, **told)
        return read_members(world.platform.releases, name)

    frozen("hidden", TEST, only=frozenset({"m0", "n0"}))
    for other in ("m1", "n1"):
        # A second picture of each, that nobody has labelled: a copy of a hidden one, and one near to it.
        pixels = shelf.pixels("m0") if other == "m1" else None
        shelf.image(f"{other}x", "unknown", owner=f"p-{other}", pixels=pixels)
    pairs, near = PairStore(world.platform.cases), Near(shelf.pixels("n0"), 10, None)
    at = world.clock.now()
    assert pairs.pair(world.platform.ids, shelf.pixels("n1x"), near, at=at) is Outcome.NEW
    assert frozen("open", CONTROLLED).images == {f"{c}{n}" for c in "mn" for n in range(2, 6)}


def test_an_image_that_is_moved_to_another_patient_while_units_are_written_is_chosen_anew(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That patient never agreed to publication."""
    shelf.images(6)
    shelf.patient("q", publication=False)
    shown = load(shelf.world.platform, CONTROLLED)
    answers = iter([shown])
    monkeypatch.setattr(
        freezing, "load", lambda *args: next(answers, None) or load(shelf.world.platform, *args[1:])
    )
    moved = Change(set={"patient_id": "q"})
    shelf.world.platform.cases.update(keys.image("m0"), moved)
    told: dict[str, Any] = {"code": "DS", "number": 1, "plan": CONTROLLED, "change": "First"}
    freeze(shelf.world.platform, release_id="r1", **told)
    members = read_members(shelf.world.platform.releases, "r1")
    assert members.images == {one.image_id for one in shown} - {"m0"}


def test_a_draft_that_an_erasure_takes_away_is_chosen_anew(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.images(6)
    enter, ids = Ledger.enter, frozenset({"p-m0", "m0"})

    def erased_first(self: Ledger, *args: Any) -> None:
        if not (self.table.get(keys.patient("p-m0")) or {}).get("withdrawn_at"):
            shelf.withdraw("p-m0")
            forget_beside(shelf.world.platform, ids)
        enter(self, *args)

    monkeypatch.setattr(Ledger, "enter", erased_first)
    told: dict[str, Any] = {"code": "DS", "number": 1, "plan": CONTROLLED, "change": "First"}
    assert freeze(shelf.world.platform, release_id="r1", **told).units == 11
    assert not list(shelf.world.platform.releases.versions_under(DRAFTS))


def test_members_are_found_while_a_draft_is_settled(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever freezes another release at that moment must not take this one for given up."""
    shelf.images(6)
    store, catalogue = shelf.world.platform.releases, shelf.world.platform.catalogue
    told: dict[str, Any] = {"code": "DS", "number": 1, "plan": CONTROLLED, "change": "First"}
    with monkeypatch.context() as patched:
        patched.setattr(freezing, "settle", died)
        with pytest.raises(RuntimeError, match="died"):
            freeze(shelf.world.platform, release_id="r1", **told)
    (entry,) = Ledger(catalogue).read().frozen
    get, done = ObjectStore.get, list[str]()

    def settled_between(self: ObjectStore, key: str, **of: Any) -> StoredObject | None:
        found = get(self, key, **of)
        if not done:
            done.append(key)
            settle(store, "r1", entry.draft)
        return found

    monkeypatch.setattr(ObjectStore, "get", settled_between)
    assert len(read_members(store, "r1", entry.draft).images) == 12


def died(*args: Any) -> None:
    raise RuntimeError("the worker died")

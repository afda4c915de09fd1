"""A release is frozen once, whatever dies on the way, and never with whom another one must not share."""

import json
from typing import Any

import pytest

from chalicelib.datasets.manifest import manifest_key, units_key
from chalicelib.datasets.model import ReleaseState
from chalicelib.datasets.planning.plan import Plan
from chalicelib.datasets.selection import freezing
from chalicelib.datasets.selection.candidates import load
from chalicelib.datasets.selection.drafts import DRAFTS
from chalicelib.datasets.selection.freezing import NotFrozen, Unfit
from chalicelib.datasets.selection.ledger import Ledger
from chalicelib.datasets.selection.units import MAX_SHARD, OF_A_MEMBER, shards
from chalicelib.datasets.store import DatasetStore
from chalicelib.platform import keys
from chalicelib.platform.table import Change
from tests.datasets.choosing import plan
from tests.datasets.freezing import HIDDEN, TRAINING, frozen, images_of, units_of
from tests.datasets.shelf import Shelf
from tests.world import World

pytestmark = pytest.mark.usefixtures("learnt")


def stored(world: World) -> dict[str, bytes]:
    client, bucket = world.platform.client("s3"), world.platform.releases.bucket
    listed = client.list_objects_v2(Bucket=bucket).get("Contents", [])
    return {
        each["Key"]: client.get_object(Bucket=bucket, Key=each["Key"])["Body"].read()
        for each in listed
    }


def keys_of(world: World, name: str) -> set[str]:
    """Of everything that is kept of a release, in any version."""
    places = (f"private/{name}/", f"{DRAFTS}{name}/")
    return {one.key for place in places for one in world.platform.releases.versions_under(place)}


def test_a_freeze_writes_all_that_a_release_is_made_from(shelf: Shelf) -> None:
    shelf.images(2)
    shelf.read_by(
        "m0",
        expert1={"diagnosis": "melanoma", "outline": [[0, 0], [1, 0], [1, 1]]},
        expert2={"diagnosis": "nevus"},
        senior={
            "diagnosis": "melanoma",
            "round": "arbitration",
            "outline": [[0, 0], [1, 0], [0, 1]],
        },
    )
    manifest = frozen(shelf.world, HIDDEN)
    assert (manifest.units, manifest.version, manifest.previous_version) == (4, "1.0.0", None)
    units = units_of(shelf.world)
    assert [unit.unit_id for unit in units] == sorted({unit.unit_id for unit in units})
    (one,) = (unit for unit in units if unit.image_id == "m0")
    assert (one.class_key, one.diagnosis, one.day) == ("melanoma", "melanoma", 0)
    assert one.quasi == {"age": "50-54", "sex": "female", "site": "torso", "skin_type": "II"}
    assert one.survey == {"hair": "brown"}
    assert [each["round"] for each in one.readings] == ["first", "first", "arbitration"]
    assert one.outline == ((0, 0), (1, 0), (0, 1))  # the senior's: the others drew one outline
    assert manifest.agreement["readings"] == 3
    assert manifest.agreement["raw"] == 0.0
    assert manifest.power is not None
    assert manifest.power["positives"] == 2
    lines = "".join(unit.line() for unit in units)
    for private in ("expert1", "senior", "not for release", "2026-03"):
        assert private not in lines
    members = json.loads(stored(shelf.world)["private/r1/members.json"])
    assert members["images"] == ["m0", "m1", "n0", "n1"]
    assert members["patients"] == ["p-m0", "p-m1", "p-n0", "p-n1"]
    assert members["pixel_hashes"] == sorted(unit.pixel_hash for unit in units)
    assert set(stored(shelf.world)) == {
        f"private/r1/{name}" for name in ("manifest.json", "members.json", "units.jsonl")
    }
    (entry,) = Ledger(shelf.world.platform.catalogue).read().frozen
    assert (entry.release_id, entry.code, entry.version) == ("r1", "DS", "1.0.0")


def test_a_worker_that_dies_anywhere_is_followed_by_the_same_manifest(shelf: Shelf) -> None:
    shelf.images(1)
    with shelf.world.counted() as made:
        frozen(shelf.world, HIDDEN, "whole")
    calls = made.total()
    first_write = calls - 16  # nothing is written before
    assert first_write > 0
    for number, after in enumerate(range(first_write, calls + 1)):
        name, done = f"r{number}", False
        with shelf.world.crash_after(after):
            frozen(shelf.world, HIDDEN, name)
            done = True
        assert number or not keys_of(shelf.world, name)
        there = shelf.world.platform.releases.get(manifest_key(name))
        manifest = frozen(shelf.world, HIDDEN, name)
        assert there is None or there.data == manifest.written()
        assert done is (after > calls)
        assert manifest.units == 2
        assert not [key for key in keys_of(shelf.world, name) if "draft" in key]


def test_who_withdraws_while_the_units_are_written_down_is_not_among_them(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.images(6)
    enter = Ledger.enter

    def withdrawn_first(self: Ledger, *args: Any) -> None:
        if not (self.table.get(("patient#p-m0", "patient")) or {}).get("withdrawn_at"):
            shelf.withdraw("p-m0")
        enter(self, *args)

    monkeypatch.setattr(Ledger, "enter", withdrawn_first)
    manifest = frozen(shelf.world, TRAINING)
    assert manifest.units == 11
    assert "p-m0" not in {unit.patient_id for unit in units_of(shelf.world)}
    assert not [key for key in stored(shelf.world) if "draft" in key]
    # Found frozen again, it is not the same when another takes the consent back.
    shelf.withdraw("p-m1")
    # Unless somebody builds it by now: he, or the erasure, begins it anew.
    release = keys.release("r1")
    shelf.world.platform.catalogue.insert(release, {"state": "building"})
    with pytest.raises(NotFrozen):
        frozen(shelf.world, TRAINING)
    shelf.world.platform.catalogue.update(release, Change(set={"state": "requested"}))
    assert frozen(shelf.world, TRAINING).units == 10
    assert len(Ledger(shelf.world.platform.catalogue).read().frozen) == 1


def test_a_picture_found_to_tell_while_units_are_chosen_is_left_out(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the index still shows what was so a moment ago."""
    shelf.images(6)
    shown = list(load(shelf.world.platform, TRAINING))
    answers = iter([shown])
    monkeypatch.setattr(
        freezing, "load", lambda *args: next(answers, None) or load(shelf.world.platform, TRAINING)
    )
    told = {"look": {"look": "identifying", "at": "", "by": "curator1"}}
    shelf.world.platform.cases.update(keys.image("m0"), Change(set=told))
    frozen(shelf.world, TRAINING)
    assert images_of(shelf.world) == {one.image_id for one in shown} - {"m0"}


def test_a_successor_has_the_next_version_and_tells_what_changed(shelf: Shelf) -> None:
    shelf.images(6)
    world = shelf.world
    dataset = shelf.dataset(TRAINING)
    frozen(world, TRAINING, code=dataset.code)
    store = DatasetStore(world.platform.catalogue)
    store.note_release(dataset.code, "1.0.0", "r1", ReleaseState.PUBLISHED, world.clock.now())
    shelf.image("late", "nevus")
    manifest = frozen(world, TRAINING, "r2", code=dataset.code, change="More nevi")
    assert (manifest.version, manifest.previous_version) == ("1.1.0", "1.0.0")
    assert [each["version"] for each in manifest.changes] == ["1.1.0", "1.0.0"]
    assert manifest.changes[0]["added"] == 1
    # Of one that was taken down, a line is gone: a unit was removed, so the next is no mere patch.
    store.note_release(dataset.code, "1.1.0", "r2", ReleaseState.TAKEN_DOWN, world.clock.now())
    units = stored(world)["private/r2/units.jsonl"].splitlines(keepends=True)
    gone = json.loads(units[0])["image_id"]
    key = units_key("r2")
    world.platform.releases.put(key, b"".join(units[1:]), content_type="application/json")
    left = frozenset(json.loads(line)["image_id"] for line in units[1:])
    after = frozen(world, TRAINING, "r3", code=dataset.code, only=left)
    assert (after.version, after.changes[0]["removed"]) == ("1.2.0", 1)
    assert gone not in images_of(world, "r3")
    one, other = units_of(world), units_of(world, "r2")
    assert not {unit.released_patient_id for unit in one} & {u.released_patient_id for u in other}


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        (plan(verification="high"), "“Level of verification”"),
        (plan(access="controlled", units=1), "“Privacy”"),
        (
            plan(access="hidden", inclusion=[{"field": "age", "operator": "at_most", "value": 9}]),
            "not so, or not recorded",
        ),
    ],
)
def test_a_plan_that_selects_nobody_gets_a_sentence(
    shelf: Shelf, wanted: Plan, sentence: str
) -> None:
    shelf.images(2)
    with pytest.raises(Unfit) as unfit:
        frozen(shelf.world, wanted)
    assert sentence in unfit.value.sentence.en
    assert Ledger(shelf.world.platform.catalogue).read().frozen == ()
    assert stored(shelf.world) == {}


def test_one_class_of_two_gets_a_sentence(shelf: Shelf) -> None:
    shelf.image("n0", "nevus")
    with pytest.raises(Unfit) as unfit:
        frozen(shelf.world, HIDDEN)
    assert "of 2 is left" in unfit.value.sentence.en


def test_shards_hold_consecutive_units_and_no_more_than_they_may() -> None:
    assert shards([]) == ()
    assert shards([10, 20, 30], most=10_000) == ((0, 3),)
    room = 100 + OF_A_MEMBER
    assert shards([100, 100, 100], most=2 * room) == ((0, 2), (2, 3))
    assert shards([100, MAX_SHARD * 2, 100]) == ((0, 1), (1, 2), (2, 3))


def test_the_size_of_an_older_image_is_asked_of_the_bucket(shelf: Shelf) -> None:
    for name, diagnosis in (("m0", "melanoma"), ("n0", "nevus")):
        shelf.image(name, diagnosis, size=None)
    with shelf.world.counted() as calls:
        assert frozen(shelf.world, HIDDEN).shards == ((0, 2),)
    assert calls["s3.HeadObject"] == 2

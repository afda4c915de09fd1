"""A worker that wakes after others have gone on: it undoes nothing of theirs, and tells nothing old (bad input 7)."""

from typing import Any

import pytest

from chalicelib.datasets.model import ReleaseState
from chalicelib.datasets.releases.anew import clean, send
from chalicelib.datasets.releases.model import GOES_ON_AFTER
from chalicelib.datasets.releases.shards import build_shard
from chalicelib.datasets.releases.store import LostStep
from chalicelib.datasets.releases.taking_down import request_successor
from chalicelib.datasets.releases.telling import tell
from chalicelib.datasets.releases.withdrawing import withdraw
from chalicelib.datasets.releases.writing import guarded as opened
from chalicelib.datasets.store import DatasetStore
from chalicelib.platform.objects import ObjectStore
from tests.datasets.manifests import CODE, a_unit
from tests.datasets.releasing import Workshop
from tests.world import World

UNITS = [a_unit(number) for number in range(7)]
GONE = UNITS[2]


@pytest.fixture
def shop(world: World, in_app: None) -> Workshop:
    return Workshop(world, list(UNITS)).open()


def entry(shop: Workshop) -> dict[str, Any]:
    return dict(shop.curator.ask("GET", "/v1/registry/{code}", code=CODE).body)


def test_the_second_builder_of_a_zip_takes_nothing_from_the_first(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    release_id = shop.request().body["release_id"]
    shop.deliver()
    asleep, guarded = shop.release(release_id), "chalicelib.datasets.releases.shards.guarded"

    def sleeping(*args: Any) -> Any:
        put = opened(*args)
        monkeypatch.setattr(guarded, opened)
        for number in asleep.missing:
            build_shard(shop.platform, asleep, number)
        now = shop.world.clock.now()
        shop.store.all_shards_done(shop.release(release_id), due_at=now + GOES_ON_AFTER)
        return put

    monkeypatch.setattr(guarded, sleeping)
    with pytest.raises(LostStep):
        build_shard(shop.platform, asleep, 1)
    send(shop.platform, release_id)
    shop.settle()
    assert shop.release(release_id).state is ReleaseState.PUBLISHED
    rows = shop.files(release_id)["files.csv"].decode()
    assert all(f"images/{unit.unit_id}.jpg" in rows for unit in UNITS)


def test_who_cleans_up_late_erases_nothing_of_the_next_build(shop: Workshop) -> None:
    release_id = shop.request().body["release_id"]
    shop.deliver()
    shop.store.back(shop.release(release_id), now=shop.world.clock.now())
    asleep = shop.release(release_id)
    assert asleep.dirty
    send(shop.platform, release_id)
    shop.settle()
    files = shop.files(release_id)
    with pytest.raises(LostStep):
        clean(shop.platform, asleep)
    assert shop.files(release_id) == files
    assert not withdraw(shop.platform, release_id, frozenset({GONE.patient_id}))


def test_who_tells_late_of_a_release_does_not_bring_it_back(shop: Workshop) -> None:
    release_id = shop.publish().release_id
    asleep = shop.release(release_id)
    shop.withdrawn = {UNITS[number].patient_id for number in range(7)}
    withdraw(shop.platform, release_id, frozenset({GONE.patient_id}))
    shop.settle()
    told = entry(shop)
    assert (told["state"], told["page"]["balance"]) == ("taken_down", {})
    shop.world.clock.advance(minutes=1)
    with pytest.raises(LostStep):
        tell(shop.platform, asleep)
    assert entry(shop) == told
    noted = DatasetStore(shop.platform.catalogue).releases(CODE)["1.0.0"]
    assert noted["state"] == "taken_down"


def test_a_release_is_told_to_be_down_though_the_clock_was_set_back(shop: Workshop) -> None:
    release_id = shop.publish().release_id
    shop.world.clock.advance(hours=-1)
    withdraw(shop.platform, release_id, frozenset({GONE.patient_id}))
    shop.withdrawn = {GONE.patient_id}
    shop.settle()
    noted = DatasetStore(shop.platform.catalogue).releases(CODE)
    assert [one["state"] for one in noted.values()] == ["taken_down", "published"]
    states = {each["version"]: each["state"] for each in entry(shop)["versions"]}
    assert states == {"1.0.0": "taken_down", "1.1.0": "published"}


def test_no_successor_follows_where_a_newer_version_is_out_already(shop: Workshop) -> None:
    first = shop.publish(key="a")
    seen = DatasetStore(shop.platform.catalogue).get(CODE)
    shop.publish(key="b", change="More.")
    withdraw(shop.platform, first.release_id, frozenset({GONE.patient_id}))
    # By a worker that read the dataset before the other release was told of.
    request_successor(shop.platform, first, seen)
    shop.settle()
    successor = shop.release(shop.platform.ids.derived("successor", first.release_id))
    assert successor.state is ReleaseState.FAILED
    assert successor.problem is not None
    assert "1.1.0" in successor.problem.en
    assert list(DatasetStore(shop.platform.catalogue).releases(CODE)) == ["1.0.0", "1.1.0"]


def test_what_another_writes_while_old_versions_go_stays(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, key = shop.platform.releases, "private/r/units.jsonl"
    current = ObjectStore.current_version

    def then_written(self: ObjectStore, key: str) -> str | None:
        found = current(self, key)
        store.put(key, b"fewer", content_type="text/plain")
        return found

    for data in (b"all", b"less"):
        store.put(key, data, content_type="text/plain")
    monkeypatch.setattr(ObjectStore, "current_version", then_written)
    store.erase_old_versions(key)
    kept = store.get(key)
    assert kept is not None
    assert kept.data == b"fewer"

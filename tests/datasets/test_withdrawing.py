"""A consent is taken back while a release is out, or on its way (promise 10, bad input 22)."""

import json
from typing import Any

import pytest
from moto.s3.exceptions import NoSuchUpload
from moto.s3.models import S3Backend

from chalicelib.datasets.model import ReleaseState
from chalicelib.datasets.releases.anew import forget, send
from chalicelib.datasets.releases.frozen import manifest_of
from chalicelib.datasets.releases.model import STAYS
from chalicelib.datasets.releases.withdrawing import (
    forget_beside,
    frozen_releases,
    mentioned,
    withdraw,
)
from chalicelib.datasets.releases.writing import NotOurs, guarded
from chalicelib.datasets.selection.drafts import DRAFTS, write_draft
from chalicelib.erasure.store import ErasureLog
from chalicelib.platform import keys
from chalicelib.platform.clock import timestamp
from chalicelib.platform.streamed import Ended
from infra.absence import looked_through
from infra.erasure import replay
from tests.classification.taking_in import run_sweep
from tests.datasets.manifests import CODE, a_unit
from tests.datasets.releasing import Workshop
from tests.patients.asking import Client
from tests.world import World

UNITS = [a_unit(number) for number in range(5)]
GONE = UNITS[2]
IDS = frozenset({GONE.patient_id, UNITS[2].image_id, UNITS[3].image_id})


@pytest.fixture
def shop(world: World, in_app: None) -> Workshop:
    return Workshop(world, list(UNITS)).open()


def everything(shop: Workshop, release_id: str) -> bytes:
    """All versions of all that is kept of a release, files and what it was made from."""
    store = shop.platform.releases
    several = []
    for prefix in (f"files/{release_id}/", f"private/{release_id}/", f"{DRAFTS}{release_id}/"):
        for version in store.versions_under(prefix):
            stored = store.get(version.key, version=version.version)
            several.append(stored.data if stored else b"")
    return b"\n".join(several)


def page(shop: Workshop) -> dict[str, Any]:
    found = shop.curator.ask("GET", "/v1/registry/{code}", code=CODE)
    return dict(found.body)


def test_a_release_with_the_patient_is_taken_down_and_followed_by_one_without(
    shop: Workshop,
) -> None:
    first = shop.publish()
    sums = shop.files(first.release_id)["SHA256SUMS"]
    shop.withdrawn = {GONE.patient_id}
    assert not withdraw(shop.platform, first.release_id, IDS)
    shop.settle()
    assert withdraw(shop.platform, first.release_id, IDS)
    down = shop.release(first.release_id)
    assert (down.state, down.withdrawn) == (ReleaseState.TAKEN_DOWN, frozenset())
    files = shop.files(first.release_id)
    assert set(files) == STAYS
    assert files["SHA256SUMS"] == sums
    assert json.loads(files["datacite.json"])["dates"][-1]["dateType"] == "Withdrawn"
    assert json.loads(files["tombstone.json"])["version"] == "1.0.0"
    kept = everything(shop, first.release_id)
    for word in (*IDS, GONE.unit_id, GONE.pixel_hash, GONE.released_patient_id):
        assert word.encode() not in kept
    assert UNITS[0].patient_id.encode() in kept
    versions = {each["version"]: each["state"] for each in page(shop)["versions"]}
    assert versions == {"1.0.0": "taken_down", "1.1.0": "published"}
    view = shop.curator.ask(
        "GET", "/v1/datasets/{code}/releases/{version}", code=CODE, version="1.0.0"
    ).body
    linked = {file["path"] for file in view["files"] if file["url"]}
    assert linked == STAYS - {"tombstone.json"}
    answer = shop.curator.ask("POST", "/v1/downloads", {"code": CODE, "version": "1.0.0"})
    assert (answer.status, answer.body["error"]["code"]) == (409, "taken_down")
    latest = shop.curator.ask("POST", "/v1/downloads", {"code": CODE})
    assert latest.body["version"] == "1.1.0"


def test_a_draft_that_a_dead_worker_left_goes_with_whoever_withdraws(shop: Workshop) -> None:
    first = shop.publish()
    strayed = a_unit(9)  # chosen by the worker that came second only
    manifest = manifest_of(shop.platform, first.release_id)
    write_draft(shop.platform.releases, manifest, [*UNITS, strayed])
    forget_beside(shop.platform, frozenset({"somebody else"}))
    assert strayed.patient_id.encode() in everything(shop, first.release_id)
    forget_beside(shop.platform, frozenset({strayed.patient_id}))
    assert strayed.patient_id.encode() not in everything(shop, first.release_id)
    assert shop.release(first.release_id).state is ReleaseState.PUBLISHED
    withdraw(shop.platform, first.release_id, IDS)
    write_draft(shop.platform.releases, manifest, UNITS)  # by one that wakes late, and dies
    shop.settle()
    kept = everything(shop, first.release_id)
    assert not [word for word in (*IDS, strayed.patient_id) if word.encode() in kept]


def test_a_release_that_will_never_be_leaves_no_draft(shop: Workshop) -> None:
    release_id = shop.publish().release_id
    write_draft(shop.platform.releases, manifest_of(shop.platform, release_id), UNITS)
    forget(shop.platform, shop.release(release_id))
    assert everything(shop, release_id) == b""


def test_an_erasure_lists_drafts_once_whatever_the_number_of_releases(shop: Workshop) -> None:
    shop.publish()
    with shop.world.counted() as calls:
        forget_beside(shop.platform, IDS)
    assert calls == {"s3.ListObjectVersions": 2}
    release_id = frozen_releases(shop.platform)[0]
    with shop.world.counted() as calls:
        withdraw(shop.platform, release_id, frozenset({"somebody else"}))
    assert calls == {"s3.GetObject": 1}


def test_a_builder_killed_while_it_takes_a_release_down_is_followed_by_another(
    shop: Workshop,
) -> None:
    first = shop.publish()
    shop.withdrawn = {GONE.patient_id}
    withdraw(shop.platform, first.release_id, IDS)
    calls = 1
    while shop.release(first.release_id).due_at is not None:
        with shop.world.crash_after(calls):
            shop.settle()
        send(shop.platform, first.release_id)  # as the sweep does
        calls += 6
    assert calls > 20
    shop.settle()
    assert set(shop.files(first.release_id)) == STAYS
    kept = everything(shop, first.release_id)
    assert not [word for word in IDS if word.encode() in kept]
    successor = shop.platform.ids.derived("successor", first.release_id)
    while shop.release(successor).due_at is not None:
        send(shop.platform, successor)
        shop.settle()
    states = {each["version"]: each["state"] for each in page(shop)["versions"]}
    assert states == {"1.0.0": "taken_down", "1.1.0": "published"}


def test_whoever_withdraws_later_is_erased_from_a_release_that_is_down(shop: Workshop) -> None:
    first = shop.publish()
    shop.withdrawn = {GONE.patient_id}
    withdraw(shop.platform, first.release_id, IDS)
    shop.settle()
    shop.withdrawn.add(UNITS[0].patient_id)
    others = frozenset({UNITS[0].patient_id})
    for release_id in frozen_releases(shop.platform):
        withdraw(shop.platform, release_id, others)
    shop.settle()
    for release_id in frozen_releases(shop.platform):
        assert UNITS[0].patient_id.encode() not in everything(shop, release_id)
    assert [each["state"] for each in page(shop)["versions"]] == [
        "published",
        "taken_down",
        "taken_down",
    ]


@pytest.mark.parametrize("delivered", [1, 2, 3])
def test_an_unfinished_release_is_chosen_anew(shop: Workshop, delivered: int) -> None:
    release_id = shop.request().body["release_id"]
    for _ in range(delivered):
        if shop.release(release_id).state is not ReleaseState.PUBLISHED:
            shop.deliver()
    shop.withdrawn = {GONE.patient_id}
    withdraw(shop.platform, release_id, IDS)
    shop.settle()
    kept = b"".join(everything(shop, each) for each in frozen_releases(shop.platform))
    for word in IDS:
        assert word.encode() not in kept
    assert page(shop)["versions"][0]["state"] == "published"


def test_a_worker_that_wakes_after_the_withdrawal_writes_nothing(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = S3Backend.upload_part

    def as_s3_does(backend: S3Backend, bucket: str, upload: str, *rest: Any) -> Any:
        # moto fails with a KeyError of its own for an upload that was ended.
        if upload not in backend.get_bucket(bucket).multiparts:
            raise NoSuchUpload(upload_id=upload)
        return send(backend, bucket, upload, *rest)

    monkeypatch.setattr(S3Backend, "upload_part", as_s3_does)
    release_id = shop.request().body["release_id"]
    shop.deliver()
    asleep = shop.release(release_id)
    put = guarded(shop.platform, asleep, "metadata.csv", "text/csv")
    put.write(GONE.unit_id.encode())
    shop.withdrawn = {GONE.patient_id}
    withdraw(shop.platform, release_id, IDS)
    with pytest.raises(Ended):
        put.finish()
    with pytest.raises(NotOurs):
        guarded(shop.platform, asleep, "metadata.csv", "text/csv")
    shop.settle()
    assert GONE.unit_id.encode() not in everything(shop, release_id)


def test_a_release_chosen_anew_without_the_patient_stays_out(world: World, in_app: None) -> None:
    doctor = Client(world, "doctor1", "clinic1")
    patient_id = doctor.enter().body["patient_id"]
    shop = Workshop(world, [*UNITS[:2], a_unit(9, patient_id=patient_id)]).open()
    release_id = shop.request().body["release_id"]
    shop.deliver()
    shop.withdrawn = {patient_id}
    doctor.ask("POST", "/v1/patients/{patient_id}/consent/withdraw", patient_id=patient_id)
    for _ in range(3):
        world.clock.advance(minutes=2)
        run_sweep(world)
    assert shop.release(release_id).build == 1
    shop.chosen_at = timestamp(world.clock.now())
    shop.settle()
    for _ in range(3):
        world.clock.advance(minutes=70)
        run_sweep(world)
        shop.settle()
    assert shop.release(release_id).state is ReleaseState.PUBLISHED
    log = ErasureLog(shop.platform.records).get(patient_id)
    assert log is not None
    assert log.erased_at is not None


def test_a_patient_who_withdraws_over_http_leaves_his_releases_within_the_day(
    world: World, in_app: None
) -> None:
    doctor = Client(world, "doctor1", "clinic1")
    entered = doctor.enter()
    assert entered.status == 201
    patient_id = entered.body["patient_id"]
    units = [*UNITS[:2], a_unit(9, patient_id=patient_id, released_patient_id="pz")]
    shop = Workshop(world, units).open()
    first = shop.publish()
    shop.withdrawn = {patient_id}
    path = "/v1/patients/{patient_id}/consent/withdraw"
    assert doctor.ask("POST", path, patient_id=patient_id).status == 200
    assert mentioned(shop.platform, first.release_id, {patient_id})
    for _ in range(4):
        world.clock.advance(hours=2)
        run_sweep(world)
        shop.settle()
    log = ErasureLog(shop.platform.records).get(patient_id)
    assert log is not None
    assert log.erased_at is not None
    assert log.released == {first.release_id}
    assert [store for store in looked_through(shop.platform, patient_id) if store.found] == []
    assert shop.release(first.release_id).state is ReleaseState.TAKEN_DOWN

    # A restore brings the release's item back as it was; its files are gone for good.
    item = shop.platform.catalogue.get(keys.release(first.release_id))
    assert item is not None
    item["state"] = "published"
    del item["taken_down_at"]
    shop.platform.catalogue.delete(keys.release(first.release_id))
    rest = {name: value for name, value in item.items() if name not in {"pk", "sk", "writer"}}
    shop.platform.catalogue.insert(keys.release(first.release_id), rest)
    replay(shop.platform)
    assert shop.release(first.release_id).state is ReleaseState.TAKEN_DOWN
    assert [store for store in looked_through(shop.platform, patient_id) if store.found] == []

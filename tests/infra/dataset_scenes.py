"""Datasets through the entry points of the functions: planned, looked at, released, fetched, taken down.

Who may be chosen stands on a shelf, as other parts leave it; all else is done by the functions. What a
README shows is no matter of rights, so none is typeset.
"""

from functools import partial
from typing import Any, Final
from unittest.mock import patch

from chalicelib.datasets.model import ReleaseState
from chalicelib.datasets.releases import withdrawing
from chalicelib.datasets.releases.model import file_key, shard_path
from chalicelib.datasets.releases.store import ReleaseStore
from chalicelib.datasets.selection import freezing
from chalicelib.duplicates.model import Near
from chalicelib.duplicates.store import PairStore
from chalicelib.platform import keys
from chalicelib.platform.table import Change
from tests.datasets.choosing import plan
from tests.datasets.shelf import Shelf
from tests.erasure.journeys import Journey, begin, withdraw
from tests.images.making import image_of
from tests.imports.asking import SOURCE
from tests.infra.daily_scenes import done, refused
from tests.infra.whole_life import Life

DATASET: Final = "/v1/datasets/{code}"
RELEASES: Final = f"{DATASET}/releases"
RELEASE: Final = f"{RELEASES}/{{version}}"
GRANTS: Final = f"{DATASET}/grants"
STEPS: Final = (
    ("PutObject", "private/drafts/{release_id}/"),  # the units are chosen, and nobody knows it
    (
        "ListObjectVersions",
        "private/{release_id}/members",
    ),  # the draft counts, and the item does not tell
    ("UploadPart", "files/{release_id}/images/"),
    ("CompleteMultipartUpload", "files/{release_id}/images/"),
    ("CompleteMultipartUpload", "files/{release_id}/README"),
    ("PutObject", "files/registry.csv"),
)
"""Where the worker of a release dies."""
CONTROLLED: Final = plan(access="controlled", licence="LicenseRef-Agreement").written()
HIDDEN: Final = plan(
    access="hidden", purpose="clinical_test", licence="LicenseRef-Agreement"
).written()


def datasets_are_planned(life: Life) -> None:
    """And looked at; a message about the preview is lost."""
    curator, shelf = life.curator, _filled(life)
    code = _planned(life, CONTROLLED, "first")
    assert _planned(life, CONTROLLED, "first") == code
    assert _planned(life, CONTROLLED, "second") != code
    done(curator.ask("GET", "/v1/datasets"))
    done(curator.ask("GET", "/v1/datasets/fields"))
    change = {"revision": 1, "plan": {**CONTROLLED, "units": 9_000}}
    done(curator.ask("PATCH", DATASET, change, code=code))
    done(curator.ask("PATCH", DATASET, change, code=code))
    for query in ({}, {"revision": "1"}):
        done(curator.ask("GET", DATASET, query=query, code=code))
    refused(curator.ask("GET", "/v1/looks", query={"dataset": code}), "no_preview")
    for _ in range(2):
        done(curator.ask("POST", f"{DATASET}/preview", code=code))
    life.lost_builds()
    life.sweep(minutes=7)
    life.built()
    assert done(curator.ask("GET", f"{DATASET}/preview", code=code))["result"]
    waiting = done(curator.ask("GET", "/v1/looks", query={"dataset": code}))["items"]
    looks = [{"image_id": one["image_id"], "look": "clear"} for one in waiting]
    for _ in range(2):
        done(curator.ask("POST", "/v1/looks", {"looks": looks}))
    assert shelf.look(waiting[0]["image_id"]) == "clear"


def releases_are_built(life: Life) -> None:
    """Whole; after workers that died at each step; and two that fail: of another version than
    expected, and of a hidden set of which everybody is in the first."""
    code = _planned(life, CONTROLLED, "built")
    with life.beside(ReleaseStore, "create", lambda: _requested(life, code, "faster")):
        refused(_request(life, code, "slower"), "being_made")
    refused(_request(life, code, "late"), "being_made")
    release_id = _requested(life, code, "faster")
    life.measure()  # while a release is being made
    life.lost_builds()
    life.sweep(minutes=30)
    for died in STEPS:
        with life.recorder.dies_at(*(each.format(release_id=release_id) for each in died)):
            life.built()
        life.sweep(hours=7)
    life.built()
    first = _view(life, code, "latest")
    assert (first["state"], first["version"]) == ("published", "1.0.0")
    failed = _requested(life, code, "unexpected", version="7.0.0")
    life.built()
    assert _view(life, code, failed)["state"] == "failed"
    done(life.curator.ask("GET", RELEASES, code=code))
    hidden = _planned(life, HIDDEN, "hidden")
    left_nobody = _requested(life, hidden, "hidden")
    life.built()
    assert _release(life, left_nobody).state is ReleaseState.FAILED


def releases_are_fetched(life: Life) -> None:
    """By whoever was granted it; nobody after that."""
    curator = life.curator
    code = _planned(life, CONTROLLED, "fetched")
    _published(life, code)
    form = {"recipient": "An institute", "purpose": "Research.", "expires_on": "2036-01-01"}
    for _ in range(2):
        given = done(curator.ask("POST", GRANTS, form, key="grant", code=code))
    done(curator.ask("GET", GRANTS, code=code))
    wanted = {"code": code, "grant": given["grant"]}
    assert done(curator.ask("POST", "/v1/downloads", wanted))["files"]
    grant_id = given["grant_id"]
    done(curator.ask("DELETE", f"{GRANTS}/{{grant_id}}", code=code, grant_id=grant_id))
    refused(curator.ask("POST", "/v1/downloads", wanted), "not_found")
    done(curator.ask("GET", "/v1/registry"))
    done(curator.ask("GET", "/v1/registry/{code}", code=code))
    why, version = {"reason": "Wrong labels."}, "1.0.0"
    done(curator.ask("POST", f"{RELEASE}/deprecate", why, code=code, version=version))
    life.built()
    assert _view(life, code, version)["state"] == "deprecated"


def consent_is_taken_back(life: Life) -> None:
    """From a release that is out, and from one on its way: workers that died have left a zip, and
    an upload that is open; or one has just finished a zip."""
    code = _planned(life, CONTROLLED, "taken-back")
    gone = _on_the_shelf(life, "gone")
    first = _published(life, code)
    done(withdraw(life.doctor, gone.patient_id))
    for _ in range(3):
        life.sweep(minutes=2)
    with (
        patch("chalicelib.platform.streamed.PART", 64),  # as if the list were a long one
        life.recorder.dies_at("UploadPart", f"private/{first}"),
    ):
        life.built()
    _settled(life)
    assert _view(life, code, "1.0.0")["state"] == "taken_down"
    assert _view(life, code, "latest")["state"] == "published"
    leaving = _on_the_shelf(life, "leaving")
    release_id = _requested(life, code, "left")
    life.builds()
    with life.recorder.dies_at("CompleteMultipartUpload", f"files/{release_id}/images/"):
        life.builds()
    _leave_open(life, file_key(release_id, shard_path(release_id, 0)))
    done(withdraw(life.doctor, leaving.patient_id))
    for _ in range(3):
        life.sweep(minutes=2)
    assert _release(life, release_id).build == 1
    last = _on_the_shelf(life, "last")
    ids = frozenset({last.patient_id})
    withdrawn = partial(withdrawing.withdraw, life.world.platform, release_id, ids)
    life.builds()
    with life.beside(ReleaseStore, "shard_done", withdrawn):
        life.built()
    _settled(life)
    assert _release(life, release_id).state is ReleaseState.PUBLISHED


def images_are_erased_while_zips_are_built(life: Life) -> None:
    """The worker finds no file where one was, and has the units chosen anew. Before, somebody takes the
    consent back just while units are chosen."""
    code = _planned(life, CONTROLLED, "erased")
    _on_the_shelf(life, "erased")
    hasty = _on_the_shelf(life, "hasty")
    release_id = _requested(life, code, "erased")
    withdrawn = partial(Shelf(life.world).withdraw, hasty.patient_id)
    with life.beside(freezing, "settle", withdrawn):
        life.builds()
    body = {"reason": "Another patient's"}
    done(life.curator.ask("DELETE", "/v1/images/{image_id}", body, image_id="erased"))
    _leave_open(life, f"files/{release_id}/metadata.csv")
    life.built()
    assert _release(life, release_id).build == 1
    _settled(life)
    assert _release(life, release_id).state is ReleaseState.PUBLISHED


def _filled(life: Life) -> Shelf:
    """Images of clinics and of an archive; with readings, of merged records, nearly the same."""
    shelf = Shelf(life.world)
    table = life.world.platform.cases
    shelf.images(6, look=None)
    shelf.image("sized", "nevus", size=None, look=None)
    shelf.read_by("m0", expert1={"diagnosis": "melanoma", "outline": [[0.1, 0.1], [0.9, 0.9]]})
    source = done(life.curator.ask("POST", "/v1/imports", SOURCE, key="shelf"))["import_id"]
    with life.recorder.by_others():
        old = {"import_id": source, "survey": {"skin_type": "II"}, "external_id": "1"}
        table.update(keys.image("m1"), Change(set={"source": old}))
        table.update(keys.patient("p-m1"), Change(set={"import_id": source}))
        shelf.patient("p-kept")
        table.update(keys.patient("p-n1"), Change(set={"merged_into": "p-kept"}))
        pair = Near(pixel_hash=shelf.pixels("n3"), distance=1, cosine=None)
        now = life.world.clock.now()
        PairStore(table).pair(life.world.platform.ids, shelf.pixels("n2"), pair, at=now)
    return shelf


def _on_the_shelf(life: Life, name: str) -> Journey:
    """A patient of the doctor's who agreed to publication, with a labelled image."""
    shelf, consent = Shelf(life.world), {"research": True, "publication": True}
    case = begin(life.doctor, life.photo(), consent=consent)
    shelf.lesion(f"l-{name}", case.patient_id)
    shelf.image(name, "melanoma", owner=case.patient_id)
    assert image_of(life.world, name).patient_id == case.patient_id
    return case


def _planned(life: Life, form: Any, key: str) -> str:
    return str(done(life.curator.ask("POST", "/v1/datasets", form, key=f"plan-{key}"))["code"])


def _request(life: Life, code: str, key: str, **more: str) -> Any:
    body = {"change": "What and why.", **more}
    return life.curator.ask("POST", RELEASES, body, key=f"release-{key}", code=code)


def _requested(life: Life, code: str, key: str, **more: str) -> str:
    return str(done(_request(life, code, key, **more))["release_id"])


def _published(life: Life, code: str) -> str:
    release_id = _requested(life, code, f"of-{code}")
    life.built()
    release = _release(life, release_id)
    assert release.state is ReleaseState.PUBLISHED, release.problem
    return release_id


def _view(life: Life, code: str, version: str) -> Any:
    return done(life.curator.ask("GET", RELEASE, code=code, version=version))


def _release(life: Life, release_id: str) -> Any:
    with life.recorder.by_others():
        return ReleaseStore(life.world.platform.catalogue).get(release_id)


def _leave_open(life: Life, key: str) -> None:
    """An upload that a worker had begun when it was killed."""
    platform = life.world.platform
    with life.recorder.by_others():
        platform.releases.streamed(key, content_type="application/zip").begin()


def _settled(life: Life) -> None:
    """Everything that follows, until nothing follows any more."""
    for _ in range(3):
        life.sweep(minutes=70)
        life.built()

"""What curators do with releases: request one, look at them, deprecate one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.datasets.dataset import Dataset
from chalicelib.datasets.model import ReleaseState, Version
from chalicelib.datasets.releases.anew import send
from chalicelib.datasets.releases.claims import Claims
from chalicelib.datasets.releases.model import (
    GOES_ON_AFTER,
    LATEST,
    STAYS,
    Deprecation,
    File,
    Release,
    file_key,
)
from chalicelib.datasets.releases.store import LostStep, ReleaseStore
from chalicelib.datasets.store import DatasetStore
from chalicelib.images.model import LINK_LIFE
from chalicelib.people.model import Caller
from chalicelib.platform.errors import Conflict, Invalid, NotFound, idempotency_conflict
from chalicelib.platform.language import Text
from chalicelib.platform.runtime import Platform

MOST_LINKS: Final = 200
"""Files that one answer gives links to."""
BEING_MADE: Final = Text(
    "Выпуск этого набора уже создаётся. Дождитесь его, затем запросите следующий.",
    "A release of this dataset is being made already. Wait for it, then request the next.",
)
NOT_OUT: Final = Text(
    "Отозвать рекомендацию можно только у опубликованного выпуска.",
    "Only a published release can be deprecated.",
)
NO_SUCH_VERSION: Final = Text(
    "У набора нет другой опубликованной версии с таким номером.",
    "The dataset has no other published version of this number.",
)


@dataclass(frozen=True)
class Linked:
    """A file of a release with a link to it, where it may be fetched."""

    file: File
    url: str | None


def request(
    platform: Platform,
    *,
    caller: Caller,
    code: str,
    release_id: str,
    change: str,
    expected: str | None,
) -> Release:
    """Ask for a release of a dataset as its plan stands. Six calls to AWS.

    A repetition (`release_id` comes from the Idempotency-Key) gets the same one. Raises `NotFound`, and
    `Conflict` while another release of the dataset is being made.
    """
    dataset = dataset_of(platform, code)
    store, claims = ReleaseStore(platform.catalogue), Claims(platform.catalogue)
    told = platform.ids.digest("release", code, change, expected or "").hex()
    there = store.get(release_id)
    if there is None:
        if claims.holder(code) not in (None, release_id):
            raise Conflict("being_made", BEING_MADE)
        now = platform.clock.now()
        new = Release(
            release_id=release_id,
            code=code,
            number=dataset.number,
            state=ReleaseState.REQUESTED,
            change=change,
            requested_at=now,
            requested_by=caller.account_id,
            fingerprint=told,
            expected=expected,
        )
        there = store.create(new, due_at=now + GOES_ON_AFTER)
        if there.state is ReleaseState.REQUESTED and not claims.claim(code, release_id):
            store.discard(there)
            raise Conflict("being_made", BEING_MADE)
    if there.fingerprint != told:
        raise idempotency_conflict()
    if there.unfinished:
        send(platform, release_id)
    return there


def list_releases(
    platform: Platform, code: str, *, limit: int, cursor: str | None
) -> tuple[list[Release], str | None]:
    """Releases of a dataset, the one being made first, then the newest version first. Three calls.

    Raises `NotFound`, and `Invalid` for a cursor of another list.
    """
    dataset, scope = dataset_of(platform, code), f"releases {code}"
    holder = Claims(platform.catalogue).holder(code)
    ids = list(dict.fromkeys([*([holder] if holder else []), *by_version(dataset).values()]))
    page, following = platform.cursors.part(ids, limit=limit, cursor=cursor, scope=scope)
    found = ReleaseStore(platform.catalogue).several(page)
    return [found[each] for each in page if each in found], following


def view(platform: Platform, code: str, version: str) -> Release:
    """One release: by version, `latest`, or by its id while it has no version. Three calls.

    Raises `NotFound`.
    """
    dataset, store = dataset_of(platform, code), ReleaseStore(platform.catalogue)
    versions = by_version(dataset)
    if version == LATEST:
        return _newest(store, versions)
    found = store.get(versions.get(version, version))
    if found is None:
        # Being made: it has its version from the choice of units on, the dataset only from the end on.
        holder = Claims(platform.catalogue).holder(code)
        found = store.get(holder) if holder else None
        if found is not None and found.version != version:
            found = None
    if found is None or found.code != code:
        raise NotFound
    return found


def linked(platform: Platform, release: Release) -> list[Linked]:
    """The first `MOST_LINKS` files of a release with links, as far as they are there. No call."""
    return [linked_file(platform, release, file) for file in release.all_files[:MOST_LINKS]]


def deprecate(
    platform: Platform, *, caller: Caller, code: str, version: str, reason: str, use: str | None
) -> Release:
    """Advise against a published release. Doing it again changes nothing.

    Raises `NotFound`, `Invalid` where the version to use instead is none, `Conflict` for one not out.
    """
    release = view(platform, code, version)
    if release.state is ReleaseState.DEPRECATED:
        return release
    others = dataset_of(platform, code).releases
    if use is not None and (use == release.version or not _is_out(others.get(use))):
        raise Invalid({"use": NO_SUCH_VERSION})
    if release.state is not ReleaseState.PUBLISHED:
        raise Conflict("not_published", NOT_OUT)
    now = platform.clock.now()
    why = Deprecation(reason=reason, use=use, at=now, by=caller.account_id)
    try:
        release = ReleaseStore(platform.catalogue).deprecated(release, why, now=now)
    except LostStep:
        raise Conflict("not_published", NOT_OUT) from None
    send(platform, release.release_id)
    return release


def _is_out(noted: Mapping[str, Any] | None) -> bool:
    return noted is not None and noted["state"] == ReleaseState.PUBLISHED


def dataset_of(platform: Platform, code: str) -> Dataset:
    """The dataset. One call. Raises `NotFound`."""
    found = DatasetStore(platform.catalogue).get(code)
    if found is None:
        raise NotFound
    return found


def by_version(dataset: Dataset) -> dict[str, str]:
    """Release ids by version, the newest first."""
    newest_first = sorted(dataset.releases, key=Version.read, reverse=True)
    return {version: str(dataset.releases[version]["release_id"]) for version in newest_first}


def _newest(store: ReleaseStore, versions: Mapping[str, str]) -> Release:
    """The newest one that is published; failing that, deprecated."""
    found = store.several(list(versions.values())) if versions else {}
    several = [found[each] for each in versions.values() if each in found]
    for state in (ReleaseState.PUBLISHED, ReleaseState.DEPRECATED):
        for release in several:
            if release.state is state:
                return release
    raise NotFound


def linked_file(platform: Platform, release: Release, file: File) -> Linked:
    """A file with a link to it; what was erased has none."""
    there = release.readable or (release.state is ReleaseState.TAKEN_DOWN and file.path in STAYS)
    if not there:
        return Linked(file, None)
    key, seconds = file_key(release.release_id, file.path), int(LINK_LIFE.total_seconds())
    return Linked(file, platform.releases.link(key, seconds=seconds))

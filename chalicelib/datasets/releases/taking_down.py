"""What is left of a release that was taken down: sums, the bibliographic record, a tombstone, a successor."""

import json
from collections.abc import Mapping
from typing import Any, Final

from chalicelib.datasets.dataset import Dataset
from chalicelib.datasets.manifest import members_key, units_key
from chalicelib.datasets.model import ReleaseState, Version
from chalicelib.datasets.releases.anew import send
from chalicelib.datasets.releases.datacite import taken_down
from chalicelib.datasets.releases.frozen import units_of
from chalicelib.datasets.releases.model import (
    CITATION,
    GOES_ON_AFTER,
    STAYS,
    TOMBSTONE,
    Release,
    file_key,
)
from chalicelib.datasets.releases.store import ReleaseStore
from chalicelib.datasets.releases.writing import erase_files
from chalicelib.datasets.selection.drafts import Members, erase_drafts
from chalicelib.platform.clock import timestamp
from chalicelib.platform.language import Text
from chalicelib.platform.runtime import Platform

REASON: Final = Text(
    "Пациент отозвал согласие, или снимок удалён. Файлы стёрты; что было скачано раньше, используйте "
    "только без его снимков: возьмите следующую версию.",
    "A patient took the consent back, or an image was erased. The files are erased; use what was "
    "downloaded before without that patient's images only: take the next version.",
)
CHANGE: Final = Text(
    "Убраны данные пациента, отозвавшего согласие, или удалённый снимок",
    "Without the data of a patient who took the consent back, or an erased image",
)


def take_down(platform: Platform, release: Release) -> None:
    """Erase a release that is down, and whoever withdrew from what it was made of. May be repeated."""
    erase_files(platform, release.release_id, keep=STAYS)
    index = f"private/{release.release_id}/shards/"
    platform.releases.erase(platform.releases.versions_under(index))
    erase_drafts(platform.releases, release.release_id)
    _leave_word(platform, release)
    _strip_units(platform, release)


def forget_members(platform: Platform, release: Release) -> None:
    """The last step of a take-down: the list of members, by which whoever is erased is looked for.

    It is made anew of the units that remain.
    """
    key = members_key(release.release_id)
    members = Members.of(units_of(platform, release.release_id))
    platform.releases.put(key, members.written(), content_type="application/json")
    platform.releases.erase_old_versions(key)


def _leave_word(platform: Platform, release: Release) -> None:
    at = timestamp(release.taken_down_at or platform.clock.now())
    citation = file_key(release.release_id, CITATION)
    if (found := platform.releases.get(citation)) is not None:
        _put(platform, citation, taken_down(json.loads(found.data), at))
    told = {
        "code": release.code,
        "version": release.version,
        "state": ReleaseState.TAKEN_DOWN.value,
        "at": at,
        "reason": REASON._asdict(),
    }
    _put(platform, file_key(release.release_id, TOMBSTONE), told)


def _put(platform: Platform, key: str, told: Mapping[str, Any]) -> None:
    data = json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"
    platform.releases.put(key, data, content_type="application/json")


def _strip_units(platform: Platform, release: Release) -> None:
    """Leave out the lines of whoever withdrew."""
    key = units_key(release.release_id)
    gone = [json.dumps(one).encode() for one in release.withdrawn]
    put = platform.releases.streamed(key, content_type="application/x-ndjson")
    try:
        for line in platform.releases.lines(key):
            if not any(one in line for one in gone):
                put.write(line + b"\n")
        put.finish()
    except LookupError:
        put.abandon()
        return
    except BaseException:
        put.abandon()
        raise
    platform.releases.erase_old_versions(key)


def request_successor(platform: Platform, release: Release, dataset: Dataset | None) -> None:
    """Ask for a version with the remaining units, where this one was the dataset's newest."""
    if dataset is None or release.version is None:
        return
    newest = max(map(Version.read, (*dataset.releases, release.version)))
    if str(newest) != release.version:
        return
    now = platform.clock.now()
    successor = Release(
        release_id=platform.ids.derived("successor", release.release_id),
        code=release.code,
        number=release.number,
        state=ReleaseState.REQUESTED,
        change=f"{CHANGE.ru} / {CHANGE.en}",
        requested_at=now,
        requested_by="releases",
        fingerprint="",
        successor_of=release.release_id,
    )
    ReleaseStore(platform.catalogue).create(successor, due_at=now + GOES_ON_AFTER)
    send(platform, successor.release_id)

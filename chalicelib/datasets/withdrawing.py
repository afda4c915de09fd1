"""A patient took the consent back, or an image was erased: what becomes of the releases with him.

A release that is out is taken down: images, tables and documents are erased in every version, sums, the
bibliographic record and a tombstone stay, and a successor with the remaining units is requested. One that is
on its way is begun anew. Whoever is erased finds the releases by the ledger, and asks here for each.
"""

import json
from collections.abc import Iterable
from typing import Final

from chalicelib.datasets.anew import begin_anew, send
from chalicelib.datasets.datacite import taken_down
from chalicelib.datasets.manifest import units_key
from chalicelib.datasets.model import ReleaseState, Version
from chalicelib.datasets.noted import Ledger, Noted
from chalicelib.datasets.release_store import LostStep, ReleaseStore
from chalicelib.datasets.releases import (
    CITATION,
    GOES_ON_AFTER,
    STAYS,
    TOMBSTONE,
    Release,
    file_key,
    members_key,
)
from chalicelib.datasets.writing import erase_files
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
ATTEMPTS: Final = 5


def frozen_releases(platform: Platform) -> list[str]:
    """Ids of all releases that were frozen. One call."""
    return [str(entry["release_id"]) for entry in Ledger(platform.catalogue).frozen()]


def withdraw(platform: Platform, release_id: str, ids: frozenset[str]) -> bool:
    """Let go of these patients and images in one release; whether nothing of them is in it.

    False: it was taken down, or begun anew, and a worker erases them; ask again later. Memory holds a piece
    of the list of members, whatever its length. Raises `LostStep` when others change it all the time.
    """
    found = mentioned(platform, release_id, ids)
    if not found:
        return True
    store = ReleaseStore(platform.catalogue)
    for _ in range(ATTEMPTS):
        release = store.get(release_id)
        if release is None:
            return True
        try:
            _let_go(platform, release, found)
        except LostStep:
            continue
        return False
    raise LostStep(release)


def mentioned(platform: Platform, release_id: str, ids: Iterable[str]) -> set[str]:
    """Which of these ids are among the members of a release."""
    wanted = {json.dumps(one).encode(): one for one in ids}
    longest = max(map(len, wanted), default=0)
    found, tail = set[str](), b""
    try:
        for chunk in platform.releases.chunks(members_key(release_id)):
            text = tail + chunk
            found |= {one for quoted, one in wanted.items() if quoted in text}
            tail = text[-longest:]
    except LookupError:
        return set()
    return found


def _let_go(platform: Platform, release: Release, ids: set[str]) -> None:
    now = platform.clock.now()
    if release.unfinished:
        begin_anew(platform, release)
    elif release.state is not ReleaseState.FAILED:
        ReleaseStore(platform.catalogue).taken_down(release, ids, now=now)
        send(platform, release.release_id)


def take_down(platform: Platform, release: Release) -> None:
    """Erase a release that is down, and whoever withdrew from what it was made of. May be repeated."""
    erase_files(platform, release.release_id, keep=STAYS)
    index = f"private/{release.release_id}/shards/"
    platform.releases.erase(platform.releases.versions_under(index))
    _leave_word(platform, release)
    _strip_units(platform, release)


def forget_members(platform: Platform, release: Release) -> None:
    """The last step of a take-down: the list of members, by which the erased are looked for."""
    key = members_key(release.release_id)
    found = platform.releases.get(key)
    if found is None or not release.withdrawn:
        return
    members = json.loads(found.data)
    left = {
        name: [each for each in several if each not in release.withdrawn]
        for name, several in members.items()
    }
    _replace(platform, key, json.dumps(left, separators=(",", ":")).encode())


def _leave_word(platform: Platform, release: Release) -> None:
    citation = file_key(release.release_id, CITATION)
    at = timestamp(release.taken_down_at or platform.clock.now())
    found = platform.releases.get(citation)
    if found is not None:
        record = taken_down(json.loads(found.data), at)
        data = json.dumps(record, ensure_ascii=False, indent=1).encode() + b"\n"
        platform.releases.put(citation, data, content_type="application/json")
    told = {
        "code": release.code,
        "version": release.version,
        "state": ReleaseState.TAKEN_DOWN.value,
        "at": at,
        "reason": {"ru": REASON.ru, "en": REASON.en},
    }
    data = json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"
    key = file_key(release.release_id, TOMBSTONE)
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
    _erase_old_versions(platform, key)


def _replace(platform: Platform, key: str, data: bytes) -> None:
    platform.releases.put(key, data, content_type="application/json")
    _erase_old_versions(platform, key)


def _erase_old_versions(platform: Platform, key: str) -> None:
    current = platform.releases.current_version(key)
    old = (
        one
        for one in platform.releases.versions_under(key)
        if one.key == key and one.version != current
    )
    platform.releases.erase(old)


def request_successor(platform: Platform, release: Release, dataset: Noted | None) -> None:
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

"""A patient took the consent back, or an image was erased: what becomes of the releases with him.

A release that is out is taken down: images, tables and documents are erased in every version, sums, the
bibliographic record and a tombstone stay, and a successor with the remaining units is requested. One that is
on its way is begun anew. Whoever is erased finds the releases by the ledger, and asks here for each.
"""

import json
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from typing import Final

from chalicelib.datasets.looks.model import PREVIEWS
from chalicelib.datasets.manifest import members_key
from chalicelib.datasets.model import ReleaseState
from chalicelib.datasets.releases.anew import begin_anew, send
from chalicelib.datasets.releases.model import Release
from chalicelib.datasets.releases.store import LostStep, ReleaseStore
from chalicelib.datasets.releases.telling import tell
from chalicelib.datasets.selection.drafts import DRAFTS
from chalicelib.datasets.selection.ledger import Ledger
from chalicelib.platform.clock import timestamp
from chalicelib.platform.runtime import Platform

ATTEMPTS: Final = 5


def frozen_releases(platform: Platform) -> list[str]:
    """Ids of all releases that were frozen. One call."""
    return [one.release_id for one in Ledger(platform.catalogue).read().frozen]


def forget_beside(platform: Platform, ids: frozenset[str]) -> None:
    """Erase what is not settled and names these patients or images: drafts of workers that died, or are on
    their way and choose again then, and lists of what waits for a curator's look.

    Two calls, and one for each object that there is: as many as datasets with a preview, no more as a rule.
    """
    store = platform.releases
    for prefix in (DRAFTS, PREVIEWS):
        versions = list(store.versions_under(prefix))
        several = sorted({one.key for one in versions})
        naming = {_stem(key) for key in several if named_in(platform, key, ids)}
        store.erase(one for one in versions if _stem(one.key) in naming)


def _stem(key: str) -> str:
    """What the objects of one draft have in common."""
    return key.partition(".")[0]


def withdraw(
    platform: Platform,
    release_id: str,
    ids: frozenset[str],
    *,
    known_at: datetime | None = None,
    at_once: bool = False,
) -> bool:
    """Let go of these patients and images in one release; whether nothing of them is in it.

    False: it was taken down, or begun anew, and a worker erases them; ask again later. `known_at` says that
    they were found in it before, and asked to leave then: a restored copy, whose files are erased already,
    is taken down again, but not one whose units were chosen anew since. `at_once` waits for no worker.
    Memory holds a piece of the list of members, whatever its length.
    Raises `LostStep` when others change it all the time.
    """
    store = ReleaseStore(platform.catalogue)
    for _ in range(ATTEMPTS):
        found = mentioned(platform, release_id, ids)
        release = store.get(release_id) if found or known_at else None
        if release is None or not (found or _had_them(release, known_at)):
            return True
        try:
            _let_go(platform, release, found or set(ids), at_once)
        except LostStep:
            continue
        return False
    raise LostStep(store.get(release_id))


def _had_them(release: Release, known_at: datetime | None) -> bool:
    """Whether somebody may still read what was chosen before those in it asked to leave."""
    chosen = release.frozen_at or ""
    return known_at is not None and release.readable and chosen <= timestamp(known_at)


def mentioned(platform: Platform, release_id: str, ids: Iterable[str]) -> set[str]:
    """Which of these ids are among the members of a release. One call."""
    return named_in(platform, members_key(release_id), ids)


def named_in(platform: Platform, key: str, ids: Iterable[str]) -> set[str]:
    """Which of these ids stand in an object of the releases bucket, each as a text of JSON. One call."""
    wanted = {json.dumps(one).encode(): one for one in ids}
    longest = max(map(len, wanted), default=0)
    found, tail = set[str](), b""
    with suppress(LookupError):
        for chunk in platform.releases.chunks(key):
            text = tail + chunk
            found |= {one for quoted, one in wanted.items() if quoted in text}
            tail = text[-longest:]
    return found


def _let_go(platform: Platform, release: Release, ids: set[str], at_once: bool) -> None:
    if release.unfinished:
        begin_anew(platform, release)
    elif release.state is not ReleaseState.FAILED:
        now = platform.clock.now()
        release = ReleaseStore(platform.catalogue).taken_down(release, ids, now=now)
        if at_once:
            tell(platform, release)
        else:
            send(platform, release.release_id)

"""What a release is made from, as it lies in the releases bucket: first as a draft, then for good.

Two workers may choose the units of one release at the same time, and each writes all it chose before the
ledger says whose counts. So a draft has a name of its own, `private/drafts/<release>/<name>.…`; the one that
the ledger names is copied to where builders read it, and all drafts of the release go. They lie apart from
what is settled, so that one listing finds what dead workers left of all releases.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from botocore.exceptions import ClientError

from chalicelib.datasets.manifest import (
    Manifest,
    Unit,
    made_from,
    manifest_key,
    members_key,
    read_manifest,
)
from chalicelib.platform.objects import ObjectStore

_NAME: Final = 24
DRAFTS: Final = "private/drafts/"
"""Where drafts of all releases lie."""
_DRAFT: Final = "draft"
"""Under what name a manifest tells which draft it was."""
_KINDS: Final = ("units.jsonl", "members.json", "manifest.json")
"""In the order they are written and copied, as `made_from`: where the last is, the others are."""


@dataclass(frozen=True)
class Members:
    """Whose data a release has: ids of patients and images, and hashes of pixels."""

    patients: frozenset[str] = frozenset()
    images: frozenset[str] = frozenset()
    pixel_hashes: frozenset[str] = frozenset()

    @classmethod
    def of(cls, units: Iterable[Unit]) -> "Members":
        patients, images, hashes = set[str](), set[str](), set[str]()
        for unit in units:
            patients.add(unit.patient_id)
            images.add(unit.image_id)
            hashes.add(unit.pixel_hash)
        return cls(frozenset(patients), frozenset(images), frozenset(hashes))

    def written(self) -> bytes:
        told = {
            name: sorted(getattr(self, name)) for name in ("patients", "images", "pixel_hashes")
        }
        return json.dumps(told, separators=(",", ":")).encode()


def write_draft(store: ObjectStore, manifest: Manifest, units: Sequence[Unit]) -> str:
    """Write a draft; its name, which follows from the units and stands in the manifest. Three calls, two
    more and one for each 8 MB of units where they take more than that. Memory holds one such part."""
    members, sums = Members.of(units).written(), hashlib.sha256()
    for line in _lines(units):
        sums.update(line)
    sums.update(b"\0" + members)
    name = sums.hexdigest()[:_NAME]
    named = replace(manifest, extra={**manifest.extra, _DRAFT: name})
    for kind, pieces in zip(_KINDS, (_lines(units), [members], [named.written()]), strict=True):
        key = _draft_key(manifest.release_id, name, kind)
        store.streamed(key, content_type="application/json").write_all(pieces)
    return name


def _lines(units: Iterable[Unit]) -> Iterator[bytes]:
    """As they stand in `units.jsonl`."""
    return (f"{unit.line()}\n".encode() for unit in units)


def settle(store: ObjectStore, release_id: str, name: str) -> Manifest | None:
    """Let a draft be what the release is made from, and erase all drafts; its manifest.

    May be repeated. None where there is neither the draft nor what it was copied to: the release was
    given up meanwhile.
    """
    draft = store.get(_draft_key(release_id, name, "manifest.json"))
    if draft is None:
        return _settled(store, release_id, name)
    try:
        for kind, key in zip(_KINDS, made_from(release_id), strict=True):
            store.copy(_draft_key(release_id, name, kind), key)
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchKey":
            raise
        # Another worker has done all this meanwhile, and erased the drafts.
        return _settled(store, release_id, name)
    erase_drafts(store, release_id)
    return read_manifest(draft.data)


def _settled(store: ObjectStore, release_id: str, name: str) -> Manifest | None:
    there = store.get(manifest_key(release_id))
    manifest = read_manifest(there.data) if there else None
    return manifest if manifest and manifest.extra.get(_DRAFT) == name else None


def erase_drafts(store: ObjectStore, release_id: str) -> None:
    """Erase all drafts of a release, in all versions, those of workers that died among them.

    A freeze on its way chooses again then. One call where there are none, as in all that is settled.
    """
    store.erase(store.versions_under(f"{DRAFTS}{release_id}/"))


def erase_draft(store: ObjectStore, release_id: str, name: str) -> None:
    """Erase one draft of a release, in all versions."""
    store.erase(store.versions(f"{DRAFTS}{release_id}/{name}"))


def read_members(store: ObjectStore, release_id: str, draft: str = "") -> Members:
    """Whose data a frozen release has; nobody's where it was given up. One call, three at most."""
    settled = members_key(release_id)
    # Between the first two looks the draft may have been copied and erased.
    places = (settled, _draft_key(release_id, draft, "members.json"), settled)
    for key in places if draft else (settled,):
        if (found := store.get(key)) is not None:
            told: dict[str, Any] = json.loads(found.data)
            return Members(**{name: frozenset(several) for name, several in told.items()})
    return Members()


def _draft_key(release_id: str, name: str, kind: str) -> str:
    return f"{DRAFTS}{release_id}/{name}.{kind}"

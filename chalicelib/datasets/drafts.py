"""What a release is made from, as it lies in the releases bucket: first as a draft, then for good.

Two workers may choose the units of one release at the same time, and each writes all it chose before the
ledger says whose counts. So a draft has a name of its own, `private/<release>/draft.<name>.…`; the one that
the ledger names is copied to where builders read it, and all drafts go.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from botocore.exceptions import ClientError

from chalicelib.datasets.manifest import Manifest, Unit, manifest_key, units_key
from chalicelib.platform.objects import ObjectStore

_NAME: Final = 24
_KINDS: Final = ("units.jsonl", "members.json", "manifest.json")
"""In the order they are written and copied: where the last is, the others are."""


@dataclass(frozen=True)
class Members:
    """Whose data a release has: ids of patients and images, and hashes of pixels."""

    patients: frozenset[str] = frozenset()
    images: frozenset[str] = frozenset()
    pixel_hashes: frozenset[str] = frozenset()

    @classmethod
    def of(cls, units: Sequence[Unit]) -> "Members":
        return cls(
            frozenset(unit.patient_id for unit in units),
            frozenset(unit.image_id for unit in units),
            frozenset(unit.pixel_hash for unit in units),
        )

    def written(self) -> bytes:
        told = {
            name: sorted(getattr(self, name)) for name in ("patients", "images", "pixel_hashes")
        }
        return json.dumps(told, separators=(",", ":")).encode()


def members_key(release_id: str) -> str:
    return f"private/{release_id}/members.json"


def write_draft(store: ObjectStore, manifest: Manifest, units: Sequence[Unit]) -> str:
    """Write a draft; its name, which follows from what is in it. Three calls."""
    written = {
        "units.jsonl": "".join(f"{unit.line()}\n" for unit in units).encode(),
        "members.json": Members.of(units).written(),
        "manifest.json": manifest.written(),
    }
    digest = hashlib.sha256(b"\0".join(written[kind] for kind in _KINDS))
    name = digest.hexdigest()[:_NAME]
    for kind in _KINDS:
        key = _draft_key(manifest.release_id, name, kind)
        store.put(key, written[kind], content_type="application/json")
    return name


def settle(store: ObjectStore, release_id: str, name: str) -> bytes | None:
    """Let a draft be what the release is made from, and erase all drafts; its `manifest.json`.

    May be repeated. None where there is neither the draft nor what it was copied to: the release was
    given up meanwhile.
    """
    draft = store.get(_draft_key(release_id, name, "manifest.json"))
    if draft is None:
        there = store.get(manifest_key(release_id))
        return there.data if there else None
    finals = (units_key(release_id), members_key(release_id), manifest_key(release_id))
    try:
        for kind, key in zip(_KINDS, finals, strict=True):
            store.copy(_draft_key(release_id, name, kind), key)
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchKey":
            raise
        # Another worker has done all this meanwhile, and erased the drafts.
        there = store.get(manifest_key(release_id))
        return there.data if there else None
    erase_drafts(store, release_id)
    return draft.data


def erase_drafts(store: ObjectStore, release_id: str) -> None:
    """Erase every draft of a release, in all versions."""
    store.erase(store.versions(f"private/{release_id}/draft"))


def read_members(store: ObjectStore, release_id: str, draft: str) -> Members:
    """Whose data a frozen release has; nobody's where it was given up. One call, or two."""
    found = store.get(members_key(release_id))
    if found is None and draft:
        found = store.get(_draft_key(release_id, draft, "members.json"))
    if found is None:
        return Members()
    told: dict[str, Any] = json.loads(found.data)
    return Members(**{name: frozenset(several) for name, several in told.items()})


def _draft_key(release_id: str, name: str, kind: str) -> str:
    return f"private/{release_id}/draft.{name}.{kind}"

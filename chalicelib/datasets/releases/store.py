"""Releases in the `catalogue` table: one item each, one conditional write a step."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from boto3.dynamodb.conditions import Attr

from chalicelib.datasets.manifest import Manifest
from chalicelib.datasets.model import FOLLOWS, ReleaseState
from chalicelib.datasets.releases.model import (
    Deprecation,
    File,
    Release,
    Shard,
    patience,
    shard_path,
)
from chalicelib.platform import due, keys
from chalicelib.platform.clock import moment, timestamp
from chalicelib.platform.language import Text
from chalicelib.platform.table import Change, ConditionFailed, Item, Table

OF_A_BUILD = ("version", "access", "purpose", "frozen_at", "units", "cuts", "files", "problem")
"""What a build leaves on the item."""


class LostStep(Exception):
    """Somebody else took a step meanwhile. `found` is the release as it stands, or None."""

    def __init__(self, found: Release | None) -> None:
        super().__init__("the release is not as it was")
        self.found = found


class ForbiddenStep(Exception):
    """A step that the transition table does not have; a mistake of ours, never of a user."""


@dataclass(frozen=True)
class ReleaseStore:
    """Releases by id. Each step holds only of the state and the build that it was taken from."""

    table: Table

    def get(self, release_id: str) -> Release | None:
        item = self.table.get(keys.release(release_id))
        return read_release(item) if item else None

    def several(self, release_ids: Sequence[str]) -> dict[str, Release]:
        """Those that there are, by id. One call for each hundred."""
        found = self.table.get_many([keys.release(each) for each in release_ids])
        return {item["release_id"]: read_release(item) for item in found}

    def create(self, release: Release, *, due_at: datetime) -> Release:
        """Put a new release; if it is there already, the one that is there."""
        item = {
            "release_id": release.release_id,
            "code": release.code,
            "number": release.number,
            "state": release.state.value,
            "change": release.change,
            "requested_at": timestamp(release.requested_at),
            "requested_by": release.requested_by,
            "fingerprint": release.fingerprint,
            "expected": release.expected,
            "successor_of": release.successor_of,
            "build": 0,
            "shards": {},
            "attempts": 0,
        }
        key = keys.release(release.release_id)
        try:
            return read_release(self.table.insert(key, item | due.due(key, due_at)))
        except ConditionFailed as error:
            if error.found is None:
                raise
            return read_release(error.found)

    def discard(self, release: Release) -> None:
        """Delete a request that came second; nothing was done for it."""
        key = keys.release(release.release_id)
        self.table.delete(key, when=Attr("writer").eq(release.writer))

    def frozen(
        self, release: Release, manifest: Manifest, cuts: Sequence[int], *, due_at: datetime
    ) -> Release:
        """The units are chosen: its shards are to be built."""
        values = {
            "version": manifest.version,
            "access": manifest.plan["access"],
            "purpose": manifest.plan["purpose"],
            "frozen_at": manifest.frozen_at,
            "units": manifest.units,
            "cuts": list(cuts),
        }
        return self._step(release, ReleaseState.BUILDING, values, due_at=due_at)

    def shard_done(self, release: Release, number: int, shard: Shard) -> Release:
        """One more shard is there; doing it again changes nothing."""
        kept = {"bytes": shard.bytes, "sha256": shard.sha256, "units": shard.units}
        return self._write(release, Change(set={f"shards.{number}": kept}))

    def all_shards_done(self, release: Release, *, due_at: datetime) -> Release:
        return self._step(release, ReleaseState.DOCUMENTING, {}, due_at=due_at)

    def published(self, release: Release, files: Sequence[File], *, now: datetime) -> Release:
        """Everything is there. It stays due until the registry tells of it."""
        values = {"files": [asdict(file) for file in files], "published_at": timestamp(now)}
        return self._step(release, ReleaseState.PUBLISHED, values, due_at=now)

    def failed(self, release: Release, problem: Text, *, now: datetime) -> Release:
        """It cannot be made. It stays due until what was begun is erased."""
        values = {"problem": problem._asdict()}
        return self._step(release, ReleaseState.FAILED, values, due_at=now)

    def back(self, release: Release, *, now: datetime) -> Release:
        """To the choice of units again: what was written counts for nothing, and is to be erased."""
        values = {"build": release.build + 1, "dirty": True, "shards": {}}
        return self._step(
            release, ReleaseState.REQUESTED, values, due_at=now, remove=OF_A_BUILD, again=True
        )

    def cleaned(self, release: Release) -> Release:
        """Nothing of an earlier build is left."""
        return self._write(release, Change(remove=["dirty"]))

    def deprecated(self, release: Release, why: Deprecation, *, now: datetime) -> Release:
        values = {"deprecation": asdict(why) | {"at": timestamp(why.at)}}
        return self._step(release, ReleaseState.DEPRECATED, values, due_at=now)

    def taken_down(self, release: Release, ids: set[str], *, now: datetime) -> Release:
        """Nobody gets it any more; these patients and images are to be erased from what it was made of.

        It stays due until that is done. One that is down already is due again for them.
        """
        again = due.due(keys.release(release.release_id), now)
        change = Change(add={"withdrawn": ids}, set=again)
        if release.state is not ReleaseState.TAKEN_DOWN:
            self._require(release, ReleaseState.TAKEN_DOWN)
            down = {"state": ReleaseState.TAKEN_DOWN.value, "taken_down_at": timestamp(now)}
            change = Change(add={"withdrawn": ids}, set={**again, **down, "attempts": 0})
        return self._write(release, change)

    def settle(self, release: Release) -> Release:
        """Nothing remains to be done, unless somebody has written meanwhile."""
        change = Change(set={"attempts": 0}, remove=[*due.ATTRIBUTES, "withdrawn"])
        return self._write(release, change, unchanged=True)

    def postpone(self, release: Release, *, now: datetime) -> Release:
        """The sweep has sent its message once more, and waits longer than before."""
        later = due.due(keys.release(release.release_id), now + patience(release.attempts))
        return self._write(release, Change(set=later, add={"attempts": 1}))

    def _step(
        self,
        release: Release,
        to: ReleaseState,
        values: Mapping[str, Any],
        *,
        due_at: datetime,
        remove: Sequence[str] = (),
        again: bool = False,
    ) -> Release:
        # A release whose units are being chosen may have to be chosen anew as well.
        if not (again and release.state is to):
            self._require(release, to)
        key = keys.release(release.release_id)
        into = {"state": to.value, "attempts": 0, **due.due(key, due_at)}
        return self._write(release, Change(set={**values, **into}, remove=list(remove)))

    def _require(self, release: Release, to: ReleaseState) -> None:
        if to not in FOLLOWS[release.state]:
            raise ForbiddenStep(f"{release.state} → {to}")

    def _write(self, release: Release, change: Change, *, unchanged: bool = False) -> Release:
        same = Attr("state").eq(release.state.value) & Attr("build").eq(release.build)
        if unchanged:
            same &= Attr("writer").eq(release.writer)
        try:
            found = self.table.update(keys.release(release.release_id), change, when=same)
        except ConditionFailed as error:
            raise LostStep(read_release(error.found) if error.found else None) from None
        return read_release(found)


def read_release(item: Item) -> Release:
    """The release in an item of the table."""
    published, taken, due_at = (
        moment(item[name]) if name in item else None
        for name in ("published_at", "taken_down_at", "due_at")
    )
    problem, deprecation = item.get("problem"), item.get("deprecation")
    return Release(
        release_id=item["release_id"],
        code=item["code"],
        number=item["number"],
        state=ReleaseState(item["state"]),
        change=item["change"],
        requested_at=moment(item["requested_at"]),
        requested_by=item["requested_by"],
        fingerprint=item["fingerprint"],
        expected=item.get("expected"),
        successor_of=item.get("successor_of"),
        build=item["build"],
        dirty=item.get("dirty", False),
        version=item.get("version"),
        access=item.get("access"),
        purpose=item.get("purpose"),
        frozen_at=item.get("frozen_at"),
        units=item.get("units", 0),
        cuts=tuple(item.get("cuts", ())),
        shards={
            int(number): Shard(path=shard_path(item["release_id"], int(number)), **shard)
            for number, shard in item["shards"].items()
        },
        files=tuple(File(**file) for file in item.get("files", ())),
        problem=Text(problem["ru"], problem["en"]) if problem else None,
        published_at=published,
        deprecation=Deprecation(**deprecation | {"at": moment(deprecation["at"])})
        if deprecation
        else None,
        taken_down_at=taken,
        withdrawn=frozenset(item.get("withdrawn", ())),
        attempts=item["attempts"],
        due_at=due_at,
        writer=item["writer"],
    )

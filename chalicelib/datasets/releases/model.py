"""One release on its way: what is decided of it, how far it is, where its files are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from chalicelib.datasets.model import READABLE, UNFINISHED, ReleaseState
from chalicelib.platform.language import Text

GOES_ON_AFTER: Final = timedelta(minutes=10)
"""When the sweep sends the message of a step again; no step takes longer."""
MOST_PATIENCE: Final = timedelta(hours=6)
"""A step that keeps failing is tried again ever more rarely, down to this."""
LATEST: Final = "latest"
"""In a path, the newest release that is published and not deprecated."""
SUMS: Final = "SHA256SUMS"
CITATION: Final = "datacite.json"
TOMBSTONE: Final = "tombstone.json"
STAYS: Final = frozenset({SUMS, CITATION, TOMBSTONE})
"""What remains of a release that was taken down: sums, the record that citations lead to, and why."""


def patience(attempts: int) -> timedelta:
    """How long the sweep waits after so many fruitless tries: each wait doubles."""
    return min(GOES_ON_AFTER * 2.0 ** min(attempts, 10), MOST_PATIENCE)


@dataclass(frozen=True, kw_only=True)
class File:
    """A file of a release, as researchers see it."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Shard(File):
    """A zip of images."""

    units: int


@dataclass(frozen=True, kw_only=True)
class Deprecation:
    """Why another release is to be used, and which."""

    reason: str
    use: str | None
    at: datetime
    by: str


@dataclass(frozen=True, kw_only=True)
class Release:
    """One release. What is frozen is in its manifest; here stands what the steps need to know."""

    release_id: str
    code: str
    number: int
    state: ReleaseState
    change: str
    requested_at: datetime
    requested_by: str
    fingerprint: str
    """Of the request; a repetition is told from another request by it."""
    expected: str | None = None
    """The version that the curator was shown; another one is not released."""
    successor_of: str | None = None
    """The release that was taken down, whose remaining units this one has."""
    build: int = 0
    """How often it went back to the choice of units. What an earlier build writes counts for nothing."""
    dirty: bool = False
    """Whether files of an earlier build are still to be erased."""
    version: str | None = None
    access: str | None = None
    purpose: str | None = None
    frozen_at: str | None = None
    units: int = 0
    cuts: tuple[int, ...] = ()
    """Where each shard's units begin in `units.jsonl`, in bytes, and where the last one's end."""
    shards: Mapping[int, Shard] = field(default_factory=dict)
    """Those that are there."""
    files: tuple[File, ...] = ()
    """The others, once all are there."""
    problem: Text | None = None
    published_at: datetime | None = None
    deprecation: Deprecation | None = None
    taken_down_at: datetime | None = None
    withdrawn: frozenset[str] = frozenset()
    """Patients and images that are still to be erased from what it was made of."""
    attempts: int = 0
    due_at: datetime | None = None
    writer: str = ""

    @property
    def shards_of_all(self) -> int:
        """How many shards it has when all are there."""
        return max(len(self.cuts) - 1, 0)

    @property
    def missing(self) -> list[int]:
        """Shards that are still to be built."""
        return [number for number in range(self.shards_of_all) if number not in self.shards]

    @property
    def unfinished(self) -> bool:
        return self.state in UNFINISHED

    @property
    def readable(self) -> bool:
        return self.state in READABLE

    @property
    def all_files(self) -> list[File]:
        """Every file by path, shards among them."""
        return sorted((*self.files, *self.shards.values()), key=lambda file: file.path)

    @property
    def bytes(self) -> int:
        """Of all files together."""
        return sum(file.bytes for file in self.all_files)


def file_key(release_id: str, path: str) -> str:
    """Where a file of a release lies in the releases bucket."""
    return f"files/{release_id}/{path}"


def shard_path(release_id: str, number: int) -> str:
    """Of a name that no other release has: mlcroissant knows an unpacked archive again by its path alone, and
    would give one release's images for another's."""
    return f"images/{release_id[:8]}-{number:05}.zip"


def shard_index_key(release_id: str, build: int, number: int) -> str:
    """What stands where in a shard, for `files.csv`."""
    return f"private/{release_id}/shards/{build}/{number}.json"

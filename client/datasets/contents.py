"""What a release says of itself: its tables, as they lie in its folder. Standard library only."""

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from sys import intern
from typing import Final, NamedTuple, Protocol

FILES: Final = "files.csv"
METADATA: Final = "metadata.csv"
SUMS: Final = "SHA256SUMS"
IMAGES: Final = "images"
CHUNK: Final = 1 << 20

UNIT, CLASS, SPLIT = "isic_id", "rodinka_class", "rodinka_split"
"""Columns of `metadata.csv`; the first of the release's own ids is called as the ISIC Archive calls its."""


class Label(NamedTuple):
    """Which class and which split of the dataset a unit is in."""

    class_: str
    split: str


class Hash(Protocol):
    """A running SHA-256."""

    def update(self, data: bytes, /) -> None: ...
    def hexdigest(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Member:
    """One image inside a shard. `offset` is where its bytes begin in the shard, which stores them as they are."""

    path: str
    sha256: str
    bytes: int
    shard: str
    offset: int

    @property
    def unit_id(self) -> str:
        return PurePosixPath(self.path).stem


def members(folder: Path) -> Iterator[Member]:
    """The images that `files.csv` names, in its order. Raises `OSError`, `KeyError` and `ValueError`."""
    for row in rows(folder / FILES):
        if row["shard"]:
            size, offset = int(row["bytes"]), int(row["offset"])
            if min(size, offset) < 0:
                raise ValueError(row["path"])
            shard = row["shard"] if "/" in row["shard"] else f"{IMAGES}/{row['shard']}"
            yield Member(row["path"], row["sha256"], size, intern(shard), offset)


def labels(folder: Path) -> dict[str, Label]:
    """Class and split by unit, in the order of `metadata.csv`, of which no more is held in memory.

    Raises `OSError` and `KeyError`.
    """
    found = rows(folder / METADATA)
    return {row[UNIT]: Label(intern(row[CLASS]), intern(row[SPLIT])) for row in found}


def rows(table: Path) -> Iterator[dict[str, str]]:
    """The rows of one of the release's tables."""
    with table.open(newline="", encoding="utf-8-sig") as file:
        yield from csv.DictReader(file)


def sums(folder: Path) -> dict[str, str]:
    """SHA-256 by path, as `SHA256SUMS` has them. Raises `OSError` and `ValueError`."""
    found = {}
    for line in (folder / SUMS).read_text(encoding="utf-8").splitlines():
        digest, path = line.split(maxsplit=1)
        found[path.removeprefix("*")] = digest
    return found


def running_hash(file: Path) -> tuple[Hash, int]:
    """SHA-256 so far and the bytes of what is there of a file; nothing of one that is not there."""
    running, size = hashlib.sha256(), 0
    if file.exists():
        with file.open("rb") as opened:
            while chunk := opened.read(CHUNK):
                running.update(chunk)
                size += len(chunk)
    return running, size


def holds(file: Path, *, sha256: str, size: int | None = None) -> bool:
    """Whether exactly these bytes lie there."""
    if not file.is_file() or (size is not None and file.stat().st_size != size):
        return False
    return running_hash(file)[0].hexdigest() == sha256

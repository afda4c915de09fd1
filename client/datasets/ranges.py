"""Fetching single images out of the shards, by the places that `files.csv` gives."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from client.datasets.contents import Member, holds
from client.datasets.paths import PART, inside
from client.datasets.server import Links
from client.datasets.whole import TRIES, WrongBytes

NEAR: Final = 64 << 10
"""Bytes between two images that are rather read along than asked for twice: a request costs more."""
LONGEST: Final = 8 << 20
"""Bytes of one request, unless a single image is larger: so much is lost at most when a run is interrupted."""


@dataclass(frozen=True)
class Run:
    """Images of one shard that are read by one request, in their order."""

    shard: str
    members: tuple[Member, ...]

    @property
    def start(self) -> int:
        return self.members[0].offset

    @property
    def stop(self) -> int:
        return _end(self.members[-1])


def runs(members: Iterable[Member], *, near: int = NEAR, longest: int = LONGEST) -> Iterator[Run]:
    """Put images that lie near each other into one request."""
    waiting: list[Member] = []
    for member in sorted(members, key=lambda one: (one.shard, one.offset)):
        if waiting and (
            member.shard != waiting[0].shard
            or not 0 <= member.offset - _end(waiting[-1]) <= near
            or _end(member) - waiting[0].offset > longest
        ):
            yield Run(waiting[0].shard, tuple(waiting))
            waiting = []
        waiting.append(member)
    if waiting:
        yield Run(waiting[0].shard, tuple(waiting))


def missing(members: Iterable[Member], folder: Path) -> Iterator[Member]:
    """Those whose bytes do not lie in `folder` yet, be it in a file of their own or in a whole shard."""
    for member in members:
        if not (
            inside(folder, member.shard).is_file()
            or holds(inside(folder, member.path), sha256=member.sha256, size=member.bytes)
        ):
            yield member


def fetch_run(run: Run, links: Links, folder: Path, told: Callable[[int], object]) -> list[str]:
    """Write each image of a run into a file of its own; returns the paths of those whose bytes are wrong.

    `told` hears the bytes of each image. Raises `Stop`, `Stopped` and `OSError`.
    """
    wrong = []
    stream = _Stream(links.stream(run.shard, run.start, run.stop), run.start)
    for member in run.members:
        data = stream.read(member.offset, member.bytes)
        try:
            _write(member, _right(member, data, links), folder)
        except WrongBytes:
            wrong.append(member.path)
        told(member.bytes)
    return wrong


def _right(member: Member, data: bytes, links: Links) -> bytes:
    """The image's bytes, asked for again by itself when they are not those that were published."""
    for _ in range(TRIES):
        if hashlib.sha256(data).hexdigest() == member.sha256:
            return data
        data = b"".join(links.stream(member.shard, member.offset, _end(member)))
    raise WrongBytes(member.path)


def _write(member: Member, data: bytes, folder: Path) -> None:
    target = inside(folder, member.path)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + PART)
    part.write_bytes(data)
    part.replace(target)


def _end(member: Member) -> int:
    return member.offset + member.bytes


class _Stream:
    """Cuts pieces out of bytes that come in chunks; holds no more than a piece and a chunk."""

    def __init__(self, chunks: Iterator[bytes], at: int) -> None:
        self._chunks, self._at, self._held = chunks, at, bytearray()

    def read(self, offset: int, size: int) -> bytes:
        """The piece at `offset`, which lies behind all that was read before."""
        self._drop(offset - self._at)
        while len(self._held) < size:
            self._held += next(self._chunks)
        piece = bytes(self._held[:size])
        self._drop(size)
        return piece

    def _drop(self, size: int) -> None:
        while len(self._held) < size:
            self._held += next(self._chunks)
        del self._held[:size]
        self._at += size

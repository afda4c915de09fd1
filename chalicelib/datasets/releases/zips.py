"""A zip of images as its bytes come: the same images, the same bytes; each found by its offset.

Members are stored, not compressed, since pictures are compressed already, and so that a member can be
read from the middle of the file. The zip itself is written by the standard library.
"""

import hashlib
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Self

HEADER: Final = 30
"""Bytes of a member's own header before its name and what follows it (APPNOTE.TXT 6.3.10, 4.3.7)."""
EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The date of every member: the earliest that a zip can say."""
UNIX: Final = 3


@dataclass(frozen=True)
class Member:
    """A file in a zip: `offset` is where its own bytes begin in it."""

    path: str
    bytes: int
    sha256: str
    offset: int


class _Tail(io.RawIOBase):
    """The end of a file that is still being written; what lies before it was handed on.

    `zipfile` goes back to the header of the member that it has just written, never further.
    """

    def __init__(self, hand_on: Callable[[bytes], None]) -> None:
        self._hand_on = hand_on
        self._held = bytearray()
        self._before = 0
        self._at = 0

    def seekable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._before + self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence != io.SEEK_SET or offset < self._before:
            raise io.UnsupportedOperation("only within what has not been handed on")
        self._at = offset - self._before
        return offset

    def write(self, data: "bytes | bytearray | memoryview") -> int:  # type: ignore[override]
        self._held[self._at : self._at + len(data)] = data
        self._at += len(data)
        return len(data)

    def stop(self) -> None:
        """Hand nothing on any more."""
        self._hand_on = lambda _: None

    def let_go(self) -> None:
        """Hand on everything that was written."""
        self._hand_on(bytes(self._held))
        self._before += len(self._held)
        self._held.clear()
        self._at = 0


class ImageZip:
    """Writes members one after another to `hand_on`; memory holds one of them.

    A context: at its end the directory of members is written, unless something was raised in it.
    """

    def __init__(self, hand_on: Callable[[bytes], None]) -> None:
        self._tail = _Tail(hand_on)
        self._zip = zipfile.ZipFile(self._tail, "w", zipfile.ZIP_STORED)
        self.members: list[Member] = []

    def add(self, path: str, data: bytes) -> Member:
        """Write a member. Its path is ASCII."""
        info = zipfile.ZipInfo(path, EPOCH)
        info.create_system = UNIX  # else a zip would tell where it was made
        info.external_attr = 0o100644 << 16
        begins = self._tail.tell()
        self._zip.writestr(info, data, zipfile.ZIP_STORED)
        self._tail.let_go()
        offset = begins + HEADER + len(path.encode("ascii"))
        member = Member(path, len(data), hashlib.sha256(data).hexdigest(), offset)
        self.members.append(member)
        return member

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is not None:
            self._tail.stop()
        self._zip.close()
        self._tail.let_go()

"""The anatomy of a PNG file, read without decoding a pixel (W3C PNG specification, section 5).

As with `jpeg`, the decoder is shown only the chunks that make the picture: text that unpacks to
gigabytes, profiles with names in them and animation frames never reach it.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from chalicelib.classification.inference.picture import MAX_PROFILE_BYTES, BadImage
from chalicelib.images.problems import Problem

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
PICTURE: Final = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
# Encoders write the picture in chunks of 8 KB or more: 4,000 in a file of the size limit.
MAX_CHUNKS: Final = 50_000
_DEPTHS: Final = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
_CHANNELS: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
# Adam7: first column and row of each pass, and the steps between.
_PASSES: Final = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)
_WINDOW: Final = 1 << 18


@dataclass(frozen=True, slots=True)
class Chunk:
    """One chunk: its four-letter name, and where it lies in the file with length and checksum."""

    name: bytes
    start: int
    end: int

    @property
    def payload(self) -> slice:
        return slice(self.start + 8, self.end - 4)


@dataclass(frozen=True, slots=True)
class Png:
    """A walked file. `end` is the offset behind the last chunk; what follows is no picture."""

    chunks: tuple[Chunk, ...]
    end: int
    width: int
    height: int
    bits: int
    interlaced: bool

    @property
    def decoding_bytes(self) -> int:
        """What the decoder needs: at most 4 bytes a pixel."""
        return 4 * self.width * self.height

    @property
    def unpacked_bytes(self) -> int:
        """The exact length of the unpacked rows, each with its filter byte."""
        passes = _PASSES if self.interlaced else ((0, 0, 1, 1),)
        total = 0
        for left, top, across, down in passes:
            columns = -(-(self.width - left) // across)
            rows = -(-(self.height - top) // down)
            if columns > 0 and rows > 0:
                total += rows * (1 + -(-columns * self.bits // 8))
        return total

    def holds(self, *names: bytes) -> bool:
        return any(chunk.name in names for chunk in self.chunks)


def walk(data: bytes) -> Png:
    """List the chunks of the file.

    Raises `BadImage`: `wrong_type` without the signature, `truncated` when the file ends before
    `IEND`, `damaged` for a wrong checksum of a chunk that makes the picture or an impossible order.
    """
    if not data.startswith(SIGNATURE):
        raise BadImage(Problem.WRONG_TYPE)
    chunks = _chunks(data)
    names = [chunk.name for chunk in chunks]
    if names[0] != b"IHDR" or names.count(b"IHDR") != 1 or b"IDAT" not in names:
        raise BadImage(Problem.DAMAGED)
    header = data[chunks[0].payload]
    if len(header) != 13 or header[8] not in _DEPTHS.get(header[9], ()):
        raise BadImage(Problem.DAMAGED)
    width, height = int.from_bytes(header[:4]), int.from_bytes(header[4:8])
    if not width or not height:
        raise BadImage(Problem.DAMAGED)
    return Png(
        chunks=chunks,
        end=chunks[-1].end,
        width=width,
        height=height,
        bits=header[8] * _CHANNELS[header[9]],
        interlaced=header[12] == 1,
    )


def _chunks(data: bytes) -> tuple[Chunk, ...]:
    chunks: list[Chunk] = []
    at = len(SIGNATURE)
    while len(chunks) < MAX_CHUNKS:
        length, name = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        end = at + 12 + length
        if at + 8 <= len(data) and not name.isalpha():
            raise BadImage(Problem.DAMAGED)
        if end > len(data):
            raise BadImage(Problem.TRUNCATED)
        if name in PICTURE:
            checksum = int.from_bytes(data[end - 4 : end])
            if zlib.crc32(memoryview(data)[at + 4 : end - 4]) != checksum:
                raise BadImage(Problem.DAMAGED)
        chunks.append(Chunk(name, at, end))
        if name == b"IEND":
            return tuple(chunks)
        at = end
    raise BadImage(Problem.DAMAGED)


def check_rows(data: bytes, png: Png) -> None:
    """Unpack the rows piece by piece, keeping none, and see that there are enough of them.

    The decoder leaves missing rows black and says nothing. Raises `BadImage`: `truncated` when rows
    are missing, `damaged` when they cannot be unpacked.
    """
    missing = png.unpacked_bytes
    try:
        for length in _unpacked(data, png):
            missing -= length
            if missing <= 0:
                return
    except zlib.error:
        raise BadImage(Problem.DAMAGED) from None
    raise BadImage(Problem.TRUNCATED)


def _unpacked(data: bytes, png: Png) -> Iterator[int]:
    """The lengths of the pieces into which the rows unpack, none of them over 256 KB."""
    unpacking = zlib.decompressobj()
    view = memoryview(data)
    for chunk in png.chunks:
        if chunk.name == b"IDAT":
            for at in range(chunk.payload.start, chunk.payload.stop, _WINDOW):
                packed: bytes | memoryview = view[at : min(at + _WINDOW, chunk.payload.stop)]
                while packed and not unpacking.eof:
                    yield len(unpacking.decompress(packed, _WINDOW))
                    packed = unpacking.unconsumed_tail


def bare(data: bytes, png: Png) -> bytes:
    """The file with only the chunks that the decoder needs."""
    view = memoryview(data)
    kept = [view[chunk.start : chunk.end] for chunk in png.chunks if chunk.name in PICTURE]
    return b"".join([SIGNATURE, *kept])


def exif(data: bytes, png: Png) -> bytes:
    """The EXIF chunk (a TIFF file in itself), or nothing."""
    for chunk in png.chunks:
        if chunk.name == b"eXIf":
            return data[chunk.payload].removeprefix(b"Exif\x00\x00")
    return b""


def icc_profile(data: bytes, png: Png) -> bytes:
    """The colour profile unpacked, or nothing if there is none, it is broken, or it is too long."""
    for chunk in png.chunks:
        if chunk.name == b"iCCP":
            _, _, rest = data[chunk.payload].partition(b"\x00")
            unpacking = zlib.decompressobj()
            try:
                profile = unpacking.decompress(rest[1:], MAX_PROFILE_BYTES)
            except zlib.error:
                return b""
            return profile if unpacking.eof else b""
    return b""

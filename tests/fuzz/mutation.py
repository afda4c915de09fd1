"""Changed files: bytes overwritten, put in, cut out, joined; and PNG checksums made right again.

A mutated chunk with its old checksum is refused at the door, so half of all mutations of a PNG
get right ones and go on to what lies behind.
"""

import struct
import zlib
from collections.abc import Sequence
from random import Random
from typing import Final

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
MAX_BYTES: Final = 64 * 1024
_INTERESTING: Final = (b"\0", b"\xff", b"\x7f\xff", b"\xff\xff\xff\xff", b"\x80\0\0\0", b"\xff\xda")


def mutated(data: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    """One to five random changes of `data`; `others` are files to take pieces from."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 5)):
        _change(changed, others, chance)
    found = bytes(changed[:MAX_BYTES])
    return with_right_checksums(found) if chance.random() < 0.5 else found


def _change(data: bytearray, others: Sequence[bytes], chance: Random) -> None:
    # Most of a structure lies at the front of a file, so half of all changes fall there.
    reach = len(data) if chance.random() < 0.5 else len(data) // 10
    at = chance.randint(0, reach)
    length = chance.choice((1, 1, 2, 4, 8, 64, 1024))
    match chance.randrange(6):
        case 0:
            data[at : at + length] = chance.randbytes(length)
        case 1:
            data[at:at] = chance.randbytes(length)
        case 2:
            del data[at : at + length]
        case 3:
            new = chance.choice(_INTERESTING)
            data[at : at + len(new)] = new
        case 4 if at < len(data):
            data[at] ^= 1 << chance.randrange(8)
        case _:
            other = chance.choice(others)
            start = chance.randint(0, len(other))
            data[at : at + length] = other[start : start + length]


def with_right_checksums(data: bytes) -> bytes:
    """The file with the checksum of each of its PNG chunks made right; others as they are."""
    if not data.startswith(SIGNATURE):
        return data
    fixed, at = bytearray(data), len(SIGNATURE)
    while at + 12 <= len(fixed):
        (length,) = struct.unpack_from(">I", fixed, at)
        end = at + 8 + length
        if end + 4 > len(fixed):
            break
        struct.pack_into(">I", fixed, end, zlib.crc32(memoryview(fixed)[at + 4 : end]))
        at = end + 4
    return bytes(fixed)

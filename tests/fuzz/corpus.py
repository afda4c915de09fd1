"""The hostile classes of files, one function each, with what the gate must say of them.

Every file is made by code and small enough to be mutated. They are the seeds of the fuzzer; a test
holds the gate to the verdicts.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from PIL import Image

from chalicelib.images.problems import Problem
from tests import pictures

CLEAN: Final = None
"""The verdict on a file that passes, less everything that is not picture."""
Verdict = Problem | None


@dataclass(frozen=True)
class HostileClass:
    """A class by name: files of it, and the verdicts that the gate may give them."""

    name: str
    verdicts: frozenset[Verdict]
    files: Callable[[], Iterator[bytes]]


CLASSES: Final[dict[str, HostileClass]] = {}


def hostile(*verdicts: Verdict) -> Callable[[Callable[[], Iterator[bytes]]], None]:
    """Enter a function among the classes, under its own name."""

    def enter(files: Callable[[], Iterator[bytes]]) -> None:
        name = files.__name__
        CLASSES[name] = HostileClass(name, frozenset(verdicts), files)

    return enter


def small(seed: int = 7) -> Image.Image:
    return pictures.photograph(80, 72, seed=seed)


@hostile(CLEAN)
def good_pictures() -> Iterator[bytes]:
    for subsampling in (0, 1, 2):
        yield pictures.jpeg(small(), subsampling=subsampling)
    yield pictures.jpeg(small(), progressive=True)
    yield pictures.jpeg(small(), restart_marker_rows=1)
    yield pictures.jpeg(small(), keep_rgb=True)
    yield pictures.png(small())


@hostile(Problem.EMPTY)
def zero_bytes() -> Iterator[bytes]:
    yield b""


@hostile(Problem.WRONG_TYPE)
def other_kinds() -> Iterator[bytes]:
    yield from pictures.other_kinds().values()


@hostile(Problem.TRUNCATED, Problem.DAMAGED)
def signatures_alone() -> Iterator[bytes]:
    yield b"\xff\xd8\xff"
    yield b"\xff\xd8\xff\xd9"
    yield b"\xff\xd8\xff\xda\x00\x02\xff\xd9"
    yield b"\x89PNG\r\n\x1a\n"


@hostile(Problem.TOO_MANY_PIXELS)
def square_bombs() -> Iterator[bytes]:
    yield pictures.square_bomb()


@hostile(Problem.EXTREME_ASPECT)
def strips() -> Iterator[bytes]:
    yield pictures.strip_bomb()
    yield pictures.jpeg(Image.new("RGB", (1000, 64)))


@hostile(Problem.TOO_SMALL)
def too_small_pictures() -> Iterator[bytes]:
    yield pictures.jpeg(pictures.photograph(63, 64))
    yield pictures.png(pictures.photograph(64, 63))


@hostile(CLEAN)
def pictures_of_the_smallest_side() -> Iterator[bytes]:
    yield pictures.jpeg(pictures.photograph(64, 64))
    yield pictures.png(pictures.photograph(64, 64))


@hostile(CLEAN)
def texts_and_profiles_that_unpack_to_megabytes() -> Iterator[bytes]:
    for name in (b"zTXt", b"iTXt", b"iCCP"):
        yield pictures.text_bomb(name, megabytes=20)


@hostile(Problem.TRUNCATED)
def files_cut_in_half() -> Iterator[bytes]:
    for whole in (pictures.jpeg(small()), pictures.jpeg(small(), progressive=True)):
        yield whole[: len(whole) // 2]
        yield whole[: len(whole) // 2] + b"\xff\xd9"
    whole = pictures.png(small())
    yield whole[: len(whole) // 2]


@hostile(Problem.DAMAGED)
def wrong_checksums() -> Iterator[bytes]:
    whole = bytearray(pictures.png(small()))
    for place in (20, 60, len(whole) - 1):
        whole[place] ^= 1
        yield bytes(whole)
        whole[place] ^= 1


@hostile(CLEAN, Problem.DAMAGED, Problem.TRUNCATED)
def corrupt_pixels() -> Iterator[bytes]:
    whole = pictures.jpeg(small())
    half = len(whole) // 2
    yield whole[:half] + bytes(range(200)) + whole[half + 200 :]


@hostile(CLEAN)
def names_in_every_place() -> Iterator[bytes]:
    yield pictures.jpeg_that_names(image=small())
    yield pictures.png_that_names(image=small())


@hostile(CLEAN)
def places_and_previews() -> Iterator[bytes]:
    tag = pictures.exif(name="Anna", thumbnail=pictures.jpeg(small(1)))
    segment = pictures.segment(0xE1, b"Exif\0\0" + tag)
    yield pictures.with_segments(pictures.jpeg(small()), segment)


@hostile(CLEAN)
def every_orientation() -> Iterator[bytes]:
    for orientation in range(10):
        tag = pictures.exif(orientation=orientation)
        segment = pictures.segment(0xE1, b"Exif\0\0" + tag)
        yield pictures.with_segments(pictures.jpeg(small()), segment)
        yield pictures.with_chunks(pictures.png(small()), pictures.chunk(b"eXIf", tag))


@hostile(CLEAN)
def profiles_of_other_colours() -> Iterator[bytes]:
    for profile in (
        pictures.profile(pictures.DISPLAY_P3),
        pictures.profile(pictures.DISPLAY_P3)[:200],
        b"no profile",
    ):
        segment = pictures.segment(0xE2, b"ICC_PROFILE\0\x01\x01" + profile)
        yield pictures.with_segments(pictures.jpeg(small()), segment)
        chunk = pictures.chunk(b"iCCP", b"a\0\0" + zlib.compress(profile))
        yield pictures.with_chunks(pictures.png(small()), chunk)


@hostile(CLEAN)
def profiles_in_odd_parts() -> Iterator[bytes]:
    profile = pictures.profile(pictures.DISPLAY_P3)
    for numbers in ((1, 3), (0, 0), (2, 1), (255, 255)):
        parts = (
            pictures.segment(0xE2, b"ICC_PROFILE\0" + bytes((number, 2)) + profile[at : at + 300])
            for number, at in zip(numbers, (0, 300), strict=True)
        )
        yield pictures.with_segments(pictures.jpeg(small()), *parts)


@hostile(CLEAN)
def polyglots() -> Iterator[bytes]:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("index.html", "<script>alert(1)</script>")
    page = b"<!doctype html><script>alert(1)</script>"
    for hidden in (archive.getvalue(), page, pictures.other_kinds()["pdf"]):
        yield pictures.jpeg(small()) + hidden
        yield pictures.png(small()) + hidden
        comment = pictures.segment(0xFE, hidden)
        yield pictures.with_segments(pictures.jpeg(small()), comment)
        text = pictures.chunk(b"tEXt", b"a\0" + hidden)
        yield pictures.with_chunks(pictures.png(small()), text)


@hostile(CLEAN)
def unusual_pixels() -> Iterator[bytes]:
    yield pictures.png(small().convert("I;16"))
    yield pictures.png_of(80, 72, [bytes(160)] * 72, depth=16, kind=0)
    yield pictures.png_of(80, 72, [bytes(640)] * 72, depth=16, kind=6)
    yield pictures.jpeg(small().convert("CMYK"))
    yield pictures.jpeg(small().convert("L"))
    yield pictures.png(small().convert("LA"))
    yield pictures.png(small().convert("RGBA"))
    yield pictures.png(small().convert("1"))
    yield pictures.png(small().quantize(16), transparency=bytes(range(16)))
    yield pictures.png(small().quantize(200), transparency=3)
    yield pictures.png_of(
        80, 72, pictures.interlaced_rows(80, 72, bits=24), kind=2, interlaced=True
    )


@hostile(Problem.SEVERAL_FRAMES)
def several_frames() -> Iterator[bytes]:
    frames = [small(1)]
    yield pictures._saved(small(), "PNG", save_all=True, append_images=frames)
    yield pictures._saved(small(), "MPO", save_all=True, append_images=frames)


@hostile(Problem.UNSUPPORTED)
def repeated_passes() -> Iterator[bytes]:
    yield pictures.scan_bomb(80, 72, 40)


@hostile(Problem.UNSUPPORTED)
def codings_that_are_not_taken() -> Iterator[bytes]:
    whole = pictures.jpeg(small())
    at = whole.index(b"\xff\xc0")
    for marker in (0xC3, 0xC9):  # lossless, arithmetic
        yield whole[: at + 1] + bytes([marker]) + whole[at + 2 :]
    yield whole[: at + 4] + b"\x0c" + whole[at + 5 :]  # 12 bits


@hostile(Problem.DAMAGED, Problem.TRUNCATED)
def segments_of_a_wrong_length() -> Iterator[bytes]:
    whole = pictures.jpeg(small())
    for length in (0, 1, 0xFFFF):
        segment = b"\xff\xe1" + struct.pack(">H", length) + b"Exif\0\0"
        yield pictures.with_segments(whole, segment)


@hostile(Problem.DAMAGED, Problem.TRUNCATED)
def chunks_of_a_wrong_length() -> Iterator[bytes]:
    whole = pictures.png(small())
    for length in (0xFFFFFFFF, 0x7FFFFFFF, 70_000):
        yield pictures.with_chunks(whole, struct.pack(">I", length) + b"tEXta\0b")


@hostile(Problem.DAMAGED)
def crowds_of_parts() -> Iterator[bytes]:
    yield pictures.with_segments(pictures.jpeg(small()), *[pictures.segment(0xFE, b"x")] * 3000)


@hostile(Problem.DAMAGED)
def headers_that_cannot_be() -> Iterator[bytes]:
    for kind, depth in ((2, 4), (3, 16), (5, 8), (7, 8), (0, 3)):
        yield pictures.png_of(80, 72, [bytes(240)] * 72, kind=kind, depth=depth)
    whole = pictures.jpeg(small())
    at = whole.index(b"\xff\xc0")
    yield whole[: at + 5] + b"\0\0" + whole[at + 7 :]  # no height
    yield whole[: at + 11] + b"\x55" + whole[at + 12 :]  # impossible sampling


@hostile(Problem.TRUNCATED)
def too_few_rows() -> Iterator[bytes]:
    for rows in (0, 1, 71):
        yield pictures.png_of(80, 72, [bytes(240)] * rows)


def seeds() -> Iterator[tuple[str, bytes]]:
    """Every file with the name of its class and its number in it."""
    for name, hostile_class in CLASSES.items():
        for number, data in enumerate(hostile_class.files()):
            yield f"{name}-{number}", data

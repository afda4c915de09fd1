"""Pixels out of bytes and into bytes: decoding, the fingerprint, and the two clean files."""

import hashlib
import io
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PIL import Image

from chalicelib.classification.inference.colour import strips
from chalicelib.classification.inference.picture import BadImage
from chalicelib.images.problems import Problem

FORMATS: Final = ("JPEG", "PNG")
QUALITY: Final = 95
# Level 6 takes four times as long and saves a tenth; on noise it is even larger.
PNG_LEVEL: Final = 2
THUMBNAIL_SIDE: Final = 256
THUMBNAIL_QUALITY: Final = 85


@dataclass(frozen=True, slots=True)
class Coding:
    """How a JPEG's pixels were quantised, so that coding them again loses next to nothing.

    `tables` are one table of 64 steps a component in natural order, `subsampling` is Pillow's name.
    """

    tables: tuple[tuple[int, ...], ...]
    subsampling: str


def decode(data: bytes, size: tuple[int, int]) -> Image.Image:
    """Decode every pixel of a file of which only the picture is left.

    Raises `BadImage`: `truncated` when the coded data end too early, `damaged` for all else.
    """
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
        if image.size != size:
            raise BadImage(Problem.DAMAGED)
        image.load()
    except BadImage:
        raise
    except Exception as error:
        # On purpose every kind: Pillow raises what its parsers meet (OSError, SyntaxError,
        # struct.error, ValueError, MemoryError, DecompressionBombError …), all of it the file's.
        cut = isinstance(error, OSError) and "truncated" in str(error)
        raise BadImage(Problem.TRUNCATED if cut else Problem.DAMAGED) from error
    return image


def pixel_hash(image: Image.Image) -> str:
    """SHA-256 in hex over width and height (big-endian, 4 bytes each) and the RGB bytes by rows."""
    digest = hashlib.sha256(struct.pack(">II", *image.size))
    for box in strips(image.size):
        whole = box == (0, 0, *image.size)
        digest.update((image if whole else image.crop(box)).tobytes())
    return digest.hexdigest()


def encode_png(image: Image.Image) -> bytes:
    """The pixels as a PNG of three kinds of chunks: header, data, end."""
    return _saved(image, "PNG", compress_level=PNG_LEVEL)


def encode_jpeg(image: Image.Image, coding: Coding | None) -> bytes:
    """The pixels as a baseline JPEG: coded as before if `coding` is given, else at high quality."""
    if coding is None:
        return _saved(image, "JPEG", quality=QUALITY, subsampling="4:4:4")
    return _saved(
        image,
        "JPEG",
        qtables=[list(table) for table in coding.tables],
        subsampling=coding.subsampling,
    )


def thumbnail(image: Image.Image) -> bytes:
    """A JPEG of the same picture with its longer side at most 256 pixels."""
    scale = min(1.0, THUMBNAIL_SIDE / max(image.size))
    width, height = (max(1, round(side * scale)) for side in image.size)
    # Half the time of Lanczos; in a picture this small nobody sees the difference (about 50 dB).
    small = image.resize((width, height), Image.Resampling.HAMMING, reducing_gap=3.0)
    return _saved(small, "JPEG", quality=THUMBNAIL_QUALITY, subsampling="4:2:0")


def _saved(image: Image.Image, kind: str, **options: int | str | Sequence[Sequence[int]]) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()

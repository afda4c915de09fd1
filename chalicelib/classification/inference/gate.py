"""The gate between what anyone may upload and what Rodinka keeps, shows and classifies.

`inspect` takes a file's bytes and gives a clean picture or says what is wrong with it. Each step
costs more than the one before, so a hostile file is turned away as cheaply as can be: size, hash,
signature, structure, frames, dimensions, and only then the pixels.

What follows a picture's end (a ZIP archive, a page, a second picture) is dropped, not refused: the
clean file is coded anew from pixels, so nothing of it survives, and phones append such things in
good faith.
"""

import hashlib
from typing import Final

from PIL import Image

from chalicelib.classification.inference import jpeg, metadata, orientation, pixels, png
from chalicelib.classification.inference.colour import to_srgb
from chalicelib.classification.inference.picture import (
    BadImage,
    CleanPicture,
    ContentType,
    Declared,
    Limits,
)
from chalicelib.images.problems import Problem

_SUBSAMPLINGS: Final = {(1, 1): "4:4:4", (2, 1): "4:2:2", (2, 2): "4:2:0"}


class UncleanCopy(Exception):
    """Our own clean copy holds more than its picture: a fault of ours, never of the file."""


def inspect(data: bytes, *, declared: Declared, limits: Limits) -> CleanPicture:
    """Check a file completely and make its clean copy, thumbnail and fingerprint.

    The same bytes give the same result. A JPEG whose pixels need no change is coded with its own
    quantisation tables and subsampling; any other with quality 95 and full colour resolution. A PNG
    is coded without loss. Raises `BadImage`, and nothing else for any bytes; `UncleanCopy` if the
    copy fails its own check.
    """
    _check_bytes(data, declared, limits)
    if data.startswith(jpeg.SIGNATURE) and declared.content_type == "image/jpeg":
        return _clean_jpeg(data, limits)
    if data.startswith(png.SIGNATURE) and declared.content_type == "image/png":
        return _clean_png(data, limits)
    raise BadImage(Problem.WRONG_TYPE)


def _check_bytes(data: bytes, declared: Declared, limits: Limits) -> None:
    if not data:
        raise BadImage(Problem.EMPTY)
    if len(data) > limits.max_bytes:
        raise BadImage(Problem.TOO_LARGE)
    if len(data) != declared.bytes:
        raise BadImage(Problem.WRONG_SIZE)
    if hashlib.sha256(data).hexdigest() != declared.sha256.lower():
        raise BadImage(Problem.HASH_MISMATCH)


def _check_size(width: int, height: int, decoding_bytes: int, limits: Limits) -> None:
    if max(width, height) > limits.max_aspect * min(width, height):
        raise BadImage(Problem.EXTREME_ASPECT)
    if width * height > limits.max_pixels or decoding_bytes > limits.max_decoding_bytes:
        raise BadImage(Problem.TOO_MANY_PIXELS)
    if min(width, height) < limits.min_side:
        raise BadImage(Problem.TOO_SMALL)


def _clean_jpeg(data: bytes, limits: Limits) -> CleanPicture:
    file = jpeg.walk(data)
    if jpeg.holds_equal_pictures(data, file):
        raise BadImage(Problem.SEVERAL_FRAMES)
    _check_size(file.width, file.height, file.decoding_bytes, limits)
    if file.scans > limits.max_scans:
        raise BadImage(Problem.UNSUPPORTED)
    if not jpeg.is_complete(data, file):
        raise BadImage(Problem.TRUNCATED)
    decoded = pixels.decode(jpeg.bare(data, file), (file.width, file.height))
    coding = _coding(file, decoded)
    image, changed = to_srgb(decoded, jpeg.icc_profile(data, file))
    del decoded
    turn = orientation.turn(jpeg.exif(data, file))
    if turn is not None:
        image, changed = image.transpose(turn), True
    return _clean(
        image, pixels.encode_jpeg(image, None if changed else coding), content_type="image/jpeg"
    )


def _clean_png(data: bytes, limits: Limits) -> CleanPicture:
    file = png.walk(data)
    if file.holds(b"acTL", b"fcTL", b"fdAT"):
        raise BadImage(Problem.SEVERAL_FRAMES)
    _check_size(file.width, file.height, file.decoding_bytes, limits)
    png.check_rows(data, file)
    decoded = pixels.decode(png.bare(data, file), (file.width, file.height))
    image, _ = to_srgb(decoded, png.icc_profile(data, file))
    del decoded
    turn = orientation.turn(png.exif(data, file))
    if turn is not None:
        image = image.transpose(turn)
    return _clean(image, pixels.encode_png(image), content_type="image/png")


def _coding(file: jpeg.Jpeg, decoded: Image.Image) -> pixels.Coding | None:
    """How the file was coded, if it can be coded so again: 8-bit tables, a usual subsampling."""
    tables: dict[int, list[int]] = getattr(decoded, "quantization", {})
    if not file.ycbcr or any(part.table not in tables for part in file.components):
        return None
    brightness, *colour = file.components
    usual = all((part.horizontal, part.vertical) == (1, 1) for part in colour)
    subsampling = _SUBSAMPLINGS.get((brightness.horizontal, brightness.vertical))
    used = tuple(tuple(tables[part.table]) for part in file.components)
    if not usual or subsampling is None or max(map(max, used)) > 255:
        return None
    return pixels.Coding(used, subsampling)


def _clean(image: Image.Image, data: bytes, *, content_type: ContentType) -> CleanPicture:
    small = pixels.thumbnail(image)
    if foreign := metadata.foreign_parts(data) + metadata.foreign_parts(small):
        raise UncleanCopy(f"the clean copy would carry {', '.join(foreign)}")
    return CleanPicture(
        data=data,
        content_type=content_type,
        width=image.width,
        height=image.height,
        thumbnail=small,
        pixel_hash=pixels.pixel_hash(image),
        image=image,
    )

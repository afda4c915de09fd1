"""What the image gate promises of any bytes, as a check that a fuzzer can run thousands of times."""

import hashlib
import io
import re
import time
from pathlib import Path
from typing import Final

from PIL import Image

from chalicelib.classification.inference import gate, metadata, pixels
from chalicelib.classification.inference.picture import (
    BadImage,
    CleanPicture,
    Declared,
    Limits,
)

MOST_SECONDS: Final = 10.0
"""Of the processor."""
MOST_MEGABYTES: Final = 400
"""What one file may add to a process which, with its libraries, begins at 100 of its 512."""
LIMITS: Final = Limits()

_STATUS: Final = Path("/proc/self/status")
_CLEAR: Final = Path("/proc/self/clear_refs")


class Broken(AssertionError):
    """The gate broke its promise."""


def keep(data: bytes) -> str:
    """Put a file before the gate and check all that it promises; the problem's code, or `clean`.

    Raises `Broken`, or whatever the gate lets out, which breaks the promise too.
    """
    begun, before = time.process_time(), _reset_peak()
    try:
        picture = gate.inspect(data, declared=_declared(data), limits=LIMITS)
    except BadImage as refused:
        ended = refused.code.value
    else:
        ended = "clean"
    took, grew = time.process_time() - begun, _peak() - before
    if took > MOST_SECONDS:
        raise Broken(f"it took {took:.1f} s")
    if grew > MOST_MEGABYTES:
        raise Broken(f"it took {grew:.0f} MB")
    if ended == "clean":
        _check(picture)
    return ended


def _check(picture: CleanPicture) -> None:
    for kept in (picture.data, picture.thumbnail):
        if foreign := metadata.foreign_parts(kept):
            raise Broken(f"the clean copy carries {foreign}")
    size = (picture.width, picture.height)
    if picture.width * picture.height > LIMITS.max_pixels or min(size) < LIMITS.min_side:
        raise Broken(f"the clean copy has {size} pixels")
    decoded = _opened(picture.data)
    if decoded.size != size or picture.image.size != size or decoded.mode != "RGB":
        raise Broken(f"the clean copy is {decoded.mode} {decoded.size}, told {size}")
    if pixels.pixel_hash(picture.image) != picture.pixel_hash:
        raise Broken("the hash is of other pixels than the model sees")
    if picture.content_type == "image/png" and pixels.pixel_hash(decoded) != picture.pixel_hash:
        raise Broken("the hash is of other pixels than the clean copy's")
    if max(_opened(picture.thumbnail).size) > pixels.THUMBNAIL_SIDE:
        raise Broken("the thumbnail is too large")


def _opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data), formats=pixels.FORMATS)
    image.load()
    return image


def _declared(data: bytes) -> Declared:
    kind = "image/png" if data.startswith(b"\x89PNG") else "image/jpeg"
    return Declared(content_type=kind, bytes=len(data), sha256=hashlib.sha256(data).hexdigest())


def _reset_peak() -> float:
    """Megabytes in use now; the peak counts from here. Elsewhere than on Linux both are 0."""
    if not _CLEAR.exists():
        return 0.0
    _CLEAR.write_text("5")
    return _peak()


def _peak() -> float:
    if not _STATUS.exists():
        return 0.0
    found = re.search(r"VmHWM:\s*(\d+)", _STATUS.read_text())
    return int(found[1]) / 1024 if found else 0.0

"""Short ways to put a file before the gate, as the tests need them."""

import hashlib
import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from chalicelib.classification.inference.gate import inspect
from chalicelib.classification.inference.picture import BadImage, CleanPicture, Declared, Limits
from chalicelib.images.problems import Problem

LIMITS = Limits()


def type_of(data: bytes) -> str:
    return "image/png" if data.startswith(b"\x89PNG") else "image/jpeg"


def declaration(data: bytes, content_type: str | None = None) -> Declared:
    """What an honest client declares for these bytes."""
    return Declared(
        content_type=content_type or type_of(data),
        bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
    )


def clean(data: bytes, content_type: str | None = None, *, limits: Limits = LIMITS) -> CleanPicture:
    return inspect(data, declared=declaration(data, content_type), limits=limits)


def problem(
    data: bytes, content_type: str | None = None, *, limits: Limits = LIMITS
) -> Problem | None:
    """The code under which the file is refused, None when it passes."""
    try:
        clean(data, content_type, limits=limits)
    except BadImage as refusal:
        return refusal.code
    return None


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data), formats=("JPEG", "PNG"))
    image.load()
    return image


def tables(data: bytes) -> list[list[int]]:
    """The quantisation tables of a JPEG, brightness first; equal ones are told once."""
    found: dict[int, list[int]] = getattr(opened(data), "quantization", {})
    return [list(table) for table in dict.fromkeys(tuple(found[i]) for i in sorted(found))]


def rgb(image: Image.Image) -> NDArray[np.int16]:
    return np.asarray(image.convert("RGB")).astype(np.int16)


def psnr(one: Image.Image, other: Image.Image) -> float:
    """Peak signal-to-noise ratio in dB over RGB; infinite for equal pictures."""
    error = float(((rgb(one) - rgb(other)).astype(np.float64) ** 2).mean())
    return float("inf") if error == 0 else 10 * np.log10(255**2 / error)

"""Any decoded picture to 8-bit sRGB, strip by strip, so that no second full copy is needed."""

import io
from collections.abc import Iterator
from typing import Final

import numpy as np
from PIL import Image, ImageCms

from chalicelib.classification.inference.picture import MAX_PROFILE_BYTES

_STRIP_PIXELS: Final = 1 << 20
# A profile that moves no colour by more than this many levels is sRGB under whatever name.
_SAME: Final = 2


def strips(size: tuple[int, int]) -> Iterator[tuple[int, int, int, int]]:
    """Boxes (left, top, right, bottom) that cover the picture, of about a million pixels each."""
    width, height = size
    rows = max(1, _STRIP_PIXELS // width)
    for top in range(0, height, rows):
        yield (0, top, width, min(height, top + rows))


def to_srgb(image: Image.Image, profile: bytes) -> tuple[Image.Image, bool]:
    """Return the picture as RGB, and whether any pixel may differ from the decoded ones.

    16-bit grey is scaled to 8 bits, transparency is laid on white, CMYK and wide-gamut colours are
    converted; a profile that is broken or does not fit the pixels is ignored.
    """
    transform = _transform(profile, _base_mode(image))
    if image.mode == "RGB" and transform is None and "transparency" not in image.info:
        return image, False
    target = Image.new("RGB", image.size)
    for box in strips(image.size):
        strip = _to_base(image.crop(box))
        if transform is not None:
            strip = ImageCms.applyTransform(strip, transform) or strip
        target.paste(strip.convert("RGB"), box)
    return target, True


def _base_mode(image: Image.Image) -> str:
    if image.mode.startswith("I"):
        return "L"
    if image.mode in ("RGB", "RGBA", "P", "PA") or "transparency" in image.info:
        return "RGB"
    return "CMYK" if image.mode == "CMYK" else "L"


def _to_base(strip: Image.Image) -> Image.Image:
    """One strip in the mode that a profile speaks about: L, RGB or CMYK."""
    if strip.mode.startswith("I"):
        # `convert` would clip at 255 and leave white.
        wide = np.asarray(strip).astype(np.uint32)
        return Image.fromarray(((wide * 255 + 32767) // 65535).astype(np.uint8))
    base = _base_mode(strip)
    if strip.mode in ("LA", "RGBA", "PA") or "transparency" in strip.info:
        seen = strip.convert("RGBA")
        white = Image.new("RGBA", strip.size, (255, 255, 255, 255))
        return Image.alpha_composite(white, seen).convert(base)
    return strip.convert(base)


def _transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """The way from the profile's colours to sRGB; None if there is none or it changes nothing."""
    if not 0 < len(profile) <= MAX_PROFILE_BYTES:
        return None
    try:
        transform = ImageCms.buildTransform(
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            mode,
            "RGB",
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
            ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
        if mode == "CMYK":
            return transform
        swatch = _swatch().convert(mode)
        moved = ImageCms.applyTransform(swatch, transform)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None
    before = np.asarray(swatch.convert("RGB")).astype(np.int16)
    after = np.asarray(moved).astype(np.int16)
    return None if int(np.abs(before - after).max()) <= _SAME else transform


def _swatch() -> Image.Image:
    """Six levels of each channel in all combinations, 216 colours."""
    levels = np.arange(0, 256, 51, dtype=np.uint8)
    cube = np.stack(np.meshgrid(levels, levels, levels, indexing="ij"), axis=-1)
    return Image.fromarray(cube.reshape(12, 18, 3))

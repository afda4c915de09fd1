"""How well the outlines that the platform draws match those of experts."""

from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from chalicelib.classification.inference.measure import area_error
from chalicelib.classification.inference.outline import contour, largest_region

Floats = NDArray[np.float64]
ENLARGED: Final = 3
"""Drawn so many times larger, so that a pixel is inside when most of it is."""


def outline_errors(drawn: NDArray[np.float32], expert: NDArray[np.uint8]) -> tuple[Floats, Floats]:
    """Return Dice coefficient and absolute relative error of the area of each outline, (N,) both.

    drawn: the model's maps (N, h, w), outlined as the platform does: the border of the largest region
    at one half. expert: (N, H, W), 0 to 255, cut at one half; each must outline something.
    """
    dice, area = np.empty(len(expert)), np.empty(len(expert))
    for row, (scores, mask) in enumerate(zip(drawn, expert, strict=True)):
        theirs = mask >= 128
        ours = filled(contour(largest_region(scores), scores), theirs.shape)
        dice[row] = 2 * int((ours & theirs).sum()) / (int(ours.sum()) + int(theirs.sum()))
        area[row] = abs(area_error(scores, theirs))
    return dice, area


def filled(border: Floats, shape: tuple[int, int]) -> NDArray[np.bool_]:
    """The pixels inside a border of (x, y) in 0..1, for a picture of (height, width) pixels."""
    return shares_inside([border], shape) >= 128


def shares_inside(borders: Iterable[Floats], shape: tuple[int, int]) -> NDArray[np.uint8]:
    """The share of each pixel inside any of the borders, 0 to 255; as `filled`."""
    height, width = shape
    canvas = Image.new("L", (width * ENLARGED, height * ENLARGED))
    for border in borders:
        if len(border) >= 3:
            corners = border * canvas.size - 0.5
            ImageDraw.Draw(canvas).polygon([tuple(corner) for corner in corners.tolist()], fill=255)
    return np.asarray(canvas.resize((width, height), Image.Resampling.BOX))

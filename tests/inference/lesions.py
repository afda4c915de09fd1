"""Lesions drawn by code: the model's map of one, and a photograph of it, exact up to the size of a pixel."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SKIN = (225, 180, 160)
BROWN = (120, 80, 60)
DARK = (70, 45, 35)
SIZE = (600, 450)


@dataclass(frozen=True, kw_only=True)
class Lesion:
    """An ellipse with half-axes in pixels of a picture of 600 x 450, turned clockwise by degrees about its
    centre; one half of it may have another colour."""

    long: float = 120.0
    short: float = 120.0
    turned: float = 0.0
    centre: tuple[float, float] = (300.0, 225.0)
    colour: tuple[int, int, int] = BROWN
    half: tuple[int, int, int] | None = None
    notch: float = 0.0
    """By what part of the radius the border is drawn in on one side."""

    def map(self, height: int = 48, width: int = 64) -> NDArray[np.float32]:
        """As a model would draw it: probabilities that pass one half at the border."""
        inside = (_reach(self, height, width)[0] <= 1).astype(np.float32)
        cells: NDArray[np.float32] = inside.reshape(height, FINE, width, FINE).mean(axis=(1, 3))
        return cells

    def pixels(self, height: int = 96, width: int = 128) -> NDArray[np.uint8]:
        """The photograph, squeezed to this size."""
        reach, along = _reach(self, height, width)
        picture = np.full((*reach.shape, 3), SKIN, dtype=float)
        picture[reach <= 1] = self.colour
        if self.half is not None:
            picture[(reach <= 1) & (along > 0)] = self.half
        blocks = picture.reshape(height, FINE, width, FINE, 3).mean(axis=(1, 3))
        small: NDArray[np.uint8] = blocks.round().astype(np.uint8)
        return small


FINE = 4
"""Points across a cell or pixel."""


def _reach(
    lesion: Lesion, height: int, width: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How far out each point lies, 1 at the border; and how far along the long axis, in pixels."""
    y, x = np.mgrid[0 : height * FINE, 0 : width * FINE] + 0.5
    x = x / (width * FINE) * SIZE[0] - lesion.centre[0]
    y = y / (height * FINE) * SIZE[1] - lesion.centre[1]
    angle = np.radians(lesion.turned)
    along, across = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
    inward = 1 - lesion.notch * np.exp(-(np.arctan2(across, along) ** 2) / 0.2)
    return np.hypot(along / lesion.long, across / lesion.short) / inward, along

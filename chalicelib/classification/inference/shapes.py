"""Measures of an outline's shape: closed polygons as arrays (N, 2) of x and y, y downwards, in one unit."""

from math import pi
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

CORNERS: Final = 64
"""To how many points an outline is brought before its perimeter is taken, which grows with detail."""


MANY: Final = 512
"""Points of which each is compared with each; a longer outline is brought to so many."""


def area(outline: Floats) -> float:
    """By the shoelace formula; 0 for fewer than three points."""
    if len(outline) < 3:
        return 0.0
    x, y = (outline - outline[0]).T
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)


def longest_diameter(outline: Floats) -> float:
    """The greatest distance between two points of the outline (maximal Feret diameter)."""
    x, y = (outline if len(outline) <= MANY else evenly(outline, MANY)).T
    squares = (x[:, None] - x) ** 2 + (y[:, None] - y) ** 2
    return float(np.sqrt(squares.max()))


def evenly(outline: Floats, points: int) -> Floats:
    """So many points at equal distances along the outline, beginning with its first."""
    closed = np.concatenate([outline, outline[:1]])
    way = np.concatenate([[0.0], np.cumsum(_steps(outline))])
    at = np.linspace(0, way[-1], points, endpoint=False)
    return np.column_stack([np.interp(at, way, closed[:, 0]), np.interp(at, way, closed[:, 1])])


def compactness(outline: Floats) -> float:
    """Perimeter² / (4π area), the perimeter of the outline brought to 64 points: 1 for a disc, more for other
    shapes. The outline must have an area."""
    perimeter = float(_steps(evenly(outline, CORNERS)).sum())
    return max(1.0, perimeter**2 / (4 * pi * area(outline)))


def on_edge(outline: Floats) -> float:
    """Of an outline in 0..1 of width and height, the share of its length on the picture's four sides."""
    steps = _steps(outline)
    following = np.roll(outline, -1, axis=0)
    along = ((outline == following) & ((outline == 0) | (outline == 1))).any(axis=1)
    return float(steps[along].sum() / steps.sum())


def folded(radii: Floats) -> Floats:
    """How much of the area lies outside its own mirror image, 0 to 1, for each of R axes through the centre.

    `radii` (R,) is the border's distance from the centre in R directions. Axis k lies at k half steps
    between them, k pi / R radians; at the k-th place of the answer.
    """
    rays = np.arange(len(radii))
    squares = radii**2
    images = squares[(rays[:, None] - rays) % len(radii)]
    shares: Floats = np.abs(squares - images).sum(axis=1) / max(2 * squares.sum(), 1e-12)
    return shares


def _steps(outline: Floats) -> Floats:
    x, y = (np.roll(outline, -1, axis=0) - outline).T
    lengths: Floats = np.hypot(x, y)
    return lengths

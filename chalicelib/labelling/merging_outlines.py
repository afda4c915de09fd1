"""One outline out of several close ones: the shape midway between them.

Shape-based averaging (Raya and Udupa 1990; Rohlfing and Maurer 2007): each outline is a map of signed
distances to it, positive inside; the mean of the maps is zero on the border of the merged shape.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from chalicelib.classification.inference.outline import INSIDE, polygon
from chalicelib.labelling.outlines import Point

CELLS: Final = 160
"""Of the longer side of the grid on which distances are known."""
MARGIN: Final = 0.05
"""Of the outlines' extent, left free around them."""
STEPS: Final = 3
"""Newton steps that bring a traced point onto the zero line."""

Numbers = NDArray[np.float64]


def merged(outlines: Sequence[Sequence[Point]], *, aspect: float = 1.0) -> list[list[float]]:
    """The outline midway between outlines of one lesion: at most 64 points, clockwise on the screen.

    Outlines are lists of (x, y) in 0..1 of the picture's width and height, as the answer is; distances
    are those of the picture, whose width is `aspect` times its height. The order of the outlines does
    not matter. Where the mean shape falls apart, its largest region is taken; holes are filled. Raises
    `ValueError` for an outline of fewer than three points, and for outlines that have no shape between
    them because they hardly overlap (see `outlines.CLOSE`).
    """
    if not outlines or min(len(outline) for outline in outlines) < 3:
        raise ValueError("Merging needs outlines of at least three points.")
    scale = np.array([aspect, 1.0])
    shapes = [np.array(outline, dtype=np.float64) * scale for outline in outlines]
    grid = _Grid(np.concatenate(shapes))
    level = np.mean([grid.distances(shape) for shape in shapes], axis=0)
    traced = np.array(polygon(np.where(level > 0, 2 * INSIDE, 0).astype(np.float32)))
    if not len(traced):
        raise ValueError("Outlines that hardly overlap have no shape between them.")
    border = grid.on_zero(level, traced) / scale
    points: list[list[float]] = np.clip(border, 0, 1).round(4).tolist()
    return points


class _Grid:
    """Square cells over the outlines' extent with a margin; values are at the middles of cells."""

    def __init__(self, points: Numbers) -> None:
        low, high = points.min(axis=0), points.max(axis=0)
        longest = float((high - low).max())
        if longest == 0:
            raise ValueError("An outline of one point has no shape.")
        margin = longest * MARGIN
        self._low = low - margin
        self._cell = (longest + 2 * margin) / CELLS
        columns, rows = np.ceil((high - low + 2 * margin) / self._cell).astype(int).tolist()
        self._shape = rows, columns
        x = self._low[0] + (np.arange(columns) + 0.5) * self._cell
        y = self._low[1] + (np.arange(rows) + 0.5) * self._cell
        self._x, self._y = x, y

    def distances(self, outline: Numbers) -> Numbers:
        """From each cell to the outline, of shape (rows, columns); positive inside (even-odd)."""
        nearest = np.full(self._shape, np.inf)
        inside = np.zeros(self._shape, dtype=bool)
        for (x, y), (next_x, next_y) in zip(outline, np.roll(outline, -1, axis=0), strict=True):
            along, down = next_x - x, next_y - y
            dx, dy = self._x[None, :] - x, self._y[:, None] - y
            length = along * along + down * down
            if length:
                part = np.clip((dx * along + dy * down) / length, 0, 1)
                dx, dy = dx - part * along, dy - part * down
            np.minimum(nearest, dx * dx + dy * dy, out=nearest)
            if down:
                crossed = (self._y < y) != (self._y < next_y)
                right = self._x[None, :] < (x + (self._y - y) * along / down)[:, None]
                inside ^= crossed[:, None] & right
        distance = np.sqrt(nearest)
        return np.where(inside, distance, -distance)

    def on_zero(self, level: Numbers, traced: Numbers) -> Numbers:
        """Points of the grid (0..1 of its width and height) moved along the slope onto the zero line,
        in the outlines' own measure. Between middles of cells, levels are interpolated."""
        rows, columns = self._shape
        at = traced * (columns, rows) - 0.5
        slope: list[Numbers] = list(np.gradient(level))
        for _ in range(STEPS):
            down, along = (_between(part, at) for part in slope)
            steep = np.maximum(down**2 + along**2, (self._cell / 2) ** 2)
            step = -_between(level, at) / steep
            # Never further than two cells: where outlines meet at a point the slope vanishes.
            length = np.abs(step) * np.hypot(down, along)
            step *= np.minimum(1, 2 / np.maximum(length, 1e-12))
            at = at + np.column_stack([along * step, down * step])
            at = np.clip(at, 0, (columns - 1, rows - 1))
        moved: Numbers = self._low + (at + 0.5) * self._cell
        return moved


def _between(values: Numbers, at: Numbers) -> Numbers:
    """Bilinear interpolation at points (column, row)."""
    limit = np.array(values.shape[::-1]) - 2
    corner = np.clip(np.floor(at).astype(int), 0, np.maximum(limit, 0))
    (column, row), (right, below) = corner.T, (at - corner).T
    upper = values[row, column] * (1 - right) + values[row, column + 1] * right
    lower = values[row + 1, column] * (1 - right) + values[row + 1, column + 1] * right
    found: Numbers = upper * (1 - below) + lower * below
    return found

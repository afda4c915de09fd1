"""From the model's map of where the lesion is to a polygon that can be drawn and measured."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from chalicelib.classification.inference.shapes import Floats, evenly

Point = tuple[float, float]
Run = tuple[int, int, int]
"""Cells of one row: the row, the first column, and the column behind the last."""

INSIDE: Final = 0.5
MAX_POINTS: Final = 64
# From a cell to its neighbours (row, column), clockwise from the top.
_OUT: Final = ((-1, 0), (0, 1), (1, 0), (0, -1))


def polygon(scores: NDArray[np.float32]) -> tuple[Point, ...]:
    """The border of the largest region of a map of shape (h, w) with values in 0..1.

    Returns at most 64 points (x, y) in 0..1 of the picture's width and height, clockwise, evenly along
    `contour`; empty when the region has fewer than three cells.
    """
    return thinned(contour(largest_region(scores), scores))


def thinned(border: Floats) -> tuple[Point, ...]:
    """At most 64 points evenly along a contour, to four digits."""
    chosen = evenly(border, MAX_POINTS) if len(border) > MAX_POINTS else border
    return tuple((round(x, 4), round(y, 4)) for x, y in chosen.tolist())


def contour(region: NDArray[np.bool_], scores: NDArray[np.float32]) -> Floats:
    """Where the map passes one half on the outer border of `region`: (N, 2), x and y in 0..1, clockwise.

    Marching squares (Lorensen & Cline 1987, in two dimensions) between the centres of cells: each point is
    where the straight line from a cell inside to its neighbour outside passes one half, so the border is finer
    than the cells. Regions are joined by sides. At the picture's edge the map is thought to go on as it is, and
    the border runs along the edge. Empty for a region of fewer than three cells.
    """
    if np.count_nonzero(region) < 3:
        return np.empty((0, 2))
    height, width = region.shape
    levels = np.pad(np.pad(scores, 1, mode="edge"), 1)
    cells, sides = _walk(np.pad(np.pad(region, 1, mode="edge"), 1))
    steps = np.array(_OUT)[sides]
    within = levels[tuple(cells.T)].astype(float)
    without = levels[tuple((cells + steps).T)]
    part = (within - INSIDE) / np.maximum(within - without, 1e-9)
    border = cells + steps * part.clip(0, 1)[:, None]
    border = ((border[:, ::-1] - 1.5) / (width, height)).clip(0, 1)
    # Beside the picture many points come together in one.
    fresh: Floats = border[(border != np.roll(border, 1, axis=0)).any(axis=1)]
    return fresh


def _walk(region: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The pieces of a region's outer border, clockwise: the cell inside (N, 2) and its side (N,).

    The region must not reach the edge of the array.
    """
    width = region.shape[1]
    inside = region.tobytes()  # one byte a cell: far faster to ask than an array
    out = [row * width + column for row, column in _OUT]
    along = [out[1], out[2], out[3], out[0]]
    cell = begin = int(region.argmax())
    side, cells, sides = 0, list[int](), list[int]()
    while not cells or (cell, side) != (begin, 0):
        cells.append(cell)
        sides.append(side)
        ahead = cell + along[side]
        if not inside[ahead]:
            side = (side + 1) % 4
        elif not inside[ahead + out[side]]:
            cell = ahead
        else:
            cell, side = ahead + out[side], (side - 1) % 4
    return np.column_stack(np.divmod(np.array(cells), width)), np.array(sides)


def largest_region(scores: NDArray[np.float32]) -> NDArray[np.bool_]:
    """The cells of the largest region of at least one half; of two as large, the one that begins higher, then further left.

    Runs of cells in a row are joined with those they touch in the row above: there are some hundred
    times fewer runs than cells.
    """
    inside = scores >= INSIDE
    edges = np.diff(np.pad(inside, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    starts, ends = np.argwhere(edges == 1), np.argwhere(edges == -1)
    runs: list[Run] = [
        (row, left, right)
        for (row, left), right in zip(starts.tolist(), ends[:, 1].tolist(), strict=True)
    ]
    regions = _joined(runs)
    sizes: dict[int, int] = {}
    for region, (_, left, right) in zip(regions, runs, strict=True):
        sizes[region] = sizes.get(region, 0) + right - left
    best = np.zeros_like(inside)
    if sizes:
        largest = max(sizes, key=lambda region: (sizes[region], -region))
        for region, (row, left, right) in zip(regions, runs, strict=True):
            if region == largest:
                best[row, left:right] = True
    return best


def _joined(runs: list[Run]) -> list[int]:
    """For each run (in the order of reading) the number of the first run of its region."""
    first = list(range(len(runs)))

    def root(run: int) -> int:
        while first[run] != run:
            first[run] = first[first[run]]
            run = first[run]
        return run

    above = 0
    for number, (row, left, right) in enumerate(runs):
        # Runs of the row above that end left of this one touch none of the later ones either.
        while runs[above][0] < row - 1 or (runs[above][0] == row - 1 and runs[above][2] <= left):
            above += 1
        other = above
        while runs[other][0] == row - 1 and runs[other][1] < right:
            one, two = sorted((root(other), root(number)))
            first[two] = one
            other += 1
    return [root(run) for run in range(len(runs))]

"""From the model's map of where the lesion is to a polygon that can be drawn and measured."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Point = tuple[float, float]
Cell = tuple[int, int]
Run = tuple[int, int, int]
"""Cells of one row: the row, the first column, and the column behind the last."""

INSIDE: Final = 0.5
MAX_POINTS: Final = 64
# Steps to the eight neighbours (row, column), clockwise on the screen from the west.
_AROUND: Final[tuple[Cell, ...]] = (
    (0, -1),
    (-1, -1),
    (-1, 0),
    (-1, 1),
    (0, 1),
    (1, 1),
    (1, 0),
    (1, -1),
)
_CLOCKWISE: Final = tuple(tuple((start + step) % 8 for step in range(8)) for start in range(8))
"""The eight ways round from each of them."""


def polygon(scores: NDArray[np.float32]) -> tuple[Point, ...]:
    """The border of the largest region of a map of shape (h, w) with values in 0..1.

    Returns at most 64 points (x, y) in 0..1 of the picture's width and height, clockwise, at the
    centres of border cells; empty when no region has three. Regions are joined by sides, borders
    followed through Moore's neighbourhood until the first step would be repeated.
    """
    region = _largest_region(scores >= INSIDE)
    border = _border(region)
    if len(border) < 3:
        return ()
    chosen = np.linspace(0, len(border), min(len(border), MAX_POINTS), endpoint=False).astype(int)
    height, width = scores.shape
    return tuple(
        (round((border[i][1] + 0.5) / width, 4), round((border[i][0] + 0.5) / height, 4))
        for i in chosen.tolist()
    )


def _largest_region(inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The cells of the largest region; of two as large, the one that begins higher, then further left.

    Runs of cells in a row are joined with those they touch in the row above: there are some hundred
    times fewer runs than cells.
    """
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


def _border(region: NDArray[np.bool_]) -> list[Cell]:
    filled = np.argwhere(region)
    if not len(filled):
        return []
    width = region.shape[1] + 2
    cells = np.pad(region, 1).tobytes()  # one byte a cell: far faster to ask than an array
    steps = [row * width + column for row, column in _AROUND]
    start = (int(filled[0][0]) + 1) * width + int(filled[0][1]) + 1
    border, cell, background = [start], start, 0
    # A cell of a thin line is passed more than once, but never more than once a side.
    for _ in range(4 * len(filled)):
        for way in _CLOCKWISE[background]:
            if cells[cell + steps[way]]:
                break
        else:
            break  # a single cell
        following = cell + steps[way]
        if cell == start and following in border[1:2]:
            break
        cell = following
        border.append(cell)
        # The background cell seen last, as it lies from the new cell: the search goes on there.
        background = (way + 5 if way % 2 else way + 6) % 8
    if len(border) > 1 and border[-1] == start:
        border.pop()
    return [(at // width - 1, at % width - 1) for at in border]

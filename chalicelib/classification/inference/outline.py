"""From the model's map of where the lesion is to a polygon that can be drawn and measured."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Point = tuple[float, float]
Cell = tuple[int, int]

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
    left = inside.copy()
    best = np.zeros_like(inside)
    size = 0
    for row, column in np.argwhere(inside).tolist():
        if not left[row, column]:
            continue
        left[row, column] = False
        cells: list[Cell] = [(row, column)]
        for y, x in cells:
            for next_cell in ((y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)):
                within = 0 <= next_cell[0] < left.shape[0] and 0 <= next_cell[1] < left.shape[1]
                if within and left[next_cell]:
                    left[next_cell] = False
                    cells.append(next_cell)
        if len(cells) > size:
            size = len(cells)
            best = np.zeros_like(inside)
            best[tuple(np.array(cells).T)] = True
    return best


def _border(region: NDArray[np.bool_]) -> list[Cell]:
    filled = np.argwhere(region)
    if not len(filled):
        return []
    framed = np.pad(region, 1)
    start: Cell = (int(filled[0][0]) + 1, int(filled[0][1]) + 1)
    border, cell, background = [start], start, 0
    # A cell of a thin line is passed more than once, but never more than once a side.
    for _ in range(4 * len(filled)):
        ways = ((background + step) % 8 for step in range(8))
        neighbours = ((way, (cell[0] + _AROUND[way][0], cell[1] + _AROUND[way][1])) for way in ways)
        found = next(((way, at) for way, at in neighbours if framed[at]), None)
        if found is None or (cell == start and found[1] in border[1:2]):
            break
        way, cell = found
        border.append(cell)
        # The background cell seen last, as it lies from the new cell: the search goes on there.
        background = (way + 5 if way % 2 else way + 6) % 8
    if len(border) > 1 and border[-1] == start:
        border.pop()
    return [(row - 1, column - 1) for row, column in border]

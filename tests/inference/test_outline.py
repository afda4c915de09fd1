"""The polygon drawn from the model's map runs round the largest region, where the map passes one half."""

import numpy as np
import pytest
from numpy.typing import NDArray

from chalicelib.classification.inference.outline import (
    MAX_POINTS,
    contour,
    largest_region,
    polygon,
)
from chalicelib.classification.inference.shapes import area, on_edge


def _map(*rows: str) -> NDArray[np.float32]:
    return np.array([[cell == "#" for cell in row] for row in rows], dtype=np.float32)


def _contour(scores: NDArray[np.float32]) -> NDArray[np.float64]:
    return contour(largest_region(scores), scores)


def _turned_clockwise(points: NDArray[np.float64]) -> bool:
    x, y = points.T
    return bool((x * np.roll(y, -1) - y * np.roll(x, -1)).sum() > 0)


def test_a_square_is_walked_round_once_clockwise_along_the_borders_of_its_cells() -> None:
    points = _contour(_map(".....", ".###.", ".###.", ".###.", ".....")) * 5
    assert points.tolist() == pytest.approx(
        np.array(
            [
                *((1.5, 1), (2.5, 1), (3.5, 1)),
                *((4, 1.5), (4, 2.5), (4, 3.5)),
                *((3.5, 4), (2.5, 4), (1.5, 4)),
                *((1, 3.5), (1, 2.5), (1, 1.5)),
            ]
        )
    )
    assert _turned_clockwise(points), "on a screen, where y points down"


def test_the_border_lies_between_cells_where_the_map_passes_one_half() -> None:
    scores = np.tile(np.array([0.9, 0.9, 0.6, 0.2, 0.0], dtype=np.float32), (5, 1))
    right = _contour(scores)[:, 0].max()
    assert right == pytest.approx((2.5 + 0.25) / 5), "a quarter of the way from 0.6 down to 0.2"


def test_the_largest_of_several_regions_is_outlined() -> None:
    scores = _map("##....", "##....", "...###", "...###", "...###")
    assert _contour(scores)[:, 1].min() == pytest.approx(2 / 5)
    assert _contour(scores[::-1])[:, 1].max() == pytest.approx(3 / 5)


def test_a_region_at_the_edge_of_the_picture_runs_along_it() -> None:
    whole = _contour(np.ones((4, 5), dtype=np.float32))
    assert area(whole) == pytest.approx(1)
    assert on_edge(whole) == pytest.approx(1)
    half = np.zeros((8, 8), dtype=np.float32)
    half[:, :4] = 1
    assert area(_contour(half)) == pytest.approx(0.5)
    assert on_edge(_contour(half)) == pytest.approx(2 / 3), (
        "three sides of a half, 1/2 + 1 + 1/2 of 3"
    )


@pytest.mark.parametrize(
    "rows",
    [("###",), ("#", "#", "#"), ("##.", ".#.", ".##"), (".#.", "###", ".#.")],
)
def test_a_thin_region_is_walked_to_its_ends_and_the_walk_stops(rows: tuple[str, ...]) -> None:
    scores = _map(*rows)
    points = _contour(scores)
    assert (points.min(axis=0), points.max(axis=0)) == (pytest.approx(0), pytest.approx(1))
    assert len(points) <= 4 * int(scores.sum()) + 16


@pytest.mark.parametrize("rows", [("...",), ("#..",), ("##.",)])
def test_nothing_and_next_to_nothing_have_no_outline(rows: tuple[str, ...]) -> None:
    assert polygon(_map(*rows)) == ()


def test_a_hole_does_not_change_the_outline() -> None:
    full = np.ones((9, 9), dtype=np.float32)
    holed = full.copy()
    holed[3:6, 3:6] = 0
    assert polygon(holed) == polygon(full)


@pytest.mark.parametrize("radius", [4, 10, 30, 55])
def test_a_disc_keeps_its_area_to_two_parts_in_a_hundred(radius: int) -> None:
    y, x = np.mgrid[0:128, 0:128]
    scores = (radius + 0.5 - np.hypot(x - 60.3, y - 66.1)).clip(0, 1).astype(np.float32)
    points = polygon(scores)
    assert len(points) <= MAX_POINTS
    assert area(np.array(points)) == pytest.approx(np.pi * (radius / 128) ** 2, rel=0.02)
    assert all(type(value) is float for point in points for value in point)


@pytest.mark.parametrize("seed", range(10))
def test_the_border_of_a_ragged_region_parts_its_cells_from_others(seed: int) -> None:
    scores = (np.random.default_rng(seed).random((24, 32)) < 0.62).astype(np.float32)
    region = largest_region(scores)
    points = _contour(scores)
    # Half a cell towards any of its four sides lies a cell of the region.
    ends = [points * (32, 24) + step for step in ((0.6, 0), (-0.6, 0), (0, 0.6), (0, -0.6))]
    touched = np.zeros(len(points), bool)
    for end in ends:
        column, row = end.astype(int).T.clip(0)
        touched |= region[row.clip(max=23), column.clip(max=31)]
    assert touched.all()

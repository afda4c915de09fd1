"""The polygon drawn from the model's map runs round the largest region, and round nothing else."""

import numpy as np
import pytest
from numpy.typing import NDArray

from chalicelib.classification.inference.outline import MAX_POINTS, Point, polygon


def _map(*rows: str) -> NDArray[np.float32]:
    return np.array([[cell == "#" for cell in row] for row in rows], dtype=np.float32)


def _cells(points: tuple[Point, ...], shape: tuple[int, ...]) -> list[tuple[int, int]]:
    """The polygon's corners as (row, column) cells of the map."""
    return [(int(y * shape[0]), int(x * shape[1])) for x, y in points]


def _area(points: tuple[Point, ...]) -> float:
    x, y = np.array(points).T
    return float((x * np.roll(y, -1) - y * np.roll(x, -1)).sum() / 2)


def test_a_square_is_walked_round_once_clockwise() -> None:
    scores = _map(".....", ".###.", ".###.", ".###.", ".....")
    points = polygon(scores)
    assert _cells(points, scores.shape) == [
        (1, 1),
        (1, 2),
        (1, 3),
        (2, 3),
        (3, 3),
        (3, 2),
        (3, 1),
        (2, 1),
    ]
    assert points[0] == (0.3, 0.3)
    assert _area(points) > 0, "clockwise on a screen, where y points down"


def test_the_largest_of_several_regions_is_outlined() -> None:
    scores = _map("##....", "##....", "...###", "...###", "...###")
    assert {row for row, _ in _cells(polygon(scores), scores.shape)} == {2, 3, 4}
    turned = scores[::-1]
    assert {row for row, _ in _cells(polygon(turned), turned.shape)} == {0, 1, 2}


def test_a_region_at_the_edge_of_the_picture_is_outlined() -> None:
    assert len(polygon(np.ones((4, 5), dtype=np.float32))) == 14


@pytest.mark.parametrize(
    "rows",
    [("###",), ("#", "#", "#"), ("##.", ".#.", ".##"), (".#.", "###", ".#.")],
)
def test_a_thin_region_is_walked_to_its_ends_and_the_walk_stops(rows: tuple[str, ...]) -> None:
    scores = _map(*rows)
    walked = _cells(polygon(scores), scores.shape)
    assert set(walked) <= {tuple(cell) for cell in np.argwhere(scores > 0).tolist()}
    assert len(walked) <= 4 * int(scores.sum())


@pytest.mark.parametrize("rows", [("...",), ("#..",), ("##.",)])
def test_nothing_and_next_to_nothing_have_no_outline(rows: tuple[str, ...]) -> None:
    assert polygon(_map(*rows)) == ()


def test_a_hole_does_not_change_the_outline() -> None:
    full = np.ones((9, 9), dtype=np.float32)
    holed = full.copy()
    holed[3:6, 3:6] = 0
    assert polygon(holed) == polygon(full)


@pytest.mark.parametrize("radius", [10, 30, 55])
def test_a_disc_keeps_its_area_and_few_points(radius: int) -> None:
    y, x = np.mgrid[0:128, 0:128]
    scores = (np.hypot(x - 60, y - 66) <= radius).astype(np.float32)
    points = polygon(scores)
    assert len(points) <= MAX_POINTS
    assert _area(points) == pytest.approx(np.pi * (radius / 128) ** 2, rel=0.12)
    assert all(type(value) is float for point in points for value in point)


@pytest.mark.parametrize("seed", range(10))
def test_a_ragged_region_is_outlined_by_its_own_cells(seed: int) -> None:
    scores = (np.random.default_rng(seed).random((24, 32)) < 0.62).astype(np.float32)
    inside = {tuple(cell) for cell in np.argwhere(scores > 0).tolist()}
    assert set(_cells(polygon(scores), scores.shape)) <= inside

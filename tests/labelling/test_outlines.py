"""Outlines compared and merged, beside shapely's exact areas and the outlines of experts."""

import io
import math
import zipfile
from itertools import pairwise
from pathlib import Path
from random import Random

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from chalicelib.classification.inference.outline import MAX_POINTS, polygon
from chalicelib.labelling.merging_outlines import merged
from chalicelib.labelling.outlines import CLOSE, dice

MASKS = Path(__file__).parents[3] / "shared" / "data" / "ham10000" / "masks.zip"
Outline = list[list[float]]
SQUARE: Outline = [[0.2, 0.2], [0.6, 0.2], [0.6, 0.6], [0.2, 0.6]]


def circle(x: float, y: float, radius: float, *, wide: float = 1.0) -> Outline:
    turns = [2 * math.pi * step / 64 for step in range(64)]
    return [[x + wide * radius * math.cos(t), y + radius * math.sin(t)] for t in turns]


def star(seed: int) -> Outline:
    """An outline that does not cross itself, with up to 64 points."""
    draw = Random(seed)
    x, y, corners = draw.uniform(0.4, 0.6), draw.uniform(0.4, 0.6), draw.randint(3, 64)
    points = []
    for corner in range(corners):
        turn, radius = 2 * math.pi * corner / corners, draw.uniform(0.1, 0.35)
        points.append([x + radius * math.cos(turn), y + radius * math.sin(turn)])
    return points


def exactly(one: Outline, other: Outline) -> float:
    first, second = shapely.Polygon(one), shapely.Polygon(other)
    return float(2 * first.intersection(second).area / (first.area + second.area))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_dice_is_that_of_exact_areas_either_way_round(first: int, second: int) -> None:
    one, other = star(first), star(second)
    assert dice(one, other) == pytest.approx(exactly(one, other), abs=0.002)
    assert dice(one[::-1], other) == pytest.approx(dice(other, one), abs=1e-9)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (SQUARE[::-1], 1.0),
        ([*SQUARE, SQUARE[0]], 1.0),
        ([[x + 0.2, y] for x, y in SQUARE], 0.5),
        ([[x + 0.4, y] for x, y in SQUARE], 0.0),
        ([[x, y + 0.5] for x, y in SQUARE], 0.0),
        ([[0.3, 0.3], [0.5, 0.3], [0.5, 0.5], [0.3, 0.5]], 0.4),
        ([[0.2, 0.2], [0.6, 0.6], [0.6, 0.2], [0.2, 0.6]], 2 / 3),  # a bow tie: half of the square
        ([[0.3, 0.3], [0.3, 0.3], [0.3, 0.3]], 0.0),
    ],
)
def test_dice_of_squares(other: Outline, expected: float) -> None:
    assert dice(SQUARE, other) == pytest.approx(expected, abs=0.002)


def test_what_an_outline_runs_round_twice_is_outside() -> None:
    inner = [[0.3, 0.3], [0.5, 0.3], [0.5, 0.5], [0.3, 0.5], [0.3, 0.3]]
    ring = [*SQUARE, SQUARE[0], *inner]  # touches itself along the way in and out
    assert dice(ring, SQUARE) == pytest.approx(2 * 0.12 / (0.12 + 0.16), abs=0.002)
    assert dice(ring, inner) == pytest.approx(0, abs=0.002)


@pytest.mark.parametrize("outline", [[], [[0.1, 0.1]], [[0.1, 0.1], [0.2, 0.2]]])
def test_fewer_than_three_points_are_no_outline(outline: Outline) -> None:
    with pytest.raises(ValueError, match="three points"):
        dice(SQUARE, outline)
    with pytest.raises(ValueError, match="three points"):
        merged([SQUARE, outline])


def test_outlines_without_an_area_have_nothing_in_common() -> None:
    line = [[0.1, 0.5], [0.9, 0.5], [0.5, 0.5]]
    assert dice(line, line) == 0


def test_close_is_as_far_as_experts_differ() -> None:
    jaccard = CLOSE / (2 - CLOSE)
    assert jaccard == pytest.approx(0.65)
    assert dice(circle(0.5, 0.5, 0.3), circle(0.55, 0.5, 0.3)) >= CLOSE
    assert dice(circle(0.5, 0.5, 0.3), circle(0.65, 0.5, 0.3)) < CLOSE


def test_between_two_circles_lies_the_circle_of_the_middle_radius() -> None:
    between = np.array(merged([circle(0.5, 0.5, 0.3), circle(0.5, 0.5, 0.2)])) - 0.5
    assert np.hypot(*between.T) == pytest.approx(0.25, abs=0.001)
    assert len(between) == MAX_POINTS


def test_distances_are_those_of_the_picture_not_of_its_fractions() -> None:
    round_ones = [circle(0.5, 0.5, 0.3, wide=0.5), circle(0.5, 0.5, 0.2, wide=0.5)]
    between = (np.array(merged(round_ones, aspect=2)) - 0.5) * (2, 1)
    assert np.hypot(*between.T) == pytest.approx(0.25, abs=0.002)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_an_outline_merged_with_itself_stays(seed: int) -> None:
    points = [[x, y] for x, y in star(seed)]
    smooth = [[(a[0] + b[0]) / 2, (a[1] + b[1]) / 2] for a, b in pairwise([*points, points[0]])]
    assert dice(merged([smooth, smooth[::-1]]), smooth) > 0.93


def test_the_order_of_outlines_does_not_matter() -> None:
    one, other = circle(0.5, 0.5, 0.3), circle(0.56, 0.48, 0.27)
    assert merged([one, other]) == merged([other, one])


def test_what_is_merged_lies_between_and_runs_clockwise() -> None:
    one, other = circle(0.45, 0.5, 0.3), circle(0.55, 0.5, 0.3)
    between = merged([one, other])
    assert min(dice(between, one), dice(between, other)) > dice(one, other)
    assert shapely.LinearRing(between).is_ccw, "clockwise where y points down"
    assert shapely.Polygon(between).is_valid


@pytest.mark.parametrize(
    "apart",
    [
        [circle(0.2, 0.2, 0.1), circle(0.8, 0.8, 0.1)],
        [[[0.5, 0.5]] * 3, [[0.5, 0.5]] * 3],
        [],
    ],
)
def test_outlines_with_no_shape_between_them_are_refused(apart: list[Outline]) -> None:
    with pytest.raises(ValueError, match=r"outline|Outline"):
        merged(apart)


def _experts(count: int) -> list[np.ndarray]:
    if not MASKS.is_file():
        pytest.skip("the outlines of HAM10000 are not at ../shared/data/ham10000/masks.zip")
    with zipfile.ZipFile(MASKS) as packed:
        names = sorted(name for name in packed.namelist() if name.endswith(".png"))
        chosen = names[:: len(names) // count][:count]
        return [
            np.asarray(Image.open(io.BytesIO(packed.read(n))).convert("L")) > 127 for n in chosen
        ]


def test_experts_outlines_keep_their_area_when_compared_and_merged() -> None:
    for mask in _experts(6):
        height, width = mask.shape
        drawn = [list(point) for point in polygon(mask.astype(np.float32))]
        moved = [[x + 0.03, y - 0.02] for x, y in drawn]
        assert dice(drawn, moved) == pytest.approx(exactly(drawn, moved), abs=0.003)
        middle = [[x + 0.015, y - 0.01] for x, y in drawn]
        between = merged([drawn, moved], aspect=width / height)
        assert dice(between, middle) > 0.95
        area = shapely.Polygon(between).area / shapely.Polygon(drawn).area
        assert 0.93 < area < 1.03

"""What is measured of drawn lesions is what they were drawn with, and experts' outlines are measured right."""

import csv
import json
import math
import re
from pathlib import Path
from time import process_time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from chalicelib.classification.inference.card import Measuring
from chalicelib.classification.inference.measure import Outlined, area_error, measure
from chalicelib.classification.inference.six_colours import shares, skin_colour, to_lab
from chalicelib.images.measured import COLOURS, Measured
from tests.inference.lesions import DARK, SIZE, Lesion

REAL = Path(__file__).parents[3] / "shared" / "data" / "ham10000-fullsize"
AREA = SIZE[0] * SIZE[1]


def _seen(lesion: Lesion) -> Outlined:
    found = measure(lesion.map(), lesion.pixels(), size=SIZE, measuring=Measuring())
    assert found is not None
    return found


def _measured(lesion: Lesion) -> Measured:
    return _seen(lesion).measured


def test_a_disc_has_the_area_and_diameter_it_was_drawn_with() -> None:
    found = _measured(Lesion(long=100, short=100))
    assert found.area == pytest.approx(np.pi * 100**2 / AREA, rel=0.01)
    assert found.diameter == pytest.approx(200 / 600, rel=0.02)
    assert found.compactness == pytest.approx(1, abs=0.02)
    assert max(found.shape_asymmetry) < 0.02
    assert max(found.colour_asymmetry) < 2
    assert found.asymmetric_axes == 0
    assert not found.cut
    assert found.abrupt_segments == 8, "drawn without any fading"


def test_a_square_is_as_compact_as_a_square() -> None:
    scores = np.zeros((48, 64), dtype=np.float32)
    scores[12:36, 20:44] = 1
    pixels = np.full((96, 128, 3), 200, dtype=np.uint8)
    found = measure(scores, pixels, size=SIZE, measuring=Measuring())
    assert found is not None
    assert found.measured.area == pytest.approx(24 * 24 / (48 * 64), rel=0.01)
    assert found.measured.diameter == pytest.approx(np.hypot(24, 24) / 64, rel=0.04)
    assert found.measured.compactness == pytest.approx(4 / np.pi, rel=0.05)
    assert max(found.measured.shape_asymmetry) < 0.02


@settings(max_examples=15, deadline=None)
@given(
    long=st.floats(80, 150),
    ratio=st.floats(0.5, 1),
    turned=st.floats(0, 180),
    shift=st.tuples(st.floats(-40, 40), st.floats(-40, 40)),
)
def test_size_and_shape_do_not_depend_on_how_a_lesion_lies(
    long: float, ratio: float, turned: float, shift: tuple[float, float]
) -> None:
    centre = (300 + shift[0], 225 + shift[1])
    found = _measured(Lesion(long=long, short=long * ratio, turned=turned, centre=centre))
    assert found.area == pytest.approx(np.pi * long * long * ratio / AREA, rel=0.025)
    assert found.diameter == pytest.approx(2 * long / 600, rel=0.025)
    assert max(found.shape_asymmetry) < 0.05
    assert not found.cut


def test_a_notch_and_a_darker_half_make_axes_asymmetric() -> None:
    assert _measured(Lesion(notch=0.6)).asymmetric_axes == 1
    halved = _measured(Lesion(half=DARK))
    assert halved.asymmetric_axes == 1
    assert sorted(halved.colour_asymmetry)[0] < 9 < sorted(halved.colour_asymmetry)[1]


def test_a_lesion_that_the_edge_cuts_is_flagged() -> None:
    assert _measured(Lesion(centre=(60, 225))).cut
    assert not _measured(Lesion(centre=(140, 225))).cut


def test_a_blurred_border_widens_the_errors() -> None:
    sharp = Lesion().map()
    blurred = np.asarray(Image.fromarray(sharp).resize((12, 9)).resize((64, 48)))
    pixels = Lesion().pixels()
    found = [measure(each, pixels, size=SIZE, measuring=Measuring()) for each in (sharp, blurred)]
    assert found[0] is not None
    assert found[1] is not None
    assert found[1].measured.area_error > 2 * found[0].measured.area_error
    assert found[1].measured.diameter_repeat > 2 * found[0].measured.diameter_repeat


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    shape=st.tuples(st.integers(2, 40), st.integers(2, 40)),
    density=st.floats(0.1, 0.9),
    side=st.integers(1, 20),
)
def test_whatever_the_map_each_measurement_is_a_number(
    seed: int, shape: tuple[int, int], density: float, side: int
) -> None:
    chance = np.random.default_rng(seed)
    scores = (chance.random(shape) < density).astype(np.float32)
    pixels = chance.integers(0, 256, (side, side, 3), dtype=np.uint8)
    found = measure(scores, pixels, size=SIZE, measuring=Measuring())
    if found is None:
        return
    assert 3 <= len(found.polygon) <= 64
    written = found.measured.written(width=600, height=450, spacing_mm=0.02)
    numbers = re.findall(r"NaN|Infinity|-?[0-9.]+(?:e-?[0-9]+)?", json.dumps(written))
    assert all(math.isfinite(float(number)) and float(number) >= 0 for number in numbers)
    assert found.measured.area <= 1
    assert found.measured.diameter <= 1.26, "the diagonal of the picture"


def test_a_map_without_a_lesion_is_not_measured() -> None:
    nothing = np.zeros((48, 64), dtype=np.float32)
    assert measure(nothing, Lesion().pixels(), size=SIZE, measuring=Measuring()) is None


def test_millimetres_come_only_with_a_scale_and_the_squeezed_picture_does_not_matter() -> None:
    found = _measured(Lesion(long=100, short=100))
    without = found.written(width=600, height=450, spacing_mm=None)
    assert not {"diameter_mm", "area_mm2"} & without.keys()
    scaled = found.written(width=600, height=450, spacing_mm=0.02)
    assert scaled["diameter_mm"]["value"] == pytest.approx(4.0, rel=0.02)
    assert scaled["area_mm2"]["value"] == pytest.approx(np.pi * 4, rel=0.01)
    assert 0 < scaled["diameter_mm"]["error"] < 0.5


@pytest.mark.parametrize(
    ("rgb", "name"),
    [
        ((250, 250, 248), "white"),
        ((200, 40, 60), "red"),
        ((170, 110, 80), "light_brown"),
        ((100, 65, 50), "dark_brown"),
        ((110, 120, 140), "blue_grey"),
        ((30, 25, 25), "black"),
    ],
)
def test_each_of_the_six_colours_is_known_by_its_name(rgb: tuple[int, int, int], name: str) -> None:
    found = _measured(Lesion(colour=rgb))
    assert found.present == [name]
    assert found.colours[name] > 0.8


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 255)] * 3), min_size=1, max_size=40))
def test_no_place_has_two_colours(pixels: list[tuple[int, int, int]]) -> None:
    lesion = to_lab(np.array([pixels], dtype=np.uint8))[0]
    found = shares(lesion, skin_colour(np.zeros((0, 3), dtype=np.float32)))
    assert tuple(sorted(found)) == tuple(sorted(COLOURS))
    assert sum(found.values()) <= 1 + 1e-9


def test_the_error_of_an_area_is_a_part_of_the_experts() -> None:
    expert = np.zeros((450, 600), bool)
    expert[100:300, 200:400] = True
    scores = np.zeros((45, 60), dtype=np.float32)
    scores[10:30, 20:42] = 1
    assert area_error(scores, expert) == pytest.approx(0.1, abs=0.01)
    assert area_error(np.zeros((45, 60), dtype=np.float32), expert) == -1
    with pytest.raises(ValueError, match="nothing"):
        area_error(scores, np.zeros_like(expert))


@pytest.mark.skipif(not REAL.is_dir(), reason="the real data are not on this machine")
def test_the_area_of_experts_outlines_survives_the_models_coarse_map() -> None:
    with (REAL / "manifest.csv").open() as lines:
        masks = [row["mask"] for row in csv.DictReader(lines)]
    missed = []
    for name in masks:
        mask = Image.open(REAL / name).convert("L")
        small = np.asarray(mask.resize((64, 48), Image.Resampling.BOX))
        coarse = (small / 255).astype(np.float32)
        missed.append(area_error(coarse, np.asarray(mask) > 127))
    assert len(missed) == 150
    assert abs(float(np.median(missed))) < 0.002, "neither too small nor too large"
    assert float(np.percentile(np.abs(missed), 95)) < 0.02


def test_measuring_takes_about_three_milliseconds() -> None:
    lesion = Lesion(long=150, short=110, turned=30)
    scores, pixels = lesion.map(), lesion.pixels()
    spent = []
    for _ in range(15):
        began = process_time()
        measure(scores, pixels, size=SIZE, measuring=Measuring())
        spent.append(process_time() - began)
    # The processor's time, and the best of several runs: a busy machine does not fail it.
    assert min(spent) < 0.006

"""Photographs of one lesion are laid on one another as they were turned, scaled and shifted."""

from math import cos, radians, sin
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.classification.inference.card import Measuring
from chalicelib.classification.inference.measure import measure
from chalicelib.images.alignment import Alignment, Appearance, align
from chalicelib.images.outlines import radii, shape
from tests.images.courses import ellipse
from tests.inference.lesions import DARK, SIZE, Lesion


def _appearance(lesion: Lesion, spacing_mm: float | None = None) -> Appearance:
    found = measure(lesion.map(), lesion.pixels(), size=SIZE, measuring=Measuring())
    assert found is not None
    return Appearance(
        outline=found.polygon,
        width=SIZE[0],
        height=SIZE[1],
        spacing_mm=spacing_mm,
        pattern=found.pattern,
    )


def _aligned(image: Appearance, reference: Appearance) -> Alignment:
    found = align(image, reference)
    assert found is not None
    return found


def _placed(found: Alignment, x: float, y: float) -> tuple[float, float]:
    """Where a pixel of the image lies in the reference."""
    a, b, c, d, e, f = found.matrix
    x, y = x / SIZE[0], y / SIZE[0]
    return (a * x + c * y + e) * SIZE[0], (b * x + d * y + f) * SIZE[0]


@settings(max_examples=15, deadline=None)
@given(
    turned=st.floats(-180, 180),
    scale=st.floats(0.75, 1.15),
    shift=st.tuples(st.floats(-40, 40), st.floats(-30, 30)),
    looks=st.sampled_from(
        [{"short": 80.0, "half": DARK}, {"notch": 0.6, "half": DARK}, {"half": DARK}]
    ),
)
def test_a_turned_scaled_and_shifted_lesion_is_laid_back(
    turned: float, scale: float, shift: tuple[float, float], looks: dict[str, Any]
) -> None:
    facts: dict[str, Any] = {"long": 110.0, "short": 110.0, **looks}
    reference = _appearance(Lesion(**facts))
    moved = facts | {name: facts[name] * scale for name in ("long", "short")}
    centre = (300 + shift[0], 225 + shift[1])
    image = _appearance(Lesion(**moved, turned=turned, centre=centre))
    found = _aligned(image, reference)
    assert found.rotation is not None
    assert abs((found.rotation + turned + 180) % 360 - 180) < 6
    assert found.scale == pytest.approx(1 / scale, rel=0.03)
    assert found.overlap > 0.93
    for angle in (0, 120, 240):  # places inside the lesion, moved as the lesion was
        x, y = 60 * cos(radians(angle)), 60 * sin(radians(angle))
        c, s = cos(radians(turned)), sin(radians(turned))
        there = centre[0] + scale * (x * c - y * s), centre[1] + scale * (x * s + y * c)
        assert np.hypot(*np.subtract(_placed(found, *there), (300 + x, 225 + y))) < 12


def test_half_a_turn_is_told_from_none_by_the_darker_half() -> None:
    plain: dict[str, Any] = {"long": 120.0, "short": 80.0}
    halved: dict[str, Any] = {"half": DARK}
    unsure = _aligned(_appearance(Lesion(**plain, turned=40)), _appearance(Lesion(**plain)))
    assert unsure.rotation is None, "an even ellipse looks the same after half a turn"
    sure = _aligned(
        _appearance(Lesion(**plain, **halved, turned=220)),
        _appearance(Lesion(**plain, **halved)),
    )
    assert sure.rotation == pytest.approx(140, abs=6)


def test_a_round_even_lesion_is_shifted_and_scaled_and_stays_upright() -> None:
    found = _aligned(
        _appearance(Lesion(long=90, short=90, centre=(280, 240))), _appearance(Lesion())
    )
    assert found.rotation is None
    a, b, c, d, _, _ = found.matrix
    assert (b, c, a) == (0, 0, d)
    assert a == pytest.approx(4 / 3, rel=0.02)
    assert _placed(found, 280, 240) == pytest.approx((300, 225), abs=3)


def test_with_known_scales_growth_shows() -> None:
    looks: dict[str, Any] = {"short": 70.0, "half": DARK}
    small = _appearance(Lesion(long=90, **looks), spacing_mm=0.02)
    grown = _appearance(Lesion(long=100, **looks | {"short": 78.0}), spacing_mm=0.02)
    found = _aligned(grown, small)
    assert found.scale == pytest.approx(1)
    assert not found.scaled_by_outline
    finer = Appearance(**{**_fields(grown), "spacing_mm": 0.01})
    assert _aligned(finer, small).scale == pytest.approx(0.5)


def _fields(appearance: Appearance) -> dict[str, Any]:
    return {name: getattr(appearance, name) for name in Appearance.__dataclass_fields__}


def test_lesions_of_different_shape_are_not_laid_on_one_another() -> None:
    facts: dict[str, Any] = {"width": 600, "height": 450, "spacing_mm": None, "pattern": None}
    long = Appearance(outline=[(x, y) for x, y in ellipse(0.3, ratio=0.25)], **facts)
    round_ = Appearance(outline=[(x, y) for x, y in ellipse(0.3)], **facts)
    assert align(long, round_) is None
    assert align(round_, round_) is not None
    crossed = [(0.2, 0.2), (0.4, 0.4), (0.4, 0.2), (0.2, 0.4)]
    assert align(Appearance(outline=crossed, **facts), round_) is None


def test_moments_and_radii_of_a_polygon_are_exact() -> None:
    box = [(1.0, 1.0), (5.0, 1.0), (5.0, 3.0), (1.0, 3.0)]
    found = shape(box)
    assert (found.area, found.centre, found.angle) == (8, (3, 2), 0)
    assert found.elongation == pytest.approx(2)
    assert shape(box[::-1]) == found, "either way round"
    assert radii(box, (3, 2), 4) == pytest.approx([2, 1, 2, 1])
    with pytest.raises(ValueError, match="no area"):
        shape(box[:2])

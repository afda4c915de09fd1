"""A lesion measured in one photograph: from the model's map of it and the pixels that the model saw.

The model's input is about as fine as its map, so nothing is read from the full picture. What is
measured, and how far it can be trusted, is in docs/follow-up.md and decision 0033.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from chalicelib.classification.inference.card import Measuring
from chalicelib.classification.inference.outline import contour, largest_region, thinned
from chalicelib.classification.inference.polar import Polar, mirrored
from chalicelib.classification.inference.shapes import (
    area,
    compactness,
    folded,
    longest_diameter,
    on_edge,
)
from chalicelib.classification.inference.six_colours import Floats, shares, skin_colour, to_lab
from chalicelib.images.measured import COLOUR_ASYMMETRIC, SHAPE_ASYMMETRIC, Measured
from chalicelib.images.outlines import Point, radii, shape

FINEST: Final = 128
"""Pixels of the longer side at which colours are looked at: hairs and noise fall away."""
SMALLEST: Final = 1e-4
"""The share of the picture below which a region is no lesion."""
RAYS: Final = 72
"""Directions from the centre, 5° apart."""
AXES_EVERY: Final = 2
"""Every second of them for mirrors, whose axes so lie 5° apart too."""
CUT: Final = 0.02
"""A lesion with more of its border on the picture's edge goes on beyond it."""
SKIN: Final = 0.1
"""Where the map is below this the picture shows skin."""
RINGS: Final = (0.2, 0.4, 0.6, 0.75, 0.9)
"""Parts of the way from centre to border at which colours are compared, each weighed by its part."""
INNER_RIM: Final = (0.85, 0.9)
OUTER_RIM: Final = (1.1, 1.15)
SEGMENTS: Final = 8
ABRUPT: Final = 14.0
"""Lightness L* gained over the rim from which on the pigment ends abruptly in a segment."""
PATTERN_RINGS: Final = (0.3, 0.55, 0.8)
PATTERN_SECTORS: Final = 36


@dataclass(frozen=True, slots=True)
class Outlined:
    """A lesion's outline as it is drawn, its measurements, and the pattern by which it is laid on others.

    `pattern` has the mean lightness of 36 sectors in each of 3 rings, the inner ring first: a byte each,
    255 for L* 100.
    """

    polygon: tuple[Point, ...]
    measured: Measured
    pattern: bytes


def measure(
    scores: NDArray[np.float32],
    pixels: NDArray[np.uint8],
    *,
    size: tuple[int, int],
    measuring: Measuring,
) -> Outlined | None:
    """Measure the lesion of a map of shape (h, w) with values in 0..1; None where it shows none.

    `pixels` is the whole photograph as uint8 RGB of shape (H, W, 3), squeezed to any size; `size` the
    width and height that it had before, whose pixels are square. `measuring` tells how far this
    model's maps can be trusted.
    """
    region = largest_region(scores)
    border = contour(region, scores)
    if area(border) < SMALLEST:
        return None
    width, height = size
    drawn = thinned(border)
    in_widths = border * (1, height / width)
    even = [(x, y * height / width) for x, y in drawn]
    centre = _centre(even, region, height / width)
    reach = radii(even, centre, RAYS)
    lab = to_lab(_reduced(pixels))
    polar = Polar(lab, centre, reach, height / width)
    asymmetry = _asymmetry(np.array(reach), polar)
    doubt = doubtful(region, scores)
    measured = Measured(
        area=area(border),
        diameter=longest_diameter(in_widths),
        area_error=measuring.area * doubt,
        diameter_error=measuring.diameter * doubt,
        area_repeat=measuring.area_repeat * doubt,
        diameter_repeat=measuring.diameter_repeat * doubt,
        cut=on_edge(border) > CUT,
        shape_asymmetry=asymmetry.shape,
        colour_asymmetry=asymmetry.colour,
        axis=asymmetry.axis,
        compactness=compactness(in_widths),
        abrupt_segments=_abrupt_segments(polar),
        colours=_colours(lab, region, scores),
        repeat_distance=measuring.repeat_distance,
    )
    return Outlined(drawn, measured, _pattern(polar))


def area_error(scores: NDArray[np.float32], expert: NDArray[np.bool_]) -> float:
    """By what part of it the measured area misses that of an expert's outline of the same photograph.

    `scores` is the model's map, (h, w), `expert` the pixels that he outlined, (H, W). 0 is exact, 0.08 is 8 %
    too large, -1 a lesion that was not seen. Raises `ValueError` where the expert outlined nothing.
    """
    truth = float(expert.mean())
    if not truth:
        raise ValueError("The expert outlined nothing.")
    return area(contour(largest_region(scores), scores)) / truth - 1


def doubtful(region: NDArray[np.bool_], scores: NDArray[np.float32]) -> float:
    """How much of the map the model is not sure of, as a part of the region's area.

    The sum of min(p, 1 - p) over the map: the area on which a map cut at one half is expected to be
    wrong, if its values are true probabilities.
    """
    return float(np.minimum(scores, 1 - scores).clip(0).sum() / region.sum())


@dataclass(frozen=True, slots=True)
class _Asymmetry:
    shape: tuple[float, float]
    colour: tuple[float, float]
    axis: float


def _asymmetry(reach: NDArray[np.float64], polar: Polar) -> _Asymmetry:
    """For the two perpendicular axes about which the lesion is least asymmetric, as the ABCD rule lays them
    (Stolz et al. 1994): shape and colour together, each beside the bound from which on it counts."""
    rings, _ = polar.at(RINGS)
    fold = folded(reach[::AXES_EVERY])
    colour = mirrored(rings[:, ::AXES_EVERY], RINGS)
    both = fold / SHAPE_ASYMMETRIC + colour / COLOUR_ASYMMETRIC
    half = len(fold) // 2
    first = int(np.argmin(both[:half] + both[half:]))
    second = first + half
    if both[second] < both[first]:
        first, second = second, first
    return _Asymmetry(
        shape=(float(fold[first]), float(fold[second])),
        colour=(float(colour[first]), float(colour[second])),
        axis=first * 180 / len(fold),
    )


def _centre(outline: list[Point], region: NDArray[np.bool_], share: float) -> Point:
    """The centre of the area in the outline, in widths of the picture; of a ragged region, whose outline
    may cross itself and have none, that of its cells."""
    try:
        x, y = shape(outline).centre
    except ValueError:
        x = y = -1.0
    if 0 <= x <= 1 and 0 <= y <= share:
        return x, y
    rows, columns = np.nonzero(region)
    height, width = region.shape
    return float(columns.mean() + 0.5) / width, float(rows.mean() + 0.5) / height * share


def _reduced(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    step = -(-max(pixels.shape[:2]) // FINEST)
    return pixels[::step, ::step]


def _colours(
    lab: Floats, region: NDArray[np.bool_], scores: NDArray[np.float32]
) -> dict[str, float]:
    height, width = lab.shape[:2]
    rows = np.arange(height) * scores.shape[0] // height
    columns = np.arange(width) * scores.shape[1] // width
    cells = np.ix_(rows, columns)
    return shares(lab[region[cells]], skin_colour(lab[(scores < SKIN)[cells]][::3]))


def _abrupt_segments(polar: Polar) -> int:
    """In how many eighths, of those whose rim is in the picture, lightness rises steeply at the rim."""
    (inner, _), (outer, seen) = polar.at(INNER_RIM), polar.at(OUTER_RIM)
    rise = (outer[..., 0].mean(axis=0) - inner[..., 0].mean(axis=0)).reshape(SEGMENTS, -1)
    whole = seen.all(axis=0).reshape(SEGMENTS, -1).all(axis=1)
    return int(((rise.mean(axis=1) >= ABRUPT) & whole).sum())


def _pattern(polar: Polar) -> bytes:
    rings, _ = polar.at(PATTERN_RINGS)
    sectors = rings[..., 0].reshape(len(PATTERN_RINGS), PATTERN_SECTORS, -1).mean(axis=2)
    return bytes((sectors * 2.55).round().clip(0, 255).astype(np.uint8))

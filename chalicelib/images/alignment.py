"""Laying one photograph of a lesion on another: rotation, scale and shift, for comparison by eye.

The centre and size come from the outlines; the rotation from what the lesion looks like all round: how far
its border reaches in 36 directions, and how light three rings of it are there. No numpy. See docs/follow-up.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan2, cos, degrees, radians, sin, sqrt
from operator import mul
from typing import Final

from chalicelib.images.outlines import Outline, in_widths, radii, shape

SECTORS: Final = 36
STEP: Final = 360 / SECTORS
RINGS: Final = 3
BORDER_NOISE: Final = 0.05
"""By what part of the mean radius the border wavers from one photograph to the next."""
LIGHT_NOISE: Final = 10.0
"""By how much a sector's lightness wavers, of 255."""
LIKE: Final = 0.45
"""How alike the two must be all round at the best rotation, -1 to 1, to believe it."""
AHEAD: Final = 0.15
"""By how much the best rotation must be better than any other that is not next to it."""
NEXT: Final = 40.0
"""Degrees within which another rotation is the same one, not a rival."""
OVERLAP: Final = 0.7
"""The Dice coefficient of the two outlines below which the photographs are not laid on one another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appearance:
    """What is known of a lesion in one photograph, as far as laying it on another goes.

    `outline` in 0..1 of both sides, `width` and `height` in pixels, `spacing_mm` from pixel to pixel,
    `pattern` as of `measure.Outlined`.
    """

    outline: Outline
    width: int
    height: int
    spacing_mm: float | None
    pattern: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """Where a photograph lies on another.

    `matrix` (a, b, c, d, e, f) takes x and y to a x + c y + e and b x + d y + f, as CSS's `matrix()` does; x and
    y count in widths of each picture, so e and f are to be multiplied by the width at which both are
    shown. `rotation` in degrees, clockwise on the screen; None where it cannot be told and the picture stays
    upright. `scaled_by_outline`: without known scales both lesions are made the same size, and growth does
    not show. `overlap` is the Dice coefficient of the outlines laid on one another, `likeness` how alike the two
    are all round, -1 to 1.
    """

    matrix: tuple[float, float, float, float, float, float]
    rotation: float | None
    scale: float
    scaled_by_outline: bool
    overlap: float
    likeness: float


def align(image: Appearance, reference: Appearance) -> Alignment | None:
    """Lay `image` on `reference`; None where the two do not fit, or an outline has no area."""
    ours, theirs = (
        in_widths(each.outline, width=each.width, height=each.height) for each in (image, reference)
    )
    try:
        our_shape, their_shape = shape(ours), shape(theirs)
    except ValueError:
        return None
    by_size = sqrt(their_shape.area / our_shape.area)
    known = image.spacing_mm is not None and reference.spacing_mm is not None
    scale = by_size
    if image.spacing_mm is not None and reference.spacing_mm is not None:
        scale = image.width * image.spacing_mm / (reference.width * reference.spacing_mm)
    reach = radii(ours, our_shape.centre, SECTORS), radii(theirs, their_shape.centre, SECTORS)
    patterns = image.pattern, reference.pattern
    likeness, rotation = _best_rotation(
        *(_around(each, pattern) for each, pattern in zip(reach, patterns, strict=True))
    )
    turned = [_at(reach[0], k - (rotation or 0) / STEP) * by_size for k in range(SECTORS)]
    overlap = _overlap(turned, reach[1])
    if overlap < OVERLAP:
        return None
    angle = radians(rotation or 0.0)
    a, b = scale * cos(angle), scale * sin(angle)
    (x, y), (their_x, their_y) = our_shape.centre, their_shape.centre
    return Alignment(
        matrix=(a, b, -b, a, their_x - a * x + b * y, their_y - b * x - a * y),
        rotation=rotation,
        scale=scale,
        scaled_by_outline=not known,
        overlap=overlap,
        likeness=likeness,
    )


Around = list[list[float]]
"""By what the lesion differs from a disc of one colour: the border's reach and the rings' lightness in each
sector, in units of what wavers anyway."""


def _around(reach: Sequence[float], pattern: bytes | None) -> Around:
    mean = sum(reach) / len(reach) or 1.0
    channels = [[(radius / mean - 1) / BORDER_NOISE for radius in reach]]
    if pattern is not None and len(pattern) == RINGS * SECTORS:
        for start in range(0, len(pattern), SECTORS):
            ring = pattern[start : start + SECTORS]
            level = sum(ring) / SECTORS
            channels.append([(light - level) / LIGHT_NOISE for light in ring])
    return channels


def _best_rotation(ours: Around, theirs: Around) -> tuple[float, float | None]:
    """How alike the two are at the best rotation, and that rotation in degrees, -180 to 180; None where
    both are too round and even, or another is nearly as good."""
    channels = list(zip(ours, theirs, strict=False))
    noise = len(channels) * SECTORS
    power = [noise + sum(v * v for pair in channels for v in pair[side]) for side in (0, 1)]
    scores = [
        sum(sum(map(mul, one, two[shift:] + two[:shift])) for one, two in channels)
        / sqrt(power[0] * power[1])
        for shift in range(SECTORS)
    ]
    best = max(range(SECTORS), key=scores.__getitem__)
    rivals = (
        score
        for shift, score in enumerate(scores)
        if min((shift - best) % SECTORS, (best - shift) % SECTORS) * STEP > NEXT
    )
    if scores[best] < LIKE or scores[best] - max(rivals) < AHEAD:
        return scores[best], None
    before, after = scores[best - 1], scores[(best + 1) % SECTORS]
    curve = before - 2 * scores[best] + after
    shift = best + ((before - after) / (2 * curve) if curve else 0.0)
    angle = radians(shift * STEP)
    return scores[best], degrees(atan2(sin(angle), cos(angle)))


def _at(values: Sequence[float], place: float) -> float:
    """A value between two sectors, in proportion."""
    low = int(place // 1)
    part = place - low
    return values[low % SECTORS] * (1 - part) + values[(low + 1) % SECTORS] * part


def _overlap(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The Dice coefficient of two star-shaped areas, from how far each reaches in every sector."""
    both = sum(min(one, other) ** 2 for one, other in zip(ours, theirs, strict=True))
    whole = sum(one * one for one in ours) + sum(other * other for other in theirs)
    return 2 * both / whole if whole else 0.0

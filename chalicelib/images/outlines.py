"""The geometry of a lesion's outline as far as requests ask it: area, centre, long axis, reach. No numpy.

An outline is a closed polygon of points (x, y), y downwards, in any unit of length that is the same both
ways; a polygon in 0..1 of a picture's width and height is taken there by `in_widths`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import atan2, ceil, cos, floor, pi, sin, sqrt, tau

Point = tuple[float, float]
Outline = Sequence[Point]


@dataclass(frozen=True, slots=True)
class Shape:
    """Centre and spread of the area inside an outline.

    `angle` is that of the long axis in radians, 0 to π, from x towards y. `elongation` is long over
    short axis of the ellipse with the same second moments, 1 or more.
    """

    area: float
    centre: Point
    angle: float
    elongation: float


def in_widths(outline: Outline, *, width: float, height: float) -> list[Point]:
    """An outline in 0..1 of a picture's two sides, in units of its width."""
    return [(x, y * height / width) for x, y in outline]


def shape(outline: Outline) -> Shape:
    """Area, centre, long axis and elongation, exact for the polygon (Steger 1996).

    Raises `ValueError` for an outline without an area.
    """
    doubled = cx = cy = xx = xy = yy = 0.0
    # About a point of the outline, so that little is lost to rounding.
    ox, oy = outline[0] if outline else (0.0, 0.0)
    around = [(x - ox, y - oy) for x, y in outline]
    for (px, py), (qx, qy) in pairwise([*around, *around[:1]]):
        cross = px * qy - qx * py
        doubled += cross
        cx += (px + qx) * cross
        cy += (py + qy) * cross
        xx += (px * px + px * qx + qx * qx) * cross
        yy += (py * py + py * qy + qy * qy) * cross
        xy += (px * qy + 2 * px * py + 2 * qx * qy + qx * py) * cross
    if abs(doubled) < 1e-12:
        raise ValueError("The outline has no area.")
    cx, cy = cx / (3 * doubled), cy / (3 * doubled)
    xx = xx / (6 * doubled) - cx * cx
    yy = yy / (6 * doubled) - cy * cy
    xy = xy / (12 * doubled) - cx * cy
    mean, spread = (xx + yy) / 2, sqrt(((xx - yy) / 2) ** 2 + xy * xy)
    return Shape(
        area=abs(doubled) / 2,
        centre=(cx + ox, cy + oy),
        angle=(atan2(2 * xy, xx - yy) / 2) % pi,
        elongation=sqrt((mean + spread) / max(mean - spread, 1e-12)),
    )


def radii(outline: Outline, centre: Point, rays: int) -> list[float]:
    """The distance of the border from `centre` along each of `rays` directions, from x towards y.

    Where a direction meets the border more than once, the outermost counts; 0 where it never does.
    """
    found = [0.0] * rays
    step = tau / rays
    around = [(x - centre[0], y - centre[1]) for x, y in outline]
    for (px, py), (qx, qy) in pairwise([*around, *around[:1]]):
        begin = atan2(py, px)
        turn = (atan2(qy, qx) - begin + pi) % tau - pi
        low, high = sorted((begin, begin + turn))
        cross = px * qy - py * qx
        for ray in range(ceil(low / step - 1e-9), floor(high / step + 1e-9) + 1):
            along = cos(ray * step) * (qy - py) - sin(ray * step) * (qx - px)
            if along and cross / along > found[ray % rays]:
                found[ray % rays] = cross / along
    return found

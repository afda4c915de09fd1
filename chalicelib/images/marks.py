"""A mole's size in a phone photograph, from the circles that its taker drew: no model looks at it.

All lengths are in fractions of the photograph's width. A circle round the mole alone tells nothing that another
photograph could be compared with, since no two are taken from one distance; with a coin beside it, its diameter
is the coin's times the ratio of the two circles. The error is that of a drawn circle and of a coin seen aslant
(docs/pocket.md says where the figures come from).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import hypot
from typing import Any, Final

from chalicelib.patients.scale_objects import ScaleObject

DRAWN: Final = 0.008
"""By how much 95 of 100 drawn circles miss the right diameter at most, in widths of the photograph: 3 pixels of
the 375 or so that a phone's screen is wide."""
ASLANT: Final = 0.06
"""By how much of itself a diameter looks shorter from 20° aside: 1 - cos 20°. Mole and coin lie in one plane only
nearly."""
SMALLEST: Final = 0.005
"""The smallest circle that a finger can draw."""
TALLEST: Final = 4.0
"""The greatest height of a photograph, in its widths; the intake refuses longer ones."""
GROWTH_MM: Final = 1.0
GROWTH_PART: Final = 0.2
"""Growth matters from 1 mm on, or from a fifth of what it was where that is more."""


@dataclass(frozen=True)
class Circle:
    """A circle drawn into a photograph."""

    x: float
    y: float
    diameter: float

    def inside(self) -> bool:
        """Whether its centre is in the photograph, and it is no wider than it."""
        return 0 <= self.x <= 1 and 0 <= self.y <= TALLEST and SMALLEST <= self.diameter <= 1

    def apart_from(self, other: "Circle") -> bool:
        """Whether the circles lie beside each other: they may touch, for a hand draws with a margin."""
        between = hypot(self.x - other.x, self.y - other.y)
        return between >= 0.8 * (self.diameter + other.diameter) / 2


@dataclass(frozen=True)
class Marks:
    """The circle round the mole, and the one round a coin beside it."""

    mole: Circle
    scale: Circle | None = None
    scale_object: ScaleObject | None = None


@dataclass(frozen=True)
class Size:
    """How large a mole is, with the half-width of a 95 % interval; without a coin, in widths of the
    photograph alone."""

    diameter_widths: float
    diameter_mm: float | None = None
    error_mm: float | None = None
    scale: ScaleObject | None = None


@dataclass(frozen=True)
class Grown:
    """From one size to a later one, in millimetres; `grew` is None where it cannot be told."""

    diameter_mm: float
    error_mm: float
    grew: bool | None


def size(marks: Marks) -> Size:
    """The size that the circles tell."""
    mole = marks.mole
    if marks.scale is None or marks.scale_object is None:
        return Size(diameter_widths=mole.diameter)
    diameter = marks.scale_object.diameter_mm * mole.diameter / marks.scale.diameter
    parts = (DRAWN / mole.diameter, DRAWN / marks.scale.diameter, ASLANT)
    return Size(mole.diameter, diameter, diameter * hypot(*parts), marks.scale_object)


def grown(before: Size | None, after: Size | None) -> Grown | None:
    """How the diameter changed; None where one of the two has no scale.

    It grew when the whole interval lies above zero, by however little; it did not when the interval leaves out a
    growth that matters. Between the two nothing can be told.
    """
    if before is None or before.diameter_mm is None or before.error_mm is None:
        return None
    if after is None or after.diameter_mm is None or after.error_mm is None:
        return None
    change = after.diameter_mm - before.diameter_mm
    error = hypot(before.error_mm, after.error_mm)
    if change > error:
        return Grown(change, error, grew=True)
    matters = max(GROWTH_MM, GROWTH_PART * before.diameter_mm)
    grew = False if change + error < matters else None
    return Grown(change, error, grew)


def marks_item(marks: Marks) -> dict[str, Any]:
    item: dict[str, Any] = {"mole": vars(marks.mole)}
    if marks.scale is not None and marks.scale_object is not None:
        item["scale"] = {"object": str(marks.scale_object), **vars(marks.scale)}
    return item


def read_marks(item: Mapping[str, Any] | None) -> Marks | None:
    if item is None:
        return None
    scale = item.get("scale")
    if scale is None:
        return Marks(_circle(item["mole"]))
    return Marks(_circle(item["mole"]), _circle(scale), ScaleObject(scale["object"]))


def _circle(item: Mapping[str, Any]) -> Circle:
    return Circle(*(float(item[name]) for name in ("x", "y", "diameter")))

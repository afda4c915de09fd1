"""How a lesion changed from one visit to another, each figure with its error; docs/follow-up.md has the formulas."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot, sqrt
from typing import Final

from chalicelib.images.measured import COLOURS
from chalicelib.images.visits import Quantity, Visit, apart

Z: Final = 1.96
"""Half-widths of 95 % intervals are so many standard errors."""
MONTH: Final = 30.4375
"""Days."""
SHORTEST: Final = 28
"""Days that a growth rate must span: over fewer, its error is that of the measurement many times over."""
APPEARED: Final = 0.15
WAS_ABSENT: Final = 0.02
"""A colour is new with a share of at least `APPEARED` where it had less than `WAS_ABSENT`."""
SHAPE_REPEAT: Final = 0.08
COLOUR_REPEAT: Final = 5.5
"""By how much 95 of 100 pairs of photographs of one lesion differ at most in the asymmetry of shape (sum of both
axes) and of colour (ΔE*ab, the same)."""


@dataclass(frozen=True, slots=True)
class Delta:
    """A difference and the half-width of its 95 % interval."""

    value: float
    error: float

    @property
    def beyond_error(self) -> bool:
        """Whether the interval leaves out zero."""
        return abs(self.value) > self.error


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How the size changed, as far as two visits can be compared."""

    diameter_mm: Delta | None = None
    area_mm2: Delta | None = None
    relative_diameter: Delta | None = None
    relative_area: Delta | None = None
    """Without scales, as parts of what it was, where one device took pictures of one size."""
    not_compared: str | None = None
    """`not_measured`, `cut` (the lesion goes on beyond the picture) or `no_scale`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """From one visit to another; what cannot be compared is None."""

    before: Visit
    after: Visit
    days: int | None
    """None where one of the days is not known."""
    sizes: Sizes
    axes: tuple[int, int] | None
    """How many axes were asymmetric, and are."""
    more_asymmetric: bool
    """More axes, by more than photographs of one lesion differ in."""
    new_colours: tuple[str, ...]
    distance: float | None
    """Of the two photographs that look most alike to the model."""
    beyond_repeats: bool
    """They look less alike than 95 of 100 repeated photographs of one lesion."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """A rate in so many units a month of 30.44 days, by least squares over all dated visits with a scale."""

    value: float
    error: float
    visits: int
    days: int


def change(before: Visit, after: Visit) -> Change:
    """What changed between two visits."""
    both = before.measured and after.measured
    gap = apart(before, after)
    repeat = max((m["repeat_distance"] for v in (before, after) for m in v.measured), default=None)
    return Change(
        before=before,
        after=after,
        days=(after.day - before.day).days if before.dated and after.dated else None,
        sizes=_sizes(before, after),
        axes=(before.asymmetric_axes, after.asymmetric_axes) if both else None,
        more_asymmetric=bool(both) and _more_asymmetric(before, after),
        new_colours=_new_colours(before, after) if both else (),
        distance=gap,
        beyond_repeats=gap is not None and repeat is not None and gap > repeat,
    )


def growth(visits: Sequence[Visit], name: str) -> Growth | None:
    """The rate at which `diameter_mm` or `area_mm2` grows; None with fewer than two dated visits that show the
    whole lesion and have a scale, or fewer than 28 days between the first and the last.

    Weighted least squares; where the visits scatter about the line more than their errors explain, its
    error grows by the same factor (Birge 1932).
    """
    points = [
        (visit.day, found) for visit in visits if visit.dated and (found := visit.in_mm(name))
    ]
    if len(points) < 2 or (span := (points[-1][0] - points[0][0]).days) < SHORTEST:
        return None
    months = [(day - points[0][0]).days / MONTH for day, _ in points]
    values = [found.value for _, found in points]
    weights = [1 / max(found.error, 1e-9) ** 2 for _, found in points]
    whole = sum(weights)
    mean_month = sum(w * t for w, t in zip(weights, months, strict=True)) / whole
    mean_value = sum(w * v for w, v in zip(weights, values, strict=True)) / whole
    spread = sum(w * (t - mean_month) ** 2 for w, t in zip(weights, months, strict=True))
    triples = list(zip(weights, months, values, strict=True))
    slope = sum(w * (t - mean_month) * (v - mean_value) for w, t, v in triples) / spread
    left = sum(w * (v - mean_value - slope * (t - mean_month)) ** 2 for w, t, v in triples)
    # The errors are half-widths of 95 %, so `left` counts in units of 1.96² variances.
    scatter = left * Z**2 / (len(points) - 2) if len(points) > 2 else 0.0
    error = sqrt(1 / spread) * max(1.0, sqrt(scatter))
    return Growth(value=slope, error=error, visits=len(points), days=span)


def _sizes(before: Visit, after: Visit) -> Sizes:
    if not before.measured or not after.measured:
        return Sizes(not_compared="not_measured")
    if before.cut or after.cut:
        return Sizes(not_compared="cut")
    diameter, area = (
        _difference(before.in_mm(name), after.in_mm(name)) for name in ("diameter_mm", "area_mm2")
    )
    if diameter is not None:
        return Sizes(diameter_mm=diameter, area_mm2=area)
    for frame in sorted(before.frames & after.frames):
        diameter, area = (
            _ratio(before.in_picture(name, frame), after.in_picture(name, frame))
            for name in ("diameter_widths", "area_share")
        )
        if diameter is not None:
            return Sizes(relative_diameter=diameter, relative_area=area)
    return Sizes(not_compared="no_scale")


def _difference(before: Quantity | None, after: Quantity | None) -> Delta | None:
    if before is None or after is None:
        return None
    return Delta(after.value - before.value, hypot(before.error, after.error))


def _ratio(before: Quantity | None, after: Quantity | None) -> Delta | None:
    """The change as a part of what it was."""
    if before is None or after is None:
        return None
    ratio = after.value / before.value
    return Delta(ratio - 1, ratio * hypot(before.error / before.value, after.error / after.value))


def _more_asymmetric(before: Visit, after: Visit) -> bool:
    return after.asymmetric_axes > before.asymmetric_axes and (
        after.asymmetry("shape") - before.asymmetry("shape") > SHAPE_REPEAT
        or after.asymmetry("colour") - before.asymmetry("colour") > COLOUR_REPEAT
    )


def _new_colours(before: Visit, after: Visit) -> tuple[str, ...]:
    return tuple(
        colour
        for colour in COLOURS
        if after.share(colour) >= APPEARED and before.share(colour) < WAS_ABSENT
    )

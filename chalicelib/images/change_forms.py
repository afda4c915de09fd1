"""Changes and growth of a lesion as they are answered."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from chalicelib.images.changes import Change, Delta, Growth
from chalicelib.images.opinion_forms import Colour
from chalicelib.platform.http.fields import Answer


class DeltaAnswer(Answer):
    """A difference and the half-width of its 95 % interval."""

    value: float
    error: float
    beyond_error: bool


class AxesChange(Answer):
    before: int
    after: int
    increased: Annotated[bool, Field(description="By more than repeated photographs differ in.")]


class ChangeAnswer(Answer):
    """What changed since another visit. Relative sizes are parts of what it was: 0.2 is a fifth more."""

    since: date
    days: Annotated[int | None, Field(description="Null where a day is not known.")]
    diameter_mm: DeltaAnswer | None
    area_mm2: DeltaAnswer | None
    relative_diameter: DeltaAnswer | None
    relative_area: DeltaAnswer | None
    size_not_compared: Literal["not_measured", "cut", "no_scale"] | None
    asymmetric_axes: AxesChange | None
    new_colours: list[Colour]
    distance: float | None
    looks_different: bool


class GrowthAnswer(Answer):
    """A rate a month (30.44 days) with the half-width of its 95 % interval."""

    value: float
    error: float
    visits: int
    days: int


class Rates(Answer):
    diameter_mm_per_month: GrowthAnswer | None
    area_mm2_per_month: GrowthAnswer | None


def change_answer(change: Change | None) -> ChangeAnswer | None:
    if change is None:
        return None
    sizes = change.sizes
    return ChangeAnswer.model_validate(
        {
            "since": change.before.day,
            "days": change.days,
            "diameter_mm": _delta(sizes.diameter_mm),
            "area_mm2": _delta(sizes.area_mm2),
            "relative_diameter": _delta(sizes.relative_diameter),
            "relative_area": _delta(sizes.relative_area),
            "size_not_compared": sizes.not_compared,
            "asymmetric_axes": {
                "before": change.axes[0],
                "after": change.axes[1],
                "increased": change.more_asymmetric,
            }
            if change.axes
            else None,
            "new_colours": change.new_colours,
            "distance": rounded(change.distance),
            "looks_different": change.beyond_repeats,
        }
    )


def _delta(delta: Delta | None) -> DeltaAnswer | None:
    if delta is None:
        return None
    return DeltaAnswer(
        value=round(delta.value, 4), error=round(delta.error, 4), beyond_error=delta.beyond_error
    )


def growth_answer(growth: Growth | None) -> GrowthAnswer | None:
    if growth is None:
        return None
    return GrowthAnswer(
        value=round(growth.value, 4),
        error=round(growth.error, 4),
        visits=growth.visits,
        days=growth.days,
    )


def rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)

"""The target's area in groups of patients, where a group has enough units for one.

Sex, age, skin type and site, as the manifest has them.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from chalicelib.evaluation.answers import Answers
from chalicelib.evaluation.delong import delong
from chalicelib.platform.language import Text

BY: Final = ("sex", "age", "skin_type", "site")
FEWEST: Final = 10
"""Positives, and negatives, that a group needs: with fewer the normal approximation of the interval fails
(Obuchowski and Lieber 1998), and at an area of 0.9 it is wider than 0.2."""
AGES: Final = ((0, 39), (40, 54), (55, 69), (70, None))
"""Bands in whole years, wide enough to hold enough units of a set of some hundred."""
NOT_RECORDED: Final = "not_recorded"

_TOO_FEW: Final = Text(
    "Положительных {positives}, отрицательных {negatives}; нужно хотя бы по {fewest}.",
    "{positives} positive and {negatives} negative; at least {fewest} of each are needed.",
)
_UNKNOWN: Final = Text(
    "Не записано: это не группа пациентов.", "Not recorded: no group of patients."
)


@dataclass(frozen=True)
class Subgroup:
    """One group and its area with DeLong's interval."""

    by: str
    value: str
    units: int
    positives: int
    negatives: int
    area: float
    low: float
    high: float


@dataclass(frozen=True)
class LeftOut:
    """A group without a figure, and why."""

    by: str
    value: str
    units: int
    positives: int
    negatives: int
    reason: Text


def subgroups(given: Answers) -> tuple[list[Subgroup], list[LeftOut]]:
    """Groups with an area, by what divides them and by value, and those with too few units."""
    scores, positive = given.against(given.probability, given.positive), given.positive
    told: list[Subgroup] = []
    left_out: list[LeftOut] = []
    for by in BY:
        for value, rows in sorted(_groups([unit.quasi for unit in given.units], by).items()):
            chosen = np.array(rows)
            positives = int(positive[chosen].sum())
            size = (by, value, len(rows), positives, len(rows) - positives)
            areas = delong(scores[chosen], positive[chosen])
            if value == NOT_RECORDED:
                left_out.append(LeftOut(*size, _UNKNOWN))
            elif areas is None or min(areas.positives, areas.negatives) < FEWEST:
                counts = {"positives": size[3], "negatives": size[4], "fewest": FEWEST}
                left_out.append(LeftOut(*size, _TOO_FEW.filled(**counts)))
            else:
                told.append(Subgroup(*size, float(areas.values[0]), *areas.interval()))
    return told, left_out


def age_band(age: str) -> str:
    """The band of `AGES` that an age, or a released range of ages, lies within; the range itself where
    it lies in several."""
    years = [int(each) for each in re.findall(r"\d+", age)]
    for low, high in AGES:
        if years and low <= years[0] and (high is None or years[-1] <= high):
            return f"{low}+" if high is None else f"{low}-{high}"
    return age


def _groups(quasi: Sequence[Mapping[str, str | None]], by: str) -> dict[str, list[int]]:
    """The rows of each value."""
    rows: dict[str, list[int]] = defaultdict(list)
    for row, known in enumerate(quasi):
        value = known.get(by)
        if value is None:
            rows[NOT_RECORDED].append(row)
        else:
            rows[age_band(value) if by == "age" else value].append(row)
    return rows

"""Confidence intervals of shares and of areas under the curve, by formula."""

import math
from typing import Final

Z: Final = 1.959963984540054
"""The 97.5 % point of the normal distribution: all intervals are of 95 %."""


def wilson(right: int, tries: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927). It holds for few tries, and for shares of 0 and 1.

    Raises `ValueError` unless 0 <= right <= tries and there was a try.
    """
    if not 0 <= right <= tries or tries == 0:
        raise ValueError("An interval needs at least one try, and no more successes than tries.")
    share, square = right / tries, Z * Z
    middle = share + square / (2 * tries)
    half = Z * math.sqrt(share * (1 - share) / tries + square / (4 * tries * tries))
    whole = 1 + square / tries
    low = 0.0 if right == 0 else (middle - half) / whole
    high = 1.0 if right == tries else (middle + half) / whole
    return low, high


def of_area(area: float, variance: float, fewer: int) -> tuple[float, float]:
    """The 95 % interval of an area under the curve, made on the scale of its log odds, so that it stays
    within 0 and 1.

    `variance` is that of the area, `fewer` the number of cases in the smaller group. Where no pair of
    cases is out of order, or every one is, the variance is 0 and says nothing: then the interval is
    Wilson's for as many successes as the smaller group has cases. Raises `ValueError` for no cases.
    """
    if area in (0.0, 1.0):
        return wilson(fewer if area else 0, fewer)
    odds = math.log(area / (1 - area))
    half = Z * math.sqrt(variance) / (area * (1 - area))
    return _share(odds - half), _share(odds + half)


def _share(odds: float) -> float:
    """The share whose log odds are given; no power overflows."""
    return 1 / (1 + math.exp(-odds)) if odds >= 0 else math.exp(odds) / (1 + math.exp(odds))

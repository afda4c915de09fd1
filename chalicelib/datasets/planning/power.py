"""What a planned number of units can show: the power of the test whether an AUC lies above a threshold.

Hanley, McNeil: The meaning and use of the area under a receiver operating characteristic (ROC) curve.
Radiology 143 (1982) 29–36. Their standard error assumes that scores are about negative-exponentially
distributed, which they found to be slightly on the safe side for other distributions.
"""

from collections.abc import Callable, Mapping
from math import sqrt
from statistics import NormalDist
from typing import Any, Final

from chalicelib.datasets.model import Purpose
from chalicelib.datasets.planning.plan import Plan, PlannedTest, Role

WANTED: Final = 0.8
"""The power that a test should have."""
MOST: Final = 10_000_000
"""No more units are looked for."""
_NORMAL: Final = NormalDist()
_TWO_SIDED: Final = _NORMAL.inv_cdf(0.975)


def standard_error(auc: float, positives: int, negatives: int) -> float:
    """Of the estimate of an AUC (0.5 ≤ auc < 1) from so many units, each at least 1.

    Hanley & McNeil 1982, equation 2, with Q1 = A/(2−A) and Q2 = 2A²/(1+A).
    """
    q1, q2 = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    variance = auc * (1 - auc) + (positives - 1) * (q1 - auc**2) + (negatives - 1) * (q2 - auc**2)
    return sqrt(variance / (positives * negatives))


def power_of_auc(
    positives: int,
    negatives: int,
    *,
    expected_auc: float = 0.9,
    threshold_auc: float = 0.81,
    significance: float = 0.05,
) -> dict[str, Any] | None:
    """What a test on so many units can show, as JSON; None unless there are some of both.

    `standard_error` and `half_width` (of the 95 % interval) are those at the expected AUC. `power` is the
    chance that the one-sided test at `significance` shows an AUC above the threshold when it is the
    expected one; `chance_to_pass` the chance that the estimate itself reaches the threshold; both by the
    normal approximation. `needed` are the numbers, in the same proportion, that give a power of 80 %; None
    when the expected AUC is not above the threshold.
    """
    if positives < 1 or negatives < 1:
        return None

    def power(with_positives: int, with_negatives: int) -> float:
        under_threshold = standard_error(threshold_auc, with_positives, with_negatives)
        under_expected = standard_error(expected_auc, with_positives, with_negatives)
        above = _NORMAL.inv_cdf(1 - significance) * under_threshold
        return _NORMAL.cdf((expected_auc - threshold_auc - above) / under_expected)

    error = standard_error(expected_auc, positives, negatives)
    return {
        "positives": positives,
        "negatives": negatives,
        "expected_auc": expected_auc,
        "threshold_auc": threshold_auc,
        "significance": significance,
        "standard_error": round(error, 6),
        "half_width": round(_TWO_SIDED * error, 6),
        "power": round(power(positives, negatives), 6),
        "chance_to_pass": round(_NORMAL.cdf((expected_auc - threshold_auc) / error), 6),
        "needed": _needed(power, positives, negatives) if expected_auc > threshold_auc else None,
    }


def _needed(
    power: Callable[[int, int], float], positives: int, negatives: int
) -> dict[str, int] | None:
    """The least numbers in this proportion whose power is enough; None when those are over `MOST`."""
    rarer_are_positive = positives <= negatives
    rarer, ratio = min(positives, negatives), max(positives, negatives) / min(positives, negatives)

    def numbers(count: int) -> tuple[int, int]:
        more = round(count * ratio)
        return (count, more) if rarer_are_positive else (more, count)

    low, high = 1, max(rarer, 1)
    while power(*numbers(high)) < WANTED:
        low, high = high, high * 2
        if sum(numbers(high)) > MOST:
            return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if power(*numbers(middle)) >= WANTED else (middle + 1, high)
    positives, negatives = numbers(high)
    return {"positives": positives, "negatives": negatives}


def power_of(plan: Plan, units: Mapping[Role, int]) -> dict[str, Any] | None:
    """Of so many units of each role for the planned test; of a clinical test without one, for the paper's.

    None when no test is planned, or there are no positives or no negatives.
    """
    test = plan.test or (PlannedTest() if plan.purpose is Purpose.CLINICAL_TEST else None)
    if test is None:
        return None
    return power_of_auc(units[Role.POSITIVE], units[Role.NEGATIVE], **test.model_dump())


def planned_power(plan: Plan) -> dict[str, Any] | None:
    """Of the planned numbers."""
    return power_of(plan, planned_units(plan))


def planned_units(plan: Plan) -> dict[Role, int]:
    """How many units of each role are planned: what classes without a target get in equal shares is what
    the others leave."""
    numbers = dict.fromkeys(Role, 0)
    open_classes = [one for one in plan.classes if one.units is None]
    left = max(plan.units - sum(one.units or 0 for one in plan.classes), 0)
    share, more = divmod(left, len(open_classes)) if open_classes else (0, 0)
    for one in plan.classes:
        numbers[one.role] += one.units or 0
    for place, one in enumerate(open_classes):
        numbers[one.role] += share + (place < more)
    return numbers

"""The area under the ROC curve and its variance, without assuming a distribution.

DeLong E. R., DeLong D. M., Clarke-Pearson D. L. Comparing the areas under two or more correlated receiver
operating characteristic curves: a nonparametric approach. Biometrics 44, 837-845 (1988); by ranks, in
n log n, as in Sun X., Xu W. Fast implementation of DeLong's algorithm. IEEE Signal Processing Letters 21,
1389-1393 (2014).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from chalicelib.labelling.intervals import of_area

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Areas:
    """Areas under several curves over the same units: `values` (k,), `covariance` (k, k)."""

    values: Floats
    covariance: Floats
    positives: int
    negatives: int

    def interval(self, which: int = 0) -> tuple[float, float]:
        """The 95 % interval of an area, on the scale of its log odds (see `intervals.of_area`)."""
        area = float(self.values[which])
        variance = float(self.covariance[which, which])
        if variance == 0 and 0 < area < 1:  # one unit of each kind, and they tie
            return 0.0, 1.0
        return of_area(area, variance, min(self.positives, self.negatives))

    def difference(self, one: int, other: int) -> tuple[float, float]:
        """How much larger one area is than the other, and the variance of that."""
        value = self.values[one] - self.values[other]
        among = self.covariance
        variance = among[one, one] + among[other, other] - 2 * among[one, other]
        return float(value), max(float(variance), 0.0)


def delong(scores: ArrayLike, positive: ArrayLike) -> Areas | None:
    """Areas under the curves of `scores`, (units,) or (k, units), and how they vary together.

    `positive`: bool, (units,). Ties count half. With a single unit of a kind its part of the
    variance is not known and counts as 0. None unless there are units of both kinds.
    """
    score = np.atleast_2d(np.asarray(scores, dtype=np.float64))
    is_positive = np.asarray(positive, dtype=bool)
    high, low = score[:, is_positive], score[:, ~is_positive]
    if not high.shape[1] or not low.shape[1]:
        return None
    placed = [_placed(one, other) for one, other in zip(high, low, strict=True)]
    of_high = np.array([each[0] for each in placed])
    of_low = np.array([each[1] for each in placed])
    return Areas(
        values=of_high.mean(axis=1),
        covariance=_covariance(of_high) + _covariance(of_low),
        positives=high.shape[1],
        negatives=low.shape[1],
    )


def placements(scores: ArrayLike, positive: ArrayLike) -> Floats | None:
    """Of each positive unit, the share of negatives that score lower; of each negative, of positives that
    score higher; ties count half, (units,). Their mean over either kind is the area. None unless
    there are units of both kinds."""
    score, is_positive = np.asarray(scores, dtype=np.float64), np.asarray(positive, dtype=bool)
    if is_positive.all() or not is_positive.any():
        return None
    placed = np.empty(len(score))
    placed[is_positive], placed[~is_positive] = _placed(score[is_positive], score[~is_positive])
    return placed


def midranks(values: Floats) -> Floats:
    """Ranks from 1 upwards; equal values share the middle of theirs."""
    _, place, times = np.unique(values, return_inverse=True, return_counts=True)
    middle: Floats = times.cumsum() - (times - 1) / 2
    return middle[place]


def _placed(high: Floats, low: Floats) -> tuple[Floats, Floats]:
    """Of each positive, the share of negatives below it; of each negative, of positives above it."""
    rank = midranks(np.concatenate([high, low]))
    of_high = (rank[: len(high)] - midranks(high)) / len(low)
    of_low = 1 - (rank[len(high) :] - midranks(low)) / len(high)
    return of_high, of_low


def _covariance(placed: Floats) -> Floats:
    curves, units = placed.shape
    if units == 1:
        return np.zeros((curves, curves))
    among: Floats = np.atleast_2d(np.cov(placed)) / units
    return among

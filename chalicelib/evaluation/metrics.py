"""Curves, thresholds, calibration and confusion: the figures of a test that are no areas.

All of them equal scikit-learn's on the same input, ties included.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from chalicelib.labelling.intervals import wilson

Floats = NDArray[np.float64]

BINS: Final = 10


@dataclass(frozen=True)
class Curve:
    """A ROC curve from (0, 0) to (1, 1): at a threshold, a score of at least it is called positive.

    `false_positives`, `true_positives`: counts, (points,), by falling `thresholds`, the first of which is
    infinite.
    """

    false_positives: NDArray[np.int64]
    true_positives: NDArray[np.int64]
    thresholds: Floats

    @property
    def positives(self) -> int:
        return int(self.true_positives[-1])

    @property
    def negatives(self) -> int:
        return int(self.false_positives[-1])

    def points(self) -> list[tuple[float, float]]:
        """(1 - specificity, sensitivity) of each corner; points on a straight line are left out."""
        fp, tp = self.false_positives, self.true_positives
        bends = np.diff(fp[:-1]) * np.diff(tp[1:]) != np.diff(tp[:-1]) * np.diff(fp[1:])
        kept = np.concatenate([[True], bends, [True]])
        rates = fp[kept] / self.negatives, tp[kept] / self.positives
        return list(zip(rates[0].tolist(), rates[1].tolist(), strict=True))

    def youden(self) -> float:
        """The threshold with the largest sum of sensitivity and specificity (Youden 1950), the highest
        of equals. Compared as whole numbers, so that rounding decides nothing."""
        gain = self.true_positives * self.negatives - self.false_positives * self.positives
        return float(self.thresholds[1 + int(gain[1:].argmax())])


@dataclass(frozen=True)
class Share:
    """So many of so many, and Wilson's 95 % interval of the share; None of none."""

    count: int
    of: int

    @property
    def value(self) -> float | None:
        return self.count / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float] | None:
        return wilson(self.count, self.of) if self.of else None


@dataclass(frozen=True)
class Bin:
    """Probabilities from `low` up to `high`: their mean, and the share of positives among their units."""

    low: float
    high: float
    mean: float
    observed: float
    units: int


def roc_curve(scores: ArrayLike, positive: ArrayLike) -> Curve | None:
    """The curve of `scores` (units,); None unless there are units of both kinds (`positive`: bool)."""
    score, is_positive = np.asarray(scores, dtype=np.float64), np.asarray(positive, dtype=bool)
    if is_positive.all() or not is_positive.any():
        return None
    order = np.argsort(-score, kind="stable")
    score, is_positive = score[order], is_positive[order]
    ends = np.append(np.flatnonzero(np.diff(score)), len(score) - 1)
    found = is_positive.cumsum()[ends]
    return Curve(
        false_positives=np.concatenate([[0], ends + 1 - found]),
        true_positives=np.concatenate([[0], found]),
        thresholds=np.concatenate([[np.inf], score[ends]]),
    )


def at_threshold(scores: ArrayLike, positive: ArrayLike, threshold: float) -> tuple[Share, Share]:
    """Sensitivity and specificity where a score of at least `threshold` is called positive."""
    called = np.asarray(scores, dtype=np.float64) >= threshold
    is_positive = np.asarray(positive, dtype=bool)
    found, right = int((called & is_positive).sum()), int((~called & ~is_positive).sum())
    return Share(found, int(is_positive.sum())), Share(right, int((~is_positive).sum()))


def calibration(probabilities: ArrayLike, positive: ArrayLike, bins: int = BINS) -> list[Bin]:
    """Bins of equal width, those that no unit is in left out; a probability on an edge is in the upper
    one, 1 in the last. Raises `ValueError` for a probability outside 0 to 1."""
    probability = np.asarray(probabilities, dtype=np.float64)
    if len(probability) and not (probability.min() >= 0 and probability.max() <= 1):
        raise ValueError("A probability lies between 0 and 1.")
    edges = np.arange(bins + 1) / bins  # linspace has 0.30000000000000004
    place = np.searchsorted(edges[1:-1], probability, side="right")
    units = np.bincount(place, minlength=bins)
    total = np.bincount(place, weights=probability, minlength=bins)
    hits = np.bincount(place, weights=np.asarray(positive, dtype=bool), minlength=bins)
    return [
        Bin(
            low=float(edges[each]),
            high=float(edges[each + 1]),
            mean=float(total[each] / units[each]),
            observed=float(hits[each] / units[each]),
            units=int(units[each]),
        )
        for each in np.flatnonzero(units).tolist()
    ]


def calibration_error(bins: list[Bin]) -> float | None:
    """Expected calibration error (Naeini et al. 2015): the mean distance of a bin's probability from what
    was observed, by its units. None of no units."""
    units = sum(each.units for each in bins)
    if not units:
        return None
    return sum(each.units * abs(each.mean - each.observed) for each in bins) / units


def brier(probabilities: ArrayLike, positive: ArrayLike) -> float | None:
    """Mean squared distance of the probability from 1 for a positive, from 0 for a negative (Brier 1950).
    None of no units."""
    probability = np.asarray(probabilities, dtype=np.float64)
    if not len(probability):
        return None
    return float(np.mean((probability - np.asarray(positive, dtype=bool)) ** 2))


def confusion(labels: ArrayLike, found: ArrayLike, classes: int) -> NDArray[np.int64]:
    """How many units of class r (row) were called c (column), (classes, classes); positions as labels."""
    place = np.asarray(labels, dtype=np.intp) * classes + np.asarray(found, dtype=np.intp)
    counts: NDArray[np.int64] = np.bincount(place, minlength=classes * classes)
    return counts.reshape(classes, classes)

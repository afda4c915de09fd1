"""How well scores tell two groups of cases apart."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from chalicelib.labelling.intervals import of_area


@dataclass(frozen=True)
class Area:
    """The area under the ROC curve, with its 95 % interval."""

    value: float
    low: float
    high: float


def area_under_curve(scores: ArrayLike, positive: ArrayLike) -> Area | None:
    """How probable it is that a positive case scores higher than a negative one; ties count half.

    `scores` and `positive` are of shape (cases,). The variance is that of DeLong, DeLong and
    Clarke-Pearson (1988), by ranks (Sun and Xu 2014); see `of_area` for the interval. None unless
    there are cases of both kinds.
    """
    score = np.asarray(scores, dtype=np.float64)
    high, low = score[np.asarray(positive, dtype=bool)], score[~np.asarray(positive, dtype=bool)]
    if not len(high) or not len(low):
        return None
    rank = _ranks(np.concatenate([high, low]))
    # The share of the other group that each case is placed rightly against.
    of_high = (rank[: len(high)] - _ranks(high)) / len(low)
    of_low = 1 - (rank[len(high) :] - _ranks(low)) / len(high)
    area = float(of_high.mean())
    variance = sum(
        float(places.var(ddof=1)) / len(places) for places in (of_high, of_low) if len(places) > 1
    )
    if not variance and 0 < area < 1:  # one case of each kind, and they tie
        return Area(area, 0.0, 1.0)
    return Area(area, *of_area(area, variance, min(len(high), len(low))))


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """From 1 upwards; equal values share the middle of their ranks."""
    _, place, times = np.unique(values, return_inverse=True, return_counts=True)
    middle: NDArray[np.float64] = times.cumsum() - (times - 1) / 2
    return middle[place]

"""Areas under the ROC curve, resampled: how much a figure would differ on another set of such units.

Percentile bootstrap (Efron 1979), stratified by class: each resample draws, of each class, as many units
as there are, so that no resample lacks one. Not copies but the number of times each unit was drawn enter
the formula.
"""

import hashlib
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

RESAMPLES: Final = 2000
TAIL: Final = 0.025
_AT_ONCE: Final = 2_000_000
"""Counts in memory at a time: 16 MB for each array of them."""


def generator(seed: str, what: str = "") -> np.random.Generator:
    """Random numbers that follow from the seed alone; other numbers for each `what`."""
    digest = hashlib.sha256(f"{seed}/{what}".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest, "big"))


def resampled_areas(
    scores: ArrayLike,
    positive: ArrayLike,
    strata: ArrayLike,
    draw: np.random.Generator,
    resamples: int = RESAMPLES,
) -> Floats:
    """The areas under the curve of `scores` (units,) in so many resamples, (resamples,).

    `positive`: bool, (units,). `strata`: which class each unit is drawn within, (units,), any values;
    units of one stratum need not be of one kind. NaN where a resample has units of one kind only.
    """
    score = np.asarray(scores, dtype=np.float64)
    is_positive = np.asarray(positive, dtype=bool)
    stratum = np.unique(np.asarray(strata), return_inverse=True)[1]
    _, level = np.unique(score, return_inverse=True)
    order = np.argsort(level, kind="stable")
    starts = np.flatnonzero(np.diff(level[order], prepend=-1))
    members = [np.flatnonzero(stratum == each) for each in range(int(stratum.max(initial=-1)) + 1)]
    rows = max(1, _AT_ONCE // max(len(score), 1))
    found = []
    for first in range(0, resamples, rows):
        times = _drawn(members, len(score), min(rows, resamples - first), draw)[:, order]
        found.append(_areas(times, is_positive[order], starts))
    return np.concatenate(found) if found else np.empty(0)


def percentiles(values: Floats) -> tuple[float, float] | None:
    """The 95 % percentile interval; None where the figure is not defined in most resamples."""
    defined = values[np.isfinite(values)]
    if not len(defined) or 2 * len(defined) < len(values):
        return None
    low, high = np.quantile(defined, (TAIL, 1 - TAIL)).tolist()
    return low, high


def _drawn(
    members: list[NDArray[np.intp]], units: int, rows: int, draw: np.random.Generator
) -> Floats:
    """How often each unit was drawn, (rows, units)."""
    times = np.empty((rows, units))
    for place in members:
        times[:, place] = draw.multinomial(len(place), np.full(len(place), 1 / len(place)), rows)
    return times


def _areas(times: Floats, positive: NDArray[np.bool_], starts: NDArray[np.intp]) -> Floats:
    """Areas of weighted units that stand in the order of their scores; `starts`: where each level of
    score begins. A positive beats every negative of a lower level, and half of those of its own."""
    high = np.add.reduceat(times * positive, starts, axis=1)
    low = np.add.reduceat(times * ~positive, starts, axis=1)
    below = low.cumsum(axis=1) - low / 2
    pairs = high.sum(axis=1) * low.sum(axis=1)
    with np.errstate(invalid="ignore"):
        share: Floats = (high * below).sum(axis=1) / pairs
    return share

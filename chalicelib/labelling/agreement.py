"""How well raters agree with one another, beyond chance or not, with bootstrap intervals.

Each function takes an iterable of `(item, rater, label)`, hashable and in any order; labels are names
without an order (nominal), and not every rater need have read every item. An item with fewer than
two readings says nothing and is left out. A rater's repeated readings of an item count as so many.

The answer is None where there is nothing to say: no item was read twice, or only one label was ever
used, so that chance alone explains everything.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from chalicelib.labelling.coding import Coded, coded
from chalicelib.labelling.comparisons import Labels, Pairs, Table

Reading = tuple[Hashable, Hashable, Hashable]

RESAMPLES: Final = 1000
LEVEL: Final = 0.95


@dataclass(frozen=True)
class Measured:
    """A figure and its interval; None where it cannot be told."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Agreement:
    """The four figures of one set of readings."""

    items: int
    """Read by at least two raters."""
    raw_agreement: Measured
    cohen_kappa: Measured
    fleiss_kappa: Measured
    krippendorff_alpha: Measured


def raw_agreement(readings: Iterable[Reading]) -> float | None:
    """Of all pairs of readings of one item, the share that say the same."""
    return _values(Labels(coded(readings)))["raw_agreement"]


def cohen_kappa(readings: Iterable[Reading]) -> float | None:
    """Agreement of two raters beyond what their own frequencies of labels make likely (Cohen 1960).

    With more raters, the mean over all pairs of raters who share items, each weighted by the number
    of comparisons; a pair whose kappa is not defined (both used one and the same label) is left out.
    Where a rater read an item again, each of his readings is compared.
    """
    return _values(Pairs(coded(readings)))["cohen_kappa"]


def fleiss_kappa(readings: Iterable[Reading]) -> float | None:
    """Agreement of many raters beyond what the common frequencies of labels make likely (Fleiss 1971).

    Items may have different numbers of readings: an item's agreement is the share of its pairs of
    readings that agree, observed agreement its mean over items, and the frequency of a label its
    share of all readings. With as many readings of each item it is Fleiss' own formula.
    """
    return _values(Labels(coded(readings)))["fleiss_kappa"]


def krippendorff_alpha(readings: Iterable[Reading]) -> float | None:
    """One minus observed over expected disagreement, nominal, readings may be missing
    (Krippendorff 2011, "Computing Krippendorff's alpha-reliability")."""
    return _values(Labels(coded(readings)))["krippendorff_alpha"]


def agreement(
    seen: Coded[Any, Any, Any],
    *,
    draw: np.random.Generator,
    resamples: int = RESAMPLES,
    fewest: int = 1,
) -> Agreement:
    """All four figures of coded readings, with 95 % intervals.

    Cohen's kappa leaves out pairs of raters with fewer than `fewest` comparisons: those of a pair with
    little in common are mostly chance, and resampling makes them smaller still. Percentile bootstrap over
    items (Efron 1979): each resample draws as many items as there are, with all their readings. Not
    copies but the numbers of times each item was drawn enter the formulas. A figure that is not defined
    in more than half of the resamples has no interval.
    """
    labels = Labels(seen)
    figures: dict[str, Measured] = {}
    for table in (labels, Pairs(seen, fewest)):
        drawn = [table.figures(weights) for weights in table.resampled(draw, resamples)]
        for name, value in _values(table).items():
            every = np.concatenate([np.empty(0), *(each[name] for each in drawn)])
            figures[name] = _measured(value, every)
    return Agreement(items=labels.items, **figures)


def _measured(value: float | None, drawn: NDArray[np.float64]) -> Measured:
    defined = drawn[np.isfinite(drawn)]
    if value is None or not len(defined) or 2 * len(defined) < len(drawn):
        return Measured(value)
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(defined, (tail, 1 - tail)).tolist()
    return Measured(value, low, high)


def _values(table: Table) -> dict[str, float | None]:
    """The figures of the readings as they are."""
    figures = table.figures(table.times[:, None])
    return {
        name: float(value[0]) if np.isfinite(value[0]) else None for name, value in figures.items()
    }

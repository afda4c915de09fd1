"""A set of readings as a table from which all figures of agreement follow, for many resamples at once."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from chalicelib.labelling.coding import Coded

Numbers = NDArray[np.float64]
Places = NDArray[np.intp]

AT_ONCE: Final = 2_000_000
"""Weights held at a time: 16 MB."""
DRAWS: Final = 100_000
"""Items drawn at a time, so that they stay in the processor's cache."""
NOTHING: Final = 1e-12
"""Less than this left by chance is what rounding leaves of nothing."""
FIGURES: Final = ("raw_agreement", "cohen_kappa", "fleiss_kappa", "krippendorff_alpha")


class Table:
    """Items that were read at least twice; those read alike (the same raters said the same) are one row.

    All that the formulas need is sums over rows, each weighted by how often the row occurs: weights are
    of shape (rows, resamples).
    """

    def __init__(self, seen: Coded[Any, Any, Any]) -> None:
        self._labels, self._raters = len(seen.labels), len(seen.raters)
        sizes = np.bincount(seen.item, minlength=len(seen.items))
        order = np.lexsort((seen.label, seen.rater, seen.item))
        starts = sizes.cumsum() - sizes
        row_of_item: list[Places] = []
        times: list[Numbers] = []
        counts: list[Numbers] = []
        compared: list[Places] = []
        rows = 0
        for size in np.unique(sizes[sizes > 1]).tolist():
            readings = order[starts[sizes == size][:, None] + np.arange(size)]
            raters, labels = seen.rater[readings].T, seen.label[readings].T
            first, row, number = _alike([*raters, *labels])
            row_of_item.append(rows + row)
            times.append(number)
            counts.append(self._counted(labels[:, first]))
            compared += _pairs(raters[:, first], labels[:, first], rows, self._raters)
            rows += len(number)
        self._row = np.concatenate(row_of_item) if rows else np.empty(0, np.intp)
        self.items = len(self._row)
        self.times = np.concatenate([np.empty(0), *times])
        self._sums = _sums(np.concatenate([np.empty((0, self._labels)), *counts]))
        self._pairs = _ByPair(np.concatenate([np.empty((4, 0), np.intp), *compared], axis=1))

    def _counted(self, labels: Places) -> Numbers:
        """How often each label occurs in each column of `labels`: (columns, labels)."""
        columns = labels.shape[1]
        cells = labels + self._labels * np.arange(columns)
        counted = np.bincount(cells.ravel(), minlength=columns * self._labels)
        return counted.reshape(columns, self._labels).astype(np.float64)

    def resampled(self, draw: np.random.Generator, resamples: int) -> Iterator[Numbers]:
        """Weights of rows when items are drawn with replacement, some resamples at a time."""
        if not self.items:
            return
        step = max(1, AT_ONCE // len(self.times))
        for done in range(0, resamples, step):
            drawn = self._drawn(draw, min(step, resamples - done))
            yield np.ascontiguousarray(drawn.T, dtype=np.float64)

    def _drawn(self, draw: np.random.Generator, resamples: int) -> Places:
        """How often each row is drawn: (resamples, rows)."""
        rows = len(self.times)
        # Drawing how often each row comes costs a step a row; drawing items, a tenth a step an item.
        if rows * 10 < self.items:
            return draw.multinomial(self.items, self.times / self.items, size=resamples)
        drawn = np.empty((resamples, rows), dtype=np.intp)
        step = max(1, DRAWS // self.items)
        for some in (drawn[place : place + step] for place in range(0, resamples, step)):
            cells = self._row.take(draw.integers(0, self.items, size=(len(some), self.items)))
            cells += rows * np.arange(len(some))[:, None]
            some[:] = np.bincount(cells.ravel(), minlength=some.size).reshape(some.shape)
        return drawn

    def figures(self, weights: Numbers) -> dict[str, Numbers]:
        """Each of `FIGURES` for each resample; not finite where it is not defined."""
        sums = self._sums.T @ weights
        items, together, alike, pairs, share, share_of_others = sums[:6]
        frequency = sums[6:]
        with np.errstate(divide="ignore", invalid="ignore"):
            chance = ((frequency / together) ** 2).sum(axis=0)
            likely = (frequency * (frequency - 1)).sum(axis=0) / (together * (together - 1))
            return {
                "raw_agreement": alike / pairs,
                "cohen_kappa": self._pairs.kappa(weights),
                "fleiss_kappa": _beyond(share / items, chance),
                "krippendorff_alpha": _beyond(share_of_others / together, likely),
            }


class _ByPair:
    """Comparisons of two readings, grouped by the two raters who made them.

    `compared` has, of each, its row in the table, its pair, and what the one and the other said.
    """

    def __init__(self, compared: Places) -> None:
        self._row, pair, one, other = compared
        labels = int(compared[2:].max(initial=0)) + 1
        self._ones, self._others = _Groups(pair * labels + one), _Groups(pair * labels + other)
        self._pairs = _Groups(self._ones.names // labels)
        self._same = np.flatnonzero(one == other)
        self._alike = _Groups(pair[self._same])
        self._with_alike = _places(self._alike.names, self._pairs.names)
        # Chance needs the frequencies of labels that both raters of a pair used.
        common, self._in_ones, self._in_others = np.intersect1d(
            self._ones.names, self._others.names, assume_unique=True, return_indices=True
        )
        self._chances = _Groups(common // labels)
        self._with_chance = _places(self._chances.names, self._pairs.names)

    def kappa(self, weights: Numbers) -> Numbers:
        """The mean of the pairs' kappas, weighted by their comparisons."""
        compared = weights[self._row]
        ones, others = self._ones.sums(compared), self._others.sums(compared)
        together = self._pairs.sums(ones)
        same, chance = np.zeros_like(together), np.zeros_like(together)
        same[self._with_alike] = self._alike.sums(compared[self._same])
        likely = ones[self._in_ones] * others[self._in_others]
        chance[self._with_chance] = self._chances.sums(likely)
        kappa = _beyond(same / together, chance / together**2)
        defined = np.isfinite(kappa)
        shares = np.where(defined, together, 0).sum(axis=0)
        mean: Numbers = np.where(defined, kappa * together, 0).sum(axis=0) / shares
        return mean


class _Groups:
    """Sums over rows with equal keys. Groups are small and many: the first rows of all are added at once,
    then the second rows of those that have one, and so on."""

    def __init__(self, keys: Places) -> None:
        order = np.argsort(keys, kind="stable")
        names, begins, sizes = np.unique(keys[order], return_index=True, return_counts=True)
        largest = np.argsort(-sizes, kind="stable")
        self.names, begins, sizes = names[largest], begins[largest], sizes[largest]
        """The keys, in the order of the sums."""
        self._levels = [
            order[begins[: np.count_nonzero(sizes > level)] + level]
            for level in range(int(sizes.max(initial=1)))
        ]

    def sums(self, rows: Numbers) -> Numbers:
        """Of `rows`, of shape (keys, resamples): (names, resamples)."""
        summed = rows[self._levels[0]]
        for level in self._levels[1:]:
            summed[: len(level)] += rows[level]
        return summed


def _places(names: Places, among: Places) -> Places:
    """Where each of `names` stands in `among`."""
    order = np.argsort(among)
    found: Places = order[np.searchsorted(among[order], names)]
    return found


def _alike(columns: Sequence[Places]) -> tuple[Places, Places, Numbers]:
    """Places with the same numbers in all columns as one row: where each row is first seen, the row of
    each place, and how often each row occurs. Rows are in the order of the columns."""
    key = columns[0]
    for column in columns[1:]:
        # Numbered anew each time, so that no product grows too large.
        key = np.unique(key * (int(column.max()) + 1) + column, return_inverse=True)[1]
    _, first, row, times = np.unique(
        key, return_index=True, return_inverse=True, return_counts=True
    )
    return first, row, times.astype(np.float64)


def _sums(counts: Numbers) -> Numbers:
    """Each row's part in the sums: 1, its readings, its pairs of readings that say the same and all of
    them, both kinds of share of the former, and its labels."""
    readings = counts.sum(axis=1)
    alike, pairs = (counts * (counts - 1)).sum(axis=1), readings * (readings - 1)
    shares = alike / pairs, alike / (readings - 1)
    return np.column_stack([np.ones_like(readings), readings, alike, pairs, *shares, counts])


def _pairs(raters: Places, labels: Places, rows: int, number: int) -> Iterator[Places]:
    """The comparisons in rows of equally many readings, ordered by rater: row, pair, one, other."""
    for one, other in combinations(range(len(raters)), 2):
        differ = np.flatnonzero(raters[one] != raters[other])
        pair = (raters[one] * number + raters[other])[differ]
        yield np.stack([rows + differ, pair, labels[one][differ], labels[other][differ]])


def _beyond(observed: Numbers, chance: Numbers) -> Numbers:
    """Agreement beyond chance, of what chance leaves; NaN where it leaves nothing."""
    left = 1 - chance
    return np.where(left > NOTHING, (observed - chance) / np.maximum(left, NOTHING), np.nan)

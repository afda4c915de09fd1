"""Readings as tables from which the figures of agreement follow, for many resamples at once."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
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


class Table(ABC):
    """Items that were read at least twice; those that say the same to its formulas are one row.

    All that the formulas need is sums over rows, each weighted by how often the row occurs: weights are
    of shape (rows, resamples).
    """

    _row: Places
    """Of each item."""
    times: Numbers
    """How often each row occurs: the weights of the readings as they are, of shape (rows,)."""

    @abstractmethod
    def figures(self, weights: Numbers) -> dict[str, Numbers]:
        """Each figure for each resample, by name; not finite where it is not defined."""

    @property
    def items(self) -> int:
        return len(self._row)

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


class Labels(Table):
    """What was said of each item, whoever said it."""

    def __init__(self, seen: Coded[Any, Any, Any]) -> None:
        labels = len(seen.labels)
        counts = [np.empty((0, labels))]
        rows = [np.empty(0, np.intp)]
        found = 0
        for _, said in _read_twice(seen):
            first, row = _alike(np.sort(said, axis=0))
            counts.append(_counted(said[:, first], labels))
            rows.append(found + row)
            found += len(first)
        self._row = np.concatenate(rows)
        self.times = np.bincount(self._row, minlength=found).astype(np.float64)
        self._sums = _sums(np.concatenate(counts)).T.copy()

    def figures(self, weights: Numbers) -> dict[str, Numbers]:
        sums = self._sums @ weights
        items, together, alike, pairs, share, share_of_others = sums[:6]
        frequency = sums[6:]
        with np.errstate(divide="ignore", invalid="ignore"):
            chance = ((frequency / together) ** 2).sum(axis=0)
            likely = (frequency * (frequency - 1)).sum(axis=0) / (together * (together - 1))
            return {
                "raw_agreement": alike / pairs,
                "fleiss_kappa": _beyond(share / items, chance),
                "krippendorff_alpha": _beyond(share_of_others / together, likely),
            }


class Pairs(Table):
    """Comparisons of two readings of an item, by the two raters who made them.

    Pairs of raters with fewer than `fewest` comparisons are left out. Their items stay, as one row that
    says nothing, so that a resample draws from all.
    """

    def __init__(self, seen: Coded[Any, Any, Any], fewest: int = 1) -> None:
        rows = [np.empty(0, np.intp)]
        compared = [np.empty((4, 0), np.intp)]
        found = 0
        for raters, said in _read_twice(seen):
            first, row = _alike([*raters, *said])
            compared += _compared(raters[:, first], said[:, first], found, len(seen.raters))
            rows.append(found + row)
            found += len(first)
        every, row_of_item = np.concatenate(compared, axis=1), np.concatenate(rows)
        times = np.bincount(row_of_item, minlength=found)
        _, pair = np.unique(every[1], return_inverse=True)
        enough = np.bincount(pair, times[every[0]])[pair] >= fewest
        row, pair, one, other = every[:, enough]
        used, self._compared = np.unique(row, return_inverse=True)
        numbers = np.full(found, len(used))
        numbers[used] = np.arange(len(used))
        self._row = numbers[row_of_item]
        self.times = np.bincount(self._row, minlength=len(used) + 1).astype(np.float64)
        self._group(pair, one, other, len(seen.labels))

    def _group(self, pair: Places, one: Places, other: Places, labels: int) -> None:
        self._ones, self._others = _Groups(pair * labels + one), _Groups(pair * labels + other)
        self._pairs = _Groups(self._ones.names // max(labels, 1))
        self._same = np.flatnonzero(one == other)
        self._alike = _Groups(pair[self._same])
        self._with_alike = _places(self._alike.names, self._pairs.names)
        # Chance needs the frequencies of labels that both raters of a pair used.
        common, self._in_ones, self._in_others = np.intersect1d(
            self._ones.names, self._others.names, assume_unique=True, return_indices=True
        )
        self._chances = _Groups(common // max(labels, 1))
        self._with_chance = _places(self._chances.names, self._pairs.names)

    def figures(self, weights: Numbers) -> dict[str, Numbers]:
        """The mean of the pairs' kappas, weighted by their comparisons."""
        compared = weights[self._compared]
        ones, others = self._ones.sums(compared), self._others.sums(compared)
        together = self._pairs.sums(ones)
        same, chance = np.zeros_like(together), np.zeros_like(together)
        same[self._with_alike] = self._alike.sums(compared[self._same])
        likely = ones[self._in_ones] * others[self._in_others]
        chance[self._with_chance] = self._chances.sums(likely)
        with np.errstate(divide="ignore", invalid="ignore"):
            kappa = _beyond(same / together, chance / together**2)
            defined = np.isfinite(kappa)
            shares = np.where(defined, together, 0).sum(axis=0)
            return {"cohen_kappa": np.where(defined, kappa * together, 0).sum(axis=0) / shares}


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


def _read_twice(seen: Coded[Any, Any, Any]) -> Iterator[tuple[Places, Places]]:
    """Of items with equally many readings, two or more: who read them and what they said, each of shape
    (readings, items), ordered by rater and label."""
    sizes = np.bincount(seen.item, minlength=len(seen.items))
    order = np.lexsort((seen.label, seen.rater, seen.item))
    starts = sizes.cumsum() - sizes
    for size in np.unique(sizes[sizes > 1]).tolist():
        readings = order[starts[sizes == size][:, None] + np.arange(size)].T
        yield seen.rater[readings], seen.label[readings]


def _alike(columns: Iterable[Places]) -> tuple[Places, Places]:
    """Items with the same numbers in all columns as one row: where each row is first seen, and the row
    of each item."""
    key, *others = columns
    for column in others:
        # Numbered anew each time, so that no product grows too large.
        key = np.unique(key * (int(column.max()) + 1) + column, return_inverse=True)[1]
    _, first, row = np.unique(key, return_index=True, return_inverse=True)
    return first, row


def _counted(said: Places, labels: int) -> Numbers:
    """How often each label occurs in each column: (columns, labels)."""
    columns = said.shape[1]
    cells = said + labels * np.arange(columns)
    counted = np.bincount(cells.ravel(), minlength=columns * labels)
    return counted.reshape(columns, labels).astype(np.float64)


def _sums(counts: Numbers) -> Numbers:
    """Each row's part in the sums: 1, its readings, its pairs of readings that say the same and all of
    them, both kinds of share of the former, and its labels."""
    readings = counts.sum(axis=1)
    alike, pairs = (counts * (counts - 1)).sum(axis=1), readings * (readings - 1)
    shares = alike / pairs, alike / (readings - 1)
    return np.column_stack([np.ones_like(readings), readings, alike, pairs, *shares, counts])


def _compared(raters: Places, said: Places, rows: int, number: int) -> Iterator[Places]:
    """The comparisons in rows of equally many readings: row, pair, what the one and the other said."""
    for one, other in combinations(range(len(raters)), 2):
        differ = np.flatnonzero(raters[one] != raters[other])
        pair = (raters[one] * number + raters[other])[differ]
        yield np.stack([rows + differ, pair, said[one][differ], said[other][differ]])


def _beyond(observed: Numbers, chance: Numbers) -> Numbers:
    """Agreement beyond chance, of what chance leaves; NaN where it leaves nothing."""
    left = 1 - chance
    return np.where(left > NOTHING, (observed - chance) / np.maximum(left, NOTHING), np.nan)

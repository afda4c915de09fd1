"""One label out of several readings: by number, by proven skill, or by estimated skill.

Each function takes an iterable of `(item, rater, label)`, hashable and in any order. An item that one
rater read several times was read as often as that: all his readings count.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Generic

import numpy as np
from numpy.typing import NDArray

from chalicelib.labelling.coding import Coded, I, L, R, coded, numbered

PRIOR_CASES: Final = 10
"""As many cases of average skill are added to what a rater has shown: few cases prove little."""
LEAST: Final = 1e-10
"""No event has a smaller probability, so that its logarithm exists."""
TIE: Final = 1e-9
"""Weights or probabilities that differ by less (of the larger) are the same."""


def majority(readings: Iterable[tuple[I, R, L]]) -> dict[I, L | None]:
    """The label that most readings of an item give; None where two labels have as many."""
    votes: dict[I, Counter[L]] = defaultdict(Counter)
    for item, _, label in readings:
        votes[item][label] += 1
    return {item: _first(counted) for item, counted in votes.items()}


def weighted_majority(
    readings: Iterable[tuple[I, R, L]], weights: Mapping[R, float]
) -> dict[I, L | None]:
    """The label whose readers weigh most together; None on a tie, and where nobody's word weighs.

    `weights` are not negative, one for each rater (`proven_weights` makes them). Raises `ValueError`
    for a rater without a weight and for a weight that is negative or not finite.
    """
    votes: dict[I, dict[L, list[float]]] = defaultdict(lambda: defaultdict(list))
    for item, rater, label in readings:
        weight = weights.get(rater, math.nan)
        if not 0 <= weight < math.inf:
            raise ValueError("Every rater needs a weight that is finite and not negative.")
        votes[item][label].append(weight)
    # fsum: the order of the readings must not decide what is a tie.
    return {
        item: _first({label: math.fsum(given) for label, given in weighed.items()})
        for item, weighed in votes.items()
    }


def proven_weights(
    readings: Iterable[tuple[I, R, L]], truths: Mapping[I, L], *, labels: int
) -> dict[R, float]:
    """What each rater's word weighs, by how often he was right where the truth is known.

    With `labels` possible labels, errors spread evenly over them, and independent raters who are
    right with probability p, the most probable label is the one with the largest sum of
    log((labels - 1) p / (1 - p)); for two labels, the log odds of Nitzan and Paroush (1982). Here p
    is the share of right readings after `PRIOR_CASES` cases read as well as all raters together read
    theirs, so it is never 0 or 1, and a rater without known cases weighs what the average one does.
    The average itself starts from two right readings of four. A rater no better than chance weighs 0.
    """
    right: Counter[R] = Counter()
    known: Counter[R] = Counter()
    raters: dict[R, None] = {}
    for item, rater, label in readings:
        raters.setdefault(rater)
        if item in truths:
            known[rater] += 1
            right[rater] += label == truths[item]
    average = (right.total() + 2) / (known.total() + 4)
    weights = {}
    for rater in raters:
        p = (right[rater] + PRIOR_CASES * average) / (known[rater] + PRIOR_CASES)
        weights[rater] = max(0.0, math.log((labels - 1) * p / (1 - p)))
    return weights


@dataclass(frozen=True)
class Estimate(Generic[I, R, L]):
    """What `dawid_skene` finds; the arrays follow the order of the three lists of names."""

    items: list[I]
    raters: list[R]
    classes: list[L]
    posterior: NDArray[np.float64]
    """Probability of each class for each item, of shape (items, classes)."""
    prior: NDArray[np.float64]
    """How frequent each class is, of shape (classes,)."""
    confusion: NDArray[np.float64]
    """Probability of each answer by each rater, given the class: (raters, classes, answers)."""
    iterations: int
    log_likelihood: float
    """Natural logarithm of the probability of all readings."""
    converged: bool

    @cached_property
    def labels(self) -> dict[I, L | None]:
        """The most probable class of each item; None on a tie."""
        return {
            item: _first(dict(zip(self.classes, row, strict=True)))
            for item, row in zip(self.items, self.posterior.tolist(), strict=True)
        }

    @property
    def priors(self) -> dict[L, float]:
        return dict(zip(self.classes, self.prior.tolist(), strict=True))

    def probabilities(self, item: I) -> dict[L, float]:
        """Of each class for one item. Raises `ValueError` for an item nobody read."""
        row = self.posterior[self.items.index(item)].tolist()
        return dict(zip(self.classes, row, strict=True))

    def errors(self, rater: R) -> dict[L, dict[L, float]]:
        """By class, how probable each of a rater's answers is. Raises `ValueError` for a stranger."""
        table = self.confusion[self.raters.index(rater)].tolist()
        return {
            true: dict(zip(self.classes, row, strict=True))
            for true, row in zip(self.classes, table, strict=True)
        }


def dawid_skene(
    readings: Iterable[tuple[I, R, L]], *, iterations: int = 1000, tolerance: float = 1e-9
) -> Estimate[I, R, L]:
    """Classes of items and errors of raters that make the readings most probable, found by EM.

    Dawid and Skene (1979): each class has a prior, each rater a matrix of how often he calls which
    class what, and readings of an item are independent given its class. It starts from the shares of
    the votes and ends after `iterations`, or when the log likelihood grows by less than `tolerance`
    a reading. Without readings, the estimate is empty. Takes readings × classes steps an iteration.
    """
    seen = coded(readings)
    if not seen.items:
        nothing = np.zeros((0, 0))
        return Estimate([], [], [], nothing, np.zeros(0), np.zeros((0, 0, 0)), 0, 0.0, True)
    model = _Model(seen)
    posterior = model.shares_of_votes()
    likelihood, last, done = -math.inf, -math.inf, 0
    converged = False
    while done < iterations and not converged:
        prior, errors = model.maximised(posterior)
        posterior, likelihood = model.expected(prior, errors)
        done += 1
        converged = likelihood - last < tolerance * len(seen.item)
        last = likelihood
    prior, errors = model.maximised(posterior)
    return Estimate(
        items=seen.items,
        raters=seen.raters,
        classes=seen.labels,
        posterior=posterior.T[model.pattern_of_item],
        prior=prior,
        confusion=model.confusion(errors),
        iterations=done,
        log_likelihood=likelihood,
        converged=converged,
    )


class _Model:
    """The two steps of EM, class by class over all readings at once.

    Items that were read alike (the same raters said the same) are one pattern, reckoned once and
    counted as often as it occurs: with few readings of an item that is most of them. Only answers that
    a rater did give have a probability of their own (`_answers`, pairs of rater and label). Arrays have
    the class first: (classes, answers), (classes, patterns).
    """

    def __init__(self, seen: Coded[I, R, L]) -> None:
        self._classes, self._raters = len(seen.labels), len(seen.raters)
        pairs = seen.rater * self._classes + seen.label
        self._answers, answer = np.unique(pairs, return_inverse=True)
        self._rater = self._answers // self._classes
        answer = answer[np.lexsort((answer, seen.item))]
        sizes = np.bincount(seen.item)
        starts = sizes.cumsum() - sizes
        self.pattern_of_item = np.empty(len(sizes), dtype=np.intp)
        self._patterns: list[tuple[slice, NDArray[np.intp]]] = []
        """Patterns of as many readings each: which ones, and their answers (readings, patterns)."""
        found = 0
        for size in np.unique(sizes).tolist():
            items = np.flatnonzero(sizes == size)
            answers = answer[starts[items][:, None] + np.arange(size)]
            whole, width = answers.tobytes(), size * answers.itemsize
            kept, number = numbered([whole[at : at + width] for at in range(0, len(whole), width)])
            self.pattern_of_item[items] = found + number
            table = np.frombuffer(b"".join(kept), answers.dtype).reshape(-1, size).T.copy()
            self._patterns.append((slice(found, found + len(kept)), table))
            found += len(kept)
        self._times = np.bincount(self.pattern_of_item).astype(np.float64)
        every = np.concatenate([table.T.ravel() for _, table in self._patterns])
        order = np.argsort(every, kind="stable")
        lengths = [table.shape[0] for _, table in self._patterns for _ in range(table.shape[1])]
        self._read_in = np.repeat(np.arange(found), lengths)[order]
        """The patterns of all readings, by answer; and where in it each answer begins."""
        self._begins = np.searchsorted(every[order], np.arange(len(self._answers)))

    def shares_of_votes(self) -> NDArray[np.float64]:
        """By pattern, how many of its readings say each class: where EM starts."""
        said = self._answers % self._classes
        votes = [
            [(said[table] == label).mean(axis=0) for label in range(self._classes)]
            for _, table in self._patterns
        ]
        return np.concatenate([np.array(each) for each in votes], axis=1)

    def maximised(
        self, posterior: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The M step: priors, and the probability of each answer given each class."""
        weighed = posterior * self._times
        prior = np.maximum(weighed.sum(axis=1) / self._times.sum(), LEAST)
        given = np.empty((self._classes, len(self._answers)))
        for each, row in zip(given, weighed, strict=True):
            np.add.reduceat(row.take(self._read_in), self._begins, out=each)
        np.maximum(given, LEAST, out=given)
        for each in given:
            each /= np.bincount(self._rater, each, self._raters)[self._rater]
        return prior, given

    def expected(
        self, prior: NDArray[np.float64], errors: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], float]:
        """The E step: the posterior of each pattern, and the log likelihood of all items."""
        posterior = np.empty((self._classes, len(self._times)))
        for each, log_prior, row in zip(posterior, np.log(prior), np.log(errors), strict=True):
            for which, answers in self._patterns:
                row.take(answers).sum(axis=0, out=each[which])
            each += log_prior
        largest = posterior.max(axis=0)
        posterior -= largest
        np.exp(posterior, out=posterior)
        together = posterior.sum(axis=0)
        posterior /= together
        return posterior, float((largest + np.log(together)) @ self._times)

    def confusion(self, errors: NDArray[np.float64]) -> NDArray[np.float64]:
        """The errors as a full matrix for each rater; an answer he never gave has probability 0."""
        full = np.zeros((self._raters, self._classes, self._classes))
        full[self._rater, :, self._answers % self._classes] = errors.T
        return full


def _first(weighed: Mapping[L, float]) -> L | None:
    """The label with the most weight, if it has any, and no other has as much."""
    best, most, tied = None, 0.0, True
    for label, weight in weighed.items():
        if weight > most * (1 + TIE):
            best, most, tied = label, weight, False
        elif weight >= most * (1 - TIE):
            tied = True
    return None if tied else best

"""Areas under the curves of a test, each with DeLong's interval and that of the bootstrap."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chalicelib.evaluation.answers import Answers
from chalicelib.evaluation.bootstrap import RESAMPLES, generator, percentiles, resampled_areas
from chalicelib.evaluation.delong import delong, placements
from chalicelib.labelling.intervals import of_area

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Interval = tuple[float, float]
Resampled = Callable[[Floats, Bools], Floats]
"""Scores and members of a curve to its areas in all resamples."""


@dataclass(frozen=True)
class Area:
    """An area under a ROC curve; `bootstrap` None where it was not resampled."""

    value: float
    delong: Interval
    bootstrap: Interval | None
    positives: int
    negatives: int


def target_area(given: Answers, seed: str, resamples: int = RESAMPLES) -> Area | None:
    """Of the probability of the target over all good units. None unless there are both kinds."""
    positive = given.positive
    scores = given.against(given.probability, positive)
    return _area(scores, positive, _resampling(given, seed, resamples))


def answered_area(given: Answers) -> Area | None:
    """The same over the units that were answered, not resampled: how good it is when it answers."""
    return _area(given.probability[given.answered], given.positive[given.answered])


def class_areas(given: Answers, seed: str, resamples: int = RESAMPLES) -> dict[str, Area]:
    """Of each class against all others (Provost and Domingos 2001); classes without units are left out."""
    resampled = _resampling(given, seed, resamples)
    return {
        key: area
        for key, scores, positive in _one_against_others(given)
        if (area := _area(scores, positive, resampled)) is not None
    }


def diagnosis_area(given: Answers, diagnosis: str) -> Area | None:
    """Of one diagnosis against all others, whatever classes the plan makes of them; not resampled. None
    unless some units have it and some have not."""
    positive = np.array([unit.diagnosis == diagnosis for unit in given.units], dtype=bool)
    scores = np.array([(unit.probabilities or {}).get(diagnosis, 0.0) for unit in given.units])
    return _area(given.against(scores, positive), positive)


def macro_area(given: Answers, seed: str, resamples: int = RESAMPLES) -> Area | None:
    """The plain mean of the classes' areas. None unless at least two classes have units.

    A unit moves the mean by its placements on all curves together, so the variance is that of
    the summed placements within each class (DeLong's components, stratified by class). With two classes
    whose probabilities sum to one it is DeLong's own. The bootstrap draws the same units for every curve.
    """
    resampled = _resampling(given, seed, resamples)
    moved = np.zeros(len(given.units))
    values, drawn, counts = [], [], []
    for _, scores, positive in _one_against_others(given):
        placed = placements(scores, positive)
        if placed is None:
            continue
        members = int(positive.sum())
        values.append(float(placed[positive].mean()))
        moved += placed / np.where(positive, members, len(positive) - members)
        counts.append(members)
        drawn.append(resampled(scores, positive))
    if len(values) < 2:
        return None
    moved /= len(values)
    groups = [moved[given.labels == each] for each in np.unique(given.labels)]
    variance = sum(len(group) * float(group.var(ddof=1)) for group in groups if len(group) > 1)
    value = float(np.mean(values))
    interval = of_area(value, variance, min(counts)) if variance or value in (0, 1) else (0.0, 1.0)
    return Area(value, interval, percentiles(np.mean(drawn, axis=0)), min(counts), len(given.units))


def _one_against_others(given: Answers) -> Iterator[tuple[str, Floats, Bools]]:
    """Key, scores and members of each class that has units."""
    for place, key in enumerate(given.keys):
        positive = given.labels == place
        if positive.any():
            yield key, given.against(given.sums[:, place], positive), positive


def _area(scores: Floats, positive: Bools, resampled: Resampled | None = None) -> Area | None:
    areas = delong(scores, positive)
    if areas is None:
        return None
    return Area(
        value=float(areas.values[0]),
        delong=areas.interval(),
        bootstrap=percentiles(resampled(scores, positive)) if resampled else None,
        positives=areas.positives,
        negatives=areas.negatives,
    )


def _resampling(given: Answers, seed: str, resamples: int) -> Resampled:
    """The same draws for every curve of a test, so that they can be averaged."""

    def resampled(scores: Floats, positive: Bools) -> Floats:
        draw = generator(seed, "bootstrap")
        return resampled_areas(scores, positive, given.labels, draw, resamples)

    return resampled

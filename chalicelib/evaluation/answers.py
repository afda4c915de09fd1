"""The answers of a service as arrays, by the classes of the plan.

A diagnosis belongs to the class that names it; what the plan names nowhere, and `unknown`, is `OTHER`.
A class has the sum of the probabilities of its diagnoses, and the target, what the test looks for,
that of all positive classes.

A good unit without an answer (refused, or the time ran out) counts against the service: intention to
diagnose, as by Schuetz G. M., Schlattmann P., Dewey M. (BMJ 345, e6717, 2012). Where it is positive for a
curve it ranks below every answer, where negative above every answer, so that at any threshold it is a miss
or a false alarm. STARD 2015 (item 15) asks to say so: reports give the area over answered units as well.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from chalicelib.datasets.planning.plan import Role
from chalicelib.evaluation.tested import TestedUnit

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

OTHER: Final = "other"
WORST_OF_POSITIVE: Final = -1.0
WORST_OF_NEGATIVE: Final = 2.0
"""Below and above every probability."""
DIGITS: Final = 9
"""Decimals of a sum of probabilities, so that 0.1 + 0.2 and 0.3 tie, and 0.3 + 0.2 reaches 0.5."""


@dataclass(frozen=True)
class Answers:
    """The good units of a test (no technical defects), aligned by position.

    `sums`: (units, classes + 1) by the classes of the plan and `OTHER` last; 0 where not answered.
    """

    units: tuple[TestedUnit, ...]
    keys: tuple[str, ...]
    positive_keys: frozenset[str]
    by_diagnosis: Mapping[str, str]
    """Diagnosis → key of its class."""
    sums: Floats
    answered: Bools
    labels: NDArray[np.intp]
    """Position in `keys` of each unit's class; -1 for a class that the plan has not."""

    @property
    def positive(self) -> Bools:
        return np.array([unit.is_positive for unit in self.units], dtype=bool)

    @property
    def probability(self) -> Floats:
        """Of the target, (units,); 0 where not answered."""
        chosen = [place for place, key in enumerate(self.keys) if key in self.positive_keys]
        total: Floats = self.sums[:, chosen].sum(axis=1).round(DIGITS)
        return total

    @property
    def found(self) -> NDArray[np.intp]:
        """Position of the class with the largest sum, the first of equals; `len(keys)` for `OTHER`
        and for no answer."""
        best: NDArray[np.intp] = self.sums.argmax(axis=1)
        return np.where(self.answered, best, len(self.keys))

    def class_of(self, diagnosis: str) -> str:
        return self.by_diagnosis.get(diagnosis, OTHER)

    def against(self, scores: Floats, positive: Bools) -> Floats:
        """The scores with what was not answered in the worst place."""
        worst = np.where(positive, WORST_OF_POSITIVE, WORST_OF_NEGATIVE)
        return np.where(self.answered, scores, worst)


def answers(units: Sequence[TestedUnit], plan: Mapping[str, Any]) -> Answers:
    """The good units and what the service said of them. `plan`: as in the manifest."""
    classes = [each for each in plan["classes"] if each["role"] != Role.DEFECT]
    keys = tuple(each["key"] for each in classes)
    by_diagnosis = {name: each["key"] for each in classes for name in each["diagnoses"]}
    good = tuple(unit for unit in units if not unit.is_defect)
    sums = np.zeros((len(good), len(keys) + 1))
    place = {key: position for position, key in enumerate(keys)}
    for row, unit in enumerate(good):
        for name, probability in (unit.probabilities or {}).items():
            sums[row, place.get(by_diagnosis.get(name, OTHER), len(keys))] += probability
    return Answers(
        units=good,
        keys=keys,
        positive_keys=frozenset(each["key"] for each in classes if each["role"] == Role.POSITIVE),
        by_diagnosis=by_diagnosis,
        sums=sums.round(DIGITS),
        answered=np.array([unit.probabilities is not None for unit in good], dtype=bool),
        labels=np.array([place.get(unit.class_key, -1) for unit in good], dtype=np.intp),
    )

"""The verdict on a case: a pure function of its readings, and of what has proved true.

Second paper: two independent readers, then a more qualified one whose diagnosis counts when it equals
one of the two; otherwise the case is disputed. Histology and follow-up outrank readings.
"""

from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Any

from chalicelib.labelling.model import FIRST_READERS, PROVEN, Case, CaseState
from chalicelib.labelling.reading import Reading
from chalicelib.platform.lesion_classes import LesionClass


class Rule(StrEnum):
    """How a verdict came about."""

    TWO_AGREE = auto()
    ARBITRATION = auto()
    DISPUTED = auto()
    HISTOLOGY = auto()
    FOLLOW_UP = auto()
    DOCUMENT = auto()
    """An archive says so."""


class Verification(StrEnum):
    """How far a label may be trusted."""

    LOW = auto()
    """Found in documents."""
    MEDIUM = auto()
    """The opinion of experts."""
    HIGH = auto()
    """Confirmed by histology or follow-up."""


@dataclass(frozen=True)
class Verdict:
    """What a case comes to. `diagnosis` is None where it is disputed."""

    diagnosis: LesionClass | None
    rule: Rule
    verification: Verification

    @property
    def written(self) -> dict[str, Any]:
        """As it stands on items and in answers."""
        diagnosis = self.diagnosis.value if self.diagnosis else None
        return {
            "diagnosis": diagnosis,
            "rule": self.rule.value,
            "verification": self.verification.value,
        }


def agree(one: Reading, other: Reading) -> bool:
    """Whether two readings name the same diagnosis. Two `unknown` or two `unusable` do not."""
    return one.says is not None and one.says is other.says


def by_readings(case: Case) -> Verdict | None:
    """What the final readings alone come to; None while they are not complete."""
    first = [slot.reading for slot in case.first.values() if slot.final and slot.reading]
    if len(first) < FIRST_READERS:
        return None
    one, other = first
    if agree(one, other):
        return Verdict(one.says, Rule.TWO_AGREE, Verification.MEDIUM)
    senior = case.senior
    if senior is None or not senior.final or senior.reading is None:
        return None
    said = senior.reading.says
    if said is not None and said in (one.says, other.says):
        return Verdict(said, Rule.ARBITRATION, Verification.MEDIUM)
    return Verdict(None, Rule.DISPUTED, Verification.MEDIUM)


def verdict(case: Case) -> Verdict | None:
    """What the case comes to, all in all; None while nothing does."""
    if case.truth is not None:
        return Verdict(case.truth.diagnosis, Rule(case.truth.by.value), Verification.HIGH)
    return by_readings(case) if case.state not in _UNSETTLED else None


_UNSETTLED = frozenset({CaseState.AWAITING_SENIOR, CaseState.ARBITRATION})
"""Two may agree on the class and a senior be asked for the outline: no verdict until he has drawn."""


def standing(case: Case) -> CaseState:
    """The state that follows from the slots, the readings and the truth of a case."""
    if case.state is CaseState.WITHDRAWN:
        return case.state
    if case.truth is not None and not case.slots and case.state in PROVEN:
        return case.state  # a gold case that nobody ever read
    first = case.first.values()
    if len(first) < FIRST_READERS:
        return CaseState.WAITING
    if not all(slot.final for slot in first):
        return CaseState.READING
    said = by_readings(case)
    senior = case.senior
    apart = case.outlines is not None and not case.outlines.close
    if senior is not None and not senior.final:
        return CaseState.ARBITRATION
    if senior is None and (said is None or apart) and case.truth is None:
        return CaseState.AWAITING_SENIOR
    if case.truth is not None:
        right = said is not None and said.diagnosis is case.truth.diagnosis
        return CaseState.CONFIRMED if right else CaseState.OVERRIDDEN
    if said is None:
        raise ValueError("a senior's final reading always decides")
    return _AFTER[said.rule]


_AFTER = {
    Rule.TWO_AGREE: CaseState.AGREED,
    Rule.ARBITRATION: CaseState.ARBITRATED,
    Rule.DISPUTED: CaseState.DISPUTED,
}

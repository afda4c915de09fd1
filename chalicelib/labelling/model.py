"""A case and the assignments made of it: states, rules and values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum, auto
from random import Random
from typing import Any, Final

from chalicelib.platform.lesion_classes import MALIGNANT

FIRST_READERS: Final = 2
LEASE: Final = timedelta(days=3)
"""How long a reader has for one reading before the case is offered to another."""
PLACING: Final = timedelta(minutes=2)
"""When a claim that was not followed by its assignment is mended."""
WAITING_LOOK: Final = timedelta(minutes=5)
"""How often a case without two readers is offered again."""


class CaseState(StrEnum):
    WAITING = auto()
    """A slot is open: the case stands in the waiting index."""
    READING = auto()
    """Both first readers have it in hand."""
    WITHDRAWN = auto()
    """Its image was taken back; nobody reads it any more."""


class AssignmentState(StrEnum):
    OPEN = auto()
    EXPIRED = auto()
    WITHDRAWN = auto()


class Round(StrEnum):
    FIRST = auto()
    ARBITRATION = auto()


CASE_FOLLOWS: Final[Mapping[CaseState, frozenset[CaseState]]] = {
    CaseState.WAITING: frozenset({CaseState.READING, CaseState.WITHDRAWN}),
    CaseState.READING: frozenset({CaseState.WAITING, CaseState.WITHDRAWN}),
    CaseState.WITHDRAWN: frozenset(),
}
"""The transition table of a case; a lease that ends takes it back to waiting."""


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A reader's place in a case, and where its assignment is."""

    assignment_id: str
    leased_until: datetime


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All that a reader may know of a case beside its image."""

    kind: str
    site: str | None
    age: int | None
    sex: str | None


@dataclass(frozen=True, kw_only=True)
class Case:
    """One image to be read by two people who know neither the patient nor each other's opinion."""

    image_id: str
    state: CaseState
    created_at: datetime
    priority: float
    clean_key: str
    facts: Facts
    excluded: frozenset[str]
    """Accounts that must not read it: who uploaded it, and who treats the patient."""
    lapsed: frozenset[str] = frozenset()
    """Readers who let their lease end; others are asked first."""
    slots: Mapping[str, Slot] = field(default_factory=dict)
    """By account of the reader."""
    trace: str = ""
    """That of its image."""

    @property
    def open_slots(self) -> int:
        return 0 if self.state is CaseState.WITHDRAWN else FIRST_READERS - len(self.slots)

    def may_be_read_by(self, account_id: str) -> bool:
        """Whether this reader is independent of the case and has not been given it yet."""
        return account_id not in self.excluded and account_id not in self.slots


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """One reading owed by one reader, until `leased_until`."""

    assignment_id: str
    account_id: str
    image_id: str
    round: Round
    state: AssignmentState
    leased_until: datetime
    facts: Facts
    image_key: str
    """A copy made for this assignment, so that key, ETag and date do not identify the case."""


def priority(classification: Mapping[str, Any] | None) -> float:
    """How soon a case should be read, 0..1: the larger of danger and doubt.

    Danger is the model's probability of the malignant classes together; doubt, one minus its
    largest probability. A case without an opinion goes between.
    """
    if classification is None:
        return 0.5
    probabilities: Mapping[str, float] = classification["probabilities"]
    danger = sum(probabilities.get(name, 0.0) for name in MALIGNANT)
    doubt = 1 - max(probabilities.values())
    return min(1.0, max(danger, doubt))


def half_by_priority(waiting: Iterable[Case], room: int, draw: Random) -> list[Case]:
    """Choose cases for a hand with `room` places: half the most urgent, half at random.

    Early hand-out must not betray suspicion, so the hand is mixed and in random order.
    """
    ordered = sorted(waiting, key=lambda case: (-case.priority, case.created_at))
    urgent = ordered[: (room + 1) // 2]
    rest = ordered[len(urgent) :]
    hand = urgent + draw.sample(rest, min(len(rest), room - len(urgent)))
    return draw.sample(hand, len(hand))

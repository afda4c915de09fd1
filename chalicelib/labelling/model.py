"""A case and the assignments made of it: states, values, and what may follow what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum, auto
from typing import Any, Final

from chalicelib.labelling.ballots import Probe
from chalicelib.labelling.outlines import CLOSE
from chalicelib.labelling.proof import Truth
from chalicelib.labelling.reading import Reading

FIRST_READERS: Final = 2
LEASE: Final = timedelta(days=3)
"""How long a reader has for one reading before the case is offered to another."""
LONGEST_LEASE: Final = 4 * LEASE
"""How long he may have it in all, however often he asks for more time: no case starves."""
PLACING: Final = timedelta(minutes=2)
"""When a step that was not followed by the next one is mended."""
WAITING_LOOK: Final = timedelta(minutes=5)
"""How often a case is offered again that nobody is left for."""
BUSY_LOOK: Final = timedelta(hours=1)
"""How often one that readers have no room for: each of them pulls cases himself when he has."""


class CaseState(StrEnum):
    WAITING = auto()
    """A first reader is wanted."""
    READING = auto()
    """Both first readers have it in hand, or have read it."""
    AWAITING_SENIOR = auto()
    """The first two do not agree; a senior is wanted."""
    ARBITRATION = auto()
    """A senior has it in hand."""
    AGREED = auto()
    """The first two say the same."""
    ARBITRATED = auto()
    """The senior says the same as one of them."""
    DISPUTED = auto()
    """He does not. Histology or follow-up may settle it."""
    CONFIRMED = auto()
    """Histology or follow-up says what the readings said."""
    OVERRIDDEN = auto()
    """Histology or follow-up says what the readings did not."""
    WITHDRAWN = auto()
    """Its image was taken back; nobody reads it any more."""


WANTING: Final = frozenset({CaseState.WAITING, CaseState.AWAITING_SENIOR})
"""States in which a reader is looked for."""
UNFINISHED: Final = WANTING | {CaseState.READING, CaseState.ARBITRATION}
PROVEN: Final = frozenset({CaseState.CONFIRMED, CaseState.OVERRIDDEN})
CLOSED: Final = PROVEN | {CaseState.AGREED, CaseState.ARBITRATED, CaseState.DISPUTED}
"""States in which the readings are complete."""

_BY_READINGS: Final = frozenset(
    {*UNFINISHED, CaseState.AGREED, CaseState.ARBITRATED, CaseState.DISPUTED}
)
CASE_FOLLOWS: Final[Mapping[CaseState, frozenset[CaseState]]] = {
    CaseState.WAITING: frozenset({CaseState.READING, CaseState.WITHDRAWN}),
    # Where truth is known already, the second reading closes the case, whatever it says.
    CaseState.READING: frozenset(
        {CaseState.WAITING, CaseState.AWAITING_SENIOR, CaseState.AGREED, *PROVEN}
        | {CaseState.WITHDRAWN}
    ),
    CaseState.AWAITING_SENIOR: frozenset(
        {CaseState.ARBITRATION, CaseState.WAITING, *PROVEN, CaseState.WITHDRAWN}
    ),
    # Two who agree on the class may have drawn it so differently that a senior is asked.
    CaseState.ARBITRATION: frozenset(
        {CaseState.AWAITING_SENIOR, CaseState.WAITING, CaseState.ARBITRATED, CaseState.DISPUTED}
        | {CaseState.AGREED, *PROVEN, CaseState.WITHDRAWN}
    ),
    CaseState.AGREED: frozenset({*PROVEN, CaseState.WITHDRAWN}),
    CaseState.ARBITRATED: frozenset({*PROVEN, CaseState.WITHDRAWN}),
    CaseState.DISPUTED: frozenset({*PROVEN, CaseState.WITHDRAWN}),
    # A report that was entered for the wrong lesion is taken back: then the readings count again.
    CaseState.CONFIRMED: _BY_READINGS | {CaseState.OVERRIDDEN, CaseState.WITHDRAWN},
    CaseState.OVERRIDDEN: _BY_READINGS | {CaseState.CONFIRMED, CaseState.WITHDRAWN},
    CaseState.WITHDRAWN: frozenset(),
}
"""The transition table of a case; a lease that ends takes it back to waiting."""


class AssignmentState(StrEnum):
    OPEN = auto()
    """In the reader's hand."""
    READ = auto()
    """Submitted; it may be undone for a minute."""
    FINAL = auto()
    """Nothing changes it any more."""
    DECLINED = auto()
    EXPIRED = auto()
    """The lease ended, or its reader may not read the case after all."""
    WITHDRAWN = auto()


ASSIGNMENT_FOLLOWS: Final[Mapping[AssignmentState, frozenset[AssignmentState]]] = {
    AssignmentState.OPEN: frozenset(
        {AssignmentState.READ, AssignmentState.DECLINED, AssignmentState.EXPIRED}
        | {AssignmentState.WITHDRAWN}
    ),
    AssignmentState.READ: frozenset(
        {AssignmentState.OPEN, AssignmentState.FINAL, AssignmentState.EXPIRED}
        | {AssignmentState.WITHDRAWN}
    ),
    AssignmentState.FINAL: frozenset({AssignmentState.EXPIRED, AssignmentState.WITHDRAWN}),
    AssignmentState.DECLINED: frozenset({AssignmentState.WITHDRAWN}),
    AssignmentState.EXPIRED: frozenset({AssignmentState.WITHDRAWN}),
    AssignmentState.WITHDRAWN: frozenset(),
}


class Round(StrEnum):
    FIRST = auto()
    ARBITRATION = auto()


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A reader's place in a case, where its assignment is, and what he read."""

    assignment_id: str
    leased_until: datetime
    round: Round = Round.FIRST
    protocol: int = 1
    """The version of the labelling protocol that its reader had accepted."""
    reading: Reading | None = None
    """As it was submitted; without the outline, which stays with the assignment."""
    final: bool = False
    """The reading's undo minute is over."""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All that a reader may know of a case beside its image."""

    kind: str
    site: str | None
    age: int | None
    sex: str | None


@dataclass(frozen=True, kw_only=True)
class Outlines:
    """The outlines of the first two readers, compared."""

    dice: float
    merged: tuple[tuple[float, float], ...] | None = None
    """What they make together, once that is computed; None where they are too far apart."""

    @property
    def close(self) -> bool:
        """Whether they are of the same region; otherwise a senior is asked."""
        return self.dice >= CLOSE


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
    since: datetime | None = None
    """When it came into its state."""
    clinic_id: str = ""
    aspect: float = 1.0
    """Width of the picture over its height."""
    opinion: Mapping[str, Any] | None = None
    """Of the model that was active when the case was opened: `model` (name, version), `probabilities`,
    `top`, `abstained`. It stays when another model judges the image. No reader sees it."""
    lapsed: frozenset[str] = frozenset()
    """Readers who let their lease end; others are asked first."""
    declined: frozenset[str] = frozenset()
    """Readers who gave it back; they are not asked again."""
    slots: Mapping[str, Slot] = field(default_factory=dict)
    """By account of the reader."""
    outlines: Outlines | None = None
    truth: Truth | None = None
    no_reader_since: datetime | None = None
    """Since when nobody is left who may read it."""
    gold: bool = False
    """Its truth is known, and it is mixed into hands to see how good readers are."""
    probed: frozenset[str] = frozenset()
    """Readers who were given it as a probe."""
    announced: frozenset[str] = frozenset()
    """What others have been told of it."""
    trace: str = ""
    """That of its image."""
    writer: str = field(default="", compare=False)
    """The token of the last write, by which a change knows that none came between."""

    @property
    def first(self) -> dict[str, Slot]:
        """The places of the first readers."""
        return {a: slot for a, slot in self.slots.items() if slot.round is Round.FIRST}

    @property
    def senior(self) -> Slot | None:
        return next((s for s in self.slots.values() if s.round is Round.ARBITRATION), None)

    @property
    def wants(self) -> Round | None:
        """For which round a reader is looked for."""
        if self.state is CaseState.WAITING:
            return Round.FIRST
        return Round.ARBITRATION if self.state is CaseState.AWAITING_SENIOR else None

    @property
    def open_slots(self) -> int:
        """How many readers are looked for."""
        match self.wants:
            case Round.FIRST:
                return FIRST_READERS - len(self.first)
            case Round.ARBITRATION:
                return 1
        return 0

    def may_be_read_by(self, account_id: str) -> bool:
        """Whether this reader is independent of the case and has not been given it yet."""
        return account_id not in self.excluded | self.declined | set(self.slots)


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
    placed_at: datetime
    protocol: int
    probe: Probe | None = None
    """Set when the reading enters no verdict. Its reader cannot tell."""
    readings: tuple[Mapping[str, Any], ...] = ()
    """In arbitration: the first two, without names, in random order."""
    reading: Reading | None = None
    reason: str | None = None
    """Why its reader declined it."""

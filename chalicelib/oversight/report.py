"""The day's overview as it is stored and answered; `counting` makes it. Ids and counts alone."""

from enum import StrEnum, auto

from pydantic import Field

from chalicelib.platform.http.fields import Answer


class AttentionKind(StrEnum):
    """What needs a human, the most urgent first."""

    AUDIT_BROKEN = auto()
    """Records of the audit trail were changed or removed."""
    DEAD_LETTERS = auto()
    """Functions gave messages up."""
    OVERDUE = auto()
    """Something unfinished was not driven on for a quarter of an hour."""
    QUESTIONS_OVERDUE = auto()
    """Patients have asked, and no doctor has answered in time."""
    CASES_WITHOUT_READER = auto()
    """Nobody is left who may read them."""
    RELEASES_FAILED = auto()
    """The last release of a dataset could not be made."""
    REPORTS_LATE = auto()
    """Tests have waited for their report for half an hour, and the sweep asked again in vain."""
    HISTOLOGY_OVERDUE = auto()
    """Lesions have waited for the histology that was asked for, for over 30 days."""
    DUPLICATES_UNDECIDED = auto()
    """Pictures look like one photograph, and no curator has decided."""
    CASES_DISPUTED = auto()
    """Three readers do not agree; histology or follow-up may settle it."""
    LOOKS_UNDONE = auto()
    """Images that datasets would choose wait for a curator's look."""


class Counted(Answer):
    """So many, the oldest since then; with `more`, counting stopped and there are more."""

    count: int
    more: bool = False
    since: str | None = None


class Attention(Counted):
    """One thing that needs a human."""

    kind: AttentionKind


class OverdueCount(Counted):
    """Of one kind of record: `image`, `case`, `release`, …"""

    kind: str


class ImagesCount(Answer):
    """Images by state. Refused, abandoned and withdrawn ones are in no list, and not counted."""

    by_state: dict[str, int]
    without_look: int = Field(description="Accepted ones that no curator has looked at.")


class CasesCount(Answer):
    """Cases by state; of the open ones, how long they have waited since they were opened."""

    by_state: dict[str, int]
    open: int
    median_waited_seconds: float | None
    longest_waited_seconds: float | None


class LooksCount(Answer):
    """Images that the last preview of a dataset would choose, and nobody has looked at."""

    code: str
    waiting: int
    computed_at: str


class ReleaseCount(Answer):
    """A release that is being made, or that failed."""

    code: str
    release_id: str
    state: str
    since: str


class DeadCount(Answer):
    queue: str
    count: int


class SlowCounts(Answer):
    """What takes many reads, and is counted less often the more there is."""

    counted_at: str
    images: ImagesCount
    cases: CasesCount
    histology_overdue: Counted
    questions_overdue: Counted
    looks: list[LooksCount]


class Overview(Answer):
    """What needs a human today, and how everything stands."""

    computed_at: str
    attention: list[Attention] = Field(
        description="In order of urgency; empty: nothing needs anybody."
    )
    counts: SlowCounts
    cases_without_reader: Counted
    cases_disputed: Counted
    overdue: list[OverdueCount]
    duplicates_undecided: Counted
    releases_being_made: list[ReleaseCount]
    releases_failed: list[ReleaseCount]
    evaluations_awaiting_report: Counted
    reports_late: Counted
    dead_letters: list[DeadCount]
    audit_faults: int = Field(
        description="Found in the last round through the audit trail, and so far."
    )

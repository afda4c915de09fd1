"""A question about one lesion: what was answered, the first opinion, the doctor's advice, the deadline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto
from typing import Any, Final

from chalicelib.platform.labelled import Labelled

MAX_IMAGES: Final = 6
MOST_OPEN: Final = 10
"""Questions of one patient that wait for an answer."""
REMIND_EACH: Final = timedelta(days=1)
MOST_REMINDERS: Final = 14
"""Then the clinic has been told often enough; the question stays at the head of its list."""
MAX_CORRECTIONS: Final = 10
"""Of one advice."""


class QuestionState(StrEnum):
    OPEN = auto()
    ANSWERED = auto()


class Said(StrEnum):
    """A patient's answer to what he was asked."""

    YES = auto()
    NO = auto()
    UNKNOWN = auto()


class FirstAdvice(Labelled):
    """The first opinion; the most pressing first."""

    SEE_DOCTOR_SOON = (
        "see_doctor_soon",
        "Покажите врачу в ближайшие дни",
        "Show it to a doctor within days",
    )
    CANNOT_TELL = "cannot_tell", "По этим ответам сказать нельзя", "These answers do not tell"
    SHOW_AT_NEXT_VISIT = (
        "show_at_next_visit",
        "Покажите на следующем приёме",
        "Show it at the next visit",
    )


class Urgency(Labelled):
    """How soon the doctor wants to see the lesion."""

    URGENT = "urgent", "Срочно, в ближайшие дни", "Urgently, within days"
    SOON = "soon", "Скоро, в течение двух–трёх недель", "Soon, within two or three weeks"
    NEXT_VISIT = "next_visit", "На следующем плановом приёме", "At the next planned visit"
    WATCH = "watch", "Наблюдать и сфотографировать снова", "Watch, and photograph again"


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What the patient said of the lesion; `pain`, `new` and `unlike_others` may be left out."""

    itching: Said
    bleeding: Said
    growth: Said
    colour: Said
    pain: Said = Said.UNKNOWN
    new: Said = Said.UNKNOWN
    unlike_others: Said = Said.UNKNOWN


@dataclass(frozen=True, kw_only=True)
class Opinion:
    """The first opinion: the advice, the keys of its reasons, and the version of the rules."""

    advice: FirstAdvice
    reasons: tuple[str, ...]
    rules: str


@dataclass(frozen=True, kw_only=True)
class Advice:
    """What the doctor answered, as it stands; who answered first, when, and by which request."""

    advice_id: str
    urgency: Urgency
    text: str
    by: str
    answered_at: datetime
    fingerprint: str


@dataclass(frozen=True, kw_only=True)
class FormerAdvice:
    """Advice that a correction replaced, and when the patient had opened it, if he had."""

    urgency: Urgency
    text: str
    read_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Correction:
    """Who put the advice right, when, and what it was before."""

    at: datetime
    by: str
    was: FormerAdvice


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question, from asking to reading the advice."""

    question_id: str
    patient_id: str
    clinic_id: str
    lesion_id: str
    site: str
    asked_by: str
    asked_at: datetime
    answer_by: datetime
    answers: Answers
    text: str | None
    image_ids: Sequence[str]
    measured: Mapping[str, Any] | None
    """What the circles of the lesion's images told: `last`, `since_first`, `since_last`."""
    opinion: Opinion
    fingerprint: str
    trace: str
    advice: Advice | None = None
    read_at: datetime | None = None
    """When the patient opened the advice as it stands."""
    history: tuple[Correction, ...] = ()
    """Corrections of the advice, oldest first."""
    reminders: int = 0
    """How often the clinic was told that the answer is overdue."""

    @property
    def revision(self) -> int:
        """Of the advice: 1 as it was given, one more with each correction."""
        return len(self.history) + 1

    @property
    def corrected_at(self) -> datetime | None:
        """When the advice was corrected last."""
        return self.history[-1].at if self.history else None

    @property
    def state(self) -> QuestionState:
        return QuestionState.ANSWERED if self.advice else QuestionState.OPEN

    @property
    def unread(self) -> bool:
        """Whether there is advice that the patient has not opened."""
        return self.advice is not None and self.read_at is None

    def overdue(self, now: datetime) -> bool:
        """Whether the advice should have come by now."""
        return self.advice is None and now >= self.answer_by

    def looked_at_next(self) -> datetime | None:
        """When the sweep looks at it again; never, once it is answered or was told of often enough."""
        if self.advice is not None or self.reminders >= MOST_REMINDERS:
            return None
        return self.answer_by + self.reminders * REMIND_EACH

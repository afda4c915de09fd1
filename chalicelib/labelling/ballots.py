"""What a case says to the statistics: who read it as what, what was decided, what proved true."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto

from chalicelib.platform.lesion_classes import LesionClass


class Probe(StrEnum):
    """Why somebody was given a case whose verdict he does not share in."""

    GOLD = auto()
    """Its truth is known: how good is he?"""
    CONSISTENCY = auto()
    """He read it before: does he say the same?"""


class Quality(StrEnum):
    """What a reader says of the image itself."""

    GOOD = auto()
    POOR = auto()
    UNUSABLE = auto()


def said(diagnosis: LesionClass, quality: Quality) -> LesionClass | None:
    """The diagnosis that a reading stands for; None where its reader does not know, or could not see."""
    if diagnosis is LesionClass.UNKNOWN or quality is Quality.UNUSABLE:
        return None
    return diagnosis


@dataclass(frozen=True, kw_only=True)
class Vote:
    """One final reading, as far as the statistics go."""

    account_id: str
    diagnosis: LesionClass
    quality: Quality
    at: datetime
    seconds: float | None = None
    """How long it took, where that is known."""
    arbitration: bool = False
    """A senior's, who had seen both first readings."""
    probe: Probe | None = None
    """Set on a reading that enters no verdict."""

    @property
    def says(self) -> LesionClass | None:
        """As `Reading.says`: None where its reader does not know, or could not see."""
        return said(self.diagnosis, self.quality)


@dataclass(frozen=True, kw_only=True)
class Ballot:
    """One case whose readings are complete, or whose truth is known."""

    image_id: str
    clinic_id: str
    opened_at: datetime
    closed_at: datetime
    votes: tuple[Vote, ...]
    verdict: LesionClass | None
    """What the readings alone make of it; None where they are disputed or not complete."""
    rule: str
    """How: `two_agree`, `arbitration`, `disputed`; empty where the readings are not complete."""
    truth: LesionClass | None = None
    """What histology or follow-up says, which outranks the readings."""
    probabilities: Mapping[str, float] | None = None
    """The model's, by class, where it was asked."""
    abstained: bool = False
    """The model answered `unknown`."""
    model: tuple[str, str] | None = None
    """Name and version of that model; None in cases from before these were noted."""

"""What datasets and their releases are called, what may follow what, and how versions are numbered."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from chalicelib.platform.labelled import Labelled


class Purpose(Labelled):
    """What a dataset is for: the second paper's purposes."""

    SELF_TEST = (
        "self_test",
        "самотестирование (функциональное тестирование)",
        "self-test (functional)",
    )
    CLINICAL_TEST = (
        "clinical_test",
        "клиническое испытание (калибровочное тестирование)",
        "clinical test (calibration)",
    )
    TRAINING = "training", "машинное обучение", "machine learning"
    ADDITIONAL_TRAINING = "additional_training", "дообучение", "additional training"
    DYNAMIC = "dynamic", "динамическое наблюдение", "change over time"
    TECHNICAL_DEFECTS = "technical_defects", "технические дефекты", "technical defects"


class Access(Labelled):
    """Who may have a release."""

    PUBLIC = "public", "открытый", "public"
    CONTROLLED = "controlled", "по соглашению", "controlled, by agreement"
    HIDDEN = "hidden", "скрытый, только для тестирования", "hidden, for tests only"


FEWEST_PATIENTS: Final[Mapping[Access, int]] = {
    Access.PUBLIC: 11,
    Access.CONTROLLED: 5,
    Access.HIDDEN: 1,
}
"""k: at least so many patients share every combination of quasi-identifiers in a release. Nobody reads a
hidden one."""


class ReleaseState(StrEnum):
    """How far a release is."""

    REQUESTED = "requested"
    """Its units are to be chosen and its manifest frozen."""
    BUILDING = "building"
    """The manifest is frozen; workers write the shards."""
    DOCUMENTING = "documenting"
    """All shards are there; tables, documents and sums are written."""
    PUBLISHED = "published"
    DEPRECATED = "deprecated"
    """Still there, with the advice to use another."""
    TAKEN_DOWN = "taken_down"
    """Consent was taken back: nothing readable remains but sums and a tombstone."""
    FAILED = "failed"
    """It selects nobody, or contradicts itself: a sentence says why."""


FOLLOWS: Final[Mapping[ReleaseState, frozenset[ReleaseState]]] = {
    ReleaseState.REQUESTED: frozenset({ReleaseState.BUILDING, ReleaseState.FAILED}),
    # Back to the choice of units when a patient took the consent back meanwhile.
    ReleaseState.BUILDING: frozenset(
        {ReleaseState.DOCUMENTING, ReleaseState.REQUESTED, ReleaseState.FAILED}
    ),
    ReleaseState.DOCUMENTING: frozenset(
        {ReleaseState.PUBLISHED, ReleaseState.REQUESTED, ReleaseState.FAILED}
    ),
    ReleaseState.PUBLISHED: frozenset({ReleaseState.DEPRECATED, ReleaseState.TAKEN_DOWN}),
    ReleaseState.DEPRECATED: frozenset({ReleaseState.TAKEN_DOWN}),
    ReleaseState.TAKEN_DOWN: frozenset(),
    ReleaseState.FAILED: frozenset(),
}
"""The transition table. Nothing else decides what may follow what."""

READABLE: Final = frozenset({ReleaseState.PUBLISHED, ReleaseState.DEPRECATED})
UNFINISHED: Final = frozenset(
    {ReleaseState.REQUESTED, ReleaseState.BUILDING, ReleaseState.DOCUMENTING}
)


@dataclass(frozen=True, order=True)
class Version:
    """`MAJOR.MINOR.PATCH`, by the second paper's rule (`versions.py`)."""

    major: int
    minor: int
    patch: int

    @classmethod
    def read(cls, text: str) -> Self:
        """Raises ValueError for anything but three whole numbers with dots."""
        major, minor, patch = (int(part) for part in text.split("."))
        return cls(major, minor, patch)

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"


FIRST: Final = Version(1, 0, 0)

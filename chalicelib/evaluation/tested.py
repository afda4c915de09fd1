"""What a test knows of one unit: its label, and what the service under test answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Self

DEFECT: Final = "defect"
POSITIVE: Final = "positive"


class Kind(StrEnum):
    """The two kinds of test, each held a first time (I) and again (II)."""

    FUNCTIONAL = "FT"
    CALIBRATION = "KlT"

    @classmethod
    def of(cls, test: str) -> Self:
        """The kind of `FT-I`, `FT-II`, `KlT-I`, `KlT-II`. Raises `ValueError` for any other."""
        name, _, part = test.partition("-")
        if part not in ("I", "II"):
            raise ValueError(f"not a test: {test}")
        return cls(name)


@dataclass(frozen=True, kw_only=True)
class TestedUnit:
    """One unit of a hidden set, once the service is done with it.

    Neither answered nor refused means that the time ran out: `probabilities` None, `refused` False.
    """

    __test__ = False
    """Not for pytest to collect."""

    unit_id: str
    class_key: str
    """Which of the plan's classes it is in."""
    diagnosis: str
    """One of the nine, or `technical_defect`."""
    role: str
    """That of its class: `positive`, `negative`, `defect`."""
    probabilities: Mapping[str, float] | None
    """By diagnosis; what is not named is 0."""
    refused: bool
    seconds: float | None
    """From the unit's being handed out to its answer, by our clock; None where that was not measured."""
    quasi: Mapping[str, str | None] = field(default_factory=dict)
    """`age`, `sex`, `site`, `skin_type` as in the manifest; None is not recorded."""
    device: str | None = None
    """Make and model, where they are told."""
    readings: Sequence[Mapping[str, Any]] = ()
    """Of experts, as in the manifest: at least `reader` (an alias) and `diagnosis`."""

    @property
    def is_defect(self) -> bool:
        return self.role == DEFECT

    @property
    def is_positive(self) -> bool:
        return self.role == POSITIVE

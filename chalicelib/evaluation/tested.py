"""What a test knows of one unit: its label, and what the service under test answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chalicelib.datasets.planning.plan import Role


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
        return self.role == Role.DEFECT

    @property
    def is_positive(self) -> bool:
        return self.role == Role.POSITIVE

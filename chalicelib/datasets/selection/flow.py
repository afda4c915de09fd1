"""The flow of a selection: after each step, how many images and patients are left."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from chalicelib.platform.language import Text


class OfPatient(Protocol):
    @property
    def patient_id(self) -> str: ...


T = TypeVar("T", bound=OfPatient)


@dataclass
class Flow:
    """Counts what each step drops, with the reason, for the flow diagram (STARD's, after CONSORT)."""

    steps: list[dict[str, Any]] = field(default_factory=list)

    def begin(self, everything: Sequence[OfPatient]) -> None:
        title = Text("Все принятые снимки", "All accepted images")
        self._note("all", title, Text("", ""), 0, everything)

    def keep(
        self, step: str, title: Text, reason: Text, before: Sequence[T], kept: Iterable[T]
    ) -> list[T]:
        """Note what `kept` leaves of `before`; it as a list."""
        left = list(kept)
        self._note(step, title, reason, len(before) - len(left), left)
        return left

    def _note(
        self, step: str, title: Text, reason: Text, dropped: int, left: Sequence[OfPatient]
    ) -> None:
        self.steps.append(
            {
                "step": step,
                "title": title._asdict(),
                "reason": reason._asdict(),
                "dropped": dropped,
                "left": len(left),
                "patients_left": len({one.patient_id for one in left}),
            }
        )

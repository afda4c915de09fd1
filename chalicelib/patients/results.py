"""Histology as a lesion knows it: each result in brief, and which of them says what the lesion is.

The results themselves, with their reports and corrections, belong to the histology part.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from chalicelib.platform.clock import moment, timestamp
from chalicelib.platform.lesion_classes import LesionClass


@dataclass(frozen=True, kw_only=True)
class Result:
    """One histology result of a lesion."""

    histology_id: str
    diagnosis: LesionClass
    """`UNKNOWN`: inconclusive, or none of the eight classes."""
    reported_on: date
    recorded_at: datetime
    revision: int
    """Of the result itself; an older one never replaces a newer one."""
    taken_back: bool = False
    """It was entered for the wrong lesion, and stays for its history only."""

    @property
    def confirms(self) -> bool:
        """Whether it says which of the eight classes the lesion is."""
        return not self.taken_back and self.diagnosis is not LesionClass.UNKNOWN

    def answers(self, *, examined_on: date, asked_at: datetime) -> bool:
        """Whether it is what a survey asked for: reported since the examination, or recorded since
        the survey was entered."""
        late_enough = self.reported_on >= examined_on or self.recorded_at >= asked_at
        return not self.taken_back and late_enough

    def is_shown(self, *, taken_on: date | None, came_at: datetime) -> bool:
        """Whether a photograph shows what was examined: after the report there may be a scar.

        One without a day does when it came before the result was recorded.
        """
        if taken_on is None:
            return came_at <= self.recorded_at
        return taken_on <= self.reported_on


def confirmed(results: Iterable[Result]) -> Result | None:
    """The result that stands: of those that confirm a diagnosis, the one reported last, and of
    several of one day the one recorded last."""
    return max(
        (result for result in results if result.confirms),
        key=lambda result: (result.reported_on, result.recorded_at, result.histology_id),
        default=None,
    )


def result_item(result: Result) -> dict[str, Any]:
    return {
        "diagnosis": result.diagnosis.value,
        "reported_on": result.reported_on.isoformat(),
        "recorded_at": timestamp(result.recorded_at),
        "revision": result.revision,
        **({"taken_back": True} if result.taken_back else {}),
    }


def read_result(histology_id: str, item: dict[str, Any]) -> Result:
    return Result(
        histology_id=histology_id,
        diagnosis=LesionClass(item["diagnosis"]),
        reported_on=date.fromisoformat(item["reported_on"]),
        recorded_at=moment(item["recorded_at"]),
        revision=item["revision"],
        taken_back=item.get("taken_back", False),
    )

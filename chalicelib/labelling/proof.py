"""What outranks every reading: a diagnosis confirmed by histology or by follow-up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto
from typing import Any, Self

from chalicelib.platform.clock import moment, timestamp
from chalicelib.platform.lesion_classes import LesionClass


class Proof(StrEnum):
    """What proves a diagnosis, at level `high`."""

    HISTOLOGY = auto()
    FOLLOW_UP = auto()


@dataclass(frozen=True, kw_only=True)
class Truth:
    """A confirmed diagnosis of a lesion."""

    diagnosis: LesionClass
    by: Proof
    record_id: str
    """The report, or the follow-up, that it stands in."""
    at: datetime
    """When it was recorded or corrected."""

    @classmethod
    def of_label(cls, label: Mapping[str, Any], *, otherwise_at: datetime) -> Self:
        """What a label of level `high` stands on. An archive's own has neither record nor time."""
        return cls(
            diagnosis=LesionClass(label["diagnosis"]),
            by=Proof(label["rule"]),
            record_id=label.get("record_id", ""),
            at=moment(label["at"]) if "at" in label else otherwise_at,
        )

    @property
    def label(self) -> dict[str, Any]:
        """As it stands on an image."""
        return {
            "diagnosis": self.diagnosis.value,
            "rule": self.by.value,
            "verification": "high",
            "retrospective": False,
            "record_id": self.record_id,
            "at": timestamp(self.at),
        }

"""What outranks every reading: a diagnosis confirmed by histology or by follow-up.

It becomes the label of the image at level `high`. The case, where there is one, learns it too: its
readers and the model are scored by it.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto
from typing import Any

from chalicelib.images.store import ImageStore
from chalicelib.platform.clock import timestamp
from chalicelib.platform.lesion_classes import LesionClass
from chalicelib.platform.runtime import Platform


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


def confirm(platform: Platform, image_id: str, truth: Truth) -> bool:
    """Make `truth` the label of an image; of several, the one recorded last stands.

    Doing it again changes nothing more. False while the image is still on its way to be classified,
    and cannot be labelled yet; True once nothing is left to do, also where it is withdrawn, rejected
    or gone.
    """
    return ImageStore(platform.cases).confirm(image_id, truth.label, now=platform.clock.now())

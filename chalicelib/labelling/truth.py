"""What outranks every reading: a diagnosis confirmed by histology or by follow-up.

It becomes the label of the image at level `high`. The case, where there is one, learns it too: its
readers and the model are scored by it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto
from typing import Any, Final

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


RETRACTED_QUEUED_BY: Final = timedelta(minutes=5)
"""When an image that waits for readers again is queued for them, if nobody has."""


def retract(platform: Platform, image_id: str, record_id: str) -> None:
    """Take back what the record `record_id` confirmed of an image: its label from there goes, and the
    image is in the state that it had before. Doing it again changes nothing more, and neither is
    anything changed of an image whose label came from elsewhere.
    """
    now = platform.clock.now()
    ImageStore(platform.cases).retract(
        image_id, record_id, now=now, queued_by=now + RETRACTED_QUEUED_BY
    )

"""Imports, the images that come with them, and the labels that they bring."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto
from typing import Any, Final

from chalicelib.images.model import Capture, Declared, Kind
from chalicelib.platform.ids import Ids
from chalicelib.platform.lesion_classes import LesionClass


class Confirmation(StrEnum):
    """How an archive's diagnosis was confirmed."""

    HISTOLOGY = auto()
    CONFOCAL = auto()
    FOLLOW_UP = auto()
    CONSENSUS = auto()
    DOCUMENT = auto()


VERIFICATION: Final[Mapping[Confirmation, tuple[str, str]]] = {
    Confirmation.HISTOLOGY: ("histology", "high"),
    Confirmation.FOLLOW_UP: ("follow_up", "high"),
    Confirmation.CONFOCAL: ("document", "medium"),
    Confirmation.CONSENSUS: ("document", "medium"),
    Confirmation.DOCUMENT: ("document", "low"),
}
"""By way of confirmation: a verdict's rule, and its level of verification."""


@dataclass(frozen=True, kw_only=True)
class Import:
    """One archive: where its images are from, and what allows to keep and to show them."""

    import_id: str
    name: str
    legal_basis: str
    licence: str
    attribution: str
    created_at: datetime
    created_by: str
    fingerprint: str
    """Of the request that opened it; a repetition is told from another request by it."""

    @property
    def clinic_id(self) -> str:
        return clinic_of(self.import_id)


def clinic_of(import_id: str) -> str:
    """The clinic of everything in an import: one that no account belongs to."""
    return f"import-{import_id}"


@dataclass(frozen=True, kw_only=True)
class RetrospectiveLabel:
    """A diagnosis that an archive brings, and how it was confirmed there."""

    diagnosis: LesionClass
    confirmed_by: Confirmation

    def verdict(self) -> dict[str, Any]:
        """The label as it stands on the image."""
        rule, verification = VERIFICATION[self.confirmed_by]
        return {
            "diagnosis": self.diagnosis.value,
            "rule": rule,
            "verification": verification,
            "retrospective": True,
            "confirmed_by": self.confirmed_by.value,
        }


@dataclass(frozen=True, kw_only=True)
class External:
    """The ids of an image, its lesion and its patient in the archive. They are private."""

    image: str
    lesion: str | None
    patient: str | None


@dataclass(frozen=True, kw_only=True)
class Told:
    """All that a request tells of one archived image; None is what the archive did not record."""

    external: External
    survey: Mapping[str, Any]
    label: RetrospectiveLabel | None
    to_labelling: bool
    kind: Kind
    declared: Declared
    capture: Capture


@dataclass(frozen=True, kw_only=True)
class DerivedIds:
    """Our ids for what the archive names. The same names always give the same ids, so that nothing
    of one import can enter twice."""

    image_id: str
    lesion_id: str
    patient_id: str


def derive(ids: Ids, import_id: str, external: External) -> DerivedIds:
    """Without a patient's id he is known by his lesion alone; without a lesion's, it by its image.

    A lesion's name counts within its patient, since archives number lesions from 1 for each.
    """
    image = ("image", external.image)
    lesion = ("lesion", external.lesion) if external.lesion is not None else image
    patient = ("patient", external.patient) if external.patient is not None else lesion
    return DerivedIds(
        image_id=ids.derived("import-image", import_id, *image),
        lesion_id=ids.derived("import-lesion", import_id, *patient, *lesion),
        patient_id=ids.derived("import-patient", import_id, *patient),
    )

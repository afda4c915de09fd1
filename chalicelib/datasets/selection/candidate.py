"""One image that a dataset may choose, as far as choosing it goes: about a kilobyte, without its readings."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Any, Final

from chalicelib.datasets.looks.model import Look
from chalicelib.datasets.model import Access
from chalicelib.datasets.planning.conditions import plain
from chalicelib.datasets.selection.balance import device_of
from chalicelib.images.model import State

OWN_SOURCE: Final = "clinics"
"""The source of every image that came from a clinic of the platform. No release says from which one: a
clinic tells where its patient lives."""
PATIENTS_OWN: Final = ("age", "sex", "site", "skin_type")
"""Of the survey, what may tell who somebody is: the quasi-identifiers."""


class Consent(StrEnum):
    """What allows to use an image."""

    PUBLICATION = auto()
    """The patient agreed to publication, and hence to research."""
    RESEARCH = auto()
    LEGAL_BASIS = auto()
    """An archive's own."""
    NONE = auto()
    WITHDRAWN = auto()


def suffices(consent: Consent, access: Access) -> bool:
    """Whether what the patient or the archive allowed is enough for a release of this access."""
    if consent is Consent.RESEARCH:
        return access is Access.HIDDEN
    return consent in {Consent.PUBLICATION, Consent.LEGAL_BASIS}


def of_sources(wanted: Collection[str], clinic_id: str, source: str) -> bool:
    """Whether an image is from the sources that a plan names; it names none for all."""
    return not wanted or clinic_id in wanted or source in wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One accepted image with what is known of it. None is not recorded."""

    image_id: str
    lesion_id: str
    patient_id: str
    clinic_id: str
    state: State
    kind: str
    source: str
    """`OWN_SOURCE`, or the id of an import."""
    licence: str | None = None
    """Of the archive, in its own words; of a clinic's images none."""
    consent: Consent = Consent.NONE
    label: Mapping[str, Any] | None = None
    look: Look | None = None
    age: int | None = None
    sex: str | None = None
    site: str | None = None
    skin_type: str | None = None
    survey: Mapping[str, Any] | None = None
    """The further answers of the survey, as far as recorded; the doctor's guess as `clinical_diagnosis`."""
    capture: Mapping[str, Any] | None = None
    width: int = 0
    height: int = 0
    pixel_hash: str = ""
    quality: str | None = None
    """The worst that a reader said of the image: `good`, `poor` or `unusable`."""
    former_patients: tuple[str, ...] = ()
    """Ids of patients who turned out to be this one."""
    filed_under: str = ""
    """The patient whom the image itself names: this one, or one who turned out to be."""

    @property
    def device(self) -> str | None:
        """Make and model, where told, as conditions compare them too: one device is written in many ways."""
        told = device_of(self.capture or {})
        return plain(told) if told else None

    @property
    def settled(self) -> bool:
        """Whether it has a label that nobody is about to change."""
        return self.label is not None and self.state in {State.LABELLED, State.CLASSIFIED}

    def fact(self, field: str) -> Any:
        """What a condition on this field is put to; None where it is not recorded. Conditions are many, and
        candidates more, so no other field is looked up."""
        match field:
            case "age" | "sex" | "site" | "skin_type" | "kind" | "width" | "height":
                return getattr(self, field)
            case "image_quality":
                return self.quality
            case "device_make" | "device_model":
                device = (self.capture or {}).get("device") or {}
                return device.get(field.removeprefix("device_"))
            case "pixel_spacing_mm" | "contact" | "polarized":
                return (self.capture or {}).get(field)
            case "diagnosis" | "verification" | "rule" | "retrospective" | "confirmed_by":
                return (self.label or {}).get(field)
            case _:
                return (self.survey or {}).get(field)

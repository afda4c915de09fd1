"""One image that a dataset may choose, as far as choosing it goes: about a kilobyte, without its readings."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Any, Final

from chalicelib.datasets.looks.model import Look
from chalicelib.datasets.model import Access
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

    @property
    def device(self) -> str | None:
        """Make and model, where told."""
        return device_of(self.capture or {})

    @property
    def settled(self) -> bool:
        """Whether it has a label that nobody is about to change."""
        return self.label is not None and self.state in {State.LABELLED, State.CLASSIFIED}

    def facts(self) -> dict[str, Any]:
        """What conditions are put to, by the names of their fields; what is not recorded is missing."""
        capture, label = self.capture or {}, self.label or {}
        device = capture.get("device") or {}
        told = {
            **(self.survey or {}),
            **{name: getattr(self, name) for name in PATIENTS_OWN},
            **{name: getattr(self, name) for name in ("kind", "width", "height")},
            **{name: capture.get(name) for name in ("pixel_spacing_mm", "contact", "polarized")},
            "device_make": device.get("make"),
            "device_model": device.get("model"),
            "image_quality": self.quality,
            **{name: label.get(name) for name in LABEL_FACTS},
        }
        return {name: value for name, value in told.items() if value is not None}


LABEL_FACTS: Final = ("diagnosis", "verification", "rule", "retrospective", "confirmed_by")
"""Of the label."""

"""The tables of a release, a unit at a time: `metadata.csv`, `readings.csv`, `splits.csv`, `privacy.csv`."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from chalicelib.datasets.manifest import Manifest, Unit
from chalicelib.datasets.releases.cells import Cell
from chalicelib.datasets.releases.crosswalk import (
    LEVELS,
    age_approx,
    class_of,
    confirm_type,
    dermoscopic_type,
    diagnosis_levels,
    family_melanoma,
    image_type,
    skin_type,
)
from chalicelib.datasets.releases.crosswalk import SITES as ISIC_SITES
from chalicelib.patients import icd10
from chalicelib.patients.survey import printed_fields

QUASI: Final = ("age", "sex", "site", "skin_type")
NOT_RELEASED: Final = frozenset({*QUASI, "examined_on", "diagnosis"})
"""Fields of the survey that have no column of their own name: quasi-identifiers have one of ours, a day is
never told, and the doctor's diagnosis is what the label replaces."""
SURVEY: Final = tuple(name for name, _ in printed_fields() if name not in NOT_RELEASED)

ISIC_COLUMNS: Final = (
    "isic_id",
    "attribution",
    "copyright_license",
    "acquisition_day",
    "age_approx",
    "anatom_site_general",
    "dermoscopic_type",
    *(f"diagnosis_{level}" for level in range(1, LEVELS + 1)),
    "diagnosis_confirm_type",
    "family_hx_mm",
    "fitzpatrick_skin_type",
    "image_type",
    "lesion_id",
    "patient_id",
    "pixels_x",
    "pixels_y",
    "sex",
)
OWN_COLUMNS: Final = (
    "rodinka_file",
    "rodinka_split",
    "rodinka_class",
    "rodinka_diagnosis",
    "rodinka_icd10",
    "rodinka_verification",
    "rodinka_rule",
    "rodinka_retrospective",
    "rodinka_readings",
    "rodinka_agreement",
    "rodinka_age",
    "rodinka_site",
    "rodinka_skin_type",
    "rodinka_source",
    "rodinka_device_make",
    "rodinka_device_model",
    "rodinka_pixel_spacing_mm",
    *(f"rodinka_{name}" for name in SURVEY),
)
METADATA: Final = (*ISIC_COLUMNS, *OWN_COLUMNS)
READINGS: Final = (
    "isic_id",
    "reader",
    "round",
    "diagnosis",
    "differential",
    "confidence",
    "image_quality",
    "seconds",
    "protocol",
)
SPLITS: Final = ("isic_id", "split", "class", "patient_id")
PRIVACY: Final = (*QUASI, "patients")


def metadata_row(manifest: Manifest, unit: Unit, file: str) -> list[Cell]:
    """A unit in ISIC's columns, and in ours. `file` is where its image stands."""
    source = manifest.sources[unit.source]
    levels = diagnosis_levels(unit.diagnosis)
    label, quasi, capture = unit.label, unit.quasi, unit.capture
    device = capture.get("device") or {}
    return [
        unit.unit_id,
        source.attribution,
        licence_of(manifest),
        unit.day,
        age_approx(quasi.get("age")),
        ISIC_SITES.get(quasi.get("site") or ""),
        dermoscopic_type(capture) if unit.image_type == "dermoscopic" else None,
        *levels,
        confirm_type(label),
        family_melanoma(unit.survey),
        skin_type(quasi.get("skin_type")),
        image_type(unit.image_type),
        unit.released_lesion_id,
        unit.released_patient_id,
        unit.width,
        unit.height,
        quasi.get("sex"),
        file,
        unit.split,
        unit.class_key,
        unit.diagnosis,
        codes_of(unit.diagnosis),
        label.get("verification"),
        label.get("rule"),
        label.get("retrospective"),
        len(unit.readings),
        agreement(unit),
        quasi.get("age"),
        quasi.get("site"),
        quasi.get("skin_type"),
        unit.source,
        device.get("make"),
        device.get("model"),
        capture.get("pixel_spacing_mm"),
        *(unit.survey.get(name) for name in SURVEY),
    ]


def reading_rows(unit: Unit) -> Iterator[list[Cell]]:
    """Every reading that entered the unit's verdict."""
    for reading in unit.readings:
        yield [
            unit.unit_id,
            reading.get("reader"),
            reading.get("round"),
            reading.get("diagnosis"),
            reading.get("differential"),
            reading.get("confidence"),
            reading.get("quality"),
            reading.get("seconds"),
            reading.get("protocol"),
        ]


def split_row(unit: Unit) -> list[Cell]:
    return [unit.unit_id, unit.split, unit.class_key, unit.released_patient_id]


def privacy_rows(table: Iterable[Mapping[str, Any]]) -> Iterator[list[Cell]]:
    """Each combination of quasi-identifiers with how many patients share it."""
    for row in table:
        yield [row.get(name) for name in PRIVACY]


def agreement(unit: Unit) -> float | None:
    """The share of the unit's readings that say what its label says; None without readings."""
    if not unit.readings:
        return None
    agreed = len([one for one in unit.readings if one.get("diagnosis") == unit.diagnosis])
    return round(agreed / len(unit.readings), 4)


def codes_of(diagnosis: str) -> tuple[str, ...]:
    """ICD-10 codes of one of the nine; none of a technical defect."""
    known = class_of(diagnosis)
    return icd10.OF_CLASS[known] if known else ()


def licence_of(manifest: Manifest) -> str:
    """The SPDX identifier of the release's licence."""
    return str(manifest.plan["licence"])

"""A plan as a working group would write it, with changes by whoever needs them."""

from typing import Any, Final

from chalicelib.datasets.planning.plan import Plan
from chalicelib.platform.http.fields import read_form


def both(text: str) -> dict[str, str]:
    return {"ru": f"{text} (рус.)", "en": text}


def a_class(key: str, role: str, *diagnoses: str, **more: Any) -> dict[str, Any]:
    return {
        "key": key,
        "title": both(key.capitalize()),
        "diagnoses": list(diagnoses),
        "role": role,
        "requirements": both(f"What shows {key}"),
        **more,
    }


def condition(field: str, operator: str, value: Any = None) -> dict[str, Any]:
    return {"field": field, "operator": operator, "value": value}


MELANOMA: Final = a_class("melanoma", "positive", "melanoma", units=40)
BENIGN: Final = a_class("benign", "negative", "nevus", "benign_keratosis", units=160)
DEFECT: Final = a_class("defect", "defect")

CALIBRATION: Final[dict[str, Any]] = {
    "name": both("Melanoma among moles"),
    "abstract": both("Dermoscopic images for calibration tests."),
    "clinical_task": both("Tell melanoma from benign lesions."),
    "clinical_use": both("Fewer excisions of moles."),
    "data_security": both("No personal data leave the platform."),
    "features": [both("Probability of melanoma")],
    "working_group": [{"name": "A. Petrova", "task": "clinician", "orcid": "0000-0002-1825-0097"}],
    "purpose": "clinical_test",
    "access": "hidden",
    "licence": "LicenseRef-Agreement",
    "target": "MELANOMA",
    "classes": [MELANOMA, BENIGN],
    "inclusion": [condition("age", "at_least", 18)],
    "exclusion": [condition("image_quality", "is", ["poor", "unusable"])],
    "units": 200,
    "seed": "2026-1",
}
TRAINING: Final[dict[str, Any]] = {
    **CALIBRATION,
    "purpose": "training",
    "access": "public",
    "licence": "CC-BY-4.0",
    "splits": [{"name": "train", "share": 0.8}, {"name": "test", "share": 0.2}],
}


def plan_form(base: dict[str, Any] = CALIBRATION, **changes: Any) -> dict[str, Any]:
    return {**base, **changes}


def plan(base: dict[str, Any] = CALIBRATION, **changes: Any) -> Plan:
    """The plan as a request's body would be read."""
    return read_form(Plan, plan_form(base, **changes))

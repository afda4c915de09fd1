"""Plans and candidates as the tests of choosing want them."""

import hashlib
from typing import Any

from chalicelib.datasets.looks.model import Look
from chalicelib.datasets.planning.plan import Plan
from chalicelib.datasets.selection.candidate import OWN_SOURCE, Candidate, Consent
from chalicelib.datasets.selection.selected import Context, Selection
from chalicelib.datasets.selection.selecting import screen, select
from chalicelib.images.model import State

BOTH = {"ru": "Слова", "en": "Words"}


def planned_class(key: str, *diagnoses: str, role: str = "negative", **of: Any) -> dict[str, Any]:
    return {
        "key": key,
        "title": BOTH,
        "diagnoses": list(diagnoses or (key,)),
        "role": role,
        "requirements": BOTH,
        **of,
    }


MELANOMA = planned_class("melanoma", role="positive")
NEVUS = planned_class("nevus")
DEFECT = planned_class("defect", role="defect") | {"diagnoses": []}


def plan(**of: Any) -> Plan:
    """A public set of melanomas and nevi, with changes."""
    texts = ("name", "abstract", "clinical_task", "clinical_use", "data_security")
    told = {
        **dict.fromkeys(texts, BOTH),
        "features": [BOTH],
        "working_group": [{"name": "A. B.", "task": "clinician"}],
        "purpose": "training",
        "access": "public",
        "licence": "CC-BY-NC-4.0",
        "target": "MELANOMA",
        "classes": [MELANOMA, NEVUS],
        "units": 10_000,
        "seed": "seed",
        **of,
    }
    return Plan.model_validate(told)


def candidate(name: str, **of: Any) -> Candidate:
    """A nevus that may be in any dataset: looked at, published, verified by experts."""
    told = {
        "image_id": name,
        "lesion_id": f"lesion-{name}",
        "patient_id": f"patient-{name}",
        "clinic_id": "clinic1",
        "state": State.LABELLED,
        "kind": "dermoscopic",
        "source": OWN_SOURCE,
        "consent": Consent.PUBLICATION,
        "label": label("nevus"),
        "look": Look.CLEAR,
        "age": 52,
        "sex": "female",
        "site": "torso",
        "skin_type": "II",
        "survey": {"hair": "brown"},
        "capture": {"device": {"make": "Heine", "model": "Delta"}},
        "pixel_hash": hashlib.sha256(name.encode()).hexdigest(),
        **of,
    }
    return Candidate(**told)


def label(diagnosis: str, rule: str = "two_agree", verification: str = "medium") -> dict[str, Any]:
    return {"diagnosis": diagnosis, "rule": rule, "verification": verification}


def melanoma(name: str, **of: Any) -> Candidate:
    return candidate(name, label=label("melanoma"), **of)


def some(number: int, prefix: str = "", **of: Any) -> list[Candidate]:
    """So many of each class."""
    return [
        made(f"{prefix}{letter}{each}", **of)
        for each in range(number)
        for letter, made in (("m", melanoma), ("n", candidate))
    ]


def chosen(
    wanted: Plan, candidates: list[Candidate], context: Context | None = None, **how: Any
) -> Selection:
    return select(wanted, screen(wanted, candidates, **how), context or Context())

"""Plans, units and manifests of releases, as tests have them, and what a freeze leaves of them."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from chalicelib.datasets.manifest import (
    Manifest,
    Source,
    Unit,
    manifest_key,
    members_key,
    units_key,
)
from chalicelib.datasets.planning.plan import Plan
from chalicelib.platform import keys
from chalicelib.platform.runtime import Platform
from chalicelib.platform.table import Change

CODE: Final = "DS_ML_DSC_SKIN_MELANOMA"


def both(text: str) -> dict[str, str]:
    return {"ru": f"{text} (рус.)", "en": text}


def a_class(key: str, role: str, *diagnoses: str) -> dict[str, Any]:
    return {
        "key": key,
        "title": both(key),
        "diagnoses": list(diagnoses),
        "role": role,
        "requirements": both(f"What shows {key}"),
    }


PLAN: Final[dict[str, Any]] = {
    "name": both("Melanoma among moles"),
    "abstract": both("Dermoscopic images for machine learning."),
    "clinical_task": both("Tell melanoma from benign lesions."),
    "clinical_use": both("Fewer excisions of moles."),
    "data_security": both("No personal data leave the platform."),
    "features": [both("Probability of melanoma")],
    "working_group": [
        {"name": "A. Petrova", "task": "clinician", "orcid": "0000-0002-1825-0097"},
        {"name": "I. Orlov", "task": "engineer", "affiliation": "Institute"},
    ],
    "keywords": ["melanoma"],
    "purpose": "training",
    "access": "public",
    "licence": "CC-BY-4.0",
    "target": "MELANOMA",
    "classes": [
        a_class("melanoma", "positive", "melanoma"),
        a_class("benign", "negative", "nevus", "benign_keratosis"),
    ],
    "splits": [{"name": "train", "share": 0.8}, {"name": "test", "share": 0.2}],
    "units": 200,
    "seed": "2026-1",
}


def a_plan(**changes: Any) -> dict[str, Any]:
    return Plan.model_validate_json(json.dumps({**PLAN, **changes})).written()


def a_unit(number: int, **changes: Any) -> Unit:
    melanoma = number % 3 == 0
    unit = Unit(
        unit_id=f"u{number:06}",
        image_id=f"image{number}x",
        lesion_id=f"lesion{number}x",
        patient_id=f"patient{number // 2}x",
        released_lesion_id=f"l{number:06}",
        released_patient_id=f"p{number // 2:06}",
        clean_key=f"clean/image{number}x.jpg",
        content_type="image/jpeg",
        width=48,
        height=36,
        pixel_hash=hashlib.sha256(str(number).encode()).hexdigest(),
        image_type="dermoscopic",
        split="test" if number % 5 == 4 else "train",
        class_key="melanoma" if melanoma else "benign",
        diagnosis="melanoma" if melanoma else "nevus",
        label={
            "rule": "histology" if melanoma else "two_agree",
            "verification": "high" if melanoma else "medium",
            "retrospective": False,
        },
        quasi={"age": "45", "sex": "female", "site": "torso", "skin_type": "II"},
        survey={"hair": "brown", "family_history": ["none"], "sunburns": [], "freckles": True},
        day=number % 2,
        capture={"device": {"make": "Acme", "model": "D1"}, "polarized": True, "contact": True},
        source="clinic",
        readings=(
            {
                "reader": "r1",
                "round": "first",
                "diagnosis": "melanoma" if melanoma else "nevus",
                "differential": [],
                "confidence": 4,
                "quality": "good",
                "seconds": 12.5,
                "protocol": 1,
            },
            {"reader": "r2", "round": "first", "diagnosis": "nevus", "quality": "good"},
        ),
        outline=((0.1, 0.1), (0.9, 0.1), (0.9, 0.9)) if number % 2 else None,
    )
    return replace(unit, **changes)


def shards_of(count: int, size: int) -> tuple[tuple[int, int], ...]:
    return tuple((first, min(first + size, count)) for first in range(0, count, size))


def a_manifest(
    units: list[Unit], *, plan: Mapping[str, Any], shard_size: int = 3, **changes: Any
) -> Manifest:
    splits: dict[str, dict[str, Any]] = {}
    for unit in units:
        told = splits.setdefault(unit.split, {"units": 0, "patients": 0, "classes": {}})
        told["units"] += 1
        told["classes"][unit.class_key] = told["classes"].get(unit.class_key, 0) + 1
    values: dict[str, Any] = {
        "release_id": "release1",
        "code": CODE,
        "number": 1,
        "version": "1.0.0",
        "previous_version": None,
        "frozen_at": "2026-03-02T09:00:00.000000Z",
        "seed": plan["seed"],
        "plan": plan,
        "change": "The first one.",
        "changes": (
            {
                "version": "1.0.0",
                "date": "2026-03-02",
                "change": "The first one.",
                "added": len(units),
                "removed": 0,
                "relabelled": 0,
            },
        ),
        "sources": {
            "clinic": Source(
                name="Clinic of Oryol",
                licence="CC-BY-4.0",
                attribution="=cmd()|'Clinic of Oryol'",
                legal_basis="consent",
                units=len(units),
            )
        },
        "flow": (
            {
                "step": "label",
                "title": both("Labelled"),
                "reason": both("No label"),
                "dropped": 2,
                "left": len(units),
                "patients_left": 4,
            },
        ),
        "privacy": {
            "k": 11,
            "reached": 12,
            "levels": {"age": "fives", "sex": "told", "site": "sites", "skin_type": "types"},
            "suppressed": {"age": 0, "sex": 0, "site": 0, "skin_type": 0},
            "table": [
                {"age": "45", "sex": "female", "site": "torso", "skin_type": "II", "patients": 12}
            ],
        },
        "splits": splits,
        "duplicates": {"groups": 0, "units": 0},
        "agreement": {"readings": 2 * len(units)},
        "shards": shards_of(len(units), shard_size),
        "units": len(units),
    }
    return Manifest(**{**values, **changes})


def write_frozen(platform: Platform, manifest: Manifest, units: list[Unit]) -> None:
    """What a freeze leaves: units, members, manifest, and an entry in the ledger."""
    release_id, store = manifest.release_id, platform.releases
    lines = "".join(unit.line() + "\n" for unit in units)
    store.put(units_key(release_id), lines.encode(), content_type="application/x-ndjson")
    members = {
        "patients": sorted({unit.patient_id for unit in units}),
        "images": [unit.image_id for unit in units],
        "pixel_hashes": [unit.pixel_hash for unit in units],
    }
    told = json.dumps(members).encode()
    store.put(members_key(release_id), told, content_type="application/json")
    store.put(manifest_key(release_id), manifest.written(), content_type="application/json")
    item = platform.catalogue.get(keys.ledger()) or {}
    entries = [each for each in item.get("frozen", ()) if each["release_id"] != release_id]
    entry = {
        "release_id": release_id,
        "code": manifest.code,
        "version": manifest.version,
        "access": manifest.plan["access"],
        "purpose": manifest.plan["purpose"],
    }
    change = Change(set={"frozen": [*entries, entry]})
    platform.catalogue.update(keys.ledger(), change, when=None)

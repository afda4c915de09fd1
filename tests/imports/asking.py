"""Requests to the imports' routes, with what a curator would tell."""

import hashlib
from typing import Any

from tests import pictures
from tests.asking import Answered, as_caller, ask

CURATOR = as_caller("curator", "curator1")
DOCTOR = as_caller("doctor", "doctor1", "clinic1")
PHOTO = pictures.jpeg(pictures.photograph(160, 120))
SOURCE = {
    "name": "An atlas",
    "legal_basis": "Published for research under its licence.",
    "licence": "CC BY 4.0",
    "attribution": "The authors of the atlas, 2020.",
}
IMAGE: dict[str, Any] = {
    "external_image_id": "atlas-1",
    "external_lesion_id": "lesion-1",
    "external_patient_id": "patient-1",
    "survey": {"age": 45, "sex": None, "site": "torso"},
    "label": {"diagnosis": "melanoma", "confirmed_by": "histology"},
    "kind": "dermoscopic",
    "content_type": "image/jpeg",
    "bytes": len(PHOTO),
    "sha256": hashlib.sha256(PHOTO).hexdigest(),
}


def open_import(
    *, caller: dict[str, str] = CURATOR, key: str | None = None, **changes: Any
) -> Answered:
    headers = {"idempotency-key": key} if key else {}
    return ask("POST", "/v1/imports", caller=caller, body={**SOURCE, **changes}, headers=headers)


def new_import() -> str:
    answer = open_import()
    assert answer.status == 201, answer.body
    return str(answer.body["import_id"])


def add_image(
    import_id: str, *, caller: dict[str, str] = CURATOR, key: str | None = None, **changes: Any
) -> Answered:
    """Add `IMAGE` with changes; `...` leaves a field out."""
    form = {name: value for name, value in {**IMAGE, **changes}.items() if value is not ...}
    return ask(
        "POST",
        "/v1/imports/{import_id}/images",
        caller=caller,
        body=form,
        headers={"idempotency-key": key} if key else {},
        ids={"import_id": import_id},
    )


def images_of(import_id: str, *, caller: dict[str, str] = CURATOR, **query: str) -> Answered:
    path = "/v1/imports/{import_id}/images"
    return ask("GET", path, caller=caller, ids={"import_id": import_id}, query=query)

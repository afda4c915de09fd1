"""Patients with accounts, who photograph their moles."""

import hashlib
import random
from typing import Any

import httpx

from infra.local.demo_phone import Photograph, circles, draw_phone
from tests.flows.cases import poll
from tests.stack import RunningStack

PASSWORD = "Moles-and-more-7"
ANSWERS = {"itching": "no", "bleeding": "no", "growth": "no", "colour": "no"}


def opened(stack: RunningStack, doctor: httpx.Client, patient_id: str) -> httpx.Client:
    """The patient, signed in with what his doctor's code gave him."""
    given = doctor.post(f"/api/v1/patients/{patient_id}/access")
    assert given.status_code == 201, given.text
    code = given.json()["code"]
    assert given.json()["url"] == f"{stack.url}/open#{code}"
    body = {"code": code.lower().replace("-", " "), "password": PASSWORD}
    done = stack.client().post("/api/v1/access/redeem", json=body)
    assert done.status_code == 201, done.text
    return stack.sign_in(done.json()["login"], PASSWORD)


def photographed(
    stack: RunningStack, patient: httpx.Client, lesion_id: str, photograph: Photograph, day: str
) -> str:
    picture = draw_phone(photograph, seed=random.Random(day).randrange(1000))
    body = {
        "content_type": "image/jpeg",
        "bytes": len(picture),
        "sha256": hashlib.sha256(picture).hexdigest(),
        "taken_on": day,
        "marks": circles(photograph),
    }
    slot = patient.post(f"/api/v1/me/lesions/{lesion_id}/images", json=body)
    assert slot.status_code == 201, slot.text
    assert stack.upload(slot.json()["upload"], picture).status_code == 204
    path = f"/api/v1/me/images/{slot.json()['image_id']}"
    shown: dict[str, Any] = {}
    for _ in poll(60):
        shown = patient.get(path).json()
        if shown["state"] == "accepted":
            break
    assert shown["state"] == "accepted", shown
    assert httpx.get(shown["urls"]["image"], timeout=30).status_code == 200
    return str(shown["image_id"])

"""A patient opens an account with his doctor's code, photographs a mole, asks, is answered, and leaves."""

import hashlib
import random
from typing import Any

import httpx

from infra.local.demo_phone import Photograph, circles, draw_phone
from tests.flows.cases import new_lesion, poll
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


def test_from_a_code_to_advice_and_out_again(stack: RunningStack) -> None:
    doctor = stack.sign_in("doctor")
    patient_id = new_lesion(doctor)["patient_id"]
    patient = opened(stack, doctor, patient_id)
    assert patient.get("/api/v1/account").json()["role"] == "patient"
    told = {"site": "arms", "name": "У локтя", "spot": {"view": "front", "x": 0.2, "y": 0.4}}
    lesion_id = patient.post("/api/v1/me/lesions", json=told).json()["lesion_id"]
    brown = (110, 66, 46)
    photographed(stack, patient, lesion_id, Photograph(4.0, brown), "2025-05-01")
    latest = photographed(stack, patient, lesion_id, Photograph(7.5, brown), "2025-08-01")
    change = patient.get(f"/api/v1/me/lesions/{lesion_id}/timeline").json()["change"]
    assert change["since_first"]["grew"]
    question = {"lesion_id": lesion_id, "image_ids": [latest], "answers": ANSWERS}
    asked = patient.post("/api/v1/me/questions", json=question)
    assert asked.status_code == 201, asked.text
    opinion = asked.json()["opinion"]
    assert opinion["advice"] == "see_doctor_soon"
    assert [one["key"] for one in opinion["reasons"]] == ["growth_measured", "large"]
    path = f"/api/v1/questions/{asked.json()['question_id']}"
    assert stack.sign_in("doctor2").get(path).status_code == 404
    assert doctor.get(path).json()["measured"]["since_last"]["grew"]
    advice = {"urgency": "urgent", "text": "Приходите на приём в четверг."}
    assert doctor.post(f"{path}/advice", json=advice).status_code == 201
    own = patient.get("/api/v1/me/questions").json()["items"]
    assert [one["advice"]["text"] for one in own] == ["Приходите на приём в четверг."]
    assert patient.get(f"/api/v1/patients/{patient_id}").status_code == 403
    assert patient.post("/api/v1/me/consent/withdraw").status_code == 200
    assert patient.get("/api/v1/me").status_code in (401, 403)
    assert doctor.get(path).status_code == 404

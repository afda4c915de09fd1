"""A patient opens an account with his doctor's code, photographs a mole, asks, is answered, and leaves."""

from infra.local.demo_phone import Photograph
from tests.flows.cases import new_lesion
from tests.flows.pockets import ANSWERS, opened, photographed
from tests.stack import RunningStack


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
    wrong_day = {"revision": 1, "text": "Приходите на приём в среду."}
    assert doctor.patch(f"{path}/advice", json=wrong_day).status_code == 200
    [own] = patient.get("/api/v1/me/questions").json()["items"]
    assert (own["advice"]["text"], own["advice"]["revision"]) == ("Приходите на приём в среду.", 2)
    assert patient.get(f"/api/v1/patients/{patient_id}").status_code == 403
    assert patient.post("/api/v1/me/consent/withdraw").status_code == 200
    assert patient.get("/api/v1/me").status_code in (401, 403)
    assert doctor.get(path).status_code == 404

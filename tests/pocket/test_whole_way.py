"""From the doctor's code to his advice, read by the patient."""

from tests.patients.asking import Client
from tests.pocket.visiting import COIN, MOLE, Patient, give_code, redeem, signed_in


def test_a_patient_gets_from_a_code_to_advice_that_he_has_read(
    doctor: Client, patient_id: str
) -> None:
    given = give_code(doctor, patient_id).body
    assert given["url"].endswith(f"/open#{given['code']}")
    assert given["qr"].startswith("<svg")
    opened = redeem(given["code"]).body
    assert opened["login"].startswith("m-")
    assert not opened["recovered"]
    patient = signed_in(doctor.world, opened["login"])

    me = patient.ask("GET", "/v1/me").body
    assert me["login"] == opened["login"]
    assert (me["questions_open"], me["advice_unread"], me["can_ask"]) == (0, 0, True)

    lesion_id = patient.mark("arms", name="У локтя", spot={"view": "front", "x": 0.2, "y": 0.4})
    marks = {"mole": MOLE, "scale": COIN}
    image_id = patient.photograph(lesion_id, taken_on="2026-03-02", marks=marks)
    shown = patient.ask("GET", "/v1/me/images/{image_id}", image_id=image_id).body
    assert shown["size"]["diameter_mm"] == 5.0
    assert shown["state"] == "accepted"
    assert shown["urls"]["image"]

    asked = patient.question(lesion_id, image_id, growth="yes")
    assert asked.status == 201, asked.body
    assert asked.body["opinion"]["advice"] == "see_doctor_soon"
    question_id = asked.body["question_id"]

    [waiting] = doctor.ask("GET", "/v1/questions", query={"state": "open"}).body["items"]
    assert waiting["question_id"] == question_id
    assert waiting["opinion"] == "see_doctor_soon"
    seen = doctor.ask("GET", "/v1/questions/{question_id}", question_id=question_id).body
    assert seen["image_ids"] == [image_id]
    assert seen["measured"]["last"]["diameter_mm"] == 5.0
    advice = {"urgency": "soon", "text": "Покажите на приёме."}
    path = "/v1/questions/{question_id}/advice"
    answered = doctor.ask("POST", path, advice, question_id=question_id)
    assert answered.status == 201, answered.body

    assert patient.ask("GET", "/v1/me").body["advice_unread"] == 1
    lesions = patient.ask("GET", "/v1/me/lesions").body["items"]
    assert [(one["site"], one["advice_unread"]) for one in lesions] == [("torso", 0), ("arms", 1)]
    read = "/v1/me/questions/{question_id}/read"
    assert patient.ask("POST", read, question_id=question_id).status == 204
    told = patient.ask("GET", "/v1/me/questions/{question_id}", question_id=question_id).body
    assert told["advice"]["text"] == "Покажите на приёме."
    assert told["advice"]["read_at"] is not None
    assert patient.ask("GET", "/v1/me").body["advice_unread"] == 0
    assert doctor.ask("GET", "/v1/questions").body["items"] == []


def test_a_patient_leaves_and_nothing_of_his_lets_anybody_in(
    doctor: Client, patient: Patient, patient_id: str
) -> None:
    lesion_id = patient.mark()
    image_id = patient.photograph(lesion_id)
    patient.question(lesion_id, image_id)
    gone = patient.ask("POST", "/v1/me/consent/withdraw")
    assert gone.status == 200, gone.body
    assert patient.ask("GET", "/v1/me").status == 409
    assert doctor.ask("GET", "/v1/questions").body["items"] == []
    assert give_code(doctor, patient_id).status == 409

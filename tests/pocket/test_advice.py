"""The doctor's advice: one a question, and what asking and answering cost."""

from typing import Any

from tests.patients.asking import Client
from tests.pocket.questioning import ADVICE, answer, correct, waiting
from tests.pocket.visiting import Patient


def test_one_advice_a_question_and_the_first_stands(
    doctor: Client, patient: Patient, lesion_id: str, image_id: str
) -> None:
    question_id = patient.question(lesion_id, image_id).body["question_id"]
    assert answer(doctor.stranger(), question_id).status == 404
    assert answer(doctor.stranger(), question_id).error == answer(doctor, "nothing").error
    first = answer(doctor, question_id, key="one")
    assert first.status == 201
    assert answer(doctor, question_id, key="one").body == first.body
    other = {**ADVICE, "urgency": "watch"}
    assert answer(doctor, question_id, other, key="one").error["code"] == "idempotency_conflict"
    late = answer(doctor.colleague(), question_id, other)
    assert (late.status, late.error["code"]) == (409, "answered_already")
    assert [one["state"] for one in waiting(doctor, "answered")] == ["answered"]
    assert waiting(doctor) == []
    assert waiting(doctor.stranger(), "answered") == []


def test_calls_to_aws(doctor: Client, patient: Patient, lesion_id: str, image_id: str) -> None:
    world, costs = doctor.world, {}

    def cost(name: str, asked: Any) -> Any:
        with world.counted() as calls:
            answered = asked()
        assert answered.status in (200, 201, 204), answered.body
        costs[name] = sum(calls.values())
        return answered

    question_id = cost("ask", lambda: patient.question(lesion_id, image_id)).body["question_id"]
    cost("own list", lambda: patient.ask("GET", "/v1/me/questions"))
    cost("list", lambda: doctor.ask("GET", "/v1/questions"))
    path = "/v1/questions/{question_id}"
    cost("view", lambda: doctor.ask("GET", path, question_id=question_id))
    cost("advise", lambda: answer(doctor, question_id))
    cost("correct", lambda: correct(doctor, question_id, urgency="watch"))
    cost("correct again", lambda: correct(doctor, question_id, urgency="watch"))
    read = "/v1/me/questions/{question_id}/read"
    cost("read", lambda: patient.ask("POST", read, question_id=question_id))
    cost("templates", lambda: doctor.ask("GET", "/v1/questions/templates"))
    cost("me", lambda: patient.ask("GET", "/v1/me"))
    cost("lesions", lambda: patient.ask("GET", "/v1/me/lesions"))
    cost("image", lambda: patient.ask("GET", "/v1/me/images/{image_id}", image_id=image_id))
    timeline = "/v1/me/lesions/{lesion_id}/timeline"
    cost("timeline", lambda: patient.ask("GET", timeline, lesion_id=lesion_id))
    cost("mark", lambda: patient.ask("POST", "/v1/me/lesions", {"site": "legs"}))
    cost("slot", lambda: patient.slot(lesion_id, b"x" * 100))
    # One of each is the record of the act.
    assert costs == {
        "ask": 8,
        "own list": 3,
        "list": 2,
        "view": 2,
        "advise": 3,
        "correct": 3,
        "correct again": 2,
        "read": 4,
        "templates": 0,
        "me": 5,
        "lesions": 3,
        "image": 3,
        "timeline": 4,
        "mark": 4,
        "slot": 6,
    }

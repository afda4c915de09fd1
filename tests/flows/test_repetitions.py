"""The same request again, at once or later: one effect, one answer; another body is refused."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.flows.cases import new_lesion, slot_form, survey
from tests.flows.staff import new_clinic, new_doctor, refusal
from tests.stack import RunningStack

Creation = tuple[httpx.Client, str, dict[str, Any], dict[str, Any]]
"""Who posts, where, what, and a change that makes it another request."""


def a_survey(stack: RunningStack) -> Creation:
    return stack.sign_in("doctor"), "/api/v1/surveys", survey(), {"hair": "black"}


def a_survey_with_another_code(stack: RunningStack) -> Creation:
    other = survey()["patient_code"]
    return stack.sign_in("doctor"), "/api/v1/surveys", survey(), {"patient_code": other}


def a_survey_with_a_known_code(stack: RunningStack) -> Creation:
    doctor, known = stack.sign_in("doctor"), survey()
    assert doctor.post("/api/v1/surveys", json=known).status_code == 201
    return doctor, "/api/v1/surveys", survey(), {"patient_code": known["patient_code"]}


def a_further_survey_then_a_first_one(stack: RunningStack) -> Creation:
    doctor, path, body, _ = a_further_survey(stack)
    return doctor, path, body, {"lesion_id": None}


def a_further_survey(stack: RunningStack) -> Creation:
    doctor, first = stack.sign_in("doctor"), survey()
    case = doctor.post("/api/v1/surveys", json=first).json()
    again = first | {"lesion_id": case["lesion_id"], "examined_on": "2025-07-01"}
    return doctor, "/api/v1/surveys", again, {"hair": "black"}


def a_lesion(stack: RunningStack) -> Creation:
    doctor = stack.sign_in("doctor")
    path = f"/api/v1/patients/{new_lesion(doctor)['patient_id']}/lesions"
    return doctor, path, {"site": "legs", "note": "left"}, {"note": "right"}


def an_image(stack: RunningStack) -> Creation:
    doctor = stack.sign_in("doctor")
    path = f"/api/v1/lesions/{new_lesion(doctor)['lesion_id']}/images"
    return doctor, path, slot_form(b"picture", "image/jpeg", "dermoscopic"), {"bytes": 8}


def a_clinic(stack: RunningStack) -> Creation:
    name = {"ru": "Клиника", "en": "Clinic"}
    return stack.sign_in("admin"), "/api/v1/clinics", {"name": name, "city": "A"}, {"city": "B"}


def an_account(stack: RunningStack) -> Creation:
    form = {"login": f"d-{uuid4().hex[:12]}", "role": "doctor", "clinic_id": new_clinic(stack)}
    return stack.sign_in("admin"), "/api/v1/accounts", form, {"login": f"d-{uuid4().hex[:12]}"}


CREATIONS = [
    a_survey,
    a_survey_with_another_code,
    a_survey_with_a_known_code,
    a_further_survey,
    a_further_survey_then_a_first_one,
    a_lesion,
    an_image,
    a_clinic,
    an_account,
]


def made(answer: httpx.Response) -> dict[str, Any]:
    """What the answer says was made."""
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


@pytest.mark.parametrize("creation", CREATIONS)
def test_a_key_gives_its_answer_again_and_refuses_another_body(
    stack: RunningStack, creation: Callable[[RunningStack], Creation]
) -> None:
    client, path, body, change = creation(stack)
    headers = {"Idempotency-Key": str(uuid4())}
    first = made(client.post(path, json=body, headers=headers))
    assert made(client.post(path, json=body, headers=headers)) == first
    other = client.post(path, json=body | change, headers=headers)
    assert (other.status_code, refusal(other)["code"]) == (409, "idempotency_conflict")
    assert made(client.post(path, json=body, headers=headers)) == first


@pytest.mark.parametrize("creation", CREATIONS)
def test_a_double_click_makes_one_thing(
    stack: RunningStack, creation: Callable[[RunningStack], Creation]
) -> None:
    client, path, body, _ = creation(stack)
    headers = {"Idempotency-Key": str(uuid4())}
    with ThreadPoolExecutor(3) as clicks:
        answers = list(clicks.map(lambda _: client.post(path, json=body, headers=headers), "123"))
    first, *others = [made(answer) for answer in answers]
    assert others == [first, first]


def test_a_key_belongs_to_one_account(stack: RunningStack) -> None:
    headers, body = {"Idempotency-Key": str(uuid4())}, survey()
    ids = {
        made(stack.sign_in(login).post("/api/v1/surveys", json=body, headers=headers))["patient_id"]
        for login in ("doctor", "doctor2")
    }
    assert len(ids) == 2


@pytest.mark.parametrize("key", ["", "two words", "x" * 201, "a\x7fb", "ключ"])
def test_a_key_that_is_none_is_refused(stack: RunningStack, key: str) -> None:
    answer = stack.sign_in("doctor").post(
        "/api/v1/surveys", json=survey(), headers={b"Idempotency-Key": key.encode()}
    )
    assert answer.status_code == 422
    assert set(refusal(answer)["fields"]) == {"Idempotency-Key"}


def test_a_refused_request_leaves_its_key_free(stack: RunningStack) -> None:
    doctor, headers, body = stack.sign_in("doctor"), {"Idempotency-Key": str(uuid4())}, survey()
    wrong = doctor.post("/api/v1/surveys", json=body | {"age": 10}, headers=headers)
    assert wrong.status_code == 422
    made(doctor.post("/api/v1/surveys", json=body, headers=headers))


def test_of_20_surveys_at_once_with_one_code_one_makes_the_patient(stack: RunningStack) -> None:
    doctor, body = new_doctor(stack).client, survey()
    with ThreadPoolExecutor(20) as crowd:
        answers = list(crowd.map(lambda _: doctor.post("/api/v1/surveys", json=body), range(20)))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 19}
    patient_id = next(answer for answer in answers if answer.status_code == 201).json()[
        "patient_id"
    ]
    for answer in answers:
        if answer.status_code == 409:
            error = refusal(answer)
            assert error["code"] == "same_person"
            (candidate,) = error["candidates"]
            assert candidate["patient_id"] == patient_id
            assert set(candidate) == {"patient_id", "sex", "birth_year", "last_visit"}
    listed = doctor.get("/api/v1/patients").json()["items"]
    assert [patient["patient_id"] for patient in listed] == [patient_id]


def test_two_people_with_one_code_are_told_apart(stack: RunningStack) -> None:
    doctor, body = new_doctor(stack).client, survey()
    path = "/api/v1/surveys"
    first = made(doctor.post(path, json=body))["patient_id"]
    second = made(doctor.post(path, json=body | {"new_patient": True}))["patient_id"]
    same = made(doctor.post(path, json=body | {"patient_id": first}))["patient_id"]
    other_sex = made(doctor.post(path, json=body | {"sex": "male"}))["patient_id"]
    assert same == first
    assert len({first, second, other_sex}) == 3
    found = doctor.post("/api/v1/patients/lookup", json={"patient_code": body["patient_code"]})
    assert found.status_code == 409
    told = {candidate["patient_id"] for candidate in refusal(found)["candidates"]}
    assert told == {first, second, other_sex}


def test_two_clinics_know_one_code_each_for_itself(stack: RunningStack) -> None:
    body = survey()
    here, there = new_doctor(stack).client, new_doctor(stack).client
    ids = [
        made(doctor.post("/api/v1/surveys", json=body))["patient_id"] for doctor in (here, there)
    ]
    assert len(set(ids)) == 2
    for doctor, own in zip((here, there), ids, strict=True):
        code = {"patient_code": body["patient_code"]}
        assert doctor.post("/api/v1/patients/lookup", json=code).json() == {"patient_id": own}
        listed = doctor.get("/api/v1/patients").json()["items"]
        assert [patient["patient_id"] for patient in listed] == [own]

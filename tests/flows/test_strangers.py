"""Somebody else's record and a missing one answer alike; a list belongs to who asked for it."""

from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from infra.local.demo_phone import Photograph
from tests.flows.cases import new_lesion, slot_form, survey
from tests.flows.pockets import ANSWERS, opened, photographed
from tests.flows.staff import new_doctor, refusal
from tests.stack import RunningStack

MISSING = "zzzzzzzzzzzzzzzzzzzzzzzz"
SLOT = slot_form(b"picture", "image/jpeg", "dermoscopic")
TREATED = {"what": "cryotherapy", "done_on": "2025-06-03"}
ADVICE = {"urgency": "soon", "text": "Покажите на приёме."}


@pytest.fixture(scope="module")
def case(stack: RunningStack) -> Mapping[str, str]:
    """A patient, lesion, survey, image, treatment and answered question of the first demo clinic."""
    doctor = stack.sign_in("doctor")
    case = new_lesion(doctor)
    slot = doctor.post(f"/api/v1/lesions/{case['lesion_id']}/images", json=SLOT)
    made = doctor.post(f"/api/v1/lesions/{case['lesion_id']}/treatments", json=TREATED)
    result = {"diagnosis": "nevus", "reported_on": "2025-06-20"}
    histology = doctor.post(f"/api/v1/lesions/{case['lesion_id']}/histology", json=result)
    return case | {
        "image_id": slot.json()["image_id"],
        "treatment_id": made.json()["treatment_id"],
        "histology_id": histology.json()["histology_id"],
        "question_id": answered(stack, doctor, case["patient_id"]),
    }


def answered(stack: RunningStack, doctor: httpx.Client, patient_id: str) -> str:
    """A question of his to which the doctor has given advice."""
    patient = opened(stack, doctor, patient_id)
    lesion_id = patient.post("/api/v1/me/lesions", json={"site": "arms"}).json()["lesion_id"]
    photograph = Photograph(4.0, (110, 66, 46))
    image_id = photographed(stack, patient, lesion_id, photograph, "2025-05-01")
    question = {"lesion_id": lesion_id, "image_ids": [image_id], "answers": ANSWERS}
    asked = patient.post("/api/v1/me/questions", json=question)
    assert asked.status_code == 201, asked.text
    question_id = str(asked.json()["question_id"])
    given = doctor.post(f"/api/v1/questions/{question_id}/advice", json=ADVICE)
    assert given.status_code == 201, given.text
    return question_id


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/api/v1/images/{image_id}", None),
        ("POST", "/api/v1/images/{image_id}/upload", None),
        ("GET", "/api/v1/patients/{patient_id}", None),
        ("POST", "/api/v1/patients/{patient_id}/lesions", {"site": "legs"}),
        ("PATCH", "/api/v1/lesions/{lesion_id}", {"note": "x"}),
        ("POST", "/api/v1/lesions/{lesion_id}/images", SLOT),
        ("PATCH", "/api/v1/surveys/{survey_id}", {"hair": "black"}),
        ("PATCH", "/api/v1/images/{image_id}", {"lesion_id": "x", "reason": "y"}),
        ("POST", "/api/v1/lesions/{lesion_id}/treatments", TREATED),
        ("GET", "/api/v1/lesions/{lesion_id}/treatments", None),
        ("PATCH", "/api/v1/treatments/{treatment_id}", {"outcome": "healed"}),
        ("POST", "/api/v1/patients/{patient_id}/referrals", {"clinic_id": "x", "consent": True}),
        ("GET", "/api/v1/questions/{question_id}", None),
        ("POST", "/api/v1/questions/{question_id}/advice", ADVICE),
        ("PATCH", "/api/v1/questions/{question_id}/advice", {"revision": 1, "urgency": "watch"}),
        ("GET", "/api/v1/lesions/{lesion_id}/timeline", None),
        ("GET", "/api/v1/lesions/{lesion_id}/histology", None),
        (
            "POST",
            "/api/v1/lesions/{lesion_id}/histology",
            {"diagnosis": "nevus", "reported_on": "2025-06-20"},
        ),
        ("PATCH", "/api/v1/histology/{histology_id}", {"diagnosis": "melanoma", "reason": "y"}),
        ("DELETE", "/api/v1/histology/{histology_id}", {"reason": "y"}),
        (
            "POST",
            "/api/v1/histology/{histology_id}/report",
            {
                "content_type": "application/pdf",
                "bytes": 1,
                "sha256": "0" * 64,
                "names_covered": True,
            },
        ),
    ],
)
def test_a_foreign_and_a_missing_record_answer_alike(
    stack: RunningStack,
    case: Mapping[str, str],
    method: str,
    path: str,
    body: dict[str, Any] | None,
) -> None:
    stranger = stack.sign_in("doctor2")
    inside = dict.fromkeys(("survey_id", "treatment_id"), f"{MISSING}.{MISSING}")
    missing = dict.fromkeys(case, MISSING) | inside
    answers = [stranger.request(method, path.format(**ids), json=body) for ids in (case, missing)]
    assert [answer.status_code for answer in answers] == [404, 404]
    errors = [refusal(answer) | {"request_id": ""} for answer in answers]
    assert errors[0] == errors[1]
    varying = {"date", "content-length", "x-request-id"}
    headers = [
        {name: value for name, value in answer.headers.items() if name not in varying}
        for answer in answers
    ]
    assert headers[0] == headers[1]


@pytest.mark.parametrize("named", ["lesion_id", "patient_id"])
def test_a_survey_that_names_a_foreign_record_is_refused_as_if_it_were_missing(
    stack: RunningStack, case: Mapping[str, str], named: str
) -> None:
    stranger = stack.sign_in("doctor2")
    answers = [
        stranger.post("/api/v1/surveys", json=survey(**{named: value}))
        for value in (case[named], MISSING)
    ]
    assert len({answer.status_code for answer in answers}) == 1
    errors = [refusal(answer) | {"request_id": ""} for answer in answers]
    assert errors[0] == errors[1]


def test_a_cursor_opens_only_the_list_it_was_cut_from(stack: RunningStack) -> None:
    doctor, stranger = new_doctor(stack).client, new_doctor(stack).client
    for _ in range(3):
        new_lesion(doctor)
    seen: list[str] = []
    cursor: str | None = None
    for _ in range(3):
        query = {"limit": "1"} | ({"cursor": cursor} if cursor else {})
        page = doctor.get("/api/v1/patients", params=query).json()
        seen += [item["patient_id"] for item in page["items"]]
        cursor = page["next"] or cursor
    assert len(set(seen)) == 3
    for other, path in (
        (stranger, "/api/v1/patients"),
        (stack.sign_in("admin"), "/api/v1/accounts"),
        (stack.sign_in("expert1"), "/api/v1/labelling/assignments"),
    ):
        answer = other.get(path, params={"cursor": cursor})
        assert answer.status_code == 422
        assert set(refusal(answer)["fields"]) == {"cursor"}
    assert cursor is not None
    for damaged in (cursor[:-2], cursor[:-1] + ("A" if cursor[-1] != "A" else "B"), cursor + "A"):
        assert doctor.get("/api/v1/patients", params={"cursor": damaged}).status_code == 422


def test_too_many_lookups_are_429_and_say_when_to_come_back(stack: RunningStack) -> None:
    doctor = new_doctor(stack).client
    code = {"patient_code": survey()["patient_code"]}
    found = 0
    while (answer := doctor.post("/api/v1/patients/lookup", json=code)).status_code == 404:
        found += 1
        assert found <= 120  # twice the allowance: the hour may turn in between
    assert found >= 60
    assert (answer.status_code, refusal(answer)["code"]) == (429, "too_many")
    assert 0 < int(answer.headers["retry-after"]) <= 3600

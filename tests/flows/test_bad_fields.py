"""A field that cannot be right is 422 with its name, whoever it fools elsewhere; never a 5xx."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.flows.cases import new_lesion, slot_form, survey
from tests.flows.staff import refusal
from tests.stack import RunningStack


def refused_fields(answer: httpx.Response) -> set[str]:
    assert answer.status_code == 422, answer.text
    error = refusal(answer)
    assert error["code"] == "invalid"
    return set(error["fields"])


def in_days(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).strftime("%d%m%Y")


@pytest.mark.parametrize(
    "code",
    [
        "",
        "7102290319",
        "7102290319751",
        "0102-29031975",
        "010229021900",
        "010231041975",
        "010200001975",
        "010229030000",
        "010229031875",
        "0102" + in_days(2),
        "010201012999",
        "٠١٠٢٢٩٠٣١٩٧٥",
        "０１０２２９０３１９７５",
        "010²29031975",
        "0" * 41,
    ],
)
def test_a_code_that_cannot_be_is_refused_by_survey_and_by_lookup(
    stack: RunningStack, code: str
) -> None:
    doctor = stack.sign_in("doctor")
    entered = doctor.post("/api/v1/surveys", json=survey(patient_code=code))
    looked_up = doctor.post("/api/v1/patients/lookup", json={"patient_code": code})
    for answer in (entered, looked_up):
        assert refused_fields(answer) == {"patient_code"}
        assert not code or code not in answer.text


def test_leading_zeros_of_a_code_count(stack: RunningStack) -> None:
    doctor = stack.sign_in("doctor2")
    code = "000729031975"
    entered = doctor.post("/api/v1/surveys", json=survey(patient_code=code))
    assert entered.status_code == 201
    found = doctor.post("/api/v1/patients/lookup", json={"patient_code": code})
    assert found.json() == {"patient_id": entered.json()["patient_id"]}
    for other in ("729031975", "070029031975"):
        answer = doctor.post("/api/v1/patients/lookup", json={"patient_code": other})
        assert answer.status_code in {404, 422}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"examined_on": "1748822400"}, "examined_on"),
        ({"examined_on": 1748822400}, "examined_on"),
        ({"examined_on": "2025-06-02T00:00:00"}, "examined_on"),
        ({"examined_on": "2025-6-2"}, "examined_on"),
        ({"examined_on": "٢٠٢٥-06-02"}, "examined_on"),
        ({"examined_on": "2025-02-30"}, "examined_on"),
        ({"examined_on": "9999-12-31"}, "examined_on"),
        ({"examined_on": "1974-01-01"}, "examined_on"),
        ({"age": 48}, "age"),
        ({"age": 52}, "age"),
        ({"age": True}, "age"),
        ({"age": "50"}, "age"),
        ({"age": 50.5}, "age"),
        ({"age": 10**30}, "age"),
        ({"sex": "Male"}, "sex"),
        ({"immunosuppressed": 1}, "immunosuppressed"),
        ({"family_history": ["none", "parent"]}, "family_history"),
        ({"family_history": []}, "family_history"),
        ({"sunburns": ["pain", "pain"]}, "sunburns"),
        ({"role": "admin"}, "role"),
        ({"clinic_id": "demo-bolkhov"}, "clinic_id"),
        ({"consent": {"research": False, "publication": True}}, "consent.research"),
        ({"consent": {"research": "true", "publication": True}}, "consent.research"),
        ({"consent": {"research": True}}, "consent.publication"),
        ({"consent": None}, "consent"),
        ({"lesion_id": "../x"}, "lesion_id"),
        ({"patient_id": "nobody"}, "patient_id"),
        ({"patient_id": "somebody", "new_patient": True}, "new_patient"),
    ],
)
def test_a_survey_with_one_wrong_field_names_it(
    stack: RunningStack, changes: dict[str, Any], field: str
) -> None:
    answer = stack.sign_in("doctor").post("/api/v1/surveys", json=survey(**changes))
    assert refused_fields(answer) == {field}


def test_every_wrong_field_is_named_at_once_and_in_russian(stack: RunningStack) -> None:
    body = survey(sex="x", hair="x", consent={"research": False, "publication": 1}, role="admin")
    del body["age"]
    answer = stack.sign_in("doctor", language="ru").post("/api/v1/surveys", json=body)
    assert refused_fields(answer) == {
        "age", "sex", "hair", "role", "consent.research", "consent.publication"
    }  # fmt: skip
    sentences = refusal(answer)["fields"].values()
    assert all(any("а" <= letter <= "я" for letter in sentence) for sentence in sentences)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"bytes": 0}, "bytes"),
        ({"bytes": 30 * 1024 * 1024 + 1}, "bytes"),
        ({"sha256": "0" * 63}, "sha256"),
        ({"sha256": "A" * 64}, "sha256"),
        ({"content_type": "image/gif"}, "content_type"),
        ({"kind": "x-ray"}, "kind"),
        ({"pixel_spacing_mm": 0}, "pixel_spacing_mm"),
        ({"pixel_spacing_mm": 2}, "pixel_spacing_mm"),
        ({"taken_on": "1748822400"}, "taken_on"),
        ({"taken_on": "2999-01-01"}, "taken_on"),
        ({"acl": "public-read"}, "acl"),
        ({"device": {"make": "a"}}, "device.model"),
    ],
)
def test_an_image_slot_with_one_wrong_field_names_it(
    stack: RunningStack, changes: dict[str, Any], field: str
) -> None:
    doctor = stack.sign_in("doctor")
    case = new_lesion(doctor)
    form = slot_form(b"bytes", "image/jpeg", "dermoscopic") | changes
    assert refused_fields(
        doctor.post(f"/api/v1/lesions/{case['lesion_id']}/images", json=form)
    ) == {field}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"diagnosis": "unsure"}, "diagnosis"),
        ({"reported_on": "2999-01-01"}, "reported_on"),
        ({"icd10": "D22"}, "icd10"),
        ({"breslow_mm": 1e-9}, "breslow_mm"),
        ({"margins": "clear"}, "margins"),
        ({"pt_stage": "pT5"}, "pt_stage"),
        ({"verification": "high"}, "verification"),
        (
            {"report": {"content_type": "application/pdf", "bytes": 1, "sha256": "0" * 64}},
            "names_covered",
        ),
    ],
)
def test_a_histology_result_with_one_wrong_field_names_it(
    stack: RunningStack, changes: dict[str, Any], field: str
) -> None:
    doctor = stack.sign_in("doctor")
    case = new_lesion(doctor)
    body = {"diagnosis": "melanoma", "reported_on": "2025-06-20", **changes}
    path = f"/api/v1/lesions/{case['lesion_id']}/histology"
    assert refused_fields(doctor.post(path, json=body)) == {field}


@pytest.mark.parametrize("spacing", ["1e-200", "5e-324", "1e-320"])
def test_a_number_too_small_for_any_table_is_refused(stack: RunningStack, spacing: str) -> None:
    doctor = stack.sign_in("doctor")
    case = new_lesion(doctor)
    digest = hashlib.sha256(b"x").hexdigest()
    body = (
        f'{{"kind": "dermoscopic", "content_type": "image/jpeg", "bytes": 1, "sha256": "{digest}",'
        f' "pixel_spacing_mm": {spacing}}}'
    )
    answer = doctor.post(
        f"/api/v1/lesions/{case['lesion_id']}/images",
        content=body,
        headers={"Content-Type": "application/json"},
    )
    assert refused_fields(answer) == {"pixel_spacing_mm"}


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=201", "limit=abc", "limit=٥", "limit=" + "9" * 5000, "cursor=x", "nope=1"],
)
def test_a_list_refuses_a_query_it_does_not_know(stack: RunningStack, query: str) -> None:
    for login, path in (
        ("doctor", "/api/v1/patients"),
        ("admin", "/api/v1/accounts"),
        ("expert1", "/api/v1/labelling/assignments"),
    ):
        answer = stack.sign_in(login).get(f"{path}?{query}")
        assert refused_fields(answer) == {query.partition("=")[0]}


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"body"}),
        ({"sex": None}, {"sex"}),
        ({"patient_code": "010229031975"}, {"patient_code"}),
        ({"consent": {"research": False}}, {"consent"}),
        ({"examined_on": "2999-01-01"}, {"examined_on"}),
        ({"age": 10}, {"age"}),
    ],
)
def test_a_correction_that_cannot_be_is_refused_by_field(
    stack: RunningStack, body: dict[str, Any], fields: set[str]
) -> None:
    doctor = stack.sign_in("doctor")
    case = new_lesion(doctor)
    assert refused_fields(doctor.patch(f"/api/v1/surveys/{case['survey_id']}", json=body)) == fields

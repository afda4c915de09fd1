"""A result is recorded once, by who may, and says only what can be."""

from typing import Any

import pytest

from chalicelib.people.model import Role
from tests.histology.papers import pdf
from tests.histology.reporting import LESION, record, recorded, shown, with_report
from tests.merging.clinic import Clinic, curator
from tests.patients.asking import Client


def test_a_result_is_shown_as_it_was_recorded_and_confirms_the_lesion(clinic: Clinic) -> None:
    case = clinic.patient()
    said: dict[str, Any] = {
        "icd10": "C43.5",
        "method": "excision",
        "margins": "clear",
        "breslow_mm": 0.8,
        "clark_level": "III",
        "ulceration": False,
        "mitotic_rate": 0,
        "pt_stage": "pT1a",
    }
    answer = record(clinic, case["lesion_id"], **said)
    assert (answer.status, answer.body["upload"]) == (201, None)
    page = shown(clinic, case["lesion_id"])
    [one] = page["results"]
    assert {name: one[name] for name in said} == said
    assert (one["recorded_by"], one["history"], one["taken_back"], one["report"]) == (
        clinic.doctor.account_id, [], None, None
    )  # fmt: skip
    confirmed = {
        "histology_id": answer.body["histology_id"],
        "diagnosis": "melanoma",
        "reported_on": "2026-03-02",
        "verification": "high",
    }
    assert page["confirmed"] == confirmed
    [lesion] = clinic.doctor.view(case["patient_id"]).body["lesions"]
    assert lesion["confirmed"] == confirmed
    assert ("histology.recorded", answer.body["histology_id"]) in clinic.doctor.acts()
    assert ("histology.viewed", case["lesion_id"]) in clinic.doctor.acts()


CODES: list[tuple[dict[str, Any], str | None]] = [
    ({}, "C43"),
    ({"pt_stage": "pTis"}, "D03"),
    ({"clark_level": "I"}, "D03"),
    ({"icd10": "D03.5"}, "D03.5"),
    ({"diagnosis": "nevus"}, "D22"),
    ({"diagnosis": "basal_cell_carcinoma"}, "C44"),
    ({"diagnosis": "squamous_cell_carcinoma", "icd10": "D04"}, "D04"),
    ({"diagnosis": "actinic_keratosis"}, "L57.0"),
    ({"diagnosis": "benign_keratosis"}, "L82"),
    ({"diagnosis": "dermatofibroma"}, "D23"),
    ({"diagnosis": "vascular_lesion"}, "D18.0"),
    ({"diagnosis": "unknown"}, None),
    ({"diagnosis": "unknown", "icd10": "C84.0"}, "C84.0"),
    ({"diagnosis": "unknown", "icd10": "D23.5"}, "D23.5"),
]


def test_the_code_is_that_of_the_diagnosis_unless_another_is_told(clinic: Clinic) -> None:
    case = clinic.patient()
    made = {recorded(clinic, case["lesion_id"], **said): code for said, code in CODES}
    results = shown(clinic, case["lesion_id"])["results"]
    assert {one["histology_id"]: one["icd10"] for one in results} == made


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"diagnosis": "mole"}, "diagnosis"),
    ({"diagnosis": ...}, "diagnosis"),
    ({"reported_on": "2026-03-03"}, "reported_on"),
    ({"reported_on": "2021-02-01"}, "reported_on"),
    ({"reported_on": "1974-12-31"}, "reported_on"),
    ({"reported_on": "2026-02-30"}, "reported_on"),
    ({"icd10": "C44"}, "icd10"),
    ({"icd10": "C43.55x"}, "icd10"),
    ({"icd10": "D22"}, "icd10"),
    ({"icd10": "C430"}, "icd10"),
    ({"diagnosis": "unknown", "icd10": "C43.1"}, "icd10"),
    ({"diagnosis": "unknown", "icd10": "C44"}, "icd10"),
    ({"diagnosis": "actinic_keratosis", "icd10": "L57.1"}, "icd10"),
    ({"breslow_mm": 0}, "breslow_mm"),
    ({"breslow_mm": 101}, "breslow_mm"),
    ({"diagnosis": "nevus", "breslow_mm": 1}, "breslow_mm"),
    ({"diagnosis": "nevus", "clark_level": "II"}, "clark_level"),
    ({"diagnosis": "nevus", "ulceration": False}, "ulceration"),
    ({"diagnosis": "squamous_cell_carcinoma", "mitotic_rate": 1}, "mitotic_rate"),
    ({"diagnosis": "basal_cell_carcinoma", "pt_stage": "pT1"}, "pt_stage"),
    ({"icd10": "D03", "breslow_mm": 0.4}, "breslow_mm"),
    ({"pt_stage": "pTis", "ulceration": True}, "ulceration"),
    ({"clark_level": "I", "mitotic_rate": 0}, "mitotic_rate"),
    ({"icd10": "D03", "clark_level": "II"}, "clark_level"),
    ({"icd10": "D03", "pt_stage": "pT1a"}, "pt_stage"),
    ({"icd10": "C43", "clark_level": "I"}, "clark_level"),
    ({"icd10": "C43", "pt_stage": "pTis"}, "pt_stage"),
    ({"breslow_mm": 1.05, "pt_stage": "pT1a"}, "pt_stage"),
    ({"breslow_mm": 2.5, "pt_stage": "pT4a"}, "pt_stage"),
    ({"ulceration": True, "pt_stage": "pT2a"}, "pt_stage"),
    ({"ulceration": False, "pt_stage": "pT4b"}, "pt_stage"),
    ({"margins": "clear"}, "margins"),
    ({"margins": "clear", "method": "punch"}, "margins"),
    ({"mitotic_rate": -1}, "mitotic_rate"),
    ({"role": "admin"}, "role"),
    (with_report(pdf()) | {"names_covered": False}, "names_covered"),
    (with_report(pdf()) | {"names_covered": ...}, "names_covered"),
    (
        {
            "report": {"content_type": "text/html", "bytes": 1, "sha256": "0" * 64},
            "names_covered": True,
        },
        "report.content_type",
    ),
    (
        {
            "report": {
                "content_type": "application/pdf",
                "bytes": 20 * 1024 * 1024 + 1,
                "sha256": "0" * 64,
            },
            "names_covered": True,
        },
        "report.bytes",
    ),
]


def test_a_result_with_one_wrong_value_names_it_and_nothing_is_kept(clinic: Clinic) -> None:
    case = clinic.patient()
    for said, field in WRONG:
        answer = record(clinic, case["lesion_id"], **said)
        assert (answer.status, set(answer.error["fields"])) == (422, {field}), said
    assert shown(clinic, case["lesion_id"])["results"] == []


POSSIBLE: list[dict[str, Any]] = [
    {"breslow_mm": 1.04, "pt_stage": "pT1b"},
    {"breslow_mm": 1.04, "pt_stage": "pT2a"},
    {"breslow_mm": 4.1, "pt_stage": "pT4b", "ulceration": True},
    {"pt_stage": "pTX"},
    {"pt_stage": "pT1b", "ulceration": False, "breslow_mm": 0.9},
    {"icd10": "D03", "pt_stage": "pTis", "clark_level": "I"},
    {"diagnosis": "nevus", "method": "shave", "margins": "involved"},
    {"method": "punch"},
    {"reported_on": "2021-06-01"},
]


def test_what_can_be_is_taken(clinic: Clinic) -> None:
    case = clinic.patient()
    assert [record(clinic, case["lesion_id"], **said).status for said in POSSIBLE] == [201] * 9


def test_the_same_request_again_makes_no_second_result(clinic: Clinic) -> None:
    case, said = clinic.patient(), with_report(pdf())
    first = record(clinic, case["lesion_id"], key="k", **said)
    again = record(clinic, case["lesion_id"], key="k", **said)
    assert (again.status, again.body) == (201, first.body)
    assert len(shown(clinic, case["lesion_id"])["results"]) == 1
    acts = [act for act, _ in clinic.doctor.acts()]
    assert acts.count("histology.recorded") == 1
    for other in ({"diagnosis": "nevus"}, {"report": {**said["report"], "bytes": 1}}):
        refused = record(clinic, case["lesion_id"], key="k", **{**said, **other})
        assert (refused.status, refused.error["code"]) == (409, "idempotency_conflict")


def test_the_results_of_a_lesion_have_an_end(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.histology.service.MAX_RESULTS", 2)
    case = clinic.patient()
    for _ in range(2):
        recorded(clinic, case["lesion_id"])
    refused = record(clinic, case["lesion_id"])
    assert (refused.status, refused.error["code"]) == (409, "too_many_results")


def test_a_foreign_and_a_missing_lesion_answer_alike(clinic: Clinic) -> None:
    case = clinic.patient()
    histology_id = recorded(clinic, case["lesion_id"])
    rival = Clinic(clinic.world, clinic.doctor.stranger())
    for lesion_id in (case["lesion_id"], "missing"):
        for method, body in (
            ("GET", None),
            ("POST", {"diagnosis": "nevus", "reported_on": "2026-03-02"}),
        ):
            answer = rival.doctor.ask(method, LESION, body, lesion_id=lesion_id)
            assert (answer.status, answer.error["code"]) == (404, "not_found")
    answers = [
        rival.doctor.ask(method, path, body, histology_id=one)
        for one in (histology_id, "missing")
        for method, path, body in (
            ("PATCH", "/v1/histology/{histology_id}", {"reason": "r", "diagnosis": "nevus"}),
            ("DELETE", "/v1/histology/{histology_id}", {"reason": "r"}),
            ("POST", "/v1/histology/{histology_id}/report", {**with_report(pdf())["report"], "names_covered": True}),
        )
    ]  # fmt: skip
    assert {(a.status, str(a.error)) for a in answers} == {(404, str(answers[0].error))}
    assert curator(clinic).ask("GET", LESION, lesion_id=case["lesion_id"]).status == 403


def test_a_reader_sees_no_histology(clinic: Clinic) -> None:
    expert = Client(clinic.world, "e", "", role=Role.EXPERT)
    assert expert.ask("GET", LESION, lesion_id="any").status == 403


def test_recording_takes_few_calls(clinic: Clinic) -> None:
    case = clinic.patient()
    with clinic.world.counted() as calls:
        assert record(clinic, case["lesion_id"], **with_report(pdf())).status == 201
    assert calls.total() <= 7, calls
    with clinic.world.counted() as calls:
        shown(clinic, case["lesion_id"])
    assert calls.total() == 3, calls


@pytest.mark.parametrize("language", ["ru", "en"])
def test_refusals_are_said_in_both_languages(clinic: Clinic, language: str) -> None:
    case = clinic.patient()
    doctor = Client(
        clinic.world, clinic.doctor.account_id, clinic.doctor.clinic_id, language=language
    )
    body = {"diagnosis": "nevus", "reported_on": "2026-03-02", "breslow_mm": 1}
    said = doctor.ask("POST", LESION, body, lesion_id=case["lesion_id"]).error["fields"]
    assert any("а" <= letter <= "я" for letter in said["breslow_mm"]) is (language == "ru")

"""Entering surveys: what is kept, who the patient is, and what a retry finds."""

from typing import Any

import pytest

from tests.patients.asking import CODE, SURVEY, Client
from tests.world import World


def test_a_first_survey_makes_a_patient_a_lesion_and_a_survey_in_five_calls(
    doctor: Client, world: World
) -> None:
    with world.counted() as calls:
        reply = doctor.enter(key="k")
    assert reply.status == 201, reply.body
    assert set(reply.body) == {"survey_id", "patient_id", "lesion_id"}
    assert calls.total() == 5, calls
    assert doctor.acts() == [("survey.created", reply.body["survey_id"])]
    shown = doctor.view(reply.body["patient_id"]).body
    (survey,) = shown["surveys"]
    sent = {k: v for k, v in SURVEY.items() if k not in {"patient_code", "consent"}}
    assert sent.items() <= survey.items()
    assert survey["history"] == []
    assert shown["birth_year"] == 1975
    assert shown["first_visit"] == shown["last_visit"] == "2026-03-01"
    assert shown["consent"] == {
        "research": True,
        "publication": False,
        "given_on": "2026-03-02",
    }


def test_neither_the_code_nor_the_date_of_birth_is_stored(doctor: Client, world: World) -> None:
    doctor.enter(key="k")
    client = world.platform.client("dynamodb")
    for table in (world.platform.settings.table_cases, world.platform.settings.table_audit):
        stored = str(client.scan(TableName=table)["Items"])
        for secret in (CODE, "29031975", "1975-03-29", "29.03.1975"):
            assert secret not in stored


def test_a_known_code_asks_whether_it_is_the_same_person(doctor: Client, world: World) -> None:
    first = doctor.enter().body
    with world.counted() as calls:
        reply = doctor.enter(diagnosis="melanoma")
    assert reply.status == 409
    assert reply.error["code"] == "same_person"
    assert reply.error["candidates"] == [
        {
            "patient_id": first["patient_id"],
            "sex": "female",
            "birth_year": 1975,
            "last_visit": "2026-03-01",
        }
    ]
    assert calls["dynamodb.PutItem"] == 1, "the audit record only"
    assert ("patient.candidates_shown", first["patient_id"]) in doctor.acts()


def test_the_same_person_gets_another_lesion_in_five_calls(doctor: Client, world: World) -> None:
    first = doctor.enter().body
    world.clock.advance(minutes=5)
    with world.counted() as calls:
        second = doctor.enter(patient_id=first["patient_id"], site="arms", key="k")
    assert second.status == 201
    assert calls.total() == 5, calls
    assert second.body["patient_id"] == first["patient_id"]
    assert second.body["lesion_id"] != first["lesion_id"]
    shown = doctor.view(first["patient_id"]).body
    assert [lesion["site"] for lesion in shown["lesions"]] == ["torso", "arms"]


def test_another_person_with_the_same_code_is_kept_apart(doctor: Client, world: World) -> None:
    first = doctor.enter().body
    with world.counted() as calls:
        second = doctor.enter(new_patient=True, key="k")
    assert second.status == 201
    assert calls.total() == 5, calls
    assert second.body["patient_id"] != first["patient_id"]
    candidates = doctor.enter().error["candidates"]
    assert {one["patient_id"] for one in candidates} == {
        first["patient_id"],
        second.body["patient_id"],
    }


def test_another_sex_under_the_code_opens_a_patient_without_asking(
    doctor: Client, world: World
) -> None:
    first = doctor.enter().body
    with world.counted() as calls:
        second = doctor.enter(sex="male", key="k")
    assert second.status == 201
    assert calls.total() == 5, calls
    assert second.body["patient_id"] != first["patient_id"]


def test_another_clinic_with_the_same_code_is_not_told(doctor: Client, stranger: Client) -> None:
    first = doctor.enter().body
    second = stranger.enter()
    assert second.status == 201
    assert second.body["patient_id"] != first["patient_id"]


def test_a_patient_with_another_code_is_no_candidate(doctor: Client, world: World) -> None:
    doctor.enter()
    other = doctor.enter(patient_code="999929031975").body
    before = doctor.items("lesion")
    for patient_id in (other["patient_id"], "random"):
        reply = doctor.enter(patient_id=patient_id)
        assert reply.status == 422
        assert set(reply.error["fields"]) == {"patient_id"}
    assert doctor.items("lesion") == before


def test_a_candidate_of_the_other_sex_is_refused_on_sex(doctor: Client) -> None:
    first = doctor.enter().body
    reply = doctor.enter(patient_id=first["patient_id"], sex="male")
    assert (reply.status, set(reply.error["fields"])) == (422, {"sex"})


def test_a_further_survey_of_a_lesion_takes_five_calls(doctor: Client, world: World) -> None:
    first = doctor.enter().body
    world.clock.advance(days=30)
    with world.counted() as calls:
        second = doctor.enter(
            lesion_id=first["lesion_id"], examined_on="2026-04-01", age=51, key="k"
        )
    assert second.status == 201
    assert calls.total() == 5, calls
    assert second.body["lesion_id"] == first["lesion_id"]
    assert second.body["patient_id"] == first["patient_id"]
    shown = doctor.view(first["patient_id"]).body
    assert len(shown["lesions"]) == 1
    assert [survey["age"] for survey in shown["surveys"]] == [51, 50]
    assert (shown["first_visit"], shown["last_visit"]) == ("2026-03-01", "2026-04-01")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"patient_code": "999929031975"}, "lesion_id"),
        ({"site": "arms"}, "site"),
        ({"sex": "male"}, "sex"),
        ({"patient_id": "somebody"}, "patient_id"),
        ({"new_patient": True}, "new_patient"),
    ],
)
def test_a_further_survey_that_does_not_fit_its_lesion_names_the_field(
    doctor: Client, world: World, changes: dict[str, Any], field: str
) -> None:
    first = doctor.enter().body
    lesions, patients = doctor.items("lesion"), doctor.items("patient")
    reply = doctor.enter(lesion_id=first["lesion_id"], **changes)
    assert (reply.status, set(reply.error["fields"])) == (422, {field})
    assert (doctor.items("lesion"), doctor.items("patient")) == (lesions, patients)


def test_a_lesion_of_another_clinic_and_a_random_one_answer_alike(
    doctor: Client, stranger: Client
) -> None:
    first = doctor.enter().body
    stranger.enter()
    foreign = stranger.enter(lesion_id=first["lesion_id"])
    random = stranger.enter(lesion_id="nothing")
    assert foreign.status == random.status == 404
    assert foreign.error == random.error


def test_consent_given_anew_replaces_the_old_and_keeps_it(doctor: Client, world: World) -> None:
    first = doctor.enter().body
    world.clock.advance(days=1)
    again = {"lesion_id": first["lesion_id"], "consent": {"research": True, "publication": True}}
    assert doctor.enter(**again).status == 201
    assert doctor.view(first["patient_id"]).body["consent"] == {
        "research": True,
        "publication": True,
        "given_on": "2026-03-03",
    }
    (patient,) = doctor.items("patient")
    assert [old["publication"] for old in patient["past_consents"]] == [False]


def test_an_older_examination_entered_later_does_not_move_the_last_visit(doctor: Client) -> None:
    first = doctor.enter().body
    doctor.enter(lesion_id=first["lesion_id"], examined_on="2025-11-05")
    shown = doctor.view(first["patient_id"]).body
    assert (shown["first_visit"], shown["last_visit"]) == ("2025-11-05", "2026-03-01")


def test_a_lesion_has_an_end_of_surveys(doctor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.patients.lesion_store.MAX_SURVEYS", 2)
    lesion_id = doctor.enter().body["lesion_id"]
    replies = [doctor.enter(lesion_id=lesion_id) for _ in range(2)]
    assert [reply.status for reply in replies] == [201, 409]
    assert replies[1].error["code"] == "too_many_surveys"


def test_a_code_has_an_end_of_patients(doctor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.patients.register.MAX_BEARERS", 2)
    replies = [doctor.enter(new_patient=True) for _ in range(3)]
    assert [reply.status for reply in replies] == [201, 201, 409]
    assert replies[2].error["code"] == "too_many_patients"
    assert len(doctor.items("patient")) == 2

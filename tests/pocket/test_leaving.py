"""Erasing a patient with an account, and merging him with another."""

from typing import Any

import pytest

from chalicelib.people.logins import Logins
from chalicelib.people.store import PeopleStore
from chalicelib.platform import keys
from infra import erasure
from infra.absence import items_of
from tests.erasure.journeys import assert_absent, settle
from tests.merging.clinic import REASON
from tests.merging.clinic import run_sweep as sweep_on
from tests.patients.asking import Client
from tests.pocket.questioning import answer, correct
from tests.pocket.visiting import COIN, MOLE, Patient, give_code, opened, redeem, signed_in


def lived_in(patient: Patient) -> tuple[str, str, str]:
    """A mole with a spot, a photograph with circles, a question with words: their ids."""
    lesion_id = patient.mark("arms", name="У локтя", spot={"view": "front", "x": 0.2, "y": 0.4})
    image_id = patient.photograph(lesion_id, marks={"mole": MOLE, "scale": COIN})
    body = {
        "lesion_id": lesion_id,
        "image_ids": [image_id],
        "answers": {"itching": "yes", "bleeding": "no", "growth": "no", "colour": "no"},
        "text": "Чешется по вечерам",
    }
    asked = patient.ask("POST", "/v1/me/questions", body)
    assert asked.status == 201, asked.body
    return lesion_id, image_id, asked.body["question_id"]


def kept(patient: Patient) -> str:
    """Everything that the tables hold, the audit trail aside."""
    settings = patient.world.platform.settings
    tables = (settings.table_cases, settings.table_people, settings.table_labelling)
    return str([list(items_of(patient.world.platform, table)) for table in tables])


def test_account_questions_circles_and_spots_vanish_with_the_patient(
    doctor: Client, patient: Patient, patient_id: str
) -> None:
    _, _, question_id = lived_in(patient)
    answer(doctor, question_id, {"urgency": "soon", "text": "Приходите в среду"})
    assert correct(doctor, question_id, text="Приходите в четверг").status == 200
    give_code(doctor, patient_id)
    assert all(words in kept(patient) for words in ("Чешется", "в среду", "в четверг"))
    gone = patient.ask("POST", "/v1/me/consent/withdraw")
    assert gone.body.keys() == {"withdrawn_at", "erased_by"}
    platform = patient.world.platform
    assert PeopleStore(platform.people).account(patient.account_id) is None, "at once"
    assert Logins(platform).find(patient.login) is None
    settle(patient.world)
    assert_absent(patient.world, patient_id)
    words = ("Чешется", "в среду", "в четверг", "У локтя", "diameter")
    for trace in (*words, patient.login, patient.account_id):
        left = (
            kept(patient)
            .replace(f"rate#{patient.account_id}", "")
            .replace(f"slots#{patient.account_id}", "")
        )
        assert trace not in left, trace


def test_a_code_given_before_opens_nothing_after_the_withdrawal(
    doctor: Client, patient_id: str
) -> None:
    code = give_code(doctor, patient_id).body["code"]
    path = "/v1/patients/{patient_id}/consent/withdraw"
    assert doctor.ask("POST", path, patient_id=patient_id).status == 200
    assert redeem(code).status == 422


def test_an_account_made_while_the_consent_is_taken_back_is_found_by_a_later_look(
    doctor: Client, patient_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = doctor.world
    code = give_code(doctor, patient_id).body["code"]
    path = "/v1/patients/{patient_id}/consent/withdraw"

    real = Logins.make

    def withdrawn_first(self: Logins, *told: Any) -> Any:
        assert doctor.ask("POST", path, patient_id=patient_id).status == 200
        return real(self, *told)

    with monkeypatch.context() as pool:
        pool.setattr(Logins, "make", withdrawn_first)
        done = redeem(code)
    patient = signed_in(world, done.body["login"])
    assert patient.ask("GET", "/v1/me").error["code"] == "consent_withdrawn"
    settle(world)
    assert Logins(world.platform).find(patient.login) is None
    assert_absent(world, patient_id)


def test_a_restore_of_the_accounts_brings_none_of_an_erased_patient_back(
    doctor: Client, patient: Patient, patient_id: str
) -> None:
    platform = patient.world.platform
    lived_in(patient)
    dynamodb = platform.client("dynamodb")
    tables = (platform.settings.table_people, platform.settings.table_cases)
    before = {table: dynamodb.scan(TableName=table)["Items"] for table in tables}
    patient.ask("POST", "/v1/me/consent/withdraw")
    settle(patient.world)
    for table, items in before.items():
        for item in items:
            dynamodb.put_item(TableName=table, Item=item)
    assert PeopleStore(platform.people).account(patient.account_id) is not None
    assert erasure.main(["replay"], platform) == 0
    assert PeopleStore(platform.people).account(patient.account_id) is None
    assert_absent(patient.world, patient_id)


def merge(doctor: Client, kept_id: str, duplicate_id: str) -> None:
    body = {"patient_id": kept_id, "duplicate_id": duplicate_id, "reason": REASON}
    done = doctor.ask("POST", "/v1/patients/merge", body)
    assert done.status == 200, done.body
    sweep_on(doctor.world, 3)


def test_a_merge_carries_account_moles_photographs_and_questions_along(
    doctor: Client, patient: Patient, patient_id: str
) -> None:
    lesion_id, image_id, question_id = lived_in(patient)
    kept_id = doctor.enter(new_patient=True).body["patient_id"]
    merge(doctor, kept_id, patient_id)
    assert patient.ask("GET", "/v1/me").body["questions_open"] == 1
    listed = patient.ask("GET", "/v1/me/lesions").body["items"]
    assert lesion_id in {one["lesion_id"] for one in listed}
    assert len(listed) == 3, "and those of whom he was merged into"
    for path, ids in (
        ("/v1/me/images/{image_id}", {"image_id": image_id}),
        ("/v1/me/questions/{question_id}", {"question_id": question_id}),
        ("/v1/me/lesions/{lesion_id}/timeline", {"lesion_id": lesion_id}),
    ):
        assert patient.ask("GET", path, ids=ids).status == 200, path
    question = doctor.ask("GET", "/v1/questions/{question_id}", question_id=question_id).body
    assert question["patient_id"] == kept_id
    item = doctor.world.platform.cases.get(keys.question(question_id)) or {}
    assert item["patient_id"] == kept_id
    recovered = redeem(give_code(doctor, kept_id).body["code"]).body
    assert recovered == {"login": patient.login, "recovered": True}
    patient.ask("POST", "/v1/me/consent/withdraw")
    settle(doctor.world)
    assert_absent(doctor.world, kept_id)


def test_of_two_accounts_both_lead_to_the_merged_patient_and_a_new_code_ends_one(
    doctor: Client, patient: Patient, patient_id: str
) -> None:
    doctor.world.clock.advance(minutes=1)
    kept_id = doctor.enter(new_patient=True).body["patient_id"]
    other = opened(doctor, kept_id)
    merge(doctor, kept_id, patient_id)
    own = [one.ask("GET", "/v1/me/lesions").body["items"] for one in (patient, other)]
    assert own[0] == own[1]
    done = redeem(give_code(doctor, kept_id).body["code"]).body
    assert done == {"login": patient.login, "recovered": True}
    platform = doctor.world.platform
    assert PeopleStore(platform.people).account(other.account_id) is None
    assert Logins(platform).find(other.login) is None
    assert signed_in(doctor.world, patient.login).ask("GET", "/v1/me").status == 200


def test_merged_moles_keep_name_and_spot_and_their_questions(
    doctor: Client, patient: Patient, patient_id: str
) -> None:
    duplicate, image_id, question_id = lived_in(patient)
    kept_id = doctor.open_lesion(patient_id, site="arms").body["lesion_id"]
    body = {"lesion_id": kept_id, "duplicate_id": duplicate, "reason": REASON}
    assert doctor.ask("POST", "/v1/lesions/merge", body).status == 200
    sweep_on(doctor.world, 3)
    path = "/v1/questions/{question_id}/advice"
    advice = {"urgency": "watch", "text": "Сфотографируйте через месяц."}
    assert doctor.ask("POST", path, advice, question_id=question_id).status == 201
    [own] = [
        one
        for one in patient.ask("GET", "/v1/me/lesions").body["items"]
        if one["lesion_id"] == kept_id
    ]
    assert (own["name"], own["spot"]["x"], own["advice_unread"]) == ("У локтя", 0.2, 1)
    assert [one["image_id"] for one in own["images"]] == [image_id]
    assert patient.question(kept_id, image_id).status == 201

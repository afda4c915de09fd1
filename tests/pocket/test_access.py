"""One-time codes: who gets one, what it does once, and what is told to whoever tries."""

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.access import service
from chalicelib.access.model import GROUP, LENGTH, LETTERS, code_of, read_code
from chalicelib.people import patient_accounts
from chalicelib.people.logins import Logins, WeakPassword
from chalicelib.people.model import AccountState
from chalicelib.people.service import Wish, change_account
from chalicelib.people.store import PeopleStore
from infra import template
from tests.asking import Answered, as_caller, ask
from tests.erasure.journeys import withdraw
from tests.patients.asking import Client
from tests.pocket.visiting import PASSWORD, Patient, give_code, opened, redeem, signed_in
from tests.world import World

UNKNOWN = "2345-6789-ABCD-EFGH"


def told(answer: Answered) -> tuple[int, Any]:
    return answer.status, answer.error if answer.status >= 400 else answer.body


@given(st.binary(min_size=32, max_size=32), st.sampled_from(["-", " ", "", " – ", "\n"]))
def test_a_code_is_read_however_it_is_typed(chance: bytes, between: str) -> None:
    code = code_of(chance)
    letters = read_code(code)
    assert len(letters) == LENGTH
    assert set(letters) <= set(LETTERS)
    groups = [letters[start : start + GROUP] for start in range(0, LENGTH, GROUP)]
    assert read_code(between.join(groups).lower()) == letters


def test_no_two_letters_of_a_code_look_alike_and_a_russian_keyboard_will_do() -> None:
    assert not set("01ILOU") & set(LETTERS)
    assert len(LETTERS) ** LENGTH > 2**75
    assert read_code("АВСЕ-НКМР-ТХУ2-3456") == "ABCEHKMPTXY23456"
    for wrong in ("", "2345", "2345-6789-ABCD-EFG0", "2345-6789-ABCD-EFGHJ", "💡" * 16):
        assert read_code(wrong) == ""


def test_a_code_is_given_for_own_patients_whose_consent_stands(
    doctor: Client, patient_id: str
) -> None:
    foreign = give_code(doctor.stranger(), patient_id)
    assert told(foreign) == told(give_code(doctor, "nobody"))
    assert foreign.status == 404
    withdraw(doctor, patient_id)
    refused = give_code(doctor, patient_id)
    assert (refused.status, refused.body["error"]["code"]) == (409, "consent_withdrawn")
    assert give_code(doctor.stranger(), patient_id).status == 404


def test_a_repetition_gets_the_same_code_and_a_newer_one_takes_its_place(
    doctor: Client, patient_id: str
) -> None:
    first = give_code(doctor, patient_id, key="one")
    assert give_code(doctor, patient_id, key="one").body == first.body
    newer = give_code(doctor, patient_id, key="two")
    assert newer.body["code"] != first.body["code"]
    assert give_code(doctor, patient_id, key="one").body["code"] == first.body["code"]
    assert redeem(first.body["code"]).status == 422
    assert redeem(newer.body["code"]).status == 201
    assert give_code(doctor, patient_id, key="two").body["code"] == newer.body["code"]
    assert redeem(newer.body["code"], "Another-one-99").status == 422


def test_the_key_of_one_patients_code_gives_no_other_patient_one(
    doctor: Client, patient_id: str
) -> None:
    other = replace(doctor, code="010329031975").enter().body["patient_id"]
    assert give_code(doctor, patient_id, key="one").status == 201
    refused = give_code(doctor, other, key="one")
    assert (refused.status, refused.body["error"]["code"]) == (409, "idempotency_conflict")


def test_unknown_used_and_ended_codes_are_told_alike_after_the_same_calls(
    doctor: Client, patient_id: str
) -> None:
    world = doctor.world
    used = give_code(doctor, patient_id).body["code"]
    assert redeem(used).status == 201
    ended = give_code(doctor, patient_id).body["code"]
    world.clock.advance(days=7, seconds=1)
    answers, calls = [], []
    for code in (UNKNOWN, used, ended, "what?", ""):
        with world.counted() as counted:
            answers.append(told(redeem(code)))
        calls.append(dict(counted))
    assert answers[0][0] == 422
    assert answers[0][1]["fields"].keys() == {"code"}
    assert all(answer == answers[0] for answer in answers)
    assert all(made == calls[0] for made in calls)
    assert sum(calls[0].values()) == 5


def test_a_weak_password_leaves_the_code_good(
    doctor: Client, patient_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = give_code(doctor, patient_id).body["code"]
    for weak in ("short-A1", "no-capital-letters-1", "NoSignsInHere123", "No-digits-in-here"):
        refused = redeem(code, weak)
        assert refused.status == 422
        assert refused.body["error"]["fields"].keys() == {"password"}

    def refuse(*_: object, **__: object) -> None:
        raise WeakPassword

    with monkeypatch.context() as pool:
        pool.setattr(Logins, "set_password", refuse)
        assert redeem(code).body["error"]["fields"].keys() == {"password"}
    assert redeem(code).status == 201


def test_what_is_asked_of_a_password_is_what_the_pool_asks() -> None:
    policy = template.load().resources["UserPool"].properties["Policies"]["PasswordPolicy"]
    assert policy["MinimumLength"] == patient_accounts.PASSWORD_LENGTH
    kinds = ("RequireLowercase", "RequireUppercase", "RequireNumbers", "RequireSymbols")
    assert all(policy[kind] for kind in kinds)
    assert patient_accounts.is_strong(PASSWORD)
    assert not patient_accounts.is_strong("Молоко-и-хлеб-7")


def test_a_password_keeps_the_spaces_at_its_ends(doctor: Client, patient_id: str) -> None:
    kept: list[str] = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(
            Logins, "set_password", lambda _, login, password, permanent: kept.append(password)
        )
        assert redeem(give_code(doctor, patient_id).body["code"], f" {PASSWORD} ").status == 201
    assert kept == [f" {PASSWORD} "]


def test_attempts_are_limited_by_code_and_by_place(doctor: Client, patient_id: str) -> None:
    code = give_code(doctor, patient_id).body["code"]
    for _ in range(service.OF_ONE_CODE.times):
        assert redeem(UNKNOWN).status == 422
    refused = redeem(UNKNOWN)
    assert refused.status == 429
    assert int(refused.headers["Retry-After"]) > 0
    from_here = {"x-forwarded-for": "203.0.113.7, 198.51.100.1"}
    for attempt in range(service.OF_ONE_VIEWER.times):
        wrong = f"3456-789A-BCDE-{code_of(attempt.to_bytes(32, 'big'))[:4]}"
        assert redeem(wrong, **from_here).status == 422
    assert redeem(code, **from_here).status == 429
    forged = {"x-forwarded-for": "192.0.2.99, 203.0.113.7, 198.51.100.1"}
    assert redeem(code, **forged).status == 429, "what the sender wrote himself is not believed"
    elsewhere = {"x-forwarded-for": "203.0.113.8, 198.51.100.1"}
    assert redeem(code, **elsewhere).status == 201


def test_a_lost_reply_costs_nothing_and_the_code_is_used_up(
    doctor: Client, patient_id: str
) -> None:
    code = give_code(doctor, patient_id).body["code"]
    first = redeem(code)
    assert told(redeem(code)) == told(first)
    assert redeem(code, "Somebody-else-8").status == 422
    doctor.world.clock.advance(minutes=16)
    assert redeem(code).status == 422


def test_a_new_code_recovers_the_account_and_ends_its_sessions(
    doctor: Client, patient: Patient, patient_id: str
) -> None:
    world = doctor.world
    code = give_code(doctor, patient_id).body["code"]
    recovered = redeem(code, "Quite-another-5")
    assert recovered.body == {"login": patient.login, "recovered": True}
    # Tokens name an account by its id: those given before name one that is no more.
    assert PeopleStore(world.platform.people).account(patient.account_id) is None
    again = signed_in(world, patient.login)
    assert again.ask("GET", "/v1/me").body["login"] == patient.login
    assert told(redeem(code, "Quite-another-5")) == told(recovered)
    sign_in = {"USERNAME": patient.login, "PASSWORD": "Quite-another-5"}
    pool = world.platform.client("cognito-idp")
    answered = pool.initiate_auth(
        AuthFlow="USER_PASSWORD_AUTH",
        ClientId=world.platform.settings.client_id,
        AuthParameters=sign_in,
    )
    assert "AccessToken" in answered["AuthenticationResult"]


def test_a_request_that_dies_anywhere_is_finished_by_its_repetition(
    doctor: Client, patient_id: str
) -> None:
    world, crashes = doctor.world, 0
    for calls in range(1, 20):
        code = give_code(doctor, patient_id).body["code"]
        with world.crash_after(calls):
            redeem(code)
            break
        crashes += 1
        done = redeem(code)
        assert done.status == 201, calls
        patient = signed_in(world, done.body["login"])
        assert patient.ask("GET", "/v1/me").status == 200
        world.clock.advance(hours=1)
    assert crashes > 5


def test_giving_a_code_that_dies_anywhere_is_finished_by_its_repetition(
    doctor: Client, patient_id: str
) -> None:
    for calls in range(1, 6):
        with doctor.world.crash_after(calls):
            give_code(doctor, patient_id, key=f"key-{calls}")
        code = give_code(doctor, patient_id, key=f"key-{calls}").body["code"]
        assert redeem(code, f"Good-enough-{calls}").status == 201
        doctor.world.clock.advance(hours=1)


def test_an_account_that_an_administrator_closed_stays_closed(
    doctor: Client, patient: Patient, patient_id: str
) -> None:
    platform = doctor.world.platform
    before = give_code(doctor, patient_id).body["code"]
    change_account(
        platform, by="admin", account_id=patient.account_id, wish=Wish(state=AccountState.CLOSED)
    )
    refused = give_code(doctor, patient_id)
    assert (refused.status, refused.body["error"]["code"]) == (409, "account_closed")
    assert redeem(before).status == 422


def test_neither_code_nor_password_is_kept_or_logged(
    doctor: Client, patient_id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = give_code(doctor, patient_id).body
    assert redeem(given["code"]).status == 201
    assert redeem("3333-3333-3333-3333", PASSWORD).status == 422
    platform, kept = doctor.world.platform, ""
    for table in (platform.cases, platform.people, platform.records):
        kept += str(platform.client("dynamodb").scan(TableName=table.name)["Items"])
    kept += "".join(capsys.readouterr())
    for secret in (given["code"], given["code"].replace("-", ""), PASSWORD, "3333333333333333"):
        assert secret not in kept
    assert not re.search(r"\b203\.0\.113\.\d+|127\.0\.0\.1", kept)


def test_the_doctor_sees_since_when_his_patient_has_an_account(
    doctor: Client, patient_id: str
) -> None:
    assert doctor.view(patient_id).body["account_since"] is None
    opened(doctor, patient_id)
    assert doctor.view(patient_id).body["account_since"] == "2026-03-02T09:00:00Z"


def test_each_act_leaves_a_record(doctor: Client, patient_id: str) -> None:
    code = give_code(doctor, patient_id).body["code"]
    login = redeem(code).body["login"]
    redeem(code)
    patient = signed_in(doctor.world, login)
    assert ("access.given", patient_id) in doctor.acts()
    himself = Client(doctor.world, account_id=patient.account_id, clinic_id="clinic1")
    assert himself.acts() == [("access.redeemed", patient_id)]


def test_a_patient_takes_back_the_consent_to_publication_and_nothing_else(
    doctor: Client, patient: Patient, patient_id: str
) -> None:
    assert patient.ask("GET", "/v1/me").body["consent"]["publication"]
    for body in ({"publication": True}, {"research": False}, {}):
        assert patient.ask("PATCH", "/v1/me/consent", body).status == 422
    for _ in range(2):
        done = patient.ask("PATCH", "/v1/me/consent", {"publication": False})
        assert (done.status, done.body["publication"]) == (200, False)
    assert not doctor.view(patient_id).body["consent"]["publication"]
    assert doctor.view(patient_id).body["consent"]["research"]


def test_a_patients_account_opens_nothing_but_his_own_things(
    world: World, doctor: Client, patient: Patient, patient_id: str
) -> None:
    assert patient.ask("GET", "/v1/patients/{patient_id}", patient_id=patient_id).status == 403
    for role in ("doctor", "curator", "admin"):
        refused = ask("GET", "/v1/me", caller=as_caller(role, "x", "clinic1"))
        assert refused.status == 403
    nobody = ask("GET", "/v1/me", caller=as_caller("patient", "x", "clinic1"))
    assert nobody.status == 404, "an account that names no patient has nothing"

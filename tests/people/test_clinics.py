"""A clinic is renamed, closed and reopened; an account is looked at with its login."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.people import clinics, service
from chalicelib.people.model import AccountState, Role
from chalicelib.people.store import PeopleStore
from chalicelib.platform.errors import Conflict
from chalicelib.platform.language import Text
from tests.asking import Answered
from tests.patients.asking import SURVEY, Client
from tests.people.accounts import change, open_clinic, open_one, sign_in
from tests.world import World

CLINIC = "/v1/clinics/{clinic_id}"


@pytest.fixture
def admin(world: World, in_app: None) -> Client:
    return Client(world, "admin1", "", role=Role.ADMIN)


def changed(admin: Client, clinic_id: str, **what: Any) -> Answered:
    return admin.ask("PATCH", CLINIC, what, clinic_id=clinic_id)


def names(answer: Answered) -> list[str]:
    assert answer.status == 200, answer.body
    return [each["name"]["en"] for each in answer.body["items"]]


def test_a_renamed_clinic_is_listed_under_its_new_name(world: World, admin: Client) -> None:
    clinic_id = open_clinic(world)
    answer = changed(admin, clinic_id, name={"ru": "Яснее", "en": "Clearer"}, city="Ялта")
    assert answer.status == 200
    assert answer.body == {
        "clinic_id": clinic_id,
        "name": {"ru": "Яснее", "en": "Clearer"},
        "city": "Ялта",
        "closed": False,
    }
    assert names(admin.ask("GET", "/v1/clinics")) == ["Clearer"]


def test_nobody_is_referred_to_a_closed_clinic(world: World, admin: Client) -> None:
    home, other = open_clinic(world, "clinic1"), open_clinic(world, "clinic2")
    doctor = Client(world, "doctor1", home)
    patient = doctor.ask("POST", "/v1/surveys", SURVEY).body["patient_id"]
    assert changed(admin, other, closed=True).body["closed"] is True
    assert doctor.ask("GET", "/v1/referrals/clinics").body["items"] == []
    offer = {"clinic_id": other, "consent": True}
    path = "/v1/patients/{patient_id}/referrals"
    refused = doctor.ask("POST", path, offer, patient_id=patient)
    assert (refused.status, list(refused.error["fields"])) == (422, ["clinic_id"])
    assert changed(admin, other, closed=False).body["closed"] is False
    assert doctor.ask("POST", path, offer, patient_id=patient).status == 201


def test_no_account_is_given_a_closed_clinic(world: World, admin: Client) -> None:
    clinic_id = open_clinic(world)
    changed(admin, clinic_id, closed=True)
    asked = {"login": "doctor7", "role": "doctor", "clinic_id": clinic_id}
    answer = admin.ask("POST", "/v1/accounts", asked)
    assert (answer.status, list(answer.error["fields"])) == (422, ["clinic_id"])


def test_a_repeated_request_to_open_a_clinic_answers_it_as_it_is_by_now(
    world: World, admin: Client
) -> None:
    asked = {"name": {"ru": "Первая", "en": "First"}, "city": "Орёл"}
    clinic_id = admin.ask("POST", "/v1/clinics", asked, key="k").body["clinic_id"]
    changed(admin, clinic_id, city="Брянск")
    again = admin.ask("POST", "/v1/clinics", asked, key="k")
    assert (again.status, again.body["city"]) == (201, "Брянск")
    other = admin.ask("POST", "/v1/clinics", asked | {"city": "Брянск"}, key="k")
    assert other.error["code"] == "idempotency_conflict"


def test_a_clinic_that_is_none_is_not_found_and_nothing_is_no_change(admin: Client) -> None:
    assert changed(admin, "nowhere", closed=True).status == 404
    assert changed(admin, "nowhere").status == 422


def test_a_change_that_is_overtaken_is_made_of_what_stands_there(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic_id = open_clinic(world)
    save, tries = PeopleStore.save_clinic, list[int]()

    def late(store: PeopleStore, before: Any, after: Any) -> Any:
        tries.append(1)
        if len(tries) == 1:
            save(store, before, replace(before, city="Тула"))
        return save(store, before, after)

    monkeypatch.setattr(PeopleStore, "save_clinic", late)
    found = clinics.change_clinic(world.platform, clinic_id, name=None, city=None, closed=True)
    assert (found.city, found.closed, len(tries)) == ("Тула", True, 2)


def test_an_account_is_told_with_its_clinic_and_what_the_pool_says(
    world: World, admin: Client
) -> None:
    clinic_id, password = open_clinic(world), "Rodinka-test-1"
    doctor = open_one(
        world, "doctor", role=Role.DOCTOR, clinic_id=clinic_id, password=password
    ).account
    path = "/v1/accounts/{account_id}"
    told = admin.ask("GET", path, account_id=doctor.account_id).body
    assert told["clinic"]["clinic_id"] == doctor.clinic_id
    assert (told["second_factor"], told["signed_in_after"]) == (False, None)
    token = sign_in(world, "doctor", password)["AuthenticationResult"]["AccessToken"]
    pool = world.platform.user_pool
    pool.associate_software_token(AccessToken=token)
    pool.verify_software_token(AccessToken=token, UserCode="123456")
    pool.set_user_mfa_preference(
        AccessToken=token, SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True}
    )
    service.revoke_sessions(world.platform, account_id=doctor.account_id)
    told = admin.ask("GET", path, account_id=doctor.account_id).body
    assert told["second_factor"] is True
    assert told["signed_in_after"] is not None
    assert admin.ask("GET", path, account_id="nobody").status == 404


def test_accounts_of_one_clinic_or_state_are_listed_alone(world: World, admin: Client) -> None:
    one, other = open_clinic(world, "clinic1"), open_clinic(world, "clinic2")
    for number in range(4):
        open_one(world, f"doctor{number}", role=Role.DOCTOR, clinic_id=one if number % 2 else other)
    expert = open_one(world, "expert9").account
    change(world, expert, state=AccountState.CLOSED)

    def listed(**query: str) -> list[str]:
        found: list[str] = []
        cursor: str | None = None
        while True:
            more = {"cursor": cursor} if cursor else {}
            answer = admin.ask("GET", "/v1/accounts", query={"limit": "2", **query, **more})
            assert answer.status == 200, answer.body
            found += [each["login"] for each in answer.body["items"]]
            cursor = answer.body["next"]
            if cursor is None:
                return found

    assert listed(clinic_id=one) == ["doctor1", "doctor3"]
    assert listed(state="closed") == ["expert9"]
    assert listed(state="open", role="doctor", clinic_id=other) == ["doctor0", "doctor2"]
    assert listed(clinic_id="nowhere") == []


def test_a_clinic_id_is_given_to_one_clinic_only(world: World) -> None:
    open_clinic(world, "clinic1")
    with pytest.raises(Conflict):
        service.open_clinic(
            world.platform, name=Text("Иная", "Other"), city="Орёл", clinic_id="clinic1"
        )

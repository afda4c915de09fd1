"""Accounts and clinics over HTTP."""

from typing import Any

import pytest

from chalicelib.people import service
from chalicelib.people.model import Role
from chalicelib.people.readers import readers
from chalicelib.platform.language import Text
from tests.asking import Answered, as_caller, ask
from tests.world import World

ACCOUNT = {"login": "expert1", "role": "expert"}


@pytest.fixture
def admin(world: World, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setattr("chalicelib.platform.http.routes.platform", lambda: world.platform)
    opened = service.open_account(world.platform, login="admin", role=Role.ADMIN)
    return as_caller("admin", opened.account.account_id)


def post_account(admin: dict[str, str], body: object = ACCOUNT, key: str = "key-1") -> Answered:
    return ask("POST", "/v1/accounts", caller=admin, body=body, headers={"idempotency-key": key})


def patch(admin: dict[str, str], account_id: str, body: object) -> Answered:
    return ask(
        "PATCH",
        "/v1/accounts/{account_id}",
        caller=admin,
        body=body,
        ids={"account_id": account_id},
    )


def acts(world: World) -> list[tuple[str, str]]:
    """What the audit trail says, in any order."""
    found = world.platform.client("dynamodb").scan(TableName=world.platform.settings.table_audit)
    return sorted((item["act"]["S"], item["on"]["S"]) for item in found["Items"])


def test_an_account_is_opened_and_its_password_told(world: World, admin: dict[str, str]) -> None:
    answer = post_account(admin, {**ACCOUNT, "qualified_since": 2010, "hand_size": 5})
    assert answer.status == 201
    account_id = answer.body.pop("account_id")
    password = answer.body.pop("temporary_password")
    assert len(password) > 20
    assert answer.body == {
        "login": "expert1",
        "role": "expert",
        "clinic_id": "",
        "state": "open",
        "opened_at": "2026-03-02T09:00:00.000000Z",
        "qualified_since": 2010,
        "hand_size": 5,
    }
    assert acts(world) == [("account.opened", account_id)]


def test_a_password_is_neither_stored_nor_audited_nor_listed(
    world: World, admin: dict[str, str]
) -> None:
    password = post_account(admin).body["temporary_password"]
    client, settings = world.platform.client("dynamodb"), world.platform.settings
    stored = [client.scan(TableName=t) for t in (settings.table_people, settings.table_audit)]
    assert sum(table["Count"] for table in stored) >= 4
    listed = ask("GET", "/v1/accounts", caller=admin)
    assert password not in f"{stored} {listed}"


def test_the_same_key_gives_the_same_account_and_another_body_a_conflict(
    world: World, admin: dict[str, str]
) -> None:
    first = post_account(admin)
    world.clock.advance(minutes=5)
    assert post_account(admin) == first
    assert acts(world) == [("account.opened", first.body["account_id"])]
    conflict = post_account(admin, {**ACCOUNT, "login": "expert2"})
    assert (conflict.status, conflict.body["error"]["code"]) == (409, "idempotency_conflict")
    taken = post_account(admin, key="key-2")
    assert (taken.status, taken.body["error"]["code"]) == (409, "login_taken")


WRONG_FIELDS: list[tuple[dict[str, Any], str]] = [
    ({"login": "Ivanov"}, "login"),
    ({"login": "ivan@example.org"}, "login"),
    ({"login": "иван"}, "login"),
    ({"login": "ab"}, "login"),
    ({"login": "a" * 33}, "login"),
    ({"login": "-abc"}, "login"),
    ({"login": "abc\ndef"}, "login"),
    ({"login": "１２３"}, "login"),
    ({"login": None}, "login"),
    ({"role": "owner"}, "role"),
    ({"role": "patient"}, "role"),
    ({"role": "doctor"}, "clinic_id"),
    ({"clinic_id": "nowhere"}, "clinic_id"),
    ({"clinic_id": "a b"}, "clinic_id"),
    ({"qualified_since": 2030}, "qualified_since"),
    ({"qualified_since": "2010"}, "qualified_since"),
    ({"hand_size": 0}, "hand_size"),
    ({"state": "open"}, "state"),
    ({"password": "Rodinka-demo-1"}, "password"),
    ({"email": "ivan@example.org"}, "email"),
]


def test_wrong_fields_are_named(admin: dict[str, str]) -> None:
    for change, field in WRONG_FIELDS:
        answer = post_account(admin, {**ACCOUNT, **change})
        assert answer.status == 422, change
        assert list(answer.body["error"]["fields"]) == [field], change
        assert answer.body["error"]["fields"][field].endswith("."), change


def test_white_space_around_a_login_is_no_part_of_it(admin: dict[str, str]) -> None:
    assert post_account(admin, {**ACCOUNT, "login": " abc\n"}).body["login"] == "abc"


def test_an_account_is_changed_closed_and_reopened(world: World, admin: dict[str, str]) -> None:
    account_id = post_account(admin).body["account_id"]
    for body in (
        {"hand_size": 3},
        {"role": "senior_expert", "qualified_since": 2001},
        {"state": "closed"},
        {"state": "open"},
    ):
        answer = patch(admin, account_id, body)
        assert answer.status == 200
        assert body.items() <= answer.body.items()
    assert acts(world).count(("account.changed", account_id)) == 4


def test_a_change_of_nothing_of_nobody_or_of_a_fixed_field_is_refused(
    admin: dict[str, str],
) -> None:
    account_id = post_account(admin).body["account_id"]
    assert patch(admin, account_id, {}).status == 422
    for body in ({"login": "other"}, {"role": "patient"}, {"valid_after": None}, {"state": "gone"}):
        assert patch(admin, account_id, body).status == 422
    missing = patch(admin, "somebody-else", {"hand_size": 3})
    assert (missing.status, missing.body["error"]["code"]) == (404, "not_found")


def test_an_administrator_is_told_why_he_cannot_shut_himself_out(admin: dict[str, str]) -> None:
    answer = patch(admin, admin["account_id"], {"state": "closed"})
    assert (answer.status, answer.body["error"]["code"]) == (409, "own_account")
    assert "another administrator" in answer.body["error"]["message"]


def test_sessions_are_ended_without_closing_the_account(
    world: World, admin: dict[str, str]
) -> None:
    account_id = post_account(admin).body["account_id"]
    path = "/v1/accounts/{account_id}/sessions/revoke"
    answer = ask("POST", path, caller=admin, ids={"account_id": account_id})
    assert (answer.status, answer.body) == (204, None)
    account = service.view_account(world.platform, account_id)
    assert (account.is_open, account.valid_after) == (True, world.clock.now())
    assert ("account.sessions_revoked", account_id) in acts(world)
    assert ask("POST", path, caller=admin, ids={"account_id": "somebody-else"}).status == 404


def test_a_forgotten_password_is_replaced(world: World, admin: dict[str, str]) -> None:
    opened = post_account(admin).body
    path = "/v1/accounts/{account_id}/password"
    answer = ask("POST", path, caller=admin, ids={"account_id": opened["account_id"]})
    assert answer.status == 201
    assert answer.body["temporary_password"] != opened["temporary_password"]
    assert ("account.password_reset", opened["account_id"]) in acts(world)


def test_a_list_of_accounts_is_paged_and_its_cursor_serves_nobody_else(
    world: World, admin: dict[str, str]
) -> None:
    for n in range(5):
        post_account(admin, {**ACCOUNT, "login": f"expert{n}"}, key=f"key-{n}")
    found: list[str] = []
    query = {"limit": "2"}
    while True:
        page = ask("GET", "/v1/accounts", caller=admin, query=query)
        assert page.status == 200
        found += [account["login"] for account in page.body["items"]]
        if page.body["next"] is None:
            break
        query = {"limit": "2", "cursor": page.body["next"]}
    assert found == [*(f"expert{n}" for n in range(5)), "admin"]
    only = ask("GET", "/v1/accounts", caller=admin, query={"role": "admin"})
    assert [account["login"] for account in only.body["items"]] == ["admin"]
    colleague = as_caller("admin", "colleague")
    cursor = ask("GET", "/v1/accounts", caller=admin, query={"limit": "2"}).body["next"]
    for caller, stolen in (
        (colleague, {"cursor": cursor}),
        (admin, {"cursor": cursor, "role": "expert"}),
        (admin, {"cursor": cursor[:-4]}),
        (admin, {"cursor": "я"}),
        (admin, {"role": "owner"}),
        (admin, {"limit": "0"}),
        (admin, {"limit": "201"}),
    ):
        assert ask("GET", "/v1/accounts", caller=caller, query=stolen).status == 422


def test_a_clinic_is_added_once_and_listed(world: World, admin: dict[str, str]) -> None:
    body = {"name": {"ru": "Орловский онкоцентр", "en": "Orel Cancer Centre"}, "city": "Орёл"}
    headers = {"idempotency-key": "key-1"}
    first = ask("POST", "/v1/clinics", caller=admin, body=body, headers=headers)
    assert first.status == 201
    assert ask("POST", "/v1/clinics", caller=admin, body=body, headers=headers) == first
    other = {**body, "city": "Брянск"}
    assert ask("POST", "/v1/clinics", caller=admin, body=other, headers=headers).status == 409
    listed = ask("GET", "/v1/clinics", caller=admin)
    assert listed.body == {"items": [first.body], "next": None}
    clinic_id = first.body["clinic_id"]
    assert acts(world) == [("clinic.opened", clinic_id), ("clinics.listed", "clinics")]
    doctor = post_account(admin, {"login": "doctor", "role": "doctor", "clinic_id": clinic_id})
    assert (doctor.status, doctor.body["clinic_id"]) == (201, clinic_id)


WRONG_CLINICS: list[dict[str, Any]] = [
    {},
    {"name": "Клиника", "city": "Орёл"},
    {"name": {"ru": "Клиника"}, "city": "Орёл"},
    {"name": {"ru": "", "en": "Clinic"}, "city": "Орёл"},
    {"name": {"ru": "Клиника", "en": "x" * 121}, "city": "Орёл"},
    {"name": {"ru": "Клиника", "en": "Clinic"}, "city": " "},
    {"name": {"ru": "Клиника", "en": "Clinic"}, "city": "Орёл", "clinic_id": "mine"},
]


def test_a_clinic_with_wrong_fields_is_refused(admin: dict[str, str]) -> None:
    for body in WRONG_CLINICS:
        assert ask("POST", "/v1/clinics", caller=admin, body=body).status == 422, body


def test_everybody_learns_who_he_is_in_his_language(world: World, admin: dict[str, str]) -> None:
    name = Text("Орловский онкоцентр", "Orel Cancer Centre")
    clinic = service.open_clinic(world.platform, name=name, city="Орёл")
    doctor = service.open_account(
        world.platform, login="doctor", role=Role.DOCTOR, clinic_id=clinic.clinic_id
    ).account
    for language in ("ru", "en"):
        answer = ask(
            "GET",
            "/v1/account",
            caller=as_caller("doctor", doctor.account_id, clinic.clinic_id),
            headers={"accept-language": language},
        )
        assert answer.body == {
            "account_id": doctor.account_id,
            "login": "doctor",
            "role": "doctor",
            "clinic": {"clinic_id": clinic.clinic_id, "name": getattr(name, language)},
            "languages": ["ru", "en"],
        }
    nowhere = ask("GET", "/v1/account", caller=admin)
    assert (nowhere.status, nowhere.body["clinic"]) == (200, None)
    assert ask("GET", "/v1/account", caller=as_caller("doctor", "gone")).status == 404


def test_what_each_request_costs(world: World, admin: dict[str, str]) -> None:
    """AWS calls by route, the authorizer's own read aside."""

    def cost(method: str, path: str, body: object = None, **ids: str) -> int:
        with world.counted() as calls:
            assert ask(method, path, caller=admin, body=body, ids=ids).status < 300
        return sum(calls.values())

    clinic = {"name": {"ru": "Клиника", "en": "Clinic"}, "city": "Орёл"}
    assert cost("POST", "/v1/clinics", clinic) <= 2
    assert cost("GET", "/v1/clinics") <= 2
    assert cost("POST", "/v1/accounts", ACCOUNT) <= 5
    assert cost("GET", "/v1/account") <= 3
    assert cost("GET", "/v1/accounts", None) <= 8
    expert = readers(world.platform)[0].account_id
    one = "/v1/accounts/{account_id}"
    assert cost("PATCH", one, {"hand_size": 3}, account_id=expert) <= 4
    assert cost("PATCH", one, {"state": "closed"}, account_id=expert) <= 5
    assert cost("POST", f"{one}/sessions/revoke", account_id=expert) <= 4
    assert cost("POST", f"{one}/password", account_id=expert) <= 6

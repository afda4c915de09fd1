"""An account is opened once, with its login in the user pool, however often the function stops."""

from typing import Any

import pytest

from chalicelib.people import service
from chalicelib.people.logins import Logins
from chalicelib.people.model import Role
from chalicelib.people.store import PeopleStore
from chalicelib.platform.errors import Conflict, Invalid
from tests.people.accounts import (
    change,
    crash_in,
    in_the_pool,
    logins_in_the_pool,
    open_clinic,
    open_one,
    sign_in,
)
from tests.world import World


def test_an_account_is_known_by_the_sub_of_its_login(world: World) -> None:
    account = open_one(world, "expert1", qualified_since=2015, hand_size=7).account
    sub = {a["Name"]: a["Value"] for a in in_the_pool(world, "expert1")["UserAttributes"]}["sub"]
    assert account.account_id == sub
    assert service.view_account(world.platform, sub) == account
    assert (account.qualified_since, account.hand_size, account.clinic_id) == (2015, 7, "")


def test_the_pool_learns_nothing_of_a_person_but_his_login(world: World) -> None:
    open_one(world, "expert1")
    assert {a["Name"] for a in in_the_pool(world, "expert1")["UserAttributes"]} == {"sub"}


def test_the_temporary_password_signs_in_and_must_be_changed(world: World) -> None:
    opened = open_one(world, "expert1")
    assert opened.temporary_password is not None
    assert sign_in(world, "expert1", opened.temporary_password)["ChallengeName"] == (
        "NEW_PASSWORD_REQUIRED"
    )


def test_temporary_passwords_meet_the_pools_policy_and_are_all_different(world: World) -> None:
    given = set()
    for number in range(20):
        opened = open_one(world, f"expert{number}")
        password = opened.temporary_password or ""
        # The pool checks its policy where a password is set, not where a login is made.
        Logins(world.platform).set_password(f"expert{number}", password, permanent=False)
        given.add(password)
    assert len(given) == 20


def test_a_given_password_signs_in_at_once(world: World) -> None:
    opened = open_one(world, "expert1", password="Rodinka-demo-1")
    assert opened.temporary_password is None
    assert "AccessToken" in sign_in(world, "expert1", "Rodinka-demo-1")["AuthenticationResult"]


def test_the_same_request_again_gives_the_same_answer(world: World) -> None:
    first = open_one(world, "expert1", request_id="request-1")
    world.clock.advance(hours=1)
    assert open_one(world, "expert1", request_id="request-1") == first
    assert logins_in_the_pool(world) == 1


def test_the_same_request_with_another_wish_is_refused(world: World) -> None:
    open_one(world, "expert1", request_id="request-1")
    for different in ({"login": "expert2"}, {"role": Role.CURATOR}, {"hand_size": 3}):
        wish: dict[str, Any] = {"login": "expert1", "role": Role.EXPERT, **different}
        with pytest.raises(Conflict) as refused:
            service.open_account(world.platform, request_id="request-1", **wish)
        assert refused.value.code == "idempotency_conflict"
    assert logins_in_the_pool(world) == 1


def test_a_login_in_use_is_refused_and_its_password_stays(world: World) -> None:
    first = open_one(world, "expert1", request_id="request-1")
    with pytest.raises(Conflict) as refused:
        open_one(world, "expert1", role=Role.ADMIN, request_id="request-2")
    assert refused.value.code == "login_taken"
    assert service.view_account(world.platform, first.account.account_id).role is Role.EXPERT
    assert sign_in(world, "expert1", first.temporary_password or "")


@pytest.mark.parametrize(
    ("owner", "step"),
    [
        (Logins, "make"),
        (PeopleStore, "open_account"),
        (PeopleStore, "join_administrators"),
    ],
)
def test_a_crash_while_opening_is_healed_by_the_same_request(
    world: World, owner: type, step: str
) -> None:
    with crash_in(owner, step):
        open_one(world, "chief", role=Role.ADMIN, request_id="request-1")
    opened = open_one(world, "chief", role=Role.ADMIN, request_id="request-1")
    assert sign_in(world, "chief", opened.temporary_password or "")
    assert logins_in_the_pool(world) == 1
    second = open_one(world, "deputy", role=Role.ADMIN).account
    assert not change(world, second, by=opened.account.account_id, role=Role.CURATOR).administers
    with pytest.raises(Conflict):
        change(world, opened.account, by=second.account_id, role=Role.CURATOR)


def test_a_login_left_by_a_crash_serves_another_request_with_its_own_password(
    world: World,
) -> None:
    with crash_in(PeopleStore, "open_account"):
        open_one(world, "expert1", request_id="request-1")
    opened = open_one(world, "expert1", role=Role.CURATOR, request_id="request-2")
    assert opened.account.role is Role.CURATOR
    assert sign_in(world, "expert1", opened.temporary_password or "")
    with pytest.raises(Conflict) as refused:
        open_one(world, "expert1", request_id="request-1")
    assert refused.value.code == "login_taken"


def test_a_doctor_needs_a_clinic_that_is_there(world: World) -> None:
    for clinic_id in ("", "nowhere"):
        with pytest.raises(Invalid) as refused:
            open_one(world, "doctor", role=Role.DOCTOR, clinic_id=clinic_id)
        assert set(refused.value.fields) == {"clinic_id"}
    assert logins_in_the_pool(world) == 0
    doctor = open_one(world, "doctor", role=Role.DOCTOR, clinic_id=open_clinic(world)).account
    with pytest.raises(Invalid):
        change(world, doctor, clinic_id="")
    expert = open_one(world, "expert1").account
    with pytest.raises(Invalid):
        change(world, expert, role=Role.DOCTOR)


def test_practice_cannot_begin_next_year(world: World) -> None:
    with pytest.raises(Invalid):
        open_one(world, "expert1", qualified_since=2027)
    assert open_one(world, "expert1", qualified_since=2026).account.qualified_since == 2026

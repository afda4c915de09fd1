"""Opening, changing and closing accounts, on a user pool and a table that may fail in between."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.people import service
from chalicelib.people.logins import Logins
from chalicelib.people.model import Account, AccountState, Role, takes_away
from chalicelib.people.service import Opened, Wish
from chalicelib.people.store import LastAdministrator, PeopleStore
from chalicelib.platform.errors import Conflict, Invalid, NotFound
from chalicelib.platform.language import Text
from chalicelib.platform.table import ConditionFailed, Item, Table
from tests.world import World


class Crash(Exception):
    """The function stops here."""


def crash(*_: Any, **__: Any) -> Any:
    raise Crash


@contextmanager
def crash_in(owner: type, step: str) -> Iterator[None]:
    """Inside the block the function stops at this step."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(owner, step, crash)
        with pytest.raises(Crash):
            yield


def open_one(world: World, login: str, role: Role = Role.EXPERT, **more: Any) -> Opened:
    return service.open_account(world.platform, login=login, role=role, **more)


def change(world: World, account: Account, by: str = "somebody", **wish: Any) -> Account:
    return service.change_account(
        world.platform, by=by, account_id=account.account_id, wish=Wish(**wish)
    )


def open_clinic(world: World, clinic_id: str = "clinic1") -> str:
    name = Text("Клиника", "Clinic")
    return service.open_clinic(
        world.platform, name=name, city="Орёл", clinic_id=clinic_id
    ).clinic_id


def sign_in(world: World, login: str, password: str) -> dict[str, Any]:
    answer: dict[str, Any] = world.platform.client("cognito-idp").initiate_auth(
        ClientId=world.platform.settings.client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": login, "PASSWORD": password},
    )
    return answer


def in_the_pool(world: World, login: str) -> dict[str, Any]:
    pool_id = world.platform.settings.issuer.rsplit("/", 1)[-1]
    user: dict[str, Any] = world.platform.client("cognito-idp").admin_get_user(
        UserPoolId=pool_id, Username=login
    )
    return user


def logins_in_the_pool(world: World) -> int:
    pool_id = world.platform.settings.issuer.rsplit("/", 1)[-1]
    return len(world.platform.client("cognito-idp").list_users(UserPoolId=pool_id)["Users"])


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


def test_closing_shuts_the_login_and_reopening_opens_it(world: World) -> None:
    account = open_one(world, "expert1", password="Rodinka-demo-1").account
    renewal = sign_in(world, "expert1", "Rodinka-demo-1")["AuthenticationResult"]["RefreshToken"]
    closed = change(world, account, state=AccountState.CLOSED)
    assert closed.valid_after == world.clock.now()
    with pytest.raises(ClientError):
        sign_in(world, "expert1", "Rodinka-demo-1")
    assert change(world, account, state=AccountState.OPEN).is_open
    assert sign_in(world, "expert1", "Rodinka-demo-1")
    with pytest.raises(ClientError):
        renew(world, renewal)


def renew(world: World, token: str) -> None:
    world.platform.client("cognito-idp").initiate_auth(
        ClientId=world.platform.settings.client_id,
        AuthFlow="REFRESH_TOKEN_AUTH",
        AuthParameters={"REFRESH_TOKEN": token},
    )


@pytest.mark.parametrize("call", ["disable", "sign_out"])
def test_a_crash_while_closing_leaves_the_account_shut_and_is_healed_by_a_repetition(
    world: World, call: str
) -> None:
    account = open_one(world, "expert1", password="Rodinka-demo-1").account
    with crash_in(Logins, call):
        change(world, account, state=AccountState.CLOSED)
    assert not service.view_account(world.platform, account.account_id).is_open
    change(world, account, state=AccountState.CLOSED)
    assert not in_the_pool(world, "expert1")["Enabled"]


def test_what_is_not_wished_stays_and_nothing_wished_twice_is_written_twice(world: World) -> None:
    account = open_one(world, "expert1", qualified_since=2015).account
    changed = change(world, account, hand_size=5)
    assert (changed.hand_size, changed.qualified_since, changed.role) == (5, 2015, Role.EXPERT)
    with world.counted() as calls:
        assert change(world, account, hand_size=5) == changed
    assert calls == {"dynamodb.GetItem": 1}


def test_two_changes_at_once_are_both_made(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    account = open_one(world, "expert1").account
    save, others = PeopleStore.save, iter([5])

    def overtaken(store: PeopleStore, before: Account, after: Account) -> Account:
        for hand_size in others:
            change(world, account, hand_size=hand_size)
        return save(store, before, after)

    monkeypatch.setattr(PeopleStore, "save", overtaken)
    change(world, account, qualified_since=2015)
    found = service.view_account(world.platform, account.account_id)
    assert (found.hand_size, found.qualified_since) == (5, 2015)


def test_of_two_changes_that_do_not_fit_together_the_later_is_refused(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic_id = open_clinic(world)
    account = open_one(world, "expert1", clinic_id=clinic_id).account
    save, others = PeopleStore.save, iter([""])

    def overtaken(store: PeopleStore, before: Account, after: Account) -> Account:
        for no_clinic in others:
            change(world, account, clinic_id=no_clinic)
        return save(store, before, after)

    monkeypatch.setattr(PeopleStore, "save", overtaken)
    with pytest.raises(Invalid):
        change(world, account, role=Role.DOCTOR)
    found = service.view_account(world.platform, account.account_id)
    assert (found.role, found.clinic_id) == (Role.EXPERT, "")


def test_a_change_that_is_overtaken_again_and_again_gives_up_with_a_word(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = open_one(world, "expert1").account

    def overtaken(*_: object) -> Account:
        raise ConditionFailed(None)

    monkeypatch.setattr(PeopleStore, "save", overtaken)
    for act in (
        lambda: change(world, account, hand_size=3),
        lambda: service.revoke_sessions(world.platform, account_id=account.account_id),
    ):
        with pytest.raises(Conflict) as refused:
            act()
        assert refused.value.code == "changed_meanwhile"


def test_an_administrator_shuts_neither_himself_nor_the_house(world: World) -> None:
    chief = open_one(world, "chief", role=Role.ADMIN).account
    deputy = open_one(world, "deputy", role=Role.ADMIN).account
    for wish in ({"state": AccountState.CLOSED}, {"role": Role.CURATOR}):
        with pytest.raises(Conflict) as refused:
            change(world, chief, by=chief.account_id, **wish)
        assert refused.value.code == "own_account"
    assert change(world, chief, by=chief.account_id, hand_size=3).administers
    change(world, deputy, by=chief.account_id, state=AccountState.CLOSED)
    for wish in ({"state": AccountState.CLOSED}, {"role": Role.CURATOR}):
        with pytest.raises(Conflict) as refused:
            # A deputy just closed is still let in by the gateway for some seconds.
            change(world, chief, by=deputy.account_id, **wish)
        assert refused.value.code == "last_administrator"
    assert service.view_account(world.platform, chief.account_id).administers


def test_a_reopened_administrator_counts_again(world: World) -> None:
    chief = open_one(world, "chief", role=Role.ADMIN).account
    deputy = open_one(world, "deputy", role=Role.ADMIN).account
    change(world, deputy, by=chief.account_id, state=AccountState.CLOSED)
    change(world, deputy, by=chief.account_id, state=AccountState.OPEN)
    assert not change(world, chief, by=deputy.account_id, role=Role.CURATOR).administers


def test_of_two_administrators_who_close_each_other_one_stays(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    chief = open_one(world, "chief", role=Role.ADMIN).account
    deputy = open_one(world, "deputy", role=Role.ADMIN).account
    leave, once = PeopleStore.leave_administrators, iter([True])

    def overtaken(store: PeopleStore, account_id: str) -> None:
        for _ in once:
            change(world, chief, by=deputy.account_id, state=AccountState.CLOSED)
        leave(store, account_id)

    monkeypatch.setattr(PeopleStore, "leave_administrators", overtaken)
    with pytest.raises(Conflict):
        change(world, deputy, by=chief.account_id, state=AccountState.CLOSED)
    accounts = (chief, deputy)
    found = [service.view_account(world.platform, each.account_id) for each in accounts]
    assert [account.administers for account in found] == [False, True]


def test_of_two_administrators_struck_out_at_the_same_moment_one_stays(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = PeopleStore(world.platform.people)
    for account_id in ("chief", "deputy"):
        store.join_administrators(account_id)
    get, once = Table.get, iter(["chief"])

    def overtaken(table: Table, key: tuple[str, str]) -> Item | None:
        seen = get(table, key)
        for other in once:
            store.leave_administrators(other)
        return seen

    monkeypatch.setattr(Table, "get", overtaken)
    with pytest.raises(LastAdministrator):
        store.leave_administrators("deputy")


def test_a_new_password_replaces_the_forgotten_one_and_ends_the_sessions(world: World) -> None:
    account = open_one(world, "expert1", password="Rodinka-demo-1").account
    other = open_one(world, "expert2").account
    reset = service.reset_password(
        world.platform, account_id=account.account_id, request_id="request-1"
    )
    assert service.view_account(world.platform, account.account_id).valid_after
    with pytest.raises(ClientError):
        sign_in(world, "expert1", "Rodinka-demo-1")
    assert sign_in(world, "expert1", reset.temporary_password or "")["ChallengeName"]
    again = service.reset_password(
        world.platform, account_id=other.account_id, request_id="request-1"
    )
    assert again.temporary_password != reset.temporary_password


def test_nobody_is_not_found(world: World) -> None:
    for act in (
        lambda: service.view_account(world.platform, "nobody"),
        lambda: service.revoke_sessions(world.platform, account_id="nobody"),
        lambda: service.reset_password(world.platform, account_id="nobody", request_id="r"),
        lambda: service.change_account(
            world.platform, by="x", account_id="nobody", wish=Wish(hand_size=1)
        ),
    ):
        with pytest.raises(NotFound):
            act()


def test_readers_are_the_open_experts_of_both_ranks(world: World) -> None:
    open_one(world, "curator", role=Role.CURATOR)
    open_one(world, "senior", role=Role.SENIOR_EXPERT, qualified_since=2001)
    gone = open_one(world, "expert3").account
    for login in ("expert2", "expert1"):
        open_one(world, login)
    change(world, gone, state=AccountState.CLOSED)
    with world.counted() as calls:
        found = service.readers(world.platform)
    assert [reader.login for reader in found] == ["expert1", "expert2", "senior"]
    assert calls == {"dynamodb.Query": 2}
    change(world, found[0], role=Role.SENIOR_EXPERT)
    change(world, found[1], role=Role.CURATOR)
    assert {(r.login, r.role) for r in service.readers(world.platform)} == {
        ("expert1", Role.SENIOR_EXPERT),
        ("senior", Role.SENIOR_EXPERT),
    }


def test_lists_walk_through_all_roles_page_by_page_without_loss(world: World) -> None:
    roles = (Role.EXPERT, Role.CURATOR, Role.VENDOR, Role.ADMIN)
    logins = {f"{role.value[:3]}{n}": role for role in roles for n in range(3)}
    for login, role in logins.items():
        open_one(world, login, role=role)
    for limit in (1, 2, 3, 4, 5, 12, 50):
        found: list[str] = []
        place = None
        while True:
            page, place = service.list_accounts(world.platform, role=None, limit=limit, after=place)
            assert len(page) <= limit
            found += [account.login for account in page]
            if place is None:
                break
        assert sorted(found) == sorted(logins)
    page, place = service.list_accounts(world.platform, role=Role.CURATOR, limit=2, after=None)
    assert [account.login for account in page] == ["cur0", "cur1"]
    page, place = service.list_accounts(world.platform, role=Role.CURATOR, limit=2, after=place)
    assert ([account.login for account in page], place) == (["cur2"], None)


def test_clinics_are_listed_by_city_and_an_id_is_used_once(world: World) -> None:
    open_clinic(world, "clinic1")
    open_clinic(world, "clinic1")
    with pytest.raises(Conflict):
        service.open_clinic(
            world.platform, name=Text("Другая", "Other"), city="Орёл", clinic_id="clinic1"
        )
    service.open_clinic(world.platform, name=Text("Я", "Ya"), city="Брянск")
    clinics, after = service.list_clinics(world.platform, limit=50, after=None)
    assert ([clinic.city for clinic in clinics], after) == (["Брянск", "Орёл"], None)


def test_of_all_changes_of_role_only_the_expert_made_senior_keeps_his_session(
    world: World,
) -> None:
    account = open_one(world, "expert1").account
    for before in Role:
        for after in Role:
            ends = takes_away(replace(account, role=before), replace(account, role=after))
            kept = before is after or (before, after) == (Role.EXPERT, Role.SENIOR_EXPERT)
            assert ends is not kept
    moved = replace(account, clinic_id="another")
    assert takes_away(account, moved)

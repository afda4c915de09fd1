"""An account is changed, closed and given a new password; what is taken away ends its sessions."""

from dataclasses import replace

import pytest
from botocore.exceptions import ClientError

from chalicelib.people import service
from chalicelib.people.logins import Logins
from chalicelib.people.model import Account, AccountState, Role, takes_away
from chalicelib.people.service import Wish
from chalicelib.people.store import PeopleStore
from chalicelib.platform.errors import Conflict, Invalid, NotFound
from chalicelib.platform.table import ConditionFailed
from tests.people.accounts import change, crash_in, in_the_pool, open_clinic, open_one, sign_in
from tests.world import World


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

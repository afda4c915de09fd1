"""There is always an administrator, and none shuts himself out."""

import pytest

from chalicelib.people import service
from chalicelib.people.model import AccountState, Role
from chalicelib.people.store import LastAdministrator, PeopleStore
from chalicelib.platform.errors import Conflict
from chalicelib.platform.table import Item, Table
from tests.people.accounts import change, open_one
from tests.world import World


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

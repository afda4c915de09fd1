"""Readers, accounts and clinics are listed whole and in order."""

import pytest

from chalicelib.people import looking, service
from chalicelib.people.model import AccountState, Role
from chalicelib.people.readers import readers
from chalicelib.platform.errors import Conflict
from chalicelib.platform.language import Text
from tests.people.accounts import change, open_clinic, open_one
from tests.world import World


def test_readers_are_the_open_experts_of_both_ranks(world: World) -> None:
    open_one(world, "curator", role=Role.CURATOR)
    open_one(world, "senior", role=Role.SENIOR_EXPERT, qualified_since=2001)
    gone = open_one(world, "expert3").account
    for login in ("expert2", "expert1"):
        open_one(world, login)
    change(world, gone, state=AccountState.CLOSED)
    with world.counted() as calls:
        found = readers(world.platform)
    assert [reader.login for reader in found] == ["expert1", "expert2", "senior"]
    assert calls == {"dynamodb.Query": 2}
    change(world, found[0], role=Role.SENIOR_EXPERT)
    change(world, found[1], role=Role.CURATOR)
    assert {(r.login, r.role) for r in readers(world.platform)} == {
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
            page, place = looking.list_accounts(world.platform, role=None, limit=limit, after=place)
            assert len(page) <= limit
            found += [account.login for account in page]
            if place is None:
                break
        assert sorted(found) == sorted(logins)
    page, place = looking.list_accounts(world.platform, role=Role.CURATOR, limit=2, after=None)
    assert [account.login for account in page] == ["cur0", "cur1"]
    page, place = looking.list_accounts(world.platform, role=Role.CURATOR, limit=2, after=place)
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

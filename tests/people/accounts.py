"""Accounts as tests open, change and look at them, and functions that stop half-way."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from chalicelib.people import service
from chalicelib.people.model import Account, Role
from chalicelib.people.service import Opened, Wish
from chalicelib.platform.language import Text
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

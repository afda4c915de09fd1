"""Asking the authorizer as a bearer of some token does."""

from typing import Any

from chalice.app import AuthRequest, AuthResponse

from chalicelib.people import service
from chalicelib.people.authorizer import authorize
from chalicelib.people.model import Account
from chalicelib.people.service import Wish
from tests.people.issuer import Issuer, claims
from tests.world import World

ARN = "arn:aws:execute-api:eu-central-1:123456789012:api/stage/GET/v1/account"
ADMIN = "the-administrator"


def ask(world: World, issuer: Issuer, authorization: Any) -> AuthResponse:
    request = AuthRequest("TOKEN", authorization, ARN)
    return authorize(world.platform, request, keys=issuer.keys())


def token_of(world: World, issuer: Issuer, account: Account, **changes: Any) -> str:
    ours = world.platform.settings
    said = {"iss": ours.issuer, "client_id": ours.client_id, "sub": account.account_id}
    return issuer.sign(claims(world.clock.now(), **{**said, **changes}))


def admitted(world: World, issuer: Issuer, token: str) -> bool:
    answer = ask(world, issuer, f"Bearer {token}")
    assert answer.routes in (["*"], [])
    return answer.routes == ["*"]


def change(world: World, account: Account, wish: Wish) -> None:
    service.change_account(world.platform, by=ADMIN, account_id=account.account_id, wish=wish)

"""Who is admitted to the API, and what it costs to ask (bad input 19)."""

from typing import Any

import pytest
from chalice.app import AuthRequest
from chalice.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import app
from chalicelib.people import clinics, service
from chalicelib.people.authorizer import authorize
from chalicelib.people.issuer_keys import IssuerKeys, KeysUnavailable
from chalicelib.people.model import Account, AccountState, Role
from chalicelib.people.service import Wish
from chalicelib.platform import logging
from tests.people.admission import ARN, admitted, ask, change, token_of
from tests.people.issuer import Issuer, claims
from tests.world import World


def test_a_good_token_admits_to_every_route_with_role_and_clinic_from_the_account(
    world: World, issuer: Issuer, doctor: Account
) -> None:
    token = token_of(world, issuer, doctor, role="admin", **{"cognito:groups": ["admin"]})
    answer = ask(world, issuer, f"Bearer {token}")
    assert answer.context == {
        "account_id": doctor.account_id,
        "role": "doctor",
        "clinic_id": "clinic1",
    }
    policy = answer.to_dict(AuthRequest("TOKEN", "", ARN))
    assert policy["principalId"] == doctor.account_id
    assert policy["policyDocument"]["Statement"][0]["Resource"] == [
        "arn:aws:execute-api:eu-central-1:123456789012:api/stage/*/*"
    ]


def test_admission_costs_one_read_and_a_doctors_one_more_for_the_clinic(
    world: World, issuer: Issuer, doctor: Account
) -> None:
    curator = service.open_account(world.platform, login="curator", role=Role.CURATOR).account
    for account, reads in ((doctor, 2), (curator, 1)):
        token = token_of(world, issuer, account)
        with world.counted() as calls:
            assert admitted(world, issuer, token)
        assert calls == {"dynamodb.GetItem": reads}


def test_doctors_of_a_closed_clinic_are_refused_until_it_is_opened_again(
    world: World, issuer: Issuer, doctor: Account
) -> None:
    token = token_of(world, issuer, doctor)
    for closed in (True, False, True):
        clinics.change_clinic(world.platform, "clinic1", name=None, city=None, closed=closed)
        assert admitted(world, issuer, token) is not closed


def test_a_bad_token_costs_no_read_and_admits_to_nothing(
    world: World, issuer: Issuer, another_issuer: Issuer, doctor: Account
) -> None:
    token = token_of(world, another_issuer, doctor)
    with world.counted() as calls:
        answer = ask(world, issuer, f"Bearer {token}")
    assert not calls
    assert (answer.routes, answer.principal_id, answer.context) == ([], "nobody", {})


def test_a_token_of_nobody_we_know_is_refused(
    world: World, issuer: Issuer, doctor: Account
) -> None:
    assert not admitted(world, issuer, token_of(world, issuer, doctor, sub="somebody-else"))


def test_an_id_token_is_refused(world: World, issuer: Issuer, doctor: Account) -> None:
    assert not admitted(world, issuer, token_of(world, issuer, doctor, token_use="id"))


@given(authorization=st.text() | st.binary() | st.none() | st.integers())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_header_whatever_raises(world: World, issuer: Issuer, authorization: Any) -> None:
    for header in (authorization, f"Bearer {authorization}", f"Bearer a.{authorization}.c"):
        assert ask(world, issuer, header).routes == []


def test_an_enormous_header_does_not_raise(world: World, issuer: Issuer) -> None:
    for header in ("Bearer " + "x" * 1_000_000, "Bearer " + "." * 100_000, "Basic ", "\0", "😀"):
        assert ask(world, issuer, header).routes == []


def test_a_refusal_is_logged_with_its_reason_and_nothing_else(
    world: World, issuer: Issuer, doctor: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    logged: list[tuple[str, dict[str, object]]] = []
    monkeypatch.setattr(logging, "info", lambda fact, **details: logged.append((fact, details)))
    assert not admitted(world, issuer, token_of(world, issuer, doctor, token_use="id"))
    assert not admitted(world, issuer, token_of(world, issuer, doctor, sub="somebody-else"))
    token = token_of(world, issuer, doctor)
    world.clock.advance(seconds=1)
    service.revoke_sessions(world.platform, account_id=doctor.account_id)
    assert not admitted(world, issuer, token)
    change(world, doctor, Wish(state=AccountState.CLOSED))
    assert not admitted(world, issuer, token)
    reasons = ("wrong_use", "no_account", "session_ended", "account_closed")
    assert logged == [("not_admitted", {"reason": reason}) for reason in reasons]


def test_without_the_issuers_keys_nobody_is_judged(world: World, doctor: Account) -> None:
    def silent() -> bytes:
        raise TimeoutError

    token = Issuer().sign(
        claims(
            world.clock.now(),
            iss=world.platform.settings.issuer,
            client_id=world.platform.settings.client_id,
        )
    )
    request = AuthRequest("TOKEN", f"Bearer {token}", ARN)
    with pytest.raises(KeysUnavailable):
        authorize(world.platform, request, keys=IssuerKeys(silent))


def test_a_token_goes_through_the_gateway_to_the_route_and_a_forged_one_does_not(
    world: World, issuer: Issuer, another_issuer: Issuer, doctor: Account
) -> None:
    with (
        pytest.MonkeyPatch.context() as patch,
        Client(app.app) as client,
    ):
        patch.setattr(app, "platform", lambda: world.platform)
        patch.setattr("chalicelib.platform.http.routes.platform", lambda: world.platform)
        patch.setattr("chalicelib.people.authorizer.issuer_keys", lambda _: issuer.keys())

        def answer(authorization: str | None) -> Any:
            headers = {"Authorization": authorization} if authorization is not None else {}
            return client.http.get("/v1/account", headers=headers)

        good = answer(f"Bearer {token_of(world, issuer, doctor)}")
        assert (good.status_code, good.json_body["login"]) == (200, "doctor")
        for bad in (
            None,
            "",
            "Bearer",
            "Basic ZG9jdG9yOnB3",
            f"Bearer {token_of(world, another_issuer, doctor)}",
            f"Bearer {token_of(world, issuer, doctor)}x",
        ):
            assert answer(bad).status_code in (401, 403), bad

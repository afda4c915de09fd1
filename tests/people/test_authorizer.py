"""Who is admitted to the API, and how soon no longer (promise 13, bad inputs 19 and 20)."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import jwt
import pytest
from chalice.app import AuthRequest, AuthResponse
from chalice.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moto.cognitoidp.responses import CognitoIdpJsonWebKeyResponse

import app
from chalicelib.people import clinics, service
from chalicelib.people.authorizer import authorize
from chalicelib.people.issuer_keys import IssuerKeys, KeysUnavailable
from chalicelib.people.model import Account, AccountState, Role
from chalicelib.people.service import Wish
from chalicelib.platform import logging
from chalicelib.platform.language import Text
from tests.people.issuer import Issuer, claims
from tests.world import World

ARN = "arn:aws:execute-api:eu-central-1:123456789012:api/stage/GET/v1/account"
ADMIN = "the-administrator"


@pytest.fixture
def doctor(world: World) -> Account:
    clinic = service.open_clinic(
        world.platform, name=Text("Клиника", "Clinic"), city="Орёл", clinic_id="clinic1"
    )
    return service.open_account(
        world.platform, login="doctor", role=Role.DOCTOR, clinic_id=clinic.clinic_id
    ).account


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


def test_a_closed_account_is_refused_at_once_and_a_reopened_one_must_sign_in_again(
    world: World, issuer: Issuer, doctor: Account
) -> None:
    before = token_of(world, issuer, doctor)
    assert admitted(world, issuer, before)
    world.clock.advance(minutes=1)
    change(world, doctor, Wish(state=AccountState.CLOSED))
    assert not admitted(world, issuer, before)
    assert not admitted(world, issuer, token_of(world, issuer, doctor))
    change(world, doctor, Wish(state=AccountState.OPEN))
    assert not admitted(world, issuer, before)
    world.clock.advance(seconds=1)
    assert admitted(world, issuer, token_of(world, issuer, doctor))


def test_a_lowered_role_ends_the_sessions_begun_before_it(world: World, issuer: Issuer) -> None:
    opened = service.open_account(world.platform, login="senior", role=Role.SENIOR_EXPERT)
    before = token_of(world, issuer, opened.account)
    world.clock.advance(minutes=1)
    change(world, opened.account, Wish(role=Role.EXPERT))
    assert not admitted(world, issuer, before)
    world.clock.advance(seconds=1)
    answer = ask(world, issuer, f"Bearer {token_of(world, issuer, opened.account)}")
    assert answer.context["role"] == "expert"


def test_an_expert_made_senior_goes_on_with_his_session(world: World, issuer: Issuer) -> None:
    opened = service.open_account(world.platform, login="expert", role=Role.EXPERT)
    before = token_of(world, issuer, opened.account)
    world.clock.advance(minutes=1)
    change(world, opened.account, Wish(role=Role.SENIOR_EXPERT))
    answer = ask(world, issuer, f"Bearer {before}")
    assert answer.context["role"] == "senior_expert"


def test_a_revoked_session_cannot_be_renewed_into_a_good_one(
    world: World, issuer: Issuer, doctor: Account
) -> None:
    signed_in = int(world.clock.now().timestamp())
    world.clock.advance(minutes=1)
    service.revoke_sessions(world.platform, account_id=doctor.account_id)
    world.clock.advance(minutes=1)
    renewed = token_of(world, issuer, doctor, auth_time=signed_in)
    assert not admitted(world, issuer, renewed)
    assert admitted(world, issuer, token_of(world, issuer, doctor))


def test_a_session_begun_in_the_very_second_of_the_revocation_is_refused(
    world: World, issuer: Issuer, doctor: Account
) -> None:
    # Tokens tell time in whole seconds: before and after cannot be told apart within one.
    world.clock.advance(seconds=0.5)
    token = token_of(world, issuer, doctor)
    service.revoke_sessions(world.platform, account_id=doctor.account_id)
    assert not admitted(world, issuer, token)
    world.clock.advance(seconds=0.5)
    service.revoke_sessions(world.platform, account_id=doctor.account_id)
    # On the stroke of the second they can: this one was issued after.
    assert admitted(world, issuer, token_of(world, issuer, doctor))


def test_a_clock_set_back_does_not_revive_an_ended_session(
    world: World, issuer: Issuer, doctor: Account
) -> None:
    token = token_of(world, issuer, doctor)
    world.clock.advance(minutes=10)
    service.revoke_sessions(world.platform, account_id=doctor.account_id)
    world.clock.advance(hours=-1)
    service.revoke_sessions(world.platform, account_id=doctor.account_id)
    world.clock.advance(hours=1)
    assert not admitted(world, issuer, token)


def test_the_answer_is_kept_for_half_a_minute_at_most() -> None:
    assert 0 < app.authorize.config.ttl_seconds <= 30


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


PASSWORD = "Rodinka-demo-1"


def sign_in(world: World, login: str) -> dict[str, str]:
    """The tokens of the user pool itself. It tells its own time, so the test's clock follows it."""
    answer = world.platform.client("cognito-idp").initiate_auth(
        ClientId=world.platform.settings.client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": login, "PASSWORD": PASSWORD},
    )
    tokens: dict[str, str] = answer["AuthenticationResult"]
    said = jwt.decode(tokens["AccessToken"], options={"verify_signature": False})
    world.clock.moment = datetime.fromtimestamp(said["iat"], UTC)
    return tokens


def test_a_person_of_the_user_pool_is_admitted_by_his_access_token_only(world: World) -> None:
    keys = IssuerKeys(lambda: CognitoIdpJsonWebKeyResponse.json_web_key)
    account = service.open_account(
        world.platform, login="expert1", role=Role.EXPERT, password=PASSWORD
    ).account
    tokens = sign_in(world, "expert1")

    def answer(name: str) -> AuthResponse:
        request = AuthRequest("TOKEN", f"Bearer {tokens[name]}", ARN)
        return authorize(world.platform, request, keys=keys)

    assert answer("AccessToken").context["account_id"] == account.account_id
    assert answer("IdToken").routes == []
    assert answer("RefreshToken").routes == []
    change(world, account, Wish(state=AccountState.CLOSED))
    assert answer("AccessToken").routes == []


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


def test_in_production_the_local_user_pools_tokens_are_refused(world: World) -> None:
    keys = IssuerKeys(lambda: CognitoIdpJsonWebKeyResponse.json_web_key)
    service.open_account(world.platform, login="expert1", role=Role.EXPERT, password=PASSWORD)
    token = sign_in(world, "expert1")["AccessToken"]
    production = replace(
        world.platform, settings=world.platform.settings.model_copy(update={"stage": "prod"})
    )
    request = AuthRequest("TOKEN", f"Bearer {token}", ARN)
    assert authorize(world.platform, request, keys=keys).routes == ["*"]
    assert authorize(production, request, keys=keys).routes == []

"""The user pool's own tokens at the API's door, and which of its two clients admits whom."""

from dataclasses import replace
from datetime import UTC, datetime

import jwt
import pytest
from chalice.app import AuthRequest, AuthResponse
from moto.cognitoidp.responses import CognitoIdpJsonWebKeyResponse

from chalicelib.people import service
from chalicelib.people.authorizer import authorize
from chalicelib.people.issuer_keys import IssuerKeys
from chalicelib.people.logins import Logins
from chalicelib.people.model import STAFF, Account, AccountState, Role
from chalicelib.people.patient_accounts import open_patient_account, remove_patient_account
from chalicelib.people.service import Wish
from chalicelib.platform import logging
from tests.people.accounts import open_clinic, open_one
from tests.people.admission import ARN, admitted, ask, change, token_of
from tests.people.issuer import Issuer
from tests.world import World

PASSWORD = "Rodinka-demo-1"


@pytest.fixture
def patient(world: World) -> Account:
    return open_patient_account(
        world.platform, patient_id="p1", clinic_id="clinic1", login="m-2345", password=PASSWORD
    )


def sign_in(world: World, login: str, *, client_id: str = "") -> dict[str, str]:
    """The tokens of the user pool itself. It tells its own time, so the test's clock follows it."""
    answer = world.platform.client("cognito-idp").initiate_auth(
        ClientId=client_id or world.platform.settings.client_id,
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


def by_patients_client(world: World, issuer: Issuer, account: Account) -> str:
    return token_of(world, issuer, account, client_id=world.platform.settings.patient_client_id)


def test_by_the_patients_client_a_patient_is_admitted_for_one_read_as_by_the_other(
    world: World, issuer: Issuer, patient: Account
) -> None:
    for token in (by_patients_client(world, issuer, patient), token_of(world, issuer, patient)):
        with world.counted() as calls:
            answer = ask(world, issuer, f"Bearer {token}")
        assert calls == {"dynamodb.GetItem": 1}
        assert (answer.context["role"], answer.context["patient_id"]) == ("patient", "p1")


@pytest.mark.parametrize("role", sorted(STAFF))
def test_by_the_patients_client_no_member_of_staff_is_admitted(
    world: World, issuer: Issuer, role: Role, monkeypatch: pytest.MonkeyPatch
) -> None:
    logged: list[tuple[str, dict[str, object]]] = []
    monkeypatch.setattr(logging, "info", lambda fact, **details: logged.append((fact, details)))
    clinic_id = open_clinic(world) if role is Role.DOCTOR else ""
    account = open_one(world, "somebody", role, clinic_id=clinic_id).account
    assert admitted(world, issuer, token_of(world, issuer, account))
    with world.counted() as calls:
        assert not admitted(world, issuer, by_patients_client(world, issuer, account))
    assert calls == {"dynamodb.GetItem": 1}
    assert logged == [("not_admitted", {"reason": "wrong_client"})]


def test_a_patients_long_session_ends_at_once_with_account_revocation_and_removal(
    world: World, issuer: Issuer, patient: Account
) -> None:
    began = int(world.clock.now().timestamp())
    world.clock.advance(days=60)

    def renewed() -> str:
        client_id = world.platform.settings.patient_client_id
        return token_of(world, issuer, patient, client_id=client_id, auth_time=began)

    assert admitted(world, issuer, renewed())
    service.revoke_sessions(world.platform, account_id=patient.account_id)
    assert not admitted(world, issuer, renewed())
    world.clock.advance(seconds=1)
    began = int(world.clock.now().timestamp())
    assert admitted(world, issuer, renewed())
    change(world, patient, Wish(state=AccountState.CLOSED))
    assert not admitted(world, issuer, renewed())
    change(world, patient, Wish(state=AccountState.OPEN))
    world.clock.advance(seconds=1)
    began = int(world.clock.now().timestamp())
    assert admitted(world, issuer, renewed())
    # As a new one-time code does when it is redeemed.
    remove_patient_account(world.platform, patient.account_id, patient.login)
    assert not admitted(world, issuer, renewed())


def test_the_pools_patients_client_admits_the_patient_and_turns_the_doctor_away(
    world: World, patient: Account, doctor: Account
) -> None:
    keys = IssuerKeys(lambda: CognitoIdpJsonWebKeyResponse.json_web_key)
    Logins(world.platform).set_password(doctor.login, PASSWORD, permanent=True)
    client_id = world.platform.settings.patient_client_id
    for account, is_admitted in ((patient, True), (doctor, False)):
        token = sign_in(world, account.login, client_id=client_id)["AccessToken"]
        request = AuthRequest("TOKEN", f"Bearer {token}", ARN)
        assert (authorize(world.platform, request, keys=keys).routes == ["*"]) is is_admitted

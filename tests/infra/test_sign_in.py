"""Signing in goes through the front to the user pool, and nothing else of the pool does."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml
from chalice.config import Config
from werkzeug.test import Client, TestResponse

from infra.local.api import Api
from infra.local.attempts import Attempts
from infra.local.front import Front
from infra.local.serving import Serving
from infra.local.sign_in import SignIn
from infra.local.throttle import Throttle
from tests.infra.small_app import URL, Browser, NoCloud, small_app
from tests.stack import ROOT


class Pool:
    """Answers as the pool's endpoint would; keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.now = 0.0
        """Seconds on the clock before the pool."""
        self.answer: tuple[str, dict[str, Any]] = ("200 OK", {"AuthenticationResult": {}})

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        self.asked.append(environ)
        status, body = self.answer
        if environ["HTTP_X_AMZ_TARGET"].endswith(".GetUser"):
            status, body = "200 OK", {"Username": "Doctor"}
        start_response(status, [("Content-Type", "application/x-amz-json-1.1")])
        return [json.dumps(body).encode()]


@pytest.fixture
def pool() -> Iterator[tuple[Pool, Client]]:
    behind = Pool()
    with Serving(behind) as serving:
        sign_in = SignIn(serving.url, "eu-central-1", lambda: behind.now)
        api = Api(small_app(), Config.create(chalice_stage="local"))
        throttle = Throttle(lambda: behind.now)
        yield (
            behind,
            Browser(Front(api=api, s3=NoCloud(), sign_in=sign_in, throttle=throttle, url=URL)),
        )


WRONG = {"__type": "NotAuthorizedException", "message": "Incorrect username or password."}


WRONG_CODE = {"__type": "CodeMismatchException", "message": "Invalid code received for user"}
CODE_ASKED = {"ChallengeName": "SOFTWARE_TOKEN_MFA", "Session": "session-of-doctor"}


def _ask(client: Client, action: str, **body: Any) -> TestResponse:
    target = {"X-Amz-Target": f"AWSCognitoIdentityProviderService.{action}"}
    return client.post("/auth", data=json.dumps(body).encode(), headers=target)


def _sign_in(client: Client, login: str = "doctor") -> TestResponse:
    parameters = {"USERNAME": login, "PASSWORD": "a password"}
    return _ask(client, "InitiateAuth", AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters)


def _tell_code(client: Client, login: str = "doctor") -> TestResponse:
    return _ask(
        client,
        "RespondToAuthChallenge",
        ChallengeName="SOFTWARE_TOKEN_MFA",
        Session="session-of-doctor",
        ChallengeResponses={"USERNAME": login, "SOFTWARE_TOKEN_MFA_CODE": "123456"},
    )


def _verify(client: Client) -> TestResponse:
    return _ask(client, "VerifySoftwareToken", Session="session-of-doctor", UserCode="123456")


def _with_token(behind: Pool, client: Client) -> str:
    """An access token of the doctor's that is good for half an hour."""
    result = {"AccessToken": "token-of-doctor", "RefreshToken": "renews", "ExpiresIn": 1800}
    good, behind.answer = behind.answer, ("200 OK", {"AuthenticationResult": result})
    _sign_in(client)
    behind.answer = good
    behind.asked.clear()
    return "token-of-doctor"


def _change(client: Client, token: str | None) -> TestResponse:
    return _ask(
        client, "ChangePassword", AccessToken=token, PreviousPassword="a", ProposedPassword="b"
    )


def _verify_anew(client: Client, token: str | None) -> TestResponse:
    return _ask(client, "VerifySoftwareToken", AccessToken=token, UserCode="123456")


def _ask_own(client: Client, token: str | None) -> TestResponse:
    return _ask(client, "GetUser", AccessToken=token)


def _prefer(client: Client, token: str | None) -> TestResponse:
    return _ask(client, "SetUserMFAPreference", AccessToken=token)


def _told(response: TestResponse) -> str:
    return str(json.loads(response.data).get("__type", "signed in"))


@pytest.mark.parametrize(
    "target",
    [
        "",
        "AWSCognitoIdentityProviderService.AdminGetUser",
        "AWSCognitoIdentityProviderService.SignUp",
        "DynamoDB_20120810.Scan",
        "TrentService.InitiateAuth",
    ],
)
def test_only_public_actions_of_the_user_pool_are_passed_on(client: Client, target: str) -> None:
    response = client.post("/auth", data=b"{}", headers={"X-Amz-Target": target})
    assert response.status_code == 400
    assert json.loads(response.data)["__type"] == "UnknownOperationException"


def test_a_long_sign_in_is_refused_unread(client: Client) -> None:
    target = {"X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth"}
    assert client.post("/auth", data=b"x" * 20_000, headers=target).status_code == 413


def test_signing_in_goes_to_the_pool_of_our_region(pool: tuple[Pool, Client]) -> None:
    behind, client = pool
    response = _sign_in(client)
    assert response.status_code == 200
    assert json.loads(response.data) == {"AuthenticationResult": {}}
    assert response.headers["Cache-Control"] == "no-store"
    assert "/eu-central-1/cognito-idp/" in behind.asked[0]["HTTP_AUTHORIZATION"]


def test_an_unknown_login_answers_as_a_wrong_password_does(pool: tuple[Pool, Client]) -> None:
    behind, client = pool
    behind.answer = ("400 Bad Request", WRONG)
    first = _sign_in(client)
    behind.answer = ("400 Bad Request", {"__type": "UserNotFoundException", "message": "who?"})
    second = _sign_in(client)
    assert (first.status_code, first.get_json(force=True)) == (
        second.status_code,
        second.get_json(force=True),
    )


def test_after_five_failures_a_login_waits_and_twice_as_long_after_each_further_one(
    pool: tuple[Pool, Client],
) -> None:
    behind, client = pool
    behind.answer = ("400 Bad Request", WRONG)
    assert [_told(_sign_in(client)) for _ in range(5)] == ["NotAuthorizedException"] * 5
    for pause in (1, 2, 4, 8):
        asked = len(behind.asked)
        refused = _sign_in(client, "DOCTOR")
        assert (refused.status_code, _told(refused)) == (400, "TooManyRequestsException")
        assert refused.headers["Retry-After"] == str(pause)
        assert len(behind.asked) == asked, "the pool was not asked"
        behind.now += pause
        assert _told(_sign_in(client)) == "NotAuthorizedException"


def test_failures_of_one_login_do_not_hold_up_another_and_a_success_forgets_them(
    pool: tuple[Pool, Client],
) -> None:
    behind, client = pool
    good = behind.answer
    for _ in range(2):
        behind.answer = ("400 Bad Request", WRONG)
        for _ in range(4):
            _sign_in(client)
        assert _told(_sign_in(client, "expert")) == "NotAuthorizedException"
        behind.answer = good
        assert _told(_sign_in(client)) == "signed in"


@pytest.mark.parametrize("guess", [_tell_code, _verify])
def test_wrong_codes_pause_a_login_as_wrong_passwords_do(
    pool: tuple[Pool, Client], guess: Callable[..., TestResponse]
) -> None:
    behind, client = pool
    good = behind.answer
    for _ in range(5):
        behind.answer = ("200 OK", CODE_ASKED)
        assert _told(_sign_in(client)) == "signed in", "a right password forgets no wrong code"
        behind.answer = ("400 Bad Request", WRONG_CODE)
        assert _told(guess(client)) == "CodeMismatchException"
    asked = len(behind.asked)
    for refused in (guess(client), _sign_in(client, "Doctor")):
        assert _told(refused) == "TooManyRequestsException"
        assert refused.headers["Retry-After"] == "1"
    assert len(behind.asked) == asked, "the pool was not asked"
    behind.now += 1
    behind.answer = good
    _tell_code(client)
    behind.answer = ("400 Bad Request", WRONG_CODE)
    assert _told(guess(client)) == "CodeMismatchException", "tokens forget wrong codes"


@pytest.mark.parametrize("step", [_tell_code, _verify])
def test_a_session_that_was_never_opened_or_has_ended_never_reaches_the_pool(
    pool: tuple[Pool, Client], step: Callable[..., TestResponse]
) -> None:
    behind, client = pool
    assert _told(step(client)) == "NotAuthorizedException"
    assert behind.asked == []
    good, behind.answer = behind.answer, ("200 OK", CODE_ASKED)
    _sign_in(client)
    behind.answer = good
    behind.now = 179
    assert _told(step(client)) == "signed in"
    behind.now = 900
    assert _told(step(client)) == "NotAuthorizedException"
    assert len(behind.asked) == 2


@pytest.mark.parametrize("act", [_change, _verify_anew, _ask_own, _prefer])
def test_an_account_is_its_owners_as_long_as_his_session_lasts(
    pool: tuple[Pool, Client], act: Callable[..., TestResponse]
) -> None:
    behind, client = pool
    for token in (None, "", "token-of-nobody"):
        assert _told(act(client, token)) == "NotAuthorizedException"
    token = _with_token(behind, client)
    behind.answer = ("200 OK", {})
    behind.now = 1799
    assert act(client, token).status_code == 200
    asked = len(behind.asked)
    behind.now = 1800
    assert "expired" in act(client, token).get_json(force=True)["message"]
    behind.now = 1799
    _ask(client, "RevokeToken", Token="renews")
    assert "revoked" in act(client, token).get_json(force=True)["message"]
    assert len(behind.asked) == asked, "the pool was not asked"


def test_a_token_is_no_session_and_a_session_no_token(pool: tuple[Pool, Client]) -> None:
    behind, client = pool
    token = _with_token(behind, client)
    both = _ask(client, "VerifySoftwareToken", AccessToken=token, Session="", UserCode="123456")
    step = _ask(
        client, "RespondToAuthChallenge", AccessToken=token, ChallengeName="SOFTWARE_TOKEN_MFA"
    )
    assert [_told(both), _told(step)] == ["NotAuthorizedException"] * 2
    assert behind.asked == []


def test_wrong_current_passwords_and_codes_pause_the_way_in_too(
    pool: tuple[Pool, Client],
) -> None:
    behind, client = pool
    token = _with_token(behind, client)
    behind.answer = ("400 Bad Request", {"__type": "InvalidPasswordException", "message": "weak"})
    for _ in range(6):
        assert _told(_change(client, token)) == "InvalidPasswordException", "weak is no guess"
    behind.answer = ("400 Bad Request", {"__type": "NotAuthorizedException", "message": "doctor"})
    for _ in range(4):
        assert _change(client, token).get_json(force=True) == WRONG
    behind.answer = ("400 Bad Request", WRONG_CODE)
    assert _told(_verify_anew(client, token)) == "CodeMismatchException"
    refused = [_change(client, token), _verify_anew(client, token), _sign_in(client, "doctor")]
    limits = ["LimitExceededException", "TooManyRequestsException", "TooManyRequestsException"]
    assert [_told(each) for each in refused] == limits
    assert {each.headers["Retry-After"] for each in refused} == {"1"}


def test_nobody_goes_on_in_the_session_of_another(pool: tuple[Pool, Client]) -> None:
    behind, client = pool
    behind.answer = ("200 OK", CODE_ASKED)
    _sign_in(client)
    assert _told(_tell_code(client, "expert")) == "NotAuthorizedException"
    assert len(behind.asked) == 1, "the pool was not asked"
    assert _told(_tell_code(client, "Doctor")) == "signed in"


def test_a_session_is_renewed_by_the_client_it_began_with_and_by_no_other(
    pool: tuple[Pool, Client],
) -> None:
    behind, client = pool
    behind.answer = ("200 OK", {"AuthenticationResult": {"RefreshToken": "token-1"}})
    parameters = {"USERNAME": "anna", "PASSWORD": "a password"}
    flow = {"AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters}
    assert _ask(client, "InitiateAuth", ClientId="patients", **flow).status_code == 200
    behind.answer = ("200 OK", {"AuthenticationResult": {"AccessToken": "new"}})
    for client_id, status in (("staff", 400), ("patients", 200), (None, 400)):
        renewed = _ask(
            client, "GetTokensFromRefreshToken", ClientId=client_id, RefreshToken="token-1"
        )
        assert renewed.status_code == status, client_id


def test_production_asks_everybody_for_the_second_factor() -> None:
    stages = yaml.safe_load((ROOT / "infra" / "stages.yaml").read_text())
    assert stages["prod"]["SecondFactor"] == "ON", "to YAML a bare ON is True"


def test_no_pause_is_longer_than_a_quarter_of_an_hour_and_then_failures_are_forgotten() -> None:
    now = [0.0]
    attempts = Attempts(lambda: now[0])
    for _ in range(60):
        attempts.tell("doctor", failed=True)
    assert attempts.pause("doctor") == 900
    now[0] += 900
    assert attempts.pause("doctor") == 0
    attempts.tell("doctor", failed=True)
    assert attempts.pause("doctor") == 0

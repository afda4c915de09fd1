"""Clinics, doctors and experts of a test's own, opened by the administrator and signed in anew."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from tests.stack import RunningStack

COGNITO = "AWSCognitoIdentityProviderService"
NEW_PASSWORD = "Rodinka-test-2"

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Person:
    """An account with the client that carries its access token."""

    account_id: str
    login: str
    client: httpx.Client
    tokens: Mapping[str, str]
    """`AccessToken`, `IdToken`, `RefreshToken`, as Cognito names them."""


def administrator(stack: RunningStack) -> httpx.Client:
    return stack.sign_in("admin")


def new_clinic(stack: RunningStack) -> str:
    number = next(_numbers)
    form = {"name": {"ru": f"Клиника {number}", "en": f"Clinic {number}"}, "city": "Орёл"}
    answer = administrator(stack).post("/api/v1/clinics", json=form)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["clinic_id"])


def new_person(stack: RunningStack, role: str, clinic_id: str = "") -> Person:
    """Open an account and sign in as its owner does the first time."""
    login = f"{role.replace('_', '-')}-{next(_numbers)}"
    form = {"login": login, "role": role, "clinic_id": clinic_id}
    answer = administrator(stack).post("/api/v1/accounts", json=form)
    assert answer.status_code == 201, answer.text
    opened = answer.json()
    challenge = stack.initiate_auth(
        "USER_PASSWORD_AUTH", {"USERNAME": login, "PASSWORD": opened["temporary_password"]}
    ).json()
    assert challenge["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    tokens = _answer_challenge(stack, login, challenge["Session"])
    return Person(opened["account_id"], login, stack.client(tokens["AccessToken"]), tokens)


def new_doctor(stack: RunningStack) -> Person:
    """A doctor in a clinic of his own."""
    return new_person(stack, "doctor", new_clinic(stack))


def _answer_challenge(stack: RunningStack, login: str, session: str) -> dict[str, str]:
    auth = httpx.get(f"{stack.url}/api/v1/config").json()["auth"]
    body = {
        "ChallengeName": "NEW_PASSWORD_REQUIRED",
        "ClientId": auth["client_id"],
        "Session": session,
        "ChallengeResponses": {"USERNAME": login, "NEW_PASSWORD": NEW_PASSWORD},
    }
    headers = {
        "X-Amz-Target": f"{COGNITO}.RespondToAuthChallenge",
        "Content-Type": "application/x-amz-json-1.1",
    }
    answer = httpx.post(auth["endpoint"], json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    return dict(answer.json()["AuthenticationResult"])


def refusal(answer: httpx.Response) -> dict[str, Any]:
    """The error of a refused request, after checking that it has the one shape of all errors."""
    assert answer.headers["content-type"] == "application/json; charset=utf-8", answer.text
    body = answer.json()
    assert set(body) == {"error"}
    error: dict[str, Any] = body["error"]
    assert {"code", "message", "fields", "request_id"} <= set(error)
    assert error["message"].endswith((".", "!", "?"))
    assert error["request_id"]
    assert all(isinstance(sentence, str) for sentence in error["fields"].values())
    return error

"""What a person does with his own password and second factor, at the pool that the stack shows him."""

from typing import Any

import httpx
import pytest

from tests.flows.staff import COGNITO, NEW_PASSWORD, Person, new_doctor, new_person
from tests.stack import RunningStack

OTHER_PASSWORD = "Another-password-3"


def ask(stack: RunningStack, action: str, **fields: Any) -> httpx.Response:
    endpoint = stack.client().get("/api/v1/config").json()["auth"]["endpoint"]
    headers = {"X-Amz-Target": f"{COGNITO}.{action}", "Content-Type": "application/x-amz-json-1.1"}
    return httpx.post(endpoint, json=fields, headers=headers, timeout=30)


def change(stack: RunningStack, token: str, current: str, fresh: str) -> httpx.Response:
    return ask(
        stack,
        "ChangePassword",
        AccessToken=token,
        PreviousPassword=current,
        ProposedPassword=fresh,
    )


def signs_in(stack: RunningStack, person: Person, password: str) -> httpx.Response:
    return stack.initiate_auth(
        "USER_PASSWORD_AUTH", {"USERNAME": person.login, "PASSWORD": password}
    )


def test_a_password_is_changed_by_whoever_knows_the_current_one(stack: RunningStack) -> None:
    doctor = new_doctor(stack)
    token = doctor.tokens["AccessToken"]
    for current, fresh, refusal in (
        ("Not-the-password-1", OTHER_PASSWORD, "NotAuthorizedException"),
        (NEW_PASSWORD, "short", "InvalidPasswordException"),
    ):
        refused = change(stack, token, current, fresh)
        assert (refused.status_code, refused.json()["__type"]) == (400, refusal)
        assert doctor.login not in refused.text
    assert change(stack, token, NEW_PASSWORD, OTHER_PASSWORD).status_code == 200
    assert signs_in(stack, doctor, NEW_PASSWORD).json()["__type"] == "NotAuthorizedException"
    assert "AuthenticationResult" in signs_in(stack, doctor, OTHER_PASSWORD).json()


def test_a_key_is_confirmed_by_the_digits_of_its_app_alone(stack: RunningStack) -> None:
    expert = new_person(stack, "expert")
    token = expert.tokens["AccessToken"]
    assert ask(stack, "AssociateSoftwareToken", AccessToken=token).json()["SecretCode"]
    refused = ask(stack, "VerifySoftwareToken", AccessToken=token, UserCode="no code")
    assert refused.json()["__type"] == "CodeMismatchException"
    settings = {"Enabled": True, "PreferredMfa": True}
    refused = ask(
        stack, "SetUserMFAPreference", AccessToken=token, SoftwareTokenMfaSettings=settings
    )
    assert refused.status_code == 400, "no key was confirmed"
    assert not ask(stack, "GetUser", AccessToken=token).json().get("UserMFASettingList")
    assert "AuthenticationResult" in signs_in(stack, expert, NEW_PASSWORD).json()


@pytest.mark.parametrize("by", ["himself", "an administrator"])
def test_a_session_that_was_ended_changes_nothing_of_the_account(
    stack: RunningStack, by: str
) -> None:
    doctor = new_doctor(stack)
    token = doctor.tokens["AccessToken"]
    if by == "himself":
        ask(stack, "RevokeToken", Token=doctor.tokens["RefreshToken"])
    else:
        path = f"/api/v1/accounts/{doctor.account_id}/sessions/revoke"
        assert stack.sign_in("admin").post(path).is_success
    assert ask(stack, "GetUser", AccessToken=token).json()["__type"] == "NotAuthorizedException"
    refused = change(stack, token, NEW_PASSWORD, OTHER_PASSWORD)
    assert refused.json()["__type"] == "NotAuthorizedException"
    assert "AuthenticationResult" in signs_in(stack, doctor, NEW_PASSWORD).json()

"""A pool that requires a second factor, for the pages: the local one requires none.

`StrictPool` stands before the local pool: it lets that check the password and give the tokens, and answers
the challenges in between as AWS documents them (API reference: InitiateAuth, RespondToAuthChallenge,
AssociateSoftwareToken, VerifySoftwareToken). Its codes are real ones.
"""

import base64
import hashlib
import hmac
import json
import os
import time
from typing import Any

from playwright.sync_api import Page, Route

STEP_SECONDS = 30
PREFERRED = {"Enabled": True, "PreferredMfa": True}


def totp(secret: str, seconds: float) -> str:
    """The six digits of a base32 secret at a time (RFC 6238, SHA-1, steps of 30 seconds)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, int(seconds // STEP_SECONDS).to_bytes(8, "big"), hashlib.sha1)
    at = digest[-1] & 15
    return f"{(int.from_bytes(digest[at : at + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"


class StrictPool:
    """What a pool with the second factor ON answers to one account."""

    def __init__(self, page: Page, *, secret: str | None = None) -> None:
        self.secret = secret
        """Of the app that is set up; None before that."""
        self.offered = ""
        self.locked = self.away = False
        self.preferred = False
        """Whether the account was told to have an app."""
        self._sessions: set[str] = set()
        self._verified = ""
        self._spent: set[str] = set()
        self._tokens: dict[str, Any] = {}
        page.route("**/auth", self._answer)

    def code(self) -> str:
        return totp(self.secret or self.offered, time.time())

    def wrong_code(self) -> str:
        return f"{(int(self.code()) + 500_000) % 1_000_000:06}"

    def end_sessions(self) -> None:
        self._sessions.clear()

    def _answer(self, route: Route) -> None:
        action = route.request.headers["x-amz-target"].partition(".")[2]
        asked = json.loads(route.request.post_data or "{}")
        challenge = asked.get("ChallengeName")
        if action == "InitiateAuth" or challenge == "NEW_PASSWORD_REQUIRED":
            self._pass_on(route)
        elif self.away:
            route.abort()
        elif action == "SetUserMFAPreference":
            self.preferred = asked["SoftwareTokenMfaSettings"] == PREFERRED
            self._say(route, {})
        elif asked.get("Session") not in self._sessions:
            self._refuse(route, "NotAuthorizedException", "Invalid session for the user.")
        elif action == "AssociateSoftwareToken":
            self.offered = base64.b32encode(os.urandom(32)).decode().rstrip("=")
            self._say(route, {"SecretCode": self.offered, "Session": self._session()})
        elif self.locked:
            self._refuse(route, "NotAuthorizedException", "Password attempts exceeded")
        elif action == "VerifySoftwareToken":
            self._verify(route, asked["UserCode"])
        elif challenge == "MFA_SETUP" and asked["Session"] == self._verified:
            self._say(route, self._tokens)
        else:
            self._check(route, asked["ChallengeResponses"]["SOFTWARE_TOKEN_MFA_CODE"])

    def _pass_on(self, route: Route) -> None:
        passed = route.fetch()
        answer = passed.json()
        if "AuthenticationResult" not in answer:
            route.fulfill(response=passed)
            return
        self._tokens = answer
        challenge = "SOFTWARE_TOKEN_MFA" if self.secret else "MFA_SETUP"
        parameters = {"MFAS_CAN_SETUP": '["SOFTWARE_TOKEN_MFA"]'}
        self._say(
            route,
            {
                "ChallengeName": challenge,
                "Session": self._session(),
                "ChallengeParameters": {} if self.secret else parameters,
            },
        )

    def _verify(self, route: Route, code: str) -> None:
        if not self._fits(self.offered, code):
            self._refuse(route, "EnableSoftwareTokenMFAException", "Code mismatch")
            return
        self.secret, self._verified = self.offered, self._session()
        self._say(route, {"Status": "SUCCESS", "Session": self._verified})

    def _check(self, route: Route, code: str) -> None:
        if code in self._spent:
            sentence = "Your software token has already been used once."
            self._refuse(route, "ExpiredCodeException", sentence)
        elif self.secret and self._fits(self.secret, code):
            self._spent.add(code)
            self._say(route, self._tokens)
        else:
            self._refuse(route, "CodeMismatchException", "Invalid code received for user")

    def _fits(self, secret: str, code: str) -> bool:
        now = time.time()
        return code in {totp(secret, now), totp(secret, now - STEP_SECONDS)}

    def _session(self) -> str:
        session = base64.urlsafe_b64encode(os.urandom(48)).decode()
        self._sessions.add(session)
        return session

    def _say(self, route: Route, answer: dict[str, Any], status: int = 200) -> None:
        type_ = "application/x-amz-json-1.1"
        route.fulfill(status=status, body=json.dumps(answer), content_type=type_)

    def _refuse(self, route: Route, type_: str, message: str) -> None:
        self._say(route, {"__type": type_, "message": message}, status=400)

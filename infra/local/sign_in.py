"""What of Cognito a browser may speak to: signing in and out, renewing, the second factor."""

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

from werkzeug.wrappers import Request, Response

from chalicelib.platform import strict_json
from infra.local.attempts import Attempts
from infra.local.challenge_sessions import ChallengeSessions
from infra.local.throttle import Seconds

SERVICE = "AWSCognitoIdentityProviderService"
PUBLIC_ACTIONS = frozenset(
    {
        "InitiateAuth",
        "RespondToAuthChallenge",
        "RevokeToken",
        "GlobalSignOut",
        "AssociateSoftwareToken",
        "VerifySoftwareToken",
    }
)
MAX_BODY_BYTES = 16 * 1024
MAX_LOGIN = 128
"""Letters of a login; Cognito knows none longer."""
CONTENT_TYPE = "application/x-amz-json-1.1"


class SignIn:
    """Passes the public actions on to the pool's endpoint and refuses everything else."""

    def __init__(self, cloud_url: str, region: str, seconds: Seconds) -> None:
        """`seconds` is a clock that only goes forward."""
        self._host, self._region = urlsplit(cloud_url).netloc, region
        self._revoked: set[str] = set()
        self._attempts = Attempts(seconds)
        self._sessions = ChallengeSessions(seconds)

    def answer(self, request: Request) -> Response:
        service, _, action = request.headers.get("X-Amz-Target", "").partition(".")
        if request.method != "POST" or service != SERVICE or action not in PUBLIC_ACTIONS:
            return _refusal(400, "UnknownOperationException", "")
        length = request.content_length
        if length is None or length > MAX_BODY_BYTES:
            return _refusal(413, "SerializationException", "The request is too large.")
        sent = request.environ["wsgi.input"].read(length)
        if action == "RevokeToken":
            return self._revoke(sent)
        if self._is_revoked(sent):
            return _refusal(400, "NotAuthorizedException", "Refresh Token has been revoked")
        fields = _fields(sent)
        login, stranger = self._whose(action, fields)
        if stranger:
            return _refusal(400, "NotAuthorizedException", "Invalid session for the user.")
        guesses = login is not None and _is_guess(action, fields)
        if login is not None and guesses and (pause := self._attempts.pause(login)):
            refused = _refusal(400, "TooManyRequestsException", "Password attempts exceeded")
            refused.headers["Retry-After"] = str(pause)
            return refused
        status, body = self._pass_on(action, sent)
        if login is not None:
            self._note(login, status, _fields(body), guesses=guesses)
        if status >= 500:
            # What is no request at all: moto fails on it, Cognito says so.
            return _refusal(400, "SerializationException", "The request cannot be read.")
        if status >= 400 and json.loads(body or b"{}").get("__type") == "UserNotFoundException":
            # The client prevents existence errors; moto tells all the same.
            sentence = "Incorrect username or password."
            return _refusal(400, "NotAuthorizedException", sentence)
        return Response(body, status=status, content_type=CONTENT_TYPE, headers=_NO_STORE)

    def _whose(self, action: str, fields: dict[str, Any]) -> tuple[str | None, bool]:
        """Whose way in a request is a step of, in one spelling; and whether it is a stranger's.

        moto takes any open session for anybody's and keeps it for ever, so it is looked at here.
        """
        if action == "InitiateAuth":
            return _login(fields.get("AuthParameters")), False
        session = fields.get("Session")
        if not isinstance(session, str):
            return None, action == "RespondToAuthChallenge"
        owner = self._sessions.owner(session)
        if action != "RespondToAuthChallenge":
            return owner, owner is None
        return owner, owner is None or owner != _login(fields.get("ChallengeResponses"))

    def _note(self, login: str, status: int, answer: dict[str, Any], *, guesses: bool) -> None:
        """Only tokens forget wrong passwords and codes: a right password alone would let whoever has
        it try every code."""
        if isinstance(session := answer.get("Session"), str):
            self._sessions.begin(session, login)
        if "AuthenticationResult" in answer:
            self._attempts.tell(login, failed=False)
        elif guesses and 400 <= status < 500:
            self._attempts.tell(login, failed=True)

    def _revoke(self, sent: bytes) -> Response:
        """moto has no RevokeToken, so the revoked tokens are remembered here."""
        token = _fields(sent).get("Token")
        if not isinstance(token, str):
            return _refusal(400, "InvalidParameterException", "Missing required parameter Token")
        self._revoked.add(token)
        return Response("{}", content_type=CONTENT_TYPE, headers=_NO_STORE)

    def _is_revoked(self, sent: bytes) -> bool:
        parameters = _fields(sent).get("AuthParameters")
        token = parameters.get("REFRESH_TOKEN") if isinstance(parameters, dict) else None
        return isinstance(token, str) and token in self._revoked

    def _pass_on(self, action: str, body: bytes) -> tuple[int, bytes]:
        headers = {
            "Content-Type": CONTENT_TYPE,
            "X-Amz-Target": f"{SERVICE}.{action}",
            # moto finds the region in the signature's scope and checks no more of it.
            "Authorization": (
                f"AWS4-HMAC-SHA256 Credential=browser/20260101/{self._region}/cognito-idp/"
                "aws4_request, SignedHeaders=host, Signature=0"
            ),
        }
        connection = http.client.HTTPConnection(self._host, timeout=30)
        try:
            connection.request("POST", "/", body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


def _login(parameters: Any) -> str | None:
    login = parameters.get("USERNAME") if isinstance(parameters, dict) else None
    return login.casefold()[:MAX_LOGIN] if isinstance(login, str) else None


def _is_guess(action: str, fields: dict[str, Any]) -> bool:
    """Whether a request tries a password or a one-time code, which must not go on for ever."""
    if action == "RespondToAuthChallenge":
        return fields.get("ChallengeName") == "SOFTWARE_TOKEN_MFA"
    return action == "VerifySoftwareToken" or fields.get("AuthFlow") == "USER_PASSWORD_AUTH"


def _fields(sent: bytes) -> dict[str, Any]:
    """The fields of a request; none of what is no JSON object."""
    try:
        fields = strict_json.loads(sent)
    except strict_json.BadJson:
        return {}
    return fields if isinstance(fields, dict) else {}


_NO_STORE: dict[str, Any] = {"Cache-Control": "no-store"}


def _refusal(status: int, type_: str, message: str) -> Response:
    body = json.dumps({"__type": type_, "message": message})
    headers = {**_NO_STORE, "x-amzn-ErrorType": type_}
    return Response(body, status=status, content_type=CONTENT_TYPE, headers=headers)

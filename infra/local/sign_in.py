"""What of Cognito a browser may speak to: signing in and out, renewing, one's own password and second factor."""

import http.client
import json
from collections import OrderedDict
from typing import Any
from urllib.parse import urlsplit

from werkzeug.wrappers import Request, Response

from chalicelib.platform import strict_json
from infra.local.access_tokens import AccessTokens
from infra.local.attempts import MOST_LOGINS, Attempts
from infra.local.refresh_tokens import RefreshTokens
from infra.local.throttle import Seconds

SERVICE = "AWSCognitoIdentityProviderService"
PUBLIC_ACTIONS = frozenset(
    {
        "InitiateAuth",
        "GetTokensFromRefreshToken",
        "RespondToAuthChallenge",
        "RevokeToken",
        "GlobalSignOut",
        "AssociateSoftwareToken",
        "VerifySoftwareToken",
        "GetUser",
        "ChangePassword",
        "SetUserMFAPreference",
    }
)
STEPS = frozenset({"RespondToAuthChallenge", "AssociateSoftwareToken", "VerifySoftwareToken"})
"""Of one way in, in the session that an earlier answer opened."""
OWN = frozenset(
    {
        "GetUser",
        "ChangePassword",
        "SetUserMFAPreference",
        "AssociateSoftwareToken",
        "VerifySoftwareToken",
    }
)
"""What its owner does with his account, by the access token of his session."""
NO_GUESS = frozenset({"InvalidPasswordException"})
"""Refusals that tell nothing of a password or code: here a new password is too weak."""
SESSION_SECONDS = 900.0
"""How long a session is open; Cognito's, where the client asks for no other."""
MAX_BODY_BYTES = 16 * 1024
MAX_LOGIN = 128
"""Letters of a login; Cognito knows none longer."""
CONTENT_TYPE = "application/x-amz-json-1.1"


class SignIn:
    """Passes the public actions on to the pool's endpoint and refuses everything else."""

    def __init__(self, cloud_url: str, region: str, seconds: Seconds) -> None:
        """`seconds` is a clock that only goes forward."""
        self._host, self._region = urlsplit(cloud_url).netloc, region
        self._refresh_tokens = RefreshTokens()
        self._access_tokens = AccessTokens(self._refresh_tokens, seconds)
        self._attempts = Attempts(seconds)
        self._seconds = seconds
        self._sessions: OrderedDict[str, tuple[str, float]] = OrderedDict()

    def answer(self, request: Request) -> Response:
        service, _, action = request.headers.get("X-Amz-Target", "").partition(".")
        if request.method != "POST" or service != SERVICE or action not in PUBLIC_ACTIONS:
            return _refusal(400, "UnknownOperationException", "")
        length = request.content_length
        if length is None or length > MAX_BODY_BYTES:
            return _refusal(413, "SerializationException", "The request is too large.")
        action, sent = _known_to_moto(action, request.environ["wsgi.input"].read(length))
        if action == "RevokeToken":
            return self._revoke(sent)
        fields = _fields(sent)
        if why := self._refresh_tokens.refusal(fields):
            return _refusal(400, "NotAuthorizedException", why)
        login, why = self._whose(action, fields)
        if why:
            return _refusal(400, "NotAuthorizedException", why)
        guesses = login is not None and _is_guess(action, fields)
        if login is not None and guesses and (pause := self._attempts.pause(login)):
            return _pause(action, pause)
        status, body = self._pass_on(action, sent)
        if login is not None:
            self._note(login, status, _fields(body), guesses=guesses)
        self._refresh_tokens.given(fields, _fields(body))
        self._access_tokens.given(fields, _fields(body))
        if status >= 500:
            # What is no request at all: moto fails on it, Cognito says so.
            return _refusal(400, "SerializationException", "The request cannot be read.")
        if status >= 400 and (_type(body) == "UserNotFoundException" or _wrong(action, body)):
            # The client prevents existence errors; moto tells all the same, and of a password that is
            # to be changed no more than whose it is.
            sentence = "Incorrect username or password."
            return _refusal(400, "NotAuthorizedException", sentence)
        return Response(body, status=status, content_type=CONTENT_TYPE, headers=_NO_STORE)

    def _whose(self, action: str, fields: dict[str, Any]) -> tuple[str | None, str | None]:
        """The login that a request speaks for, if for any; or why it may not, in Cognito's words."""
        if action in OWN and "Session" not in fields:
            token = fields.get("AccessToken")
            if why := self._access_tokens.refusal(token):
                return None, why
            status, told = self._pass_on("GetUser", json.dumps({"AccessToken": token}).encode())
            name = _fields(told).get("Username") if status == 200 else None
            login = _spelt(name)
            return login, None if login else "Access Token has been revoked"
        if action in STEPS:
            login = self._owner(fields)
            return login, None if login else "Invalid session for the user."
        return _login_of_password(action, fields), None

    def _owner(self, fields: dict[str, Any]) -> str | None:
        """Whose session a step names, if it is open and his.

        moto lets anybody go on in anybody's session, and for ever.
        """
        session = fields.get("Session")
        login, begun = self._sessions.get(session if isinstance(session, str) else "", ("", 0.0))
        if not login or self._seconds() - begun >= SESSION_SECONDS:
            return None
        responses = fields.get("ChallengeResponses")
        return login if responses is None or _login(responses) == login else None

    def _note(self, login: str, status: int, answer: dict[str, Any], *, guesses: bool) -> None:
        """Remember whose session was opened, and how a try ended.

        A right password alone forgets no wrong codes, or whoever has it could try them all.
        """
        if isinstance(session := answer.get("Session"), str):
            self._sessions.pop(session, None)
            self._sessions[session] = login, self._seconds()
            if len(self._sessions) > MOST_LOGINS:
                self._sessions.popitem(last=False)
        if "AuthenticationResult" in answer:
            self._attempts.tell(login, failed=False)
        elif guesses and 400 <= status < 500 and answer.get("__type") not in NO_GUESS:
            self._attempts.tell(login, failed=True)

    def _revoke(self, sent: bytes) -> Response:
        """moto has no RevokeToken, so the revoked tokens are remembered here."""
        token = _fields(sent).get("Token")
        if not isinstance(token, str):
            return _refusal(400, "InvalidParameterException", "Missing required parameter Token")
        self._refresh_tokens.revoke(token)
        return Response("{}", content_type=CONTENT_TYPE, headers=_NO_STORE)

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


def _known_to_moto(action: str, sent: bytes) -> tuple[str, bytes]:
    """moto has no GetTokensFromRefreshToken: where tokens do not rotate, it is the older way to renew."""
    if action != "GetTokensFromRefreshToken":
        return action, sent
    fields = _fields(sent)
    parameters = {"REFRESH_TOKEN": fields.get("RefreshToken")}
    client = fields.get("ClientId")
    asked = {"AuthFlow": "REFRESH_TOKEN_AUTH", "ClientId": client, "AuthParameters": parameters}
    return "InitiateAuth", json.dumps(asked).encode()


def _login_of_password(action: str, fields: dict[str, Any]) -> str | None:
    """Whose password a request tries; None for a request that brings none."""
    by_password = action == "InitiateAuth" and fields.get("AuthFlow") == "USER_PASSWORD_AUTH"
    return _login(fields.get("AuthParameters")) if by_password else None


def _login(parameters: Any) -> str | None:
    """The login among parameters, in one spelling."""
    return _spelt(parameters.get("USERNAME")) if isinstance(parameters, dict) else None


def _spelt(login: Any) -> str | None:
    """A login in the one spelling by which it is known here."""
    return login.casefold()[:MAX_LOGIN] if isinstance(login, str) else None


def _is_guess(action: str, fields: dict[str, Any]) -> bool:
    """Whether a request tries a password or a one-time code; one that is neither may fail freely."""
    if action == "RespondToAuthChallenge":
        return fields.get("ChallengeName") == "SOFTWARE_TOKEN_MFA"
    return action in {"InitiateAuth", "VerifySoftwareToken", "ChangePassword"}


def _type(body: bytes) -> object:
    """The name of the exception that an answer tells."""
    return _fields(body).get("__type")


def _wrong(action: str, body: bytes) -> bool:
    return action == "ChangePassword" and _type(body) == "NotAuthorizedException"


def _fields(sent: bytes) -> dict[str, Any]:
    """The fields of a request; none of what is no JSON object."""
    try:
        fields = strict_json.loads(sent)
    except strict_json.BadJson:
        return {}
    return fields if isinstance(fields, dict) else {}


def _pause(action: str, seconds: int) -> Response:
    """Too many wrong tries: Cognito has one name for it on the way in, and another for who is in."""
    if action == "ChangePassword":
        sentence = "Attempt limit exceeded, please try after some time."
        refused = _refusal(400, "LimitExceededException", sentence)
    else:
        refused = _refusal(400, "TooManyRequestsException", "Password attempts exceeded")
    refused.headers["Retry-After"] = str(seconds)
    return refused


_NO_STORE: dict[str, Any] = {"Cache-Control": "no-store"}


def _refusal(status: int, type_: str, message: str) -> Response:
    body = json.dumps({"__type": type_, "message": message})
    headers = {**_NO_STORE, "x-amzn-ErrorType": type_}
    return Response(body, status=status, content_type=CONTENT_TYPE, headers=headers)

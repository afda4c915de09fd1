"""What of Cognito a browser may speak to: signing in and out, renewing, the second factor."""

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

from werkzeug.wrappers import Request, Response

from chalicelib.platform import strict_json
from infra.local.attempts import Attempts
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
        login = _login(action, sent)
        if login is not None and (pause := self._attempts.pause(login)):
            refused = _refusal(400, "TooManyRequestsException", "Password attempts exceeded")
            refused.headers["Retry-After"] = str(pause)
            return refused
        status, body = self._pass_on(action, sent)
        if login is not None:
            self._attempts.tell(login, failed=400 <= status < 500)
        if status >= 500:
            # What is no request at all: moto fails on it, Cognito says so.
            return _refusal(400, "SerializationException", "The request cannot be read.")
        if status >= 400 and json.loads(body or b"{}").get("__type") == "UserNotFoundException":
            # The client prevents existence errors; moto tells all the same.
            sentence = "Incorrect username or password."
            return _refusal(400, "NotAuthorizedException", sentence)
        return Response(body, status=status, content_type=CONTENT_TYPE, headers=_NO_STORE)

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


def _login(action: str, sent: bytes) -> str | None:
    """Whose password a request tries, in one spelling; None for a request that brings none."""
    fields = _fields(sent)
    if action != "InitiateAuth" or fields.get("AuthFlow") != "USER_PASSWORD_AUTH":
        return None
    parameters = fields.get("AuthParameters")
    login = parameters.get("USERNAME") if isinstance(parameters, dict) else None
    return login.casefold()[:MAX_LOGIN] if isinstance(login, str) else None


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

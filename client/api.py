"""Rodinka's REST API as a program uses it: signing in, asking again, uploading.

Asks again after 429 (as long as the server says), 5xx and lost connections (with growing, random
pauses), and signs in anew before and after a token's end.
"""

import random
import threading
import time
from collections.abc import Mapping
from typing import Any, Final

import httpx

from client.words import Language, Stop, Text

AHEAD: Final = 60.0
"""Seconds before its end at which a token is renewed."""
PATIENCE: Final = 600.0
"""Seconds for which one request is asked again before the program gives up."""
LONGEST_PAUSE: Final = 30.0
TIMEOUT: Final = httpx.Timeout(60.0, connect=10.0)
COGNITO: Final = "AWSCognitoIdentityProviderService"

_UNREACHABLE: Final = Text(
    "Сервер не отвечает ({why}). Повторите ту же команду позже: импорт продолжится.",
    "The server does not answer ({why}). Repeat the same command later: the import goes on.",
)
_NOT_SIGNED_IN: Final = Text(
    "Войти не удалось: {why}. Проверьте логин и пароль.",
    "Signing in failed: {why}. Check login and password.",
)
_CHALLENGE: Final = Text(
    "Сначала войдите через веб-страницу: учётной записи нужно {why}.",
    "Sign in on the web page first: the account needs {why}.",
)
_NO_SERVER: Final = Text(
    "По адресу {url} нет Rodinka ({why}).", "There is no Rodinka at {url} ({why})."
)


class Refused(Exception):
    """The server understood and said no; asking again would change nothing."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{status} {code}")
        self.status, self.code, self.message = status, code, message


class Stopped(Exception):
    """The person stopped the program while it was waiting."""


class Api:
    """One signed-in person's way to the API; for many threads at once."""

    def __init__(
        self,
        server: str,
        login: str,
        password: str,
        *,
        language: Language,
        connections: int,
        stopped: threading.Event,
        patience: float = PATIENCE,
    ) -> None:
        self._login, self._password = login, password
        self._stopped, self._patience = stopped, patience
        limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
        self._api = httpx.Client(
            base_url=server.rstrip("/") + "/api/v1",
            headers={"Accept-Language": language},
            timeout=TIMEOUT,
            limits=limits,
        )
        # Another client for the object store: it must not see the token.
        self._plain = httpx.Client(timeout=TIMEOUT, limits=limits)
        self._lock = threading.Lock()
        self._token, self._refresh, self._ends_at = "", "", 0.0
        try:
            answer = self._ask(self._api, "GET", "/config")
            self._auth: Mapping[str, str] = answer.json()["auth"]
        except (Refused, ValueError, KeyError, TypeError, httpx.UnsupportedProtocol) as error:
            self.close()
            raise Stop(_NO_SERVER, url=server, why=error) from None

    def close(self) -> None:
        self._api.close()
        self._plain.close()

    def sign_in(self) -> None:
        """Sign in with the password. Raises `Stop` when that is refused."""
        with self._lock:
            self._sign_in()

    def get(self, path: str, **query: str) -> Any:
        """The JSON of a GET. Raises `Refused`, `Stop` and `Stopped`."""
        return self._signed("GET", path, params=query).json()

    def post(self, path: str, body: Mapping[str, Any], *, key: str | None = None) -> Any:
        """The JSON of a POST that may be repeated. Raises `Refused`, `Stop` and `Stopped`."""
        headers = {"Idempotency-Key": key} if key else {}
        return self._signed("POST", path, json=body, headers=headers).json()

    def upload(self, form: Mapping[str, Any], data: bytes) -> None:
        """Post a file with the form of its slot. Raises `Refused` when the store says no."""
        files = {"file": ("image", data, "application/octet-stream")}
        self._ask(self._plain, "POST", str(form["url"]), data=dict(form["fields"]), files=files)

    def _signed(self, method: str, path: str, **options: Any) -> httpx.Response:
        token = self._access_token()
        headers = options.pop("headers", {})
        for last in (False, True):
            try:
                bearer = {**headers, "Authorization": f"Bearer {token}"}
                return self._ask(self._api, method, path, headers=bearer, **options)
            except Refused as refused:
                # 403 is what an API Gateway says of a token that has been revoked or has ended.
                if last or refused.status not in {401, 403}:
                    raise
                token = self._access_token(instead_of=token)
        raise AssertionError("unreachable")

    def _access_token(self, *, instead_of: str | None = None) -> str:
        with self._lock:
            if self._token == instead_of or time.monotonic() > self._ends_at - AHEAD:
                self._renew()
            return self._token

    def _renew(self) -> None:
        if self._refresh:
            try:
                self._initiate("REFRESH_TOKEN_AUTH", {"REFRESH_TOKEN": self._refresh})
                return
            except Refused:
                self._refresh = ""
        self._sign_in()

    def _sign_in(self) -> None:
        try:
            self._initiate(
                "USER_PASSWORD_AUTH", {"USERNAME": self._login, "PASSWORD": self._password}
            )
        except Refused as refused:
            raise Stop(_NOT_SIGNED_IN, why=refused.message or refused.code) from None

    def _initiate(self, flow: str, parameters: Mapping[str, str]) -> None:
        answer = self._ask(
            self._plain,
            "POST",
            self._auth["endpoint"],
            json={
                "AuthFlow": flow,
                "ClientId": self._auth["client_id"],
                "AuthParameters": dict(parameters),
            },
            headers={
                "X-Amz-Target": f"{COGNITO}.InitiateAuth",
                "Content-Type": "application/x-amz-json-1.1",
            },
        ).json()
        if "ChallengeName" in answer:
            raise Stop(_CHALLENGE, why=answer["ChallengeName"])
        result = answer["AuthenticationResult"]
        self._token = result["AccessToken"]
        self._refresh = result.get("RefreshToken", self._refresh)
        self._ends_at = time.monotonic() + result["ExpiresIn"]

    def _ask(self, client: httpx.Client, method: str, url: str, **options: Any) -> httpx.Response:
        """Ask until the server says yes or no. Raises `Refused`, `Stop` and `Stopped`."""
        ends_at, tries = time.monotonic() + self._patience, 0
        while True:
            pause = min(LONGEST_PAUSE, 0.5 * 2.0**tries)
            pause *= random.uniform(0.5, 1.0)  # noqa: S311 — so that workers do not come back at once
            try:
                answer = client.request(method, url, **options)
            except httpx.TransportError as error:
                if isinstance(error, httpx.UnsupportedProtocol):
                    raise
                why = type(error).__name__
            else:
                if answer.is_success:
                    return answer
                if answer.status_code != 429 and answer.status_code < 500:
                    raise _refused(answer)
                why = str(answer.status_code)
                pause = max(pause, _seconds(answer.headers.get("retry-after", "")))
            tries += 1
            if time.monotonic() + pause > ends_at:
                raise Stop(_UNREACHABLE, why=why)
            if self._stopped.wait(pause):
                raise Stopped


def _seconds(header: str) -> float:
    return float(header) if header.isdecimal() else 0.0


def _refused(answer: httpx.Response) -> Refused:
    """A refusal of the API, of Cognito or of the object store."""
    try:
        body = answer.json()
    except ValueError:
        return Refused(answer.status_code, f"http_{answer.status_code}", answer.text[:200])
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        told = body if isinstance(body, dict) else {}
        code = str(told.get("__type", f"http_{answer.status_code}"))
        return Refused(answer.status_code, code, str(told.get("message", "")))
    fields = "; ".join(f"{path}: {said}" for path, said in error.get("fields", {}).items())
    message = f"{error['message']} {fields}".strip()
    return Refused(answer.status_code, str(error["code"]), message)

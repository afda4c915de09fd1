"""Rodinka's REST API as a program uses it: signing in, asking again, uploading.

Asks again after 429 (as long as the server says), 5xx and lost connections (with growing, random
pauses), and signs in anew before and after a token's end.
"""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

import httpx

from client.asking import PATIENCE, TIMEOUT, Pauses, Refused, ask
from client.words import Language, Stop, Text

AHEAD: Final = 60.0
"""Seconds before its end at which a token is renewed."""
COGNITO: Final = "AWSCognitoIdentityProviderService"
CODES: Final = 3
"""So many one-time codes may be told, one after another."""
WRONG_CODE: Final = frozenset(
    {"CodeMismatchException", "ExpiredCodeException", "InvalidParameterException"}
)
"""The third one: it is not six digits."""

_NOT_SIGNED_IN: Final = Text(
    "Войти не удалось: {why}. Проверьте логин и пароль.",
    "Signing in failed: {why}. Check login and password.",
)
_CHALLENGE: Final = Text(
    "Сначала войдите через веб-страницу: учётной записи нужно {why}.",
    "Sign in on the web page first: the account needs {why}.",
)
_NEEDS: Final = {
    "NEW_PASSWORD_REQUIRED": Text("придумать свой пароль", "a password of its own"),
    "MFA_SETUP": Text("настроить второй фактор", "its second factor to be set up"),
}
_WRONG_CODE: Final = Text(
    "Войти не удалось: код не подошёл. Повторите ту же команду с новым кодом.",
    "Signing in failed: the code is not right. Repeat the same command with a new code.",
)
_NO_SERVER: Final = Text(
    "По адресу {url} нет Rodinka ({why}).", "There is no Rodinka at {url} ({why})."
)


class Api:
    """One signed-in person's way to the API; for many threads at once."""

    def __init__(
        self,
        server: str,
        login: str,
        password: str,
        *,
        code: Callable[[], str],
        language: Language,
        connections: int,
        stopped: threading.Event,
        patience: float = PATIENCE,
    ) -> None:
        """`code` gives a one-time code whenever signing in takes one."""
        self._login, self._password, self._code = login, password, code
        self._language = language
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
        """Sign in with the password, and a code if one is asked. Raises `Stop` when refused."""
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
                self._keep(self._initiate("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=self._refresh))
                return
            except Refused:
                self._refresh = ""
        self._sign_in()

    def _sign_in(self) -> None:
        try:
            answer = self._initiate(
                "USER_PASSWORD_AUTH", USERNAME=self._login, PASSWORD=self._password
            )
            if answer.get("ChallengeName") == "SOFTWARE_TOKEN_MFA":
                answer = self._tell_code(answer["Session"])
        except Refused as refused:
            raise Stop(_NOT_SIGNED_IN, why=refused.message or refused.code) from None
        if name := answer.get("ChallengeName"):
            need = _NEEDS.get(name)
            raise Stop(_CHALLENGE, why=need.said(self._language) if need else name)
        self._keep(answer)

    def _tell_code(self, session: str) -> Any:
        for _ in range(CODES):
            told = {"USERNAME": self._login, "SOFTWARE_TOKEN_MFA_CODE": self._code().strip()}
            try:
                return self._pool(
                    "RespondToAuthChallenge",
                    ChallengeName="SOFTWARE_TOKEN_MFA",
                    Session=session,
                    ChallengeResponses=told,
                )
            except Refused as refused:
                if refused.code not in WRONG_CODE:
                    raise
        raise Stop(_WRONG_CODE)

    def _initiate(self, flow: str, **parameters: str) -> Any:
        return self._pool("InitiateAuth", AuthFlow=flow, AuthParameters=parameters)

    def _pool(self, action: str, **body: Any) -> Any:
        """What the user pool answers. Raises `Refused`, `Stop` and `Stopped`."""
        return self._ask(
            self._plain,
            "POST",
            self._auth["endpoint"],
            json={"ClientId": self._auth["client_id"], **body},
            headers={
                "X-Amz-Target": f"{COGNITO}.{action}",
                "Content-Type": "application/x-amz-json-1.1",
            },
        ).json()

    def _keep(self, answer: Any) -> None:
        result = answer["AuthenticationResult"]
        self._token = result["AccessToken"]
        self._refresh = result.get("RefreshToken", self._refresh)
        self._ends_at = time.monotonic() + result["ExpiresIn"]

    def _ask(self, client: httpx.Client, method: str, url: str, **options: Any) -> httpx.Response:
        pauses = Pauses(self._stopped, patience=self._patience)
        return ask(client, method, url, pauses=pauses, **options)

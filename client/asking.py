"""Asking a server again until it says yes or no: after 429, 5xx and lost connections."""

import random
import threading
import time
from typing import Any, Final

import httpx

from client.words import Stop, Text

PATIENCE: Final = 600.0
"""Seconds for which one request is asked again before the program gives up."""
LONGEST_PAUSE: Final = 30.0
TIMEOUT: Final = httpx.Timeout(60.0, connect=10.0)

_UNREACHABLE: Final = Text(
    "Сервер не отвечает ({why}). Повторите ту же команду позже: она продолжит начатое.",
    "The server does not answer ({why}). Repeat the same command later: it goes on.",
)


class Refused(Exception):
    """The server understood and said no; asking again would change nothing."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{status} {code}")
        self.status, self.code, self.message = status, code, message


class Stopped(Exception):
    """The person stopped the program while it was waiting."""


class Pauses:
    """Growing, random pauses between the tries of one request, for so many seconds in all."""

    def __init__(self, stopped: threading.Event, *, patience: float = PATIENCE) -> None:
        self._stopped, self._patience = stopped, patience
        self.forget()

    def forget(self) -> None:
        """The server has answered: the next failure is a first one."""
        self._ends_at, self._tries = time.monotonic() + self._patience, 0

    def wait(self, why: object, *, at_least: float = 0.0) -> None:
        """Wait before the next try. Raises `Stop` when patience is at its end, and `Stopped`."""
        pause = min(LONGEST_PAUSE, 0.5 * 2.0 ** min(self._tries, 16))
        pause *= random.uniform(0.5, 1.0)  # noqa: S311 — so that workers do not come back at once
        pause = max(pause, at_least)
        self._tries += 1
        if time.monotonic() + pause > self._ends_at:
            raise Stop(_UNREACHABLE, why=why)
        if self._stopped.wait(pause):
            raise Stopped


def ask(
    client: httpx.Client, method: str, url: str, *, pauses: Pauses, **options: Any
) -> httpx.Response:
    """Ask until the server says yes or no. Raises `Refused`, `Stop` and `Stopped`."""
    while True:
        try:
            answer = client.request(method, url, **options)
        except httpx.TransportError as error:
            if isinstance(error, httpx.UnsupportedProtocol):
                raise
            pauses.wait(type(error).__name__)
            continue
        if answer.is_success:
            return answer
        if not fails(answer.status_code):
            raise refused(answer)
        pauses.wait(answer.status_code, at_least=told_pause(answer))


def fails(status: int) -> bool:
    """Whether the same request may succeed later: the server is busy, or in trouble."""
    return status == 429 or status >= 500


def told_pause(answer: httpx.Response) -> float:
    """Seconds that the server wants us to wait; 0 where it does not say."""
    header = answer.headers.get("retry-after", "")
    return float(header) if header.isdecimal() else 0.0


def refused(answer: httpx.Response) -> Refused:
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

"""The real stack for tests: `python -m infra.local` as its own process, spoken to over HTTP only.

`stack` is a session-scoped fixture (`from tests.stack import stack` in a conftest makes it known):

    def test_a_doctor_sees_his_patients(stack: RunningStack) -> None:
        doctor = stack.sign_in("doctor")
        assert doctor.get("/api/v1/patients").json()["items"] == []
"""

import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import httpx
import pytest

ROOT = Path(__file__).parents[1]
PASSWORD = "Rodinka-demo-1"
READY = re.compile(r"^Rodinka is ready: (http://127\.0\.0\.1:\d+/)$")
START_SECONDS = 60.0
STOP_SECONDS = 30.0


class Output:
    """What a process prints, line by line, as it comes."""

    def __init__(self, stream: IO[str]) -> None:
        self.lines: list[str] = []
        self._ended = False
        self._told = threading.Condition()
        self.reader = threading.Thread(target=self._read, args=(stream,), daemon=True)
        self.reader.start()

    def wait_for(self, pattern: re.Pattern[str], seconds: float) -> re.Match[str] | None:
        """The first line that matches, now or later; None when the time is up or the output ends."""
        with self._told:
            self._told.wait_for(lambda: self._ended or self._find(pattern), seconds)
            return self._find(pattern)

    def _find(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        return next((match for line in self.lines if (match := pattern.search(line))), None)

    def _read(self, stream: IO[str]) -> None:
        with stream:
            for line in stream:
                with self._told:
                    self.lines.append(line.rstrip())
                    self._told.notify_all()
        with self._told:
            self._ended = True
            self._told.notify_all()


@dataclass
class RunningStack:
    """A stack that answers at `url` (no slash at the end)."""

    url: str
    process: subprocess.Popen[str]
    output: Output
    """Everything it has printed so far, both streams."""
    clients: list[httpx.Client] = field(default_factory=list)
    tokens: dict[str, str] = field(default_factory=dict)

    def client(self, token: str | None = None, language: str = "en") -> httpx.Client:
        """A client of the API; closed with the stack."""
        headers = {"Accept-Language": language}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        made = httpx.Client(base_url=self.url, headers=headers, timeout=30)
        self.clients.append(made)
        return made

    def sign_in(self, login: str, password: str = PASSWORD, language: str = "en") -> httpx.Client:
        """A client that carries the account's access token, got as a browser gets it."""
        if login not in self.tokens:
            answer = self.initiate_auth(
                "USER_PASSWORD_AUTH", {"USERNAME": login, "PASSWORD": password}
            )
            assert answer.status_code == 200, answer.text
            self.tokens[login] = answer.json()["AuthenticationResult"]["AccessToken"]
        return self.client(self.tokens[login], language)

    def initiate_auth(self, flow: str, parameters: Mapping[str, str]) -> httpx.Response:
        """Cognito's InitiateAuth at the endpoint that the configuration names."""
        auth = httpx.get(f"{self.url}/api/v1/config", timeout=30).json()["auth"]
        body = {
            "AuthFlow": flow,
            "ClientId": auth["client_id"],
            "AuthParameters": dict(parameters),
        }
        headers = {
            "X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth",
            "Content-Type": "application/x-amz-json-1.1",
        }
        return httpx.post(auth["endpoint"], json=body, headers=headers, timeout=30)

    def upload(self, slot: Mapping[str, Any], data: bytes) -> httpx.Response:
        """Post the bytes with the form of an image slot (`"upload"` of the API's answer)."""
        files = {"file": ("picture", data, "application/octet-stream")}
        return httpx.post(slot["url"], data=dict(slot["fields"]), files=files, timeout=60)

    def close_clients(self) -> None:
        """Close every client that was given out."""
        while self.clients:
            self.clients.pop().close()

    def stop(self) -> int:
        """SIGTERM, as an operator would; the exit code. Kills what does not stop in time."""
        self.close_clients()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"The stack did not stop: {self.output.lines[-20:]}") from None


def start_stack(*arguments: str, module: str = "infra.local") -> RunningStack:
    """Start a stack on a free port and wait for its ready line. Fails with what it printed."""
    return started((sys.executable, "-m", module, "--port", "0", *arguments), START_SECONDS)


def started(command: Sequence[str], seconds: float) -> RunningStack:
    """The stack that a command starts, once it is ready. Fails with what it printed."""
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    output = Output(process.stdout)
    ready = output.wait_for(READY, seconds)
    if ready is None:
        process.kill()
        process.wait()
        output.reader.join()
        raise AssertionError("The stack did not start:\n" + "\n".join(output.lines))
    return RunningStack(ready.group(1).rstrip("/"), process, output)


@pytest.fixture(scope="session")
def stack() -> Iterator[RunningStack]:
    """One stack for the whole session, without demo data."""
    running = start_stack("--no-demo")
    _make_room(running)
    yield running
    assert running.stop() == 0, running.output.lines[-20:]


def _make_room(running: RunningStack) -> None:
    """Let the readers hold as much as they may, for all tests of one stack share their hands."""
    admin = running.sign_in("admin")
    experts = admin.get("/api/v1/accounts?role=expert").raise_for_status().json()["items"]
    for expert in experts:
        path = f"/api/v1/accounts/{expert['account_id']}"
        admin.patch(path, json={"hand_size": 100}).raise_for_status()

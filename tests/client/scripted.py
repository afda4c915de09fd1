"""A server that answers as a test tells it to, on 127.0.0.1."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, dict[str, str], Any]
"""Status, headers, JSON; status 0 breaks the connection off."""


@dataclass
class Scripted:
    """What is answered, and what was asked."""

    url: str = ""
    answers: list[Answer] = field(default_factory=list)
    """To requests of the API, in turn; the last one again and again."""
    lives: int = 1800
    """Seconds that a token says it lives."""
    refreshes: bool = True
    challenge: str = ""
    """What the user pool asks after the password."""
    code: str = ""
    """The one-time code that it takes then."""
    flows: Counter[str] = field(default_factory=Counter)
    tokens: list[str] = field(default_factory=list)
    """The bearer tokens of requests of the API."""

    def next_answer(self) -> Answer:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def signed_in(self, asked: dict[str, Any]) -> Answer:
        flow = asked.get("AuthFlow") or asked["ChallengeName"]
        self.flows[flow] += 1
        if flow == "USER_PASSWORD_AUTH" and self.challenge:
            return 200, {}, {"ChallengeName": self.challenge, "Session": "session"}
        if flow == "SOFTWARE_TOKEN_MFA" and asked["ChallengeResponses"] != {
            "USERNAME": "curator",
            "SOFTWARE_TOKEN_MFA_CODE": self.code,
        }:
            return 400, {}, {"__type": "CodeMismatchException", "message": "It is not right."}
        if flow == "REFRESH_TOKEN_AUTH" and not self.refreshes:
            return 400, {}, {"__type": "NotAuthorizedException", "message": "It has ended."}
        result = {"AccessToken": f"token-{self.flows.total()}", "ExpiresIn": self.lives}
        if flow != "REFRESH_TOKEN_AUTH":
            result["RefreshToken"] = "refresh"
        return 200, {}, {"AuthenticationResult": result}


@contextmanager
def serving(*answers: Answer) -> Iterator[Scripted]:
    """A server that gives these answers to what is asked of its API."""
    script = Scripted(answers=list(answers))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if self.path == "/api/v1/config":
                auth = {"client_id": "client", "endpoint": f"{script.url}/auth"}
                self._say((200, {}, {"auth": auth}))
            else:
                self._api()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == "/auth":
                self._say(script.signed_in(json.loads(body)))
            else:
                self._api()

        def _api(self) -> None:
            script.tokens.append(self.headers.get("Authorization", ""))
            self._say(script.next_answer())

        def _say(self, answer: Answer) -> None:
            status, headers, body = answer
            if status == 0:
                self.close_connection = True
                return
            data = json.dumps(body).encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(data))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    script.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Impatient(threading.Event):
    """Waits for nothing, and remembers for how long it was asked to."""

    def __init__(self, stop_at: int | None = None) -> None:
        super().__init__()
        self.waits: list[float] = []
        self._stop_at = stop_at

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout or 0)
        return len(self.waits) == self._stop_at

"""One WSGI application on one port of 127.0.0.1, served by threads of its own."""

import logging
import socket
import threading
import uuid
from types import TracebackType
from typing import Any, Self

from werkzeug.serving import WSGIRequestHandler, make_server

from infra.gateway_responses import RESPONSES

HOST = "127.0.0.1"
READ_SECONDS = 20.0
"""Who sends nothing for so long is gone: a request half sent does not hold its thread."""


class PortInUseError(Exception):
    """Another program listens on the port that was asked for."""


class _SilentHandler(WSGIRequestHandler):
    """No access log: addresses carry ids, and the terminal belongs to the ready line."""

    timeout = READ_SECONDS

    server_version = "Rodinka"
    sys_version = ""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        return

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What is refused before it is a request, in the form of every refusal; quotes nothing."""
        if self.request_version == "HTTP/0.9":  # of a line that is none; it would get no headers
            self.request_version = self.protocol_version
        refused = RESPONSES["DEFAULT_4XX"]
        request_id = str(uuid.uuid4())
        body = refused.body(None, request_id).encode()
        self.send_response(code)
        self.send_header("X-Request-Id", request_id)
        for name, value in refused.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)


class Serving:
    """Listens once it is made, answers from `start` to `stop`. Port 0 takes a free one."""

    def __init__(
        self, app: Any, port: int = 0, handler: type[WSGIRequestHandler] = _SilentHandler
    ) -> None:
        # werkzeug leaves the process when a port is taken, so the socket is opened here.
        try:
            listener = socket.create_server((HOST, port), backlog=128)
        except OSError as error:
            raise PortInUseError(f"Port {port} cannot be used: {error.strerror}.") from error
        logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
        with listener:
            self._server = make_server(
                HOST, 0, app, threaded=True, request_handler=handler, fd=listener.fileno()
            )
        self.port: int = self._server.port
        self.url = f"http://{HOST}:{self.port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Stop answering and close the socket; a second call does nothing."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

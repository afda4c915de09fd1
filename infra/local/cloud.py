"""moto's server, one request at a time.

With several threads at once moto loses acknowledged writes and lets two conditional writes win one
race. The lock is taken only when the whole request has been read, so a slow sender holds up nobody.

This process's own calls do not go through the socket: a thread that waits for another one of the
same interpreter waits for its turn at the interpreter too, five milliseconds a time, and a busy
stack spent most of its time so. They are handed to the same application, through the same lock.
"""

import io
import threading
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote, urlsplit

from werkzeug.test import run_wsgi_app

from infra.local.environment import REGION
from infra.local.serving import Serving


def serve_cloud(port: int = 0) -> Serving:
    """moto's server on a port of 127.0.0.1 (0: a free one), not yet started."""
    # Imported here: it takes a second, and only the process that serves needs it.
    from moto.moto_server.werkzeug_app import (
        DomainDispatcherApplication,
        MotoRequestHandler,
        create_backend_app,
    )

    from infra.local.quicker_moto import shorten
    from infra.local.straight_moto import go_straight_to

    shorten()

    class _SilentMotoHandler(MotoRequestHandler):
        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            return

    application = OneAtATime(DomainDispatcherApplication(create_backend_app))
    serving = Serving(application, port, handler=_SilentMotoHandler)
    _answer_in_process(application, serving.url)
    go_straight_to(serving.url, application.lock)
    return serving


def holds(queue_url: str) -> bool:
    """Whether there is any message in a queue of this process's cloud, one in somebody's hands too.

    Asking by requests, six times a second for each queue, was most of the work of a stack at rest.
    """
    from moto.sqs.models import sqs_backends

    _, account, name = queue_url.rsplit("/", 2)
    return bool(sqs_backends[account][REGION].queues[name]._messages)


class OneAtATime:
    """Lets one request at a time through to a WSGI application."""

    def __init__(self, application: Any) -> None:
        self._application = application
        self.lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        body = environ["wsgi.input"]
        if length := environ.get("CONTENT_LENGTH"):
            environ["wsgi.input"] = io.BytesIO(body.read(int(length)))
        elif environ.get("wsgi.input_terminated"):
            environ["wsgi.input"] = io.BytesIO(body.read())
        with self.lock:
            answer = self._application(environ, start_response)
            try:
                return list(answer)
            finally:
                if hasattr(answer, "close"):
                    answer.close()


def _answer_in_process(application: OneAtATime, url: str) -> None:
    """Let every boto3 session made from now on ask `application` itself for what is at `url`."""
    from botocore.awsrequest import AWSPreparedRequest, AWSResponse
    from botocore.handlers import BUILTIN_HANDLERS
    from moto.core.botocore_stubber import MockRawResponse

    def answer(request: AWSPreparedRequest, **_: Any) -> AWSResponse | None:
        if not request.url.startswith(f"{url}/"):
            return None
        chunks, status, headers = run_wsgi_app(application, _environ(request), buffered=True)
        body = MockRawResponse(b"".join(chunks))
        return AWSResponse(request.url, int(status.split()[0]), headers, body)  # type: ignore[arg-type]

    BUILTIN_HANDLERS.append(("before-send", answer))


def _environ(request: Any) -> dict[str, Any]:
    """A prepared request of botocore as WSGI has it (PEP 3333)."""
    address = urlsplit(request.url)
    body = request.body or b""
    data = (
        body.encode() if isinstance(body, str) else body if isinstance(body, bytes) else body.read()
    )
    headers = {
        f"HTTP_{name.upper().replace('-', '_')}": _text(value)
        for name, value in request.headers.items()
        if name.lower() not in {"transfer-encoding"}
    }
    return {
        **headers,
        "HTTP_HOST": address.netloc,
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(address.path, "latin-1"),
        "QUERY_STRING": address.query,
        "REQUEST_URI": request.url.removeprefix(f"{address.scheme}://{address.netloc}"),
        "RAW_URI": request.url.removeprefix(f"{address.scheme}://{address.netloc}"),
        "CONTENT_TYPE": headers.get("HTTP_CONTENT_TYPE", ""),
        "CONTENT_LENGTH": str(len(data)),
        "SERVER_NAME": address.hostname,
        "SERVER_PORT": str(address.port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": address.scheme,
        "wsgi.input": io.BytesIO(data),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)

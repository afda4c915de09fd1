"""moto's server, one request at a time.

With several threads at once moto loses acknowledged writes and lets two conditional writes win one
race. The lock is taken only when the whole request has been read, so a slow sender holds up nobody.
"""

import io
import threading
from collections.abc import Iterable
from typing import Any

from infra.local.serving import Serving


def serve_cloud() -> Serving:
    """moto's server on a free port of 127.0.0.1, not yet started."""
    # Imported here: it takes a second, and only the process that serves needs it.
    from moto.moto_server.werkzeug_app import (
        DomainDispatcherApplication,
        MotoRequestHandler,
        create_backend_app,
    )

    class _SilentMotoHandler(MotoRequestHandler):
        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            return

    application = DomainDispatcherApplication(create_backend_app)
    return Serving(OneAtATime(application), handler=_SilentMotoHandler)


class OneAtATime:
    """Lets one request at a time through to a WSGI application."""

    def __init__(self, application: Any) -> None:
        self._application = application
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        body = environ["wsgi.input"]
        if length := environ.get("CONTENT_LENGTH"):
            environ["wsgi.input"] = io.BytesIO(body.read(int(length)))
        elif environ.get("wsgi.input_terminated"):
            environ["wsgi.input"] = io.BytesIO(body.read())
        with self._lock:
            answer = self._application(environ, start_response)
            try:
                return list(answer)
            finally:
                if hasattr(answer, "close"):
                    answer.close()

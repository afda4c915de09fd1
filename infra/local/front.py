"""One port for everything: pages, `/api` for the app, `/s3` for the gate, `/auth` for sign-in."""

import gzip
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from werkzeug.security import safe_join
from werkzeug.utils import send_file
from werkzeug.wrappers import Request, Response

from infra.local import gate
from infra.local.api import STAGE, Api, refusal
from infra.local.sign_in import SignIn
from infra.local.throttle import Throttle
from infra.web_files import WEB, cache_control
from infra.web_headers import page_headers

MAX_API_BODY_BYTES = 1_000_000
COMPRESSED = frozenset(
    {"text/html", "text/css", "text/javascript", "application/json", "image/svg+xml"}
)
"""What the CDN compresses, so that a slow line here is as slow as there."""

_API = f"/{STAGE}"
_NOT_BUILT = """<!doctype html><html lang="ru"><meta charset="utf-8"><title>Rodinka</title>
<h1>Страницы ещё не собраны</h1>
<p>Соберите их: <code>npm ci &amp;&amp; npm run build</code> в папке <code>web</code>,
затем обновите эту страницу. API уже работает: <a href="/api/v1/health">/api/v1/health</a>.</p>
<h1 lang="en">The pages are not built yet</h1>
<p lang="en">Build them: <code>npm ci &amp;&amp; npm run build</code> in <code>web</code>,
then reload this page. The API works already: <a href="/api/v1/health">/api/v1/health</a>.</p>
</html>
"""


class Front:
    """The WSGI application of the port that people see."""

    def __init__(
        self,
        *,
        api: Api,
        s3: Any,
        sign_in: SignIn,
        throttle: Throttle,
        url: str,
        web: Path = WEB,
    ) -> None:
        """`url` is this port's own address, without a slash at the end."""
        self._api, self._s3, self._sign_in, self._throttle = api, s3, sign_in, throttle
        self._url, self._web = url, web

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        uri = urlsplit(environ["REQUEST_URI"])
        if uri.path.startswith(gate.PREFIX):
            answered: Iterable[bytes] = self._s3(environ, start_response)
            return answered
        request = Request(environ)
        if uri.path == _API or uri.path.startswith(f"{_API}/"):
            query = f"?{uri.query}" if uri.query else ""
            response = self._of_api(request, (uri.path.removeprefix(_API) or "/") + query)
        elif uri.path in ("/auth", "/auth/"):
            response = self._sign_in.answer(request)
        else:
            response = self._page(request)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        return response(environ, start_response)

    def _of_api(self, request: Request, path: str) -> Response:
        token = request.headers.get("Authorization")
        if not self._throttle.admits(request.method, path.partition("?")[0], token):
            return refusal("THROTTLED", dict(request.headers))
        # A body without a length could be endless: one byte beyond the limit is enough to know.
        length = request.content_length
        body = b""
        if length is not None or request.environ.get("wsgi.input_terminated"):
            wanted = MAX_API_BODY_BYTES + 1 if length is None else length
            if wanted <= MAX_API_BODY_BYTES or length is None:
                try:
                    body = request.environ["wsgi.input"].read(wanted)
                except OSError:  # a chunk that is none, or nobody there any more
                    return refusal("DEFAULT_4XX", dict(request.headers))
            if max(len(body), length or 0) > MAX_API_BODY_BYTES:
                return refusal("REQUEST_TOO_LARGE", dict(request.headers))
        return self._api.answer(request.method, path, dict(request.headers), body)

    def _page(self, request: Request) -> Response:
        if request.host.partition(":")[0] == "localhost":
            # Upload forms and image links name 127.0.0.1; a page of another origin could use neither.
            return _text(307, "Moved", Location=self._url + request.environ["REQUEST_URI"])
        if request.method not in ("GET", "HEAD"):
            return _text(405, "Method Not Allowed", Allow="GET, HEAD")
        if not (self._web / "index.html").is_file():
            response = Response(_NOT_BUILT, status=503, content_type="text/html; charset=utf-8")
        else:
            response = self._file(request)
        response.headers.update(page_headers())
        return response

    def _file(self, request: Request) -> Response:
        wanted = request.path.lstrip("/")
        found = safe_join(str(self._web), wanted)
        if found is None:
            return _text(404, "Not Found")
        path = Path(found)
        if not _is_file(path):
            # The pages' own router knows addresses without a dot; a missing file is a missing file.
            if "." in wanted.rsplit("/", 1)[-1]:
                return _text(404, "Not Found")
            path = self._web / "index.html"
        response = send_file(path, request.environ, conditional=True)
        served = path.relative_to(self._web).as_posix()
        response.headers["Cache-Control"] = cache_control(served)
        if response.status_code == 200 and response.mimetype in COMPRESSED:
            response.vary.add("Accept-Encoding")
            if request.accept_encodings["gzip"]:
                response.close()  # the file itself is not sent
                response.direct_passthrough = False
                response.set_data(_zipped(path, path.stat().st_mtime_ns))
                response.content_encoding = "gzip"
        return response


@lru_cache(maxsize=512)
def _zipped(path: Path, _changed: int) -> bytes:
    return gzip.compress(path.read_bytes(), 6)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name too long, a zero byte
        return False


def _text(status: int, sentence: str, **headers: str) -> Response:
    return Response(f"{sentence}\n", status=status, headers=headers, content_type="text/plain")

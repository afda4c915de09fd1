"""A small app behind the front, and the browser that comes to it."""

from typing import Any

from chalice.app import AuthRequest, AuthResponse, Chalice, Response
from werkzeug.test import Client, TestResponse

TOKEN = "Bearer good"
URL = "http://127.0.0.1:8000"


class Browser(Client):
    """Comes to our own address, reads an answer to its end and closes it."""

    def open(self, *args: Any, **named: Any) -> TestResponse:
        return super().open(*args, **{"base_url": URL, **named, "buffered": True})


def small_app() -> Chalice:
    app = Chalice(app_name="small")

    def asked() -> Any:
        return app.current_request

    @app.authorizer(ttl_seconds=30)
    def guard(request: AuthRequest) -> AuthResponse:
        if request.token == "Bearer broken":
            raise RuntimeError("the table is away")
        admitted: list[Any] = ["*"] if request.token == TOKEN else []
        return AuthResponse(routes=admitted, principal_id="p", context={"role": "doctor"})

    @app.route("/v1/open")
    def opened() -> dict[str, Any]:
        return {"context": asked().context}

    @app.route("/v1/closed/{name}", authorizer=guard)
    def closed(name: str) -> dict[str, Any]:
        return {"name": name, "role": asked().context["authorizer"]["role"]}

    @app.route("/v1/echo", methods=["POST"], content_types=["*/*"])
    def echo() -> Response:
        body, query = asked().raw_body, asked().query_params or {}
        answer = {"bytes": len(body), "text": body.decode()[:20], "query": dict(query)}
        return Response(answer, status_code=201, headers={"Cache-Control": "no-store"})

    @app.route("/v1/raises")
    def raises() -> None:
        raise RuntimeError("patient 010229031975")

    return app


class NoCloud:
    """Stands where the gate is; says what it was asked."""

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [environ["REQUEST_URI"].encode("latin-1")]

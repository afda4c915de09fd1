"""Routes: what an operation takes and answers, who may call it, and how refusals are said.

Chalice turns an unknown exception into its own 500 before any middleware sees it, so the
translation happens here, around every view.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar
from urllib.parse import unquote

from chalice.app import Request, Response
from pydantic import BaseModel

from chalicelib.people.model import Caller
from chalicelib.people.permissions import PUBLIC, TABLE, Route, admit
from chalicelib.platform import logging, metrics, strict_json
from chalicelib.platform.audit import Act
from chalicelib.platform.errors import (
    INTERNAL,
    NOT_JSON,
    PACKED,
    TOO_LARGE,
    WRONG_TYPE,
    BadRequest,
    DomainError,
    Invalid,
    NotFound,
    TooLarge,
    TooMany,
    WrongType,
)
from chalicelib.platform.http.fields import Form, read_form, read_query
from chalicelib.platform.http.sources import NOWHERE, Origin, origin, sources
from chalicelib.platform.language import Language, Text, preferred
from chalicelib.platform.runtime import Platform, platform

B = TypeVar("B", bound=Form)
Q = TypeVar("Q", bound=Form)

FUNCTION: Final = "api_handler"
"""Chalice's name of the function that answers all routes."""
_ID: Final = re.compile(r"[A-Za-z0-9_.-]{1,128}")
_IDEMPOTENCY_KEY: Final = re.compile(r"[\x21-\x7e]{1,200}")
_BAD_KEY: Final = Text(
    "Ключ Idempotency-Key: от 1 до 200 печатных знаков латиницы.",
    "Idempotency-Key: 1 to 200 printable ASCII characters.",
)


class NoBody(Form):
    """Of an operation that takes no body."""


class NoQuery(Form):
    """Of an operation that takes no query."""


@dataclass(frozen=True)
class Operation:
    """One method of one path, as the OpenAPI document and the tests see it."""

    method: str
    path: str
    summary: Text
    takes: type[Form]
    asks: type[Form]
    answers: type[BaseModel] | None
    status: int
    refusals: tuple[str, ...]
    creates: bool

    @property
    def public(self) -> bool:
        return (self.method, self.path) in PUBLIC


@dataclass(frozen=True)
class Call(Generic[B, Q]):
    """One request, parsed and admitted."""

    platform: Platform
    caller: Caller
    body: B
    query: Q
    language: Language
    request_id: str
    operation: Operation
    idempotency_key: str | None
    origin: Origin = NOWHERE
    """Where it came from; `sources` tells it without an address."""

    def creation_id(self, kind: str) -> str:
        """The id of what this POST creates: the same for a retry with the same Idempotency-Key."""
        if self.idempotency_key is None:
            return self.platform.ids.new()
        route = f"{self.operation.method} {self.operation.path}"
        return self.platform.ids.derived(kind, self.caller.account_id, route, self.idempotency_key)

    def sources(self) -> tuple[str, ...]:
        """Where the request came from, as ids (`http/sources.py`)."""
        return sources(self.platform.ids, self.origin)

    def audit(self, act: str, on: str, *, once: bool = False, step: str = "") -> None:
        """Record the act before the answer goes out; `once` when a retry repeats the same act, `step` as
        `Audit.record` says."""
        record = Act(self.caller.account_id, self.caller.role, act, on)
        self.platform.audit.record(record, request_id=self.request_id, once=once, step=step)


View = Callable[..., BaseModel | None]


class Routes:
    """The operations of one part. Views take a `Call`; they return a model, or None for 204."""

    def __init__(self) -> None:
        self.operations: list[Operation] = []
        self._views: dict[Route, tuple[Operation, View]] = {}

    def route(
        self,
        path: str,
        method: str = "GET",
        *,
        summary: Text,
        answers: type[BaseModel] | None = None,
        takes: type[Form] = NoBody,
        asks: type[Form] = NoQuery,
        status: int = 200,
        refusals: tuple[str, ...] = (),
        creates: bool = False,
    ) -> Callable[[View], View]:
        """Register a view. Without a row in the permission table it would never be asked."""
        operation = Operation(
            method, path, summary, takes, asks, answers, status, refusals, creates
        )
        if not operation.public and (method, path) not in TABLE:
            raise LookupError(f"{method} {path} has no row in the permission table")
        self.operations.append(operation)

        def register(view: View) -> View:
            self._views[method, path] = operation, view
            return view

        return register

    def include(self, others: "Routes") -> None:
        """Take over the operations of another module of the part."""
        self.operations += others.operations
        self._views |= others._views

    def answer(self, request: Request, route: Route, path_values: Mapping[str, str]) -> Response:
        """Parse the request, let its view work, and say what came of it."""
        return _answer(request, *self._views[route], path_values)


def _answer(
    request: Request, operation: Operation, view: View, path_values: Mapping[str, str]
) -> Response:
    language = preferred(request.headers.get("accept-language"))
    request_id = str(request.context.get("requestId", ""))
    with logging.tracing(request_id), metrics.metering(FUNCTION):
        response = _worked(request, operation, view, path_values, language, request_id)
    response.headers["X-Request-Id"] = request_id
    return response


def _worked(
    request: Request,
    operation: Operation,
    view: View,
    path_values: Mapping[str, str],
    language: Language,
    request_id: str,
) -> Response:
    try:
        call = _call(request, operation, language, request_id)
        answer = view(call, **{name: _identifier(text) for name, text in path_values.items()})
    except DomainError as error:
        metrics.count("Refused", code=error.code)
        logging.info(
            "refused",
            code=error.code,
            status=error.status,
            route=f"{operation.method} {operation.path}",
        )
        return _refusal(error, language, request_id)
    except Exception as error:
        route = f"{operation.method} {operation.path}"
        metrics.count("Failed")
        logging.error("failed", error, route=route)
        return _response(500, error_body("internal", INTERNAL, language, request_id), language)
    body = answer.model_dump_json() if answer is not None else ""
    return _response(operation.status, body, language)


def _call(
    request: Request, operation: Operation, language: Language, request_id: str
) -> Call[Any, Any]:
    caller = (
        NOBODY if operation.public else admit(operation.method, operation.path, request.context)
    )
    query = read_query(operation.asks, dict(request.query_params or {}))
    body = read_form(operation.takes, _json(request)) if operation.takes is not NoBody else NoBody()
    return Call(
        platform=platform(),
        caller=caller,
        body=body,
        query=query,
        language=language,
        request_id=request_id,
        operation=operation,
        idempotency_key=_idempotency_key(request) if operation.creates else None,
        origin=origin(request.context, request.headers),
    )


NOBODY: Final[Any] = None
"""The caller of a public operation."""


def _json(request: Request) -> Any:
    media_type = request.headers.get("content-type", "application/json").partition(";")[0]
    if media_type.strip().lower() != "application/json":
        raise WrongType("wrong_type", WRONG_TYPE)
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise WrongType("wrong_type", PACKED)  # 256 KB must not unpack to more
    try:
        return strict_json.loads(request.raw_body)
    except strict_json.TooLarge:
        raise TooLarge("too_large", TOO_LARGE) from None
    except ValueError:
        raise BadRequest("not_json", NOT_JSON) from None


def _idempotency_key(request: Request) -> str | None:
    key: str | None = request.headers.get("idempotency-key")
    if key is not None and not _IDEMPOTENCY_KEY.fullmatch(key):
        raise Invalid({"Idempotency-Key": _BAD_KEY})
    return key


def _identifier(text: str) -> str:
    """A path parameter, which Chalice hands over URL-encoded; what cannot be an id is not there."""
    decoded = unquote(text)
    if not _ID.fullmatch(decoded):
        raise NotFound
    return decoded


def _refusal(error: DomainError, language: Language, request_id: str) -> Response:
    body = error_body(
        error.code, error.text, language, request_id, fields=error.fields, details=error.details
    )
    headers = {"Retry-After": str(error.retry_after)} if isinstance(error, TooMany) else {}
    return _response(error.status, body, language, headers)


def error_body(
    code: str,
    text: Text,
    language: Language,
    request_id: str,
    *,
    fields: Mapping[str, Text] | None = None,
    details: Mapping[str, Any] | None = None,
) -> str:
    """The one shape of every refusal."""
    sentences = {path: text.in_language(language) for path, text in (fields or {}).items()}
    error = {
        "code": code,
        "message": text.in_language(language),
        "fields": sentences,
        "request_id": request_id,
        **(details or {}),
    }
    return json.dumps({"error": error}, ensure_ascii=False)


def _response(
    status: int, body: str, language: Language, headers: Mapping[str, str] | None = None
) -> Response:
    return Response(
        body=body,
        status_code=status,
        headers={
            "Content-Type": "application/json; charset=utf-8",
            "Content-Language": language,
            "Cache-Control": "no-store",
            **(headers or {}),
        },
    )

"""Requests to the app as API Gateway makes them, with the caller its authorizer would have named."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import app


@dataclass(frozen=True)
class Answered:
    status: int
    body: Any
    headers: Mapping[str, str]

    @property
    def error(self) -> dict[str, Any]:
        """The refusal, without what differs between any two."""
        return {name: value for name, value in self.body["error"].items() if name != "request_id"}


def ask(
    method: str,
    path: str,
    *,
    caller: Mapping[str, str] | None,
    body: object = None,
    raw: str | None = None,
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    ids: Mapping[str, str] | None = None,
    request_id: str = "request-1",
) -> Answered:
    """Call one route: `path` as Chalice knows it, `ids` what stands in its braces.

    `raw` is a body as sent, where it is no JSON of ours. `caller` is the context that the authorizer left, or None where it was never asked.
    """
    event = {
        "requestContext": {
            "httpMethod": method,
            "resourcePath": path,
            "requestId": request_id,
            "identity": {},
            **({"authorizer": dict(caller)} if caller is not None else {}),
        },
        "headers": {"content-type": "application/json", "accept-language": "en", **(headers or {})},
        "multiValueQueryStringParameters": {name: [value] for name, value in (query or {}).items()},
        "pathParameters": {name: quote(value, safe="") for name, value in (ids or {}).items()},
        "stageVariables": None,
        "body": raw if raw is not None else json.dumps(body) if body is not None else "",
        "isBase64Encoded": False,
    }
    answer = app.app(event, None)
    text = answer["body"]
    return Answered(answer["statusCode"], json.loads(text) if text else None, answer["headers"])


def as_caller(role: str, account_id: str = "somebody", clinic_id: str = "") -> dict[str, str]:
    return {"account_id": account_id, "role": role, "clinic_id": clinic_id}

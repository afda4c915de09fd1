"""A curator's requests about receivers of events."""

from typing import Any

from tests.asking import Answered
from tests.patients.asking import Client

ALL = [
    "label.completed",
    "arbitration.needed",
    "histology.due",
    "question.overdue",
    "readers.none_left",
]


def register(curator: Client, url: str, *, key: str | None = None, **changes: Any) -> Answered:
    body = {"url": url, "events": ALL, **changes}
    return curator.ask("POST", "/v1/webhooks", body, key=key)


def registered(curator: Client, url: str, **changes: Any) -> str:
    """The id of a new receiver."""
    answer = register(curator, url, **changes)
    assert answer.status == 201, answer.body
    return str(answer.body["webhook_id"])


def look(curator: Client, webhook_id: str) -> dict[str, Any]:
    answer = curator.ask("GET", "/v1/webhooks/{webhook_id}", webhook_id=webhook_id)
    assert answer.status == 200, answer.body
    found: dict[str, Any] = answer.body
    return found


def change(curator: Client, webhook_id: str, **changes: Any) -> Answered:
    return curator.ask("PATCH", "/v1/webhooks/{webhook_id}", changes, webhook_id=webhook_id)


def ping(curator: Client, webhook_id: str, *, key: str | None = None) -> Answered:
    return curator.ask("POST", "/v1/webhooks/{webhook_id}/test", key=key, webhook_id=webhook_id)


def rotate(curator: Client, webhook_id: str, *, key: str | None = None) -> Answered:
    path = "/v1/webhooks/{webhook_id}/secret"
    return curator.ask("POST", path, key=key, webhook_id=webhook_id)

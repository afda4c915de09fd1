"""Questions as a clinic lists, answers and corrects them, and what others are told of them."""

from typing import Any

from chalicelib.classification.inference.classifier import Classifier
from tests.asking import Answered as Reply
from tests.patients.asking import Client
from tests.world import World

ONE = "/v1/questions/{question_id}"
ADVICE = {"urgency": "soon", "text": "Покажите на приёме."}


def answer(doctor: Client, question_id: str, body: Any = None, *, key: str | None = None) -> Reply:
    return doctor.ask("POST", f"{ONE}/advice", body or ADVICE, key=key, question_id=question_id)


def correct(doctor: Client, question_id: str, *, revision: Any = 1, **to: Any) -> Reply:
    body = {"revision": revision, **to}
    return doctor.ask("PATCH", f"{ONE}/advice", body, question_id=question_id)


def viewed(doctor: Client, question_id: str) -> dict[str, Any]:
    """The question as the clinic sees it."""
    shown = doctor.ask("GET", ONE, question_id=question_id)
    assert shown.status == 200, shown.body
    body: dict[str, Any] = shown.body
    return body


def waiting(doctor: Client, state: str = "open") -> list[dict[str, Any]]:
    listed = doctor.ask("GET", "/v1/questions", query={"state": state})
    assert listed.status == 200, listed.body
    items: list[dict[str, Any]] = listed.body["items"]
    return items


def no_model() -> Classifier:
    raise AssertionError("nothing here has a picture to judge")


def told(world: World) -> list[dict[str, Any]]:
    """The messages in the queue of webhooks about questions."""
    sqs, url = world.platform.client("sqs"), world.platform.settings.queue_webhooks
    found = []
    while got := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        found += [message["Body"] for message in got if "question.overdue" in message["Body"]]
        for message in got:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return found

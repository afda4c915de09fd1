"""Dead letters as the tests lay them aside, and what became of them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chalicelib.events import uploads
from infra import dead_letters
from infra.local.events import Context, failed_invocation
from tests import pictures
from tests.infra.deployed import answering
from tests.world import START, World

PHOTO = pictures.jpeg(pictures.photograph(160, 120))
CONTEXT = Context("rodinka-test-classify", 2048, 60, "eu-central-1", "b4f0")


def command(world: World, *arguments: str) -> int:
    return dead_letters.main([*arguments], lambda: world.platform)


def url(world: World, name: str) -> str:
    sqs = world.platform.client("sqs")
    return str(sqs.get_queue_url(QueueName=f"rodinka-test-{name}")["QueueUrl"])


def lay_aside(world: World, name: str, body: Any) -> str:
    """A dead letter; its message id."""
    text = body if isinstance(body, str) else json.dumps(body)
    sqs = world.platform.client("sqs")
    sent = sqs.send_message(QueueUrl=url(world, f"{name}-dead"), MessageBody=text)
    return str(sent["MessageId"])


def failed(event: dict[str, Any]) -> dict[str, Any]:
    """Lambda's record of it."""
    error = ValueError("Ivan Petrov")
    return failed_invocation(event, context=CONTEXT, error=error, attempts=3, at=START)


def bodies(world: World, name: str, *, take: bool = False) -> list[str]:
    """What can be received from a queue now; it stays there unless it is taken."""
    found, sqs, queue_url = [], world.platform.client("sqs"), url(world, name)
    while messages := sqs.receive_message(
        QueueUrl=queue_url, MaxNumberOfMessages=10, VisibilityTimeout=60
    ).get("Messages"):
        found += messages
    for message in found:
        receipt = message["ReceiptHandle"]
        if take:
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=receipt)
        else:
            sqs.change_message_visibility(
                QueueUrl=queue_url, ReceiptHandle=receipt, VisibilityTimeout=0
            )
    return sorted(message["Body"] for message in found)


def records(world: World) -> list[dict[str, Any]]:
    """The audit trail."""
    table = world.platform.settings.table_audit
    return list(world.platform.client("dynamodb").scan(TableName=table)["Items"])


@contextmanager
def classify_runs(world: World) -> Iterator[list[dict[str, Any]]]:
    """Inside the block asynchronous calls of `classify` are carried out at once; their events."""
    events: list[dict[str, Any]] = []

    def called(params: dict[str, Any]) -> dict[str, Any]:
        assert params["url_path"].endswith("/rodinka-test-classify/invocations")
        assert params["headers"]["X-Amz-Invocation-Type"] == "Event"
        events.append(json.loads(params["body"]))
        uploads.arrived(world.platform, events[-1])
        return {"StatusCode": 202}

    with answering(world, "lambda.Invoke", called):
        yield events

"""The queue of webhooks, emptied as Lambda does: one message at a time, failed ones stay."""

import json
from typing import Any

import app
from infra.local.events import sqs_event
from infra.local.pump import failed_items
from tests.infra.deployed import end_holds
from tests.world import REGION, World

ARN = "arn:aws:sqs:eu-central-1:123456789012:rodinka-test-webhooks"


def waiting(world: World, name: str = "webhooks") -> list[dict[str, Any]]:
    """What can be received now, received; each message as `receive_message` gives it."""
    sqs = world.platform.client("sqs")
    url = sqs.get_queue_url(QueueName=f"rodinka-test-{name}")["QueueUrl"]
    found: list[dict[str, Any]] = []
    while messages := sqs.receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"]
    ).get("Messages"):
        found += messages
    return found


def hand(world: World, messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give messages to the function as one batch; those that it failed on."""
    answer = app.deliver_webhook(sqs_event(messages, queue_arn=ARN, region=REGION), None)
    failed = failed_items(answer, messages)
    sqs, url = world.platform.client("sqs"), world.platform.settings.queue_webhooks
    for message in messages:
        if message["MessageId"] not in failed:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return [message for message in messages if message["MessageId"] in failed]


def hand_all(world: World, *, again: bool = False) -> int:
    """Give the function everything that waits, and what comes of it; how many messages failed.

    With `again`, as if the time had come of what was put off.
    """
    if again:
        end_holds()
    failed = 0
    while messages := waiting(world):
        failed += sum(len(hand(world, [message])) for message in messages)
    return failed


def bodies(world: World, name: str) -> list[dict[str, Any]]:
    """What lies in a queue, whether it can be received now or not."""
    end_holds()
    return [json.loads(message["Body"]) for message in waiting(world, name)]

"""Events and messages on their way, and Lambda's rules for those that fail.

An asynchronous event that fails is tried twice more and then laid aside; a message of a batch that fails comes back
alone, and is laid aside after five receipts. Whatever is laid aside, the sweep must make good.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final
from unittest.mock import patch
from urllib.parse import quote_plus

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType
from moto.sqs.models import sqs_backends

from infra.provision import ACCOUNT_ID
from tests.simulation import stage
from tests.world import REGION, WorkerDied

ASYNC_ATTEMPTS: Final = 3
RECEIPTS: Final = 5
BATCH: Final = 10


@dataclass(frozen=True)
class Event:
    """S3's news of uploads: `(key, version)` each, the version None where S3 told none."""

    uploads: tuple[tuple[str, str | None], ...]
    attempts: int = 0

    def body(self) -> dict[str, Any]:
        return {"Records": [_record(key, version) for key, version in self.uploads]}


@dataclass(frozen=True)
class Message:
    body: str
    ready: datetime
    """Before that moment the queue keeps it back."""
    receipts: int = 0


@dataclass
class Lambdas:
    """What waits to be delivered. Every method that runs a function says whether it went well."""

    queue_name: str
    now: Callable[[], datetime]
    """AWS's clock."""
    events: list[Event] = field(default_factory=list)
    seen: list[Event] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    dead: int = 0
    handed: int = 0
    """Records of events, messages and ticks that a function was given."""
    done: list[tuple[str, str]] = field(default_factory=list)
    """`(event or message, key or body)` of what a function says it has dealt with, for `take_done`."""

    def uploaded(self, key: str, version: str) -> None:
        self.events.append(Event(((key, version),)))

    def gather_messages(self) -> None:
        """Take what was sent out of moto's queue, which keeps the machine's time and not ours."""
        queue = sqs_backends[ACCOUNT_ID][REGION].queues[self.queue_name]
        for sent in queue._messages:
            kept_back = sent.delayed_until - (sent.sent_timestamp or 0) if sent.delayed_until else 0
            ready = self.now() + timedelta(seconds=round(kept_back / 1000))
            self.messages.append(Message(sent.body, ready))
        queue._messages.clear()

    @property
    def ready(self) -> list[Message]:
        """The messages that may be delivered now."""
        now = self.now()
        return [message for message in self.messages if message.ready <= now]

    def deliver_event(self, draw: Random) -> bool | None:
        """Deliver one event, at times two as one and among foreign records; None when none waits."""
        if not self.events:
            return None
        event = self.events.pop(draw.randrange(len(self.events)))
        if self.events and draw.random() < 0.15:
            other = self.events.pop(draw.randrange(len(self.events)))
            attempts = max(event.attempts, other.attempts)
            event = Event(event.uploads + other.uploads, attempts)
        if draw.random() < 0.05:
            event = replace(event, uploads=(("uploads/nobody's file.jpg", "v"), *event.uploads))
        if draw.random() < 0.05:
            event = replace(event, uploads=tuple((key, None) for key, _ in event.uploads))
        self.seen.append(event)
        self.handed += len(event.uploads)
        well = _runs(lambda: stage.classify(event.body()))
        if not well and event.attempts + 1 < ASYNC_ATTEMPTS:
            self.events.append(replace(event, attempts=event.attempts + 1))
        elif not well:
            self.dead += 1
        if well:
            self.done += [("event", key) for key, _ in event.uploads]
        return well

    def deliver_messages(self, draw: Random) -> bool | None:
        """Deliver a batch of messages; None when none waits."""
        ready = self.ready
        if not ready:
            return None
        draw.shuffle(ready)
        batch = ready[: draw.randint(1, BATCH)]
        for message in batch:
            self.messages.remove(message)
        if draw.random() < 0.03:
            batch.append(Message('{"image_id": 7}', self.now()))
        event = {"Records": [_sqs_record(str(n), each) for n, each in enumerate(batch)]}
        self.handed += len(batch)
        failed = set(map(str, range(len(batch))))

        def handle() -> None:
            # A container handles one batch at a time; here another may begin while one is held up.
            processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)
            with patch("chalicelib.events.messages._MESSAGES", processor):
                answer = stage.assign_reader(event)
            failed.clear()
            failed.update(each["itemIdentifier"] for each in answer["batchItemFailures"])

        _runs(handle)
        for number in sorted(failed, key=int):
            again = replace(batch[int(number)], receipts=batch[int(number)].receipts + 1)
            if again.receipts < RECEIPTS:
                self.messages.append(again)
            else:
                self.dead += 1
        fine = (each for number, each in enumerate(batch) if str(number) not in failed)
        self.done += [("message", each.body) for each in fine]
        return not failed

    def take_done(self) -> list[tuple[str, str]]:
        """What was dealt with since this was asked last."""
        done, self.done = self.done, []
        return done

    def send(self, body: str) -> None:
        """Put a message into the queue, as somebody outside does."""
        self.messages.append(Message(body, self.now()))

    def sweep(self) -> bool:
        self.handed += 1
        return _runs(stage.sweep)

    def seal(self) -> bool:
        self.handed += 1
        return _runs(stage.seal_audit)


def _runs(function: Callable[[], object]) -> bool:
    try:
        function()
    except (Exception, WorkerDied):
        return False
    return True


def _record(key: str, version: str | None) -> dict[str, Any]:
    stored = {"key": quote_plus(key), **({"versionId": version} if version else {})}
    return {
        "eventSource": "aws:s3",
        "responseElements": {"x-amz-request-id": "upload"},
        "s3": {"bucket": {"name": "uploads"}, "object": stored},
    }


def _sqs_record(number: str, message: Message) -> dict[str, Any]:
    return {
        "messageId": number,
        "receiptHandle": number,
        "body": message.body,
        "attributes": {"ApproximateReceiveCount": str(message.receipts + 1)},
        "messageAttributes": {},
        "md5OfBody": "",
        "eventSource": "aws:sqs",
        "eventSourceARN": "",
        "awsRegion": REGION,
    }


def reader_message(account_id: str) -> str:
    """What a change of a reader's account sends."""
    return json.dumps({"reader_id": account_id})

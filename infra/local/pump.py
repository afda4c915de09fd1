"""Delivers events to the functions as Lambda's pollers do: S3 events, SQS batches, schedule ticks.

One thread, one function at a time. `step` does what is due at one moment, so that tests drive it
without waiting. Semantics kept: an asynchronous invocation (S3, schedule) is retried twice and then
goes to the on-failure queue; an SQS batch is deleted except for the items reported as failures, and
kept whole when the function raises or answers something Lambda would not understand; redrive to the
dead-letter queue is the queue's own.
"""

import heapq
import itertools
import json
import threading
import traceback
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from infra.local.events import (
    Context,
    Event,
    completed_s3_event,
    failed_invocation,
    scheduled_event,
    sqs_event,
)

RETRIES = 2
RETRY_AFTER_SECONDS = (1.0, 2.0)
"""Lambda waits one and two minutes; a person at his desk should not."""


@dataclass(frozen=True)
class Function:
    """One Lambda function: what is called, and the limits its context tells of."""

    name: str
    call: Callable[[Event, Any], Any]
    timeout_seconds: int = 60
    memory_mb: int = 512


@dataclass(frozen=True)
class ObjectEvents:
    """S3 events that arrive in `queue_url` (the bucket's notification) go to `function`."""

    function: Function
    queue_url: str


@dataclass(frozen=True)
class QueueMapping:
    """Messages of a queue go to `function` in batches; `reports` is ReportBatchItemFailures."""

    function: Function
    queue_url: str
    queue_arn: str
    batch_size: int = 10
    reports: bool = True


@dataclass(frozen=True)
class Schedule:
    """`function` is called every `seconds`, the first time one interval after the start."""

    function: Function
    seconds: float


@dataclass(order=True)
class _Attempt:
    due: float
    order: int
    function: Function = field(compare=False)
    event: Event = field(compare=False)
    number: int = field(compare=False)


class Pump:
    """Calls functions for what the sources bring. `dead_letters` maps function name → queue URL.

    `holds` tells, at no cost, whether there is anything in a queue: an empty one is asked for nothing.
    """

    def __init__(
        self,
        *,
        sqs: Any,
        s3: Any,
        region: str,
        objects: Sequence[ObjectEvents] = (),
        mappings: Sequence[QueueMapping] = (),
        schedules: Sequence[Schedule] = (),
        dead_letters: dict[str, str] | None = None,
        log: Callable[[str], None] = print,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        holds: Callable[[str], bool] = lambda queue_url: True,
    ) -> None:
        self._sqs, self._s3, self._region = sqs, s3, region
        self._objects, self._mappings, self._schedules = objects, mappings, schedules
        self._dead_letters = dead_letters or {}
        self._log, self._now, self._holds = log, now, holds
        self._order = itertools.count()
        self._sequence = itertools.count(1)
        self._attempts: list[_Attempt] = []
        self._stop = threading.Event()
        started = now().timestamp()
        self._next_tick = [started + schedule.seconds for schedule in schedules]

    def run(self, stop: threading.Event, interval_seconds: float = 0.15) -> None:
        """Until `stop` is set: deliver, and look again after an interval when there was nothing."""
        self._stop = stop
        while not stop.is_set():
            try:
                worked = self.step()
            except Exception as error:
                self._log(f"event pump: {_told(error)}")
                worked = False
            if not worked:
                stop.wait(interval_seconds)

    def step(self) -> bool:
        """Deliver everything that is due now, each source once; whether anything was."""
        done = [self._take_object_events(source) for source in self._objects]
        done += [self._deliver_batch(mapping) for mapping in self._mappings]
        self._tick()
        done.append(self._invoke_due())
        return any(done)

    def _take_object_events(self, source: ObjectEvents) -> bool:
        messages = self._receive(source.queue_url, 10)
        for message in messages:
            sent = json.loads(message["Body"])
            # s3:TestEvent has no records. S3 sends it to queues and topics, never to a function.
            if "Records" in sent:
                event = completed_s3_event(
                    sent, version_of=self._version, sequencer=lambda: next(self._sequence)
                )
                self._soon(source.function, event)
            self._delete(source.queue_url, message)
        return bool(messages)

    def _version(self, bucket: str, key: str) -> str | None:
        from botocore.exceptions import ClientError

        try:
            version = self._s3.head_object(Bucket=bucket, Key=key).get("VersionId")
        except ClientError:
            return None
        return str(version) if version else None

    def _tick(self) -> None:
        now = self._now()
        for number, schedule in enumerate(self._schedules):
            if now.timestamp() >= self._next_tick[number]:
                # Ticks that a sleeping machine missed are not made up for, as EventBridge's are
                # not.
                self._next_tick[number] = now.timestamp() + schedule.seconds
                name = schedule.function.name
                self._soon(schedule.function, scheduled_event(name, at=now, region=self._region))

    def _soon(self, function: Function, event: Event) -> None:
        due = self._now().timestamp()
        heapq.heappush(self._attempts, _Attempt(due, next(self._order), function, event, 1))

    def _invoke_due(self) -> bool:
        now = self._now().timestamp()
        due = []
        while self._attempts and self._attempts[0].due <= now:
            due.append(heapq.heappop(self._attempts))
        for attempt in due:
            if self._stop.is_set():
                break  # a stop waits for the function at work, not for all that is in line
            self._invoke(attempt)
        return bool(due)

    def _invoke(self, attempt: _Attempt) -> None:
        function, context = attempt.function, self._context(attempt.function)
        try:
            # A copy each time: Lambda hands every attempt the event as it was sent.
            function.call(json.loads(json.dumps(attempt.event)), context)
        except Exception as error:
            self._log(f"{function.name} failed (attempt {attempt.number}): {_told(error)}")
            if attempt.number <= RETRIES:
                due = self._now().timestamp() + RETRY_AFTER_SECONDS[attempt.number - 1]
                number = attempt.number + 1
                again = _Attempt(due, next(self._order), function, attempt.event, number)
                heapq.heappush(self._attempts, again)
            elif queue_url := self._dead_letters.get(function.name):
                letter = failed_invocation(
                    attempt.event,
                    context=context,
                    error=error,
                    attempts=attempt.number,
                    at=self._now(),
                )
                self._sqs.send_message(QueueUrl=queue_url, MessageBody=json.dumps(letter))

    def _deliver_batch(self, mapping: QueueMapping) -> bool:
        messages = self._receive(mapping.queue_url, mapping.batch_size)
        if not messages:
            return False
        event = sqs_event(messages, queue_arn=mapping.queue_arn, region=self._region)
        try:
            answer = mapping.function.call(event, self._context(mapping.function))
            failed = failed_items(answer, messages) if mapping.reports else set()
        except Exception as error:
            self._log(f"{mapping.function.name} failed: {_told(error)}")
            return True
        for message in messages:
            if message["MessageId"] not in failed:
                self._delete(mapping.queue_url, message)
        return True

    def _context(self, function: Function) -> Context:
        return Context(
            function_name=function.name,
            memory_limit_in_mb=function.memory_mb,
            timeout_seconds=function.timeout_seconds,
            region=self._region,
            aws_request_id=str(uuid.uuid4()),
        )

    def _receive(self, queue_url: str, count: int) -> list[Event]:
        if not self._holds(queue_url):
            return []
        # No long poll: the local cloud answers one request at a time, and a waiting one stops it.
        answer = self._sqs.receive_message(
            QueueUrl=queue_url,
            MaxNumberOfMessages=count,
            WaitTimeSeconds=0,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        return list(answer.get("Messages", []))

    def _delete(self, queue_url: str, message: Event) -> None:
        self._sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])


def failed_items(answer: Any, messages: Sequence[Event]) -> set[str]:
    """Ids of the messages that stay in the queue, by the rules of ReportBatchItemFailures.

    Nothing or an empty list is success of all; an answer of another shape, or one that names an
    unknown message, is failure of all.
    """
    known = {message["MessageId"] for message in messages}
    if answer is None or answer == {}:
        return set()
    try:
        named = {item["itemIdentifier"] for item in answer["batchItemFailures"] or []}
    except (KeyError, TypeError):
        return known
    return named if named <= known else known


def _told(error: BaseException) -> str:
    """An exception without its text, which may quote a person: its type and where it was raised."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{where}"

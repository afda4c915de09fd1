"""A pump over recorders instead of functions, and the queues and the bucket it is fed from."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3

from infra.local.cloud import holds
from infra.local.pump import Function, ObjectEvents, Pump, QueueMapping

REGION = "eu-central-1"
BUCKET = "uploads"
Answer = Callable[[dict[str, Any]], Any]


@dataclass
class Clock:
    moment: datetime = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def forward(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@dataclass
class Recorder:
    """A function that keeps what it was called with and does as it is told."""

    does: Answer = lambda event: None
    events: list[dict[str, Any]] = field(default_factory=list)
    contexts: list[Any] = field(default_factory=list)

    def __call__(self, event: dict[str, Any], context: Any) -> Any:
        self.events.append(json.loads(json.dumps(event)))
        self.contexts.append(context)
        return self.does(event)


class Cloud:
    """Queues and a bucket that notifies one of them."""

    def __init__(self, session: boto3.Session) -> None:
        self.sqs: Any = session.client("sqs")
        self.s3: Any = session.client("s3")

    def set_up(self) -> None:
        make = self.sqs.create_queue
        self.arrivals = make(QueueName="arrivals")["QueueUrl"]
        self.dead = make(QueueName="dead")["QueueUrl"]
        redrive = {"deadLetterTargetArn": self.arn(self.dead), "maxReceiveCount": 5}
        # Nothing waits in these tests: a message that failed is visible again at once.
        attributes = {"VisibilityTimeout": "0", "RedrivePolicy": json.dumps(redrive)}
        self.work = make(QueueName="work", Attributes=attributes)["QueueUrl"]
        self.s3.create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION}
        )

    def notify(self) -> None:
        """Have the bucket tell the queue of arrivals; S3 begins with a test event."""
        told = {"QueueArn": self.arn(self.arrivals), "Events": ["s3:ObjectCreated:*"]}
        self.s3.put_bucket_notification_configuration(
            Bucket=BUCKET, NotificationConfiguration={"QueueConfigurations": [told]}
        )

    def version(self) -> None:
        self.s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})

    def put(self, key: str, body: bytes = b"picture") -> str | None:
        version = self.s3.put_object(Bucket=BUCKET, Key=key, Body=body).get("VersionId")
        return str(version) if version else None

    def send(self, *bodies: str) -> None:
        for body in bodies:
            self.sqs.send_message(QueueUrl=self.work, MessageBody=body)

    def bodies(self, queue_url: str) -> list[str]:
        """What lies in a queue; it stays there."""
        found = self.sqs.receive_message(
            QueueUrl=queue_url, MaxNumberOfMessages=10, VisibilityTimeout=0
        )
        return sorted(message["Body"] for message in found.get("Messages", []))

    def arn(self, queue_url: str) -> str:
        found = self.sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn"])
        return str(found["Attributes"]["QueueArn"])


@dataclass
class Bench:
    """A pump over one recorder, and the lines it logged."""

    pump: Pump
    log: list[str]


def over_objects(cloud: Cloud, clock: Clock, called: Recorder) -> Bench:
    log: list[str] = []
    pump = Pump(
        sqs=cloud.sqs,
        s3=cloud.s3,
        region=REGION,
        objects=[ObjectEvents(Function("classify", called, 60, 2048), cloud.arrivals)],
        dead_letters={"classify": cloud.dead},
        log=log.append,
        now=clock.now,
        holds=holds,
    )
    return Bench(pump, log)


def over_queue(cloud: Cloud, clock: Clock, called: Recorder, *, reports: bool = True) -> Bench:
    log: list[str] = []
    function = Function("assign_reader", called)
    mapping = QueueMapping(function, cloud.work, cloud.arn(cloud.work), reports=reports)
    pump = Pump(
        sqs=cloud.sqs,
        s3=cloud.s3,
        region=REGION,
        mappings=[mapping],
        log=log.append,
        now=clock.now,
        holds=holds,
    )
    return Bench(pump, log)

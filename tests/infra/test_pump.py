"""The pump delivers as Lambda's pollers do. The functions are recorders, the queues are moto's."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote_plus

import boto3
import pytest
from moto import mock_aws

from infra.local.pump import (
    Function,
    ObjectEvents,
    Pump,
    QueueMapping,
    Schedule,
    failed_items,
)

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


@pytest.fixture(scope="module")
def session() -> Iterator[Cloud]:
    with mock_aws():
        yield Cloud(boto3.Session("key", "secret", region_name=REGION))


@pytest.fixture
def cloud(session: Cloud) -> Iterator[Cloud]:
    session.set_up()
    yield session
    for queue_url in (session.arrivals, session.work, session.dead):
        session.sqs.delete_queue(QueueUrl=queue_url)
    listed = session.s3.list_object_versions(Bucket=BUCKET)
    for found in listed.get("Versions", []):
        session.s3.delete_object(Bucket=BUCKET, Key=found["Key"], VersionId=found["VersionId"])
    session.s3.delete_bucket(Bucket=BUCKET)


@pytest.fixture
def clock() -> Clock:
    return Clock()


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
    )
    return Bench(pump, log)


def test_an_upload_becomes_one_event_with_its_version(cloud: Cloud, clock: Clock) -> None:
    cloud.version()
    cloud.notify()
    called = Recorder()
    bench = over_objects(cloud, clock, called)
    version = cloud.put("uploads/abc")
    assert bench.pump.step() is True
    (event,) = called.events
    (record,) = event["Records"]
    assert (record["eventSource"], record["eventVersion"]) == ("aws:s3", "2.1")
    assert record["eventName"].startswith("ObjectCreated:")
    assert record["s3"]["bucket"]["name"] == BUCKET
    assert record["s3"]["object"]["key"] == "uploads/abc"
    assert record["s3"]["object"]["versionId"] == version is not None
    assert record["s3"]["object"]["size"] == len(b"picture")
    assert bench.pump.step() is False
    assert len(called.events) == 1


def test_the_test_event_is_taken_away_and_reaches_no_function(cloud: Cloud, clock: Clock) -> None:
    cloud.notify()
    (sent,) = cloud.bodies(cloud.arrivals)
    assert json.loads(sent)["Event"] == "s3:TestEvent"
    called = Recorder()
    over_objects(cloud, clock, called).pump.step()
    assert called.events == []
    assert cloud.bodies(cloud.arrivals) == []


def test_an_unversioned_bucket_gives_no_version_id(cloud: Cloud, clock: Clock) -> None:
    cloud.notify()
    called = Recorder()
    bench = over_objects(cloud, clock, called)
    cloud.put("uploads/abc")
    bench.pump.step()
    assert "versionId" not in called.events[0]["Records"][0]["s3"]["object"]


def test_an_object_that_is_gone_again_gives_no_version_id(cloud: Cloud, clock: Clock) -> None:
    cloud.version()
    cloud.notify()
    called = Recorder()
    bench = over_objects(cloud, clock, called)
    version = cloud.put("uploads/abc")
    cloud.s3.delete_object(Bucket=BUCKET, Key="uploads/abc", VersionId=version)
    bench.pump.step()
    assert "versionId" not in called.events[0]["Records"][0]["s3"]["object"]


@pytest.mark.parametrize(
    ("key", "sent"),
    [
        ("uploads/a+b.jpg", "uploads/a%2Bb.jpg"),
        ("uploads/100%.jpg", "uploads/100%25.jpg"),
        ("uploads/a b.jpg", "uploads/a+b.jpg"),
        ("uploads/родинка.jpg", "uploads/%D1%80%D0%BE%D0%B4%D0%B8%D0%BD%D0%BA%D0%B0.jpg"),
    ],
)
def test_a_key_is_sent_encoded_and_its_version_is_found(
    cloud: Cloud, clock: Clock, key: str, sent: str
) -> None:
    cloud.version()
    cloud.notify()
    called = Recorder()
    bench = over_objects(cloud, clock, called)
    version = cloud.put(key)
    bench.pump.step()
    found = called.events[0]["Records"][0]["s3"]["object"]
    assert found["key"] == sent
    assert unquote_plus(found["key"]) == key
    assert found["versionId"] == version


def test_two_records_in_one_event_stay_in_one_event(cloud: Cloud, clock: Clock) -> None:
    cloud.version()
    versions = {key: cloud.put(key) for key in ("uploads/a", "uploads/b")}
    records = [
        {"eventName": "ObjectCreated:Put", "s3": {"bucket": {"name": BUCKET}, "object": {"key": k}}}
        for k in versions
    ]
    body = json.dumps({"Records": records})
    cloud.sqs.send_message(QueueUrl=cloud.arrivals, MessageBody=body)
    called = Recorder()
    over_objects(cloud, clock, called).pump.step()
    (event,) = called.events
    objects = [record["s3"]["object"] for record in event["Records"]]
    assert {found["key"]: found["versionId"] for found in objects} == versions


def test_sequencers_of_one_key_grow(cloud: Cloud, clock: Clock) -> None:
    cloud.version()
    cloud.notify()
    called = Recorder()
    bench = over_objects(cloud, clock, called)
    for _ in range(12):
        cloud.put("uploads/abc")
        bench.pump.step()
    found = [event["Records"][0]["s3"]["object"]["sequencer"] for event in called.events]
    assert len(found) == 12
    assert found == sorted(set(found))


def test_the_context_tells_of_the_functions_limits(cloud: Cloud, clock: Clock) -> None:
    cloud.notify()
    called = Recorder()
    bench = over_objects(cloud, clock, called)
    cloud.put("uploads/abc")
    bench.pump.step()
    (context,) = called.contexts
    assert (context.function_name, context.memory_limit_in_mb) == ("classify", 2048)
    assert context.invoked_function_arn.endswith(":function:classify")
    assert 0 < context.get_remaining_time_in_millis() <= 60_000
    assert context.aws_request_id


def _fail(event: dict[str, Any]) -> None:
    raise ValueError("patient 010229031975 has no picture")


def test_a_failing_function_is_called_three_times_and_then_its_event_is_a_dead_letter(
    cloud: Cloud, clock: Clock
) -> None:
    cloud.version()
    cloud.notify()
    called = Recorder(_fail)
    bench = over_objects(cloud, clock, called)
    cloud.put("uploads/abc")
    bench.pump.step()
    assert len(called.events) == 1
    bench.pump.step()
    assert len(called.events) == 1, "a retry does not come at once"
    for expected in (2, 3, 3):
        clock.forward(3)
        bench.pump.step()
        assert len(called.events) == expected
    assert called.events[0] == called.events[1] == called.events[2]
    (letter,) = map(json.loads, cloud.bodies(cloud.dead))
    assert letter["requestPayload"] == called.events[0]
    assert letter["requestContext"]["condition"] == "RetriesExhausted"
    assert letter["requestContext"]["approximateInvokeCount"] == 3
    assert letter["responsePayload"]["errorType"] == "ValueError"


def test_a_failure_is_one_line_without_what_the_error_says(cloud: Cloud, clock: Clock) -> None:
    cloud.notify()
    bench = over_objects(cloud, clock, Recorder(_fail))
    cloud.put("uploads/abc")
    for _ in range(3):
        bench.pump.step()
        clock.forward(3)
    assert len(bench.log) == 3
    for line in bench.log:
        assert line.startswith("classify failed (attempt ")
        assert "ValueError at test_pump.py:" in line
        assert "010229031975" not in line
        assert "\n" not in line
    assert "010229031975" not in "".join(cloud.bodies(cloud.dead))


def test_a_function_that_changes_its_event_is_retried_with_the_event_as_sent(
    cloud: Cloud, clock: Clock
) -> None:
    cloud.notify()

    def spoil(event: dict[str, Any]) -> None:
        event.clear()
        raise RuntimeError

    called = Recorder(spoil)
    bench = over_objects(cloud, clock, called)
    cloud.put("uploads/abc")
    bench.pump.step()
    clock.forward(3)
    bench.pump.step()
    assert called.events[0] == called.events[1]


def test_a_batch_carries_what_sqs_says_of_its_messages(cloud: Cloud, clock: Clock) -> None:
    called = Recorder()
    bench = over_queue(cloud, clock, called)
    cloud.send('{"case_id":"c1"}')
    bench.pump.step()
    (record,) = called.events[0]["Records"]
    assert record["body"] == '{"case_id":"c1"}'
    assert record["eventSource"] == "aws:sqs"
    assert record["eventSourceARN"] == cloud.arn(cloud.work)
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    assert record["messageId"]
    assert record["receiptHandle"]
    assert record["md5OfBody"]
    assert cloud.bodies(cloud.work) == []


def test_at_most_ten_messages_come_at_once(cloud: Cloud, clock: Clock) -> None:
    called = Recorder()
    bench = over_queue(cloud, clock, called)
    cloud.send(*map(str, range(13)))
    while bench.pump.step():
        pass
    sizes = [len(event["Records"]) for event in called.events]
    assert max(sizes) <= 10
    bodies = {record["body"] for event in called.events for record in event["Records"]}
    assert bodies == set(map(str, range(13)))


def _poison(event: dict[str, Any]) -> dict[str, Any]:
    poisoned = [record for record in event["Records"] if record["body"] == "poison"]
    return {"batchItemFailures": [{"itemIdentifier": each["messageId"]} for each in poisoned]}


def test_a_poison_message_among_nine_good_ones_ends_alone_in_the_dead_letters(
    cloud: Cloud, clock: Clock
) -> None:
    called = Recorder(_poison)
    bench = over_queue(cloud, clock, called)
    cloud.send(*(f"good {number}" for number in range(9)), "poison")
    bench.pump.step()
    assert cloud.bodies(cloud.work) == ["poison"]
    while bench.pump.step():
        pass
    seen = [record["body"] for event in called.events for record in event["Records"]]
    assert sorted(body for body in seen if body != "poison") == sorted(
        f"good {number}" for number in range(9)
    )
    # The look at the queue above was one of the five times it may be received.
    assert seen.count("poison") == 4
    assert cloud.bodies(cloud.dead) == ["poison"]


def test_a_batch_whose_function_raises_stays_in_the_queue(cloud: Cloud, clock: Clock) -> None:
    bench = over_queue(cloud, clock, Recorder(_fail))
    cloud.send("a", "b")
    bench.pump.step()
    assert cloud.bodies(cloud.work) == ["a", "b"]
    (line,) = bench.log
    assert "010229031975" not in line


def test_without_reports_a_batch_is_done_when_the_function_returns(
    cloud: Cloud, clock: Clock
) -> None:
    bench = over_queue(cloud, clock, Recorder(_poison), reports=False)
    cloud.send("good", "poison")
    bench.pump.step()
    assert cloud.bodies(cloud.work) == []


@pytest.mark.parametrize(
    ("answer", "failed"),
    [
        (None, set()),
        ({}, set()),
        ({"batchItemFailures": []}, set()),
        ({"batchItemFailures": None}, set()),
        ({"batchItemFailures": [{"itemIdentifier": "a"}]}, {"a"}),
        ({"batchItemFailures": [{"itemIdentifier": "unknown"}]}, {"a", "b"}),
        ({"batchItemFailures": [{"itemIdentifier": None}]}, {"a", "b"}),
        ({"batchItemFailures": [{"wrong": "a"}]}, {"a", "b"}),
        ({"batchItemFailures": "a"}, {"a", "b"}),
        ({"failures": []}, {"a", "b"}),
        ([], {"a", "b"}),
    ],
)
def test_an_answer_that_lambda_would_not_understand_fails_the_whole_batch(
    answer: Any, failed: set[str]
) -> None:
    assert failed_items(answer, [{"MessageId": "a"}, {"MessageId": "b"}]) == failed


def test_a_schedule_ticks_once_an_interval_and_does_not_make_up_for_sleep(
    cloud: Cloud, clock: Clock
) -> None:
    called = Recorder()
    schedule = Schedule(Function("sweep", called), 60)
    pump = Pump(sqs=cloud.sqs, s3=cloud.s3, region=REGION, schedules=[schedule], now=clock.now)
    pump.step()
    assert called.events == []
    clock.forward(60)
    pump.step()
    pump.step()
    assert len(called.events) == 1
    event = called.events[0]
    assert (event["source"], event["detail-type"]) == ("aws.events", "Scheduled Event")
    assert event["time"] == "2026-03-01T12:01:00Z"
    assert event["resources"] == [f"arn:aws:events:{REGION}:123456789012:rule/sweep"]
    clock.forward(3600)
    pump.step()
    pump.step()
    assert len(called.events) == 2


def test_the_running_pump_outlives_a_cloud_that_is_away_and_ends_when_told(clock: Clock) -> None:
    stop = threading.Event()
    log: list[str] = []

    class Away:
        def receive_message(self, **asked: Any) -> None:
            raise ConnectionError("http://127.0.0.1:1/queue?with=things")

    def note(line: str) -> None:
        log.append(line)
        if len(log) == 3:
            stop.set()

    source = ObjectEvents(Function("classify", Recorder()), "http://127.0.0.1:1/queue")
    pump = Pump(sqs=Away(), s3=None, region=REGION, objects=[source], log=note, now=clock.now)
    pump.run(stop, interval_seconds=0)
    assert len(log) == 3
    assert all(line.startswith("event pump: ConnectionError at ") for line in log)


def test_one_failing_function_does_not_keep_another_waiting(cloud: Cloud, clock: Clock) -> None:
    cloud.notify()
    failing, working = Recorder(_fail), Recorder()
    log: list[str] = []
    pump = Pump(
        sqs=cloud.sqs,
        s3=cloud.s3,
        region=REGION,
        objects=[ObjectEvents(Function("classify", failing), cloud.arrivals)],
        mappings=[
            QueueMapping(Function("assign_reader", working), cloud.work, cloud.arn(cloud.work))
        ],
        log=log.append,
        now=clock.now,
    )
    cloud.put("uploads/abc")
    cloud.send("case")
    pump.step()
    assert len(failing.events) == len(working.events) == 1

"""An object that arrives becomes one event, as S3 and Lambda would send it."""

import json
from urllib.parse import unquote_plus

import pytest

from tests.infra.pumping import BUCKET, Clock, Cloud, Recorder, over_objects


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

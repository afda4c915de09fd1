"""Messages reach a function in batches, and only those it reports as failed come again."""

from typing import Any

import pytest

from infra.local.cloud import holds
from infra.local.pump import failed_items
from tests.infra.pumping import Clock, Cloud, Recorder, over_queue


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


def test_an_empty_queue_is_asked_for_nothing(cloud: Cloud, clock: Clock) -> None:
    bench = over_queue(cloud, clock, Recorder())
    asked: list[str] = []
    told = cloud.sqs.meta.events
    told.register("before-call.sqs", lambda model, **_: asked.append(model.name), "asked")
    try:
        assert not bench.pump.step()
        assert asked == []
        cloud.send("a")
        assert bench.pump.step()
    finally:
        told.unregister("before-call.sqs", unique_id="asked")
    assert asked == ["SendMessage", "ReceiveMessage", "DeleteMessage"]


def test_a_message_in_somebodys_hands_is_still_in_its_queue(cloud: Cloud) -> None:
    assert not holds(cloud.work)
    cloud.send("a")
    [taken] = cloud.sqs.receive_message(QueueUrl=cloud.work, VisibilityTimeout=30)["Messages"]
    assert holds(cloud.work)
    cloud.sqs.delete_message(QueueUrl=cloud.work, ReceiptHandle=taken["ReceiptHandle"])
    assert not holds(cloud.work)

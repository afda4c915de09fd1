"""What fails is retried, logged without its words and set aside; the pump goes on."""

import json
import threading
from typing import Any

from infra.local.pump import Function, ObjectEvents, Pump, QueueMapping, Schedule
from tests.infra.pumping import REGION, Clock, Cloud, Recorder, over_objects, over_queue


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


def test_a_batch_whose_function_raises_stays_in_the_queue(cloud: Cloud, clock: Clock) -> None:
    bench = over_queue(cloud, clock, Recorder(_fail))
    cloud.send("a", "b")
    bench.pump.step()
    assert cloud.bodies(cloud.work) == ["a", "b"]
    (line,) = bench.log
    assert "010229031975" not in line


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

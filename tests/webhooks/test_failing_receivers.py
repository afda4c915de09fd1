"""What receivers do not take comes again for a day; they fail alone, and crashes lose nothing."""

import json
from datetime import timedelta

import pytest

from chalicelib.platform.announcing import Happening, announce
from chalicelib.platform.queues import Queue
from chalicelib.webhooks.model import DELAYS, FAILING, REST, TIRED, TRIES, Delivery
from chalicelib.webhooks.store import WebhookStore
from infra import template
from tests.infra.deployed import end_holds
from tests.patients.asking import Client
from tests.webhooks.asking import ALL, change, look, ping, registered
from tests.webhooks.handing import bodies, hand, hand_all, waiting
from tests.webhooks.receiving import Receiver, ids_of, receiver
from tests.world import World

NOBODY = "http://127.0.0.1:1/hook"
"""Port 1 of this machine, where nobody listens."""


def test_what_is_not_taken_comes_again_later_each_time_for_a_day_and_is_then_laid_aside(
    world: World, curator: Client, house: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhook_id = registered(curator, house.url)
    house.answers = [500]
    announce(world.platform, Happening.LABEL_COMPLETED, "image1")
    put_off: list[int] = []
    really = Queue.put_off

    def seen(queue: Queue, receipt: str, seconds: int) -> None:
        put_off.append(seconds)
        really(queue, receipt, seconds)

    monkeypatch.setattr(Queue, "put_off", seen)
    for _ in range(TRIES + 2):
        world.clock.advance(minutes=1)
        hand_all(world, again=True)
    assert put_off == [*DELAYS, 0]
    assert len(house.got) == TRIES
    assert len(set(ids_of(house))) == 1
    assert len({got.body for got in house.got}) == 1
    assert timedelta(hours=20) < timedelta(seconds=sum(DELAYS)) < timedelta(hours=26)
    [letter] = bodies(world, "webhooks-dead")
    assert (letter["webhook_id"], letter["subject_id"]) == (webhook_id, "image1")
    assert [each["attempt"] for each in look(curator, webhook_id)["deliveries"]] == [
        *range(TRIES, 0, -1)
    ]


def test_sqs_gives_up_after_as_many_tries_as_there_are_delays_for() -> None:
    [queue] = [
        resource
        for resource in template.load().of_type("AWS::SQS::Queue")
        if resource.logical_id == "WebhooksQueue"
    ]
    assert queue.properties["RedrivePolicy"]["maxReceiveCount"] == TRIES
    assert queue.properties["MessageRetentionPeriod"] > 2 * sum(DELAYS)
    assert max(DELAYS) <= 12 * 3600, "SQS hides a message for twelve hours at most"
    # The alarm on the age of the queue looks at messages that were received less than three times.
    assert sum(DELAYS[:2]) < 900


def test_a_success_ends_a_row_of_failures(world: World, curator: Client, house: Receiver) -> None:
    webhook_id = registered(curator, house.url)
    house.answers = [503, 302, 200]
    announce(world.platform, Happening.LABEL_COMPLETED, "image1")
    for failures in (1, 2, 0):
        hand_all(world, again=True)
        shown = look(curator, webhook_id)
        assert (shown["failures"], bool(shown["failing_since"])) == (failures, failures > 0)
    assert [each["status"] for each in shown["deliveries"]] == [200, 302, 503]
    assert bodies(world, "webhooks") == []


def test_a_receiver_that_fails_for_days_is_disabled_and_a_fresh_start_enables_it(
    world: World, curator: Client, house: Receiver
) -> None:
    webhook_id = registered(curator, NOBODY)
    announce(world.platform, Happening.LABEL_COMPLETED, "image0")
    hand_all(world, again=True)
    world.clock.advance(seconds=FAILING.total_seconds())
    hand_all(world, again=True)
    assert look(curator, webhook_id)["enabled"], "two failures in three days may be chance"
    for _ in range(TRIES - 2):
        assert look(curator, webhook_id)["enabled"]
        world.clock.advance(minutes=1)
        hand_all(world, again=True)
    shown = look(curator, webhook_id)
    assert (shown["enabled"], shown["disabled"]["reason"]) == (False, "failing")
    assert "three days" in shown["disabled"]["message"]
    assert bodies(world, "webhooks") == []
    announce(world.platform, Happening.LABEL_COMPLETED, "image1")
    assert hand_all(world) == 0
    change(curator, webhook_id, url=house.url, enabled=True)
    announce(world.platform, Happening.LABEL_COMPLETED, "image2")
    assert hand_all(world) == 0
    assert [json.loads(got.body)["data"] for got in house.got] == [{"image_id": "image2"}]
    assert look(curator, webhook_id)["failures"] == 0


def test_a_receiver_that_says_it_is_gone_is_disabled_at_once(
    world: World, curator: Client, house: Receiver
) -> None:
    webhook_id = registered(curator, house.url)
    house.answers = [410]
    announce(world.platform, Happening.LABEL_COMPLETED, "image1")
    assert hand_all(world) == 0
    shown = look(curator, webhook_id)
    assert (shown["enabled"], shown["disabled"]["reason"]) == (False, "gone")


def test_a_dead_and_a_slow_receiver_hold_up_no_other(
    world: World, curator: Client, house: Receiver
) -> None:
    dead = registered(curator, NOBODY)
    for _ in range(2):
        registered(curator, house.url)
    for number in range(3):
        announce(world.platform, Happening.LABEL_COMPLETED, f"image{number}")
    hand_all(world)
    assert len(house.got) == 6
    shown = look(curator, dead)
    assert (shown["failures"], shown["last_delivery"]["fault"]) == (3, "unreachable")
    assert len(bodies(world, "webhooks")) == 3
    assert {each["webhook_id"] for each in bodies(world, "webhooks")} == {dead}


def test_of_a_thousand_events_for_a_dead_receiver_few_take_the_time_of_a_try(
    world: World, curator: Client, house: Receiver
) -> None:
    webhook_id = registered(curator, house.url)
    house.answers = [503]
    for number in range(3 * TIRED):
        announce(world.platform, Happening.LABEL_COMPLETED, f"image{number}")
    assert hand_all(world) == 3 * TIRED, "all of them come again"
    assert len(house.got) == TIRED
    assert ping(curator, webhook_id).status == 202
    assert hand_all(world) == 0
    assert len(house.got) == TIRED + 1, "a curator's own try is made at once"
    world.clock.advance(seconds=REST.total_seconds())
    house.answers = [200]
    assert hand_all(world, again=True) == 0
    assert len(set(ids_of(house))) == 3 * TIRED + 1


def test_a_receiver_that_moved_is_reached_at_its_new_address(
    world: World, curator: Client, house: Receiver
) -> None:
    webhook_id = registered(curator, NOBODY)
    announce(world.platform, Happening.LABEL_COMPLETED, "image1")
    hand_all(world)
    with receiver() as elsewhere:
        change(curator, webhook_id, url=elsewhere.url)
        hand_all(world, again=True)
        assert len(elsewhere.got) == 1
    assert house.got == []


@pytest.mark.parametrize("calls", range(1, 5))
def test_a_worker_that_dies_anywhere_loses_no_event(
    world: World, curator: Client, house: Receiver, calls: int
) -> None:
    for _ in range(2):
        registered(curator, house.url)
    announce(world.platform, Happening.LABEL_COMPLETED, "image1")
    messages = waiting(world)
    with world.crash_after(calls):
        hand(world, messages)
        hand(world, waiting(world))
    world.crash_in = None
    for _ in range(3):
        hand_all(world, again=True)
    assert len(house.got) >= 2
    assert len(set(ids_of(house))) == 1
    assert bodies(world, "webhooks") == bodies(world, "webhooks-dead") == []


def test_a_poison_message_among_good_ones_is_laid_aside_alone(
    world: World, curator: Client, house: Receiver
) -> None:
    registered(curator, house.url)
    poison = (
        *("poison", "[]", "7", "{}", '{"happening": "label.completed"}'),
        '{"happening": "party", "subject_id": "a", "event_id": "b", "at": "c"}',
        '{"happening": "ping", "subject_id": "a", "event_id": "b", "at": "c"}',
        '{"happening": "label.completed", "subject_id": 7, "event_id": "b", "at": "c"}',
    )
    for number, body in enumerate(poison):
        announce(world.platform, Happening.LABEL_COMPLETED, f"image{number}")
        world.platform.client("sqs").send_message(
            QueueUrl=world.platform.settings.queue_webhooks, MessageBody=body
        )
    messages = waiting(world)
    failed = [*hand(world, messages[:10]), *hand(world, messages[10:])]
    assert {message["Body"] for message in failed} == set(poison)
    hand_all(world)
    assert len(set(ids_of(house))) == len(poison)
    end_holds()
    letters = {message["Body"] for message in waiting(world, "webhooks-dead")}
    assert letters == set(poison), "at once, without a day of tries"


def test_deliveries_that_end_at_once_are_all_noted(world: World, curator: Client) -> None:
    webhook_id = registered(curator, NOBODY)
    store = WebhookStore(world.platform.catalogue)
    seen = store.get(webhook_id)
    assert seen is not None
    for number in range(3):
        delivery = Delivery(
            event_id=f"e{number}", type=ALL[0], at=world.clock.now(), attempt=1, status=500
        )
        store.note(seen, delivery)
    shown = look(curator, webhook_id)
    assert (shown["failures"], len(shown["deliveries"])) == (3, 3)
    curator.ask("DELETE", "/v1/webhooks/{webhook_id}", webhook_id=webhook_id)
    assert store.note(seen, delivery) is None

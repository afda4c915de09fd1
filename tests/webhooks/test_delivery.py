"""Events out: to each receiver by itself, signed, at least once, under the same id."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.platform import logging
from chalicelib.platform.announcing import Happening, announce
from chalicelib.webhooks.model import KEPT, OVERLAP
from tests.patients.asking import Client
from tests.webhooks.asking import change, look, ping, register, registered, rotate
from tests.webhooks.handing import bodies, hand, hand_all, waiting
from tests.webhooks.receiving import Receiver, ids_of
from tests.webhooks.verifying import is_signed
from tests.world import SOMEWHERE, World

NOBODY = "http://127.0.0.1:1/hook"
"""Port 1 of this machine, where nobody listens."""


def test_announcing_is_one_call_with_ids_alone_and_the_same_event_when_repeated(
    world: World,
) -> None:
    for revision in ("", "", "2"):
        with world.counted() as calls:
            announce(world.platform, Happening.LABEL_COMPLETED, "image1", revision=revision)
        assert calls == {"sqs.SendMessage": 1}
    first, again, other = bodies(world, "webhooks")
    assert (
        first
        == again
        == {
            "happening": "label.completed",
            "subject_id": "image1",
            "event_id": first["event_id"],
            "at": "2026-03-02T09:00:00.000000Z",
        }
    )
    assert other["event_id"] != first["event_id"]


@pytest.mark.parametrize("happening", Happening)
def test_every_happening_reaches_its_receiver_signed_with_ids_alone(
    world: World, curator: Client, house: Receiver, happening: Happening
) -> None:
    told = register(curator, house.url).body
    announce(world.platform, happening, "subject1")
    world.clock.advance(minutes=3)
    assert hand_all(world) == 0
    [got] = house.got
    about = {"histology.due": "lesion_id", "question.overdue": "question_id"}
    what = about.get(happening, "image_id")
    assert json.loads(got.body) == {
        "type": happening.value,
        "id": got.headers["webhook-id"],
        "timestamp": "2026-03-02T09:00:00.000000Z",
        "data": {what: "subject1"},
    }
    sent = datetime.fromtimestamp(int(got.headers["webhook-timestamp"]), UTC)
    assert sent == world.clock.now()
    assert is_signed(got, told["secret"])
    assert not is_signed(got, register(curator, house.url).body["secret"])


def test_after_a_rotation_both_secrets_are_good_for_a_day_and_then_the_new_one_alone(
    world: World, curator: Client, house: Receiver
) -> None:
    told = register(curator, house.url).body
    new = rotate(curator, told["webhook_id"]).body["secret"]
    for passed, old_is_good in ((timedelta(), True), (OVERLAP, False)):
        world.clock.advance(seconds=passed.total_seconds())
        ping(curator, told["webhook_id"])
        assert hand_all(world) == 0
        assert is_signed(house.got[-1], new)
        assert is_signed(house.got[-1], told["secret"]) is old_is_good


def test_an_event_goes_to_those_who_want_it_and_costs_one_read_where_nobody_does(
    world: World, curator: Client, house: Receiver
) -> None:
    announce(world.platform, Happening.HISTOLOGY_DUE, "lesion1")
    with world.counted() as calls:
        assert hand_all(world) == 0
    assert calls["dynamodb.Query"] == 1
    assert not [name for name in calls if name.startswith("sqs.Send")]
    off = registered(curator, house.url)
    change(curator, off, enabled=False)
    registered(curator, house.url, events=["label.completed"])
    wanting = registered(curator, house.url, events=["histology.due"])
    announce(world.platform, Happening.HISTOLOGY_DUE, "lesion2")
    assert hand_all(world) == 0
    assert len(house.got) == 1
    assert look(curator, wanting)["last_delivery"]["status"] == 204


def test_a_delivery_takes_two_calls_and_is_remembered(
    world: World, curator: Client, house: Receiver
) -> None:
    webhook_id = registered(curator, house.url)
    for number in range(KEPT + 3):
        announce(world.platform, Happening.LABEL_COMPLETED, f"image{number}")
    messages = waiting(world)
    assert hand(world, messages) == []
    messages = waiting(world)
    with world.counted() as calls:
        hand(world, messages[:1])
    assert calls["dynamodb.GetItem"] + calls["dynamodb.UpdateItem"] == 2
    assert calls.total() == 3, "and the test's own removal of the message"
    hand(world, messages[1:])
    shown = look(curator, webhook_id)
    assert [each["event_id"] for each in shown["deliveries"]] == ids_of(house)[::-1][:KEPT]
    assert (shown["failures"], shown["failing_since"]) == (0, None)
    assert "image" not in json.dumps(shown["deliveries"]), "whose image it was may be erased"


def test_a_test_event_is_tried_once_also_at_a_disabled_receiver_and_counts_for_nothing(
    world: World, curator: Client, house: Receiver
) -> None:
    told = register(curator, house.url).body
    webhook_id = told["webhook_id"]
    change(curator, webhook_id, enabled=False)
    house.answers = [500, 200]
    ids = [ping(curator, webhook_id, key=key).body["event_id"] for key in ("a", "a", "b")]
    assert ids[0] == ids[1] != ids[2]
    assert hand_all(world) == 0
    assert set(ids_of(house)) == set(ids)
    assert json.loads(house.got[0].body)["type"] == "ping"
    assert json.loads(house.got[0].body)["data"] == {"webhook_id": webhook_id}
    assert is_signed(house.got[0], told["secret"])
    shown = look(curator, webhook_id)
    assert (shown["failures"], shown["deliveries"][-1]["status"]) == (0, 500)


def test_what_is_owed_to_one_who_is_deleted_disabled_or_wants_it_no_more_is_dropped(
    world: World, curator: Client, house: Receiver
) -> None:
    ids = [registered(curator, house.url) for _ in range(3)]
    announce(world.platform, Happening.LABEL_COMPLETED, "image1")
    hand(world, waiting(world))
    curator.ask("DELETE", "/v1/webhooks/{webhook_id}", webhook_id=ids[0])
    change(curator, ids[1], enabled=False)
    change(curator, ids[2], events=["histology.due"])
    assert hand_all(world) == 0
    assert house.got == []


def test_the_trace_of_the_work_goes_along_and_stands_in_the_log_of_the_delivery(
    world: World, curator: Client, caplog: pytest.LogCaptureFixture
) -> None:
    registered(curator, "http://127.0.0.1:1/secret-token", note="nobody listens there")
    with logging.tracing("the-trace-of-the-image"):
        announce(world.platform, Happening.LABEL_COMPLETED, "image1")
    caplog.clear()
    hand_all(world)
    [line] = [vars(line) for line in caplog.records if line.getMessage() == "webhook not taken"]
    assert (line["trace"], line["fault"]) == ("the-trace-of-the-image", "unreachable")
    assert "secret-token" not in str(line), "an address may hold a token"


# --- the address is judged anew ----------------------------------------------------------------------


def test_a_name_that_leads_inside_by_now_gets_nothing(
    world: World, curator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: public when it was registered, and something of ours when it is used."""
    answers = iter([[SOMEWHERE], ["127.0.0.1"], [SOMEWHERE, "169.254.169.254"]])
    world.platform.__dict__["resolve"] = lambda _: next(answers)
    webhook_id = registered(curator, "https://hooks.clinic.example/")
    monkeypatch.setattr("asyncio.run", lambda *_: pytest.fail("a connection was made"))
    announce(world.platform, Happening.LABEL_COMPLETED, "image1")
    for failures in (1, 2):
        hand_all(world, again=True)
        shown = look(curator, webhook_id)
        assert (shown["failures"], shown["last_delivery"]["fault"]) == (failures, "address_refused")


def test_the_address_that_was_judged_is_the_one_connected_to(
    world: World, curator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second question to the name service would be answered otherwise; it is never asked."""
    answers = iter([[SOMEWHERE], ["8.8.8.8"], ["127.0.0.1"]])
    world.platform.__dict__["resolve"] = lambda _: next(answers)
    registered(curator, "https://hooks.clinic.example/")
    reached: list[tuple[str, str]] = []

    def post(target: object, *_: object) -> int:
        reached.append((target.host, target.address))  # type: ignore[attr-defined]
        return 204

    monkeypatch.setattr("chalicelib.webhooks.delivery.post", post)
    announce(world.platform, Happening.LABEL_COMPLETED, "image1")
    assert hand_all(world) == 0
    assert reached == [("hooks.clinic.example", "8.8.8.8")]

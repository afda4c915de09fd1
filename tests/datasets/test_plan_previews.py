"""What a plan would choose, asked for and shown."""

import json
from typing import Any

import pytest

from chalicelib.platform import keys
from chalicelib.platform.due import overdue
from chalicelib.platform.table import Change
from tests.datasets.curating import CODE, ONE, PREVIEW, change, create
from tests.datasets.planning import plan_form
from tests.patients.asking import Client
from tests.world import World


def queued(world: World) -> list[Any]:
    """The messages to builders, taken from their queue."""
    found = world.platform.client("sqs").receive_message(
        QueueUrl=world.platform.settings.queue_builds, MaxNumberOfMessages=10
    )
    return [json.loads(one["Body"]) for one in found.get("Messages", [])]


def test_a_preview_is_asked_for_once_and_stays_due_until_it_is_computed(
    world: World, curator: Client
) -> None:
    create(curator)
    nothing = curator.ask("GET", PREVIEW, code=CODE).body
    assert (nothing["state"], nothing["result"]) == ("not_asked", None)
    asked = curator.ask("POST", PREVIEW, code=CODE)
    assert (asked.status, asked.body["state"]) == (202, "computing")
    world.clock.advance(minutes=1)
    assert curator.ask("POST", PREVIEW, code=CODE).body == asked.body
    assert queued(world) == [{"preview": CODE}], "once"
    change(curator, 1, plan_form(units=201))
    curator.ask("POST", PREVIEW, code=CODE)
    assert queued(world) == [{"preview": CODE}], "the plan is another"
    world.clock.advance(minutes=7)
    late = list(overdue(world.platform.catalogue, now=world.clock.now()))
    assert [one["pk"] for one in late] == [f"preview#{CODE}"]
    assert curator.ask("POST", PREVIEW, code="DS_NONE").status == 404


@pytest.mark.parametrize(
    ("found", "state"),
    [
        ({"result": '{"counts": {"units": 7}}'}, "ready"),
        ({"problem": {"ru": "Никого.", "en": "Nobody."}}, "failed"),
    ],
)
def test_the_last_preview_is_shown_with_the_plan_it_is_of(
    world: World, curator: Client, found: dict[str, Any], state: str
) -> None:
    create(curator)
    curator.ask("POST", PREVIEW, code=CODE)
    done = Change(
        set={"computed_at": "2026-03-02T09:01:00.000000Z", "plan_revision": 1, **found},
        remove=["due_shard", "due_at"],
    )
    world.platform.catalogue.update(keys.preview(CODE), done)
    shown = curator.ask("GET", PREVIEW, code=CODE).body
    assert (shown["state"], shown["current"]) == (state, True)
    assert shown["result"] == ({"counts": {"units": 7}} if state == "ready" else None)
    assert shown["problem"] == found.get("problem")
    assert curator.ask("GET", ONE, code=CODE).body["preview"]["state"] == state
    change(curator, 1, plan_form(units=201))
    assert curator.ask("GET", PREVIEW, code=CODE).body["current"] is False

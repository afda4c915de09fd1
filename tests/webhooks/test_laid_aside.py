"""The operator works through events that nobody took."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.infra.laying_aside import bodies, command, lay_aside
from tests.world import World


def test_an_event_that_nobody_took_is_listed_by_its_ids_and_owed_again_by_a_redrive(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    # SQS keeps the real time, and a redrive leaves what came after it began.
    world.clock.moment = datetime.now(UTC) + timedelta(minutes=10)
    event = {"happening": "label.completed", "subject_id": "image1", "event_id": "e1", "at": "t"}
    owed = event | {"webhook_id": "hook1"}
    for body in (event, owed, owed | {"webhook_id": "Ivan Petrov"}, {"subject_id": "image1"}):
        lay_aside(world, "webhooks", body)
    assert command(world, "redrive", "--queue", "webhooks") == 1
    command(world, "list")
    told = capsys.readouterr().out
    assert "webhooks-dead: 2 sent again" in told
    assert told.count("none of our messages") == 3, "of the two once, and each in the list"
    assert "Petrov" not in told
    assert {*bodies(world, "webhooks", take=True)} == {json.dumps(event), json.dumps(owed)}
    lay_aside(world, "webhooks", owed)
    command(world, "list")
    assert "event e1, label.completed of image1, webhook hook1" in capsys.readouterr().out

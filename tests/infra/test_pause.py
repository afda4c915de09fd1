"""Maintenance: nothing starts, and then everything as it was."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra import pause
from infra.pause import configured
from infra.permissions import FUNCTIONS
from infra.steps.deployment import function_name
from tests.architecture.test_table_of_contents import EVENT_FUNCTIONS
from tests.infra.deployed import answering, deploy, elsewhere, mapping_state, meeting, reserved
from tests.world import World, new_world

STOPPED = dict.fromkeys(FUNCTIONS, 0)


@pytest.fixture(scope="module")
def deployed() -> Iterator[World]:
    with new_world() as made:
        deploy(made)
        yield made


@pytest.fixture
def stage(deployed: World) -> World:
    """A stage that runs."""
    assert pause.resume(deployed.platform, configured("test")) == []
    return deployed


def command(world: World, *arguments: str) -> int:
    return pause.main([*arguments], lambda: world.platform)


def test_every_function_of_the_app_is_stopped() -> None:
    assert set(FUNCTIONS) == {"api_handler", *EVENT_FUNCTIONS}


def test_paused_nothing_starts_and_resumed_all_is_as_before(stage: World) -> None:
    before = reserved(stage)
    assert before == configured("test")
    assert before["sweep"] == 1, "one sweep at a time"
    for _ in range(2):  # each may be repeated
        assert command(stage, "on") == 0
        assert reserved(stage) == STOPPED
        assert mapping_state(stage) == "Disabled"
    for _ in range(2):
        assert command(stage, "off") == 0
        assert reserved(stage) == before
        assert mapping_state(stage) == "Enabled"


@pytest.mark.parametrize("word", ["on", "off"])
def test_a_command_that_died_half_way_is_completed_by_itself(stage: World, word: str) -> None:
    other = {"on": "off", "off": "on"}[word]
    for calls in (4, 17, 22):  # one mapping is changed, all are, some functions are
        assert command(stage, other) == 0
        with stage.crash_after(calls):
            command(stage, word)
        assert command(stage, word) == 0
        assert reserved(stage) == (STOPPED if word == "on" else configured("test"))
        assert mapping_state(stage) == ("Disabled" if word == "on" else "Enabled")


def test_messages_are_held_back_before_their_function_is_stopped(stage: World) -> None:
    order: list[str] = []

    def seen(model: Any, **_: Any) -> None:
        if model.name.startswith(("Update", "Put", "Delete")):
            order.append(model.name)

    with meeting(stage, "lambda", seen):
        command(stage, "on")
        assert order[0] == "UpdateEventSourceMapping"
        order.clear()
        command(stage, "off")
        assert order[-1] == "UpdateEventSourceMapping"


def test_the_status_tells_half_a_pause_from_a_whole_one(
    stage: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(stage, "status") == 0
    assert "running, at most 1 at once" in capsys.readouterr().out
    command(stage, "on")
    assert command(stage, "status") == 0
    stage.platform.client("lambda").delete_function_concurrency(
        FunctionName=function_name("test", "classify")
    )
    assert command(stage, "status") == 1
    found = pause.status(stage.platform)
    assert found.pop("classify") == "running"
    queues = {f"{queue} queue" for queue in ("labelling", "webhooks", "builds", "evaluations")}
    assert set(found) == {*FUNCTIONS, *queues} - {"classify"}
    assert set(found.values()) == {"paused"}


def test_what_cannot_be_stopped_is_named_and_the_rest_is_stopped(
    stage: World, capsys: pytest.CaptureFixture[str]
) -> None:
    sweep = function_name("test", "sweep")

    def refuse(params: dict[str, Any], model: Any, **_: Any) -> None:
        if sweep in params["url_path"]:
            raise ClientError({"Error": {"Code": "TooManyRequestsException"}}, model.name)

    with meeting(stage, "lambda.PutFunctionConcurrency", refuse):
        assert command(stage, "on") == 1
    assert f"{sweep} stays as it is: TooManyRequestsException" in capsys.readouterr().err
    assert reserved(stage) == STOPPED | {"sweep": 1}
    assert command(stage, "on") == 0


def test_a_stage_that_is_not_deployed_is_neither_running_nor_paused(
    stage: World, capsys: pytest.CaptureFixture[str]
) -> None:
    for word in ("status", "on", "off"):
        assert pause.main([word], lambda: elsewhere(stage)) == 1
        assert capsys.readouterr().out.count("not deployed") == len(FUNCTIONS) + len(
            pause.FED_BY_A_QUEUE
        )


def test_a_mapping_that_is_changing_is_waited_for(stage: World) -> None:
    one = ["Enabling", "Enabled", "Disabling", "Disabling", "Disabled"]
    states = iter(one * len(pause.FED_BY_A_QUEUE))
    before = stage.clock.now()
    with answering(stage, "lambda.GetEventSourceMapping", lambda _: {"State": next(states)}):
        assert pause.pause(stage.platform) == []
    waited = 3 * len(pause.FED_BY_A_QUEUE) * pause.SETTLING_SECONDS
    assert (stage.clock.now() - before).total_seconds() == waited
    assert list(states) == []


def test_a_mapping_that_never_settles_is_reported(stage: World) -> None:
    with answering(stage, "lambda.GetEventSourceMapping", lambda _: {"State": "Updating"}):
        told = pause.pause(stage.platform)
    assert len(told) == len(pause.FED_BY_A_QUEUE)
    assert all("try again" in each for each in told)
    assert reserved(stage) == STOPPED


def test_a_stages_own_limit_goes_before_the_shared_one(tmp_path: Path) -> None:
    config = tmp_path / "config.json"
    shared = {"sweep": {"reserved_concurrency": 2}, "classify": {"reserved_concurrency": 50}}
    own = {"lambda_functions": {"sweep": {"reserved_concurrency": 1}}}
    config.write_text(json.dumps({"lambda_functions": shared, "stages": {"prod": own}}))
    nothing = dict.fromkeys(FUNCTIONS)
    assert configured("prod", config) == nothing | {"sweep": 1, "classify": 50}
    assert configured("dev", config) == nothing | {"sweep": 2, "classify": 50}

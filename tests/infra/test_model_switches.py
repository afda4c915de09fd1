"""The operator switches between models at once, back as well, and stored images follow."""

from pathlib import Path
from typing import Any

import pytest

from chalicelib.classification.campaign import CampaignStore
from chalicelib.classification.registry import SHIPPED
from infra import models
from infra.models import RUN_MODELS
from tests.infra.deployed import answering, elsewhere
from tests.infra.models_at_hand import active_file, command, descriptions
from tests.world import World


@pytest.fixture
def world(stage: World) -> World:
    return stage


def test_a_switch_takes_effect_at_once_forth_and_back(world: World, folder: Path) -> None:
    command(world, folder, "register")
    seen = [descriptions(world)]
    for name in ("rodinka-3", SHIPPED, "rodinka-3"):
        world.clock.advance(minutes=1)
        assert command(world, folder, "activate", name) == 0
        assert active_file(world) == name
        seen.append(descriptions(world))
    for function in RUN_MODELS:
        told = [each[function] for each in seen]
        assert len(set(told)) == 4, "each switch changes the function, so its containers are new"
        assert told[-1] == "Answers with rodinka-3 since 2026-03-02T09:03:00.000000Z"


def test_a_switch_that_died_replaces_the_containers_when_repeated(
    world: World, folder: Path
) -> None:
    command(world, folder, "register")
    for calls, name in ((5, "rodinka-3"), (6, SHIPPED), (8, "rodinka-3"), (11, SHIPPED)):
        world.clock.advance(minutes=1)
        with world.crash_after(calls):
            command(world, folder, "activate", name)
        assert command(world, folder, "activate", name) == 0
        assert active_file(world) == name
        assert all(name in told for told in descriptions(world).values())
    world.calls.clear()
    assert command(world, folder, "activate", name) == 0
    assert world.calls["lambda.UpdateFunctionConfiguration"] == 0, "nothing is left to replace"


def test_a_function_that_is_being_updated_is_waited_for(
    world: World, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command(world, folder, "register")
    monkeypatch.setattr("botocore.waiter.time.sleep", lambda _: None)
    states = iter(["InProgress", "Successful"] * 2)

    def updating(_: Any) -> dict[str, Any]:
        return {"Configuration": {"LastUpdateStatus": next(states)}}

    with answering(world, "lambda.GetFunction", updating):
        assert command(world, folder, "activate", "rodinka-3") == 0
    assert list(states) == []


def test_a_model_that_is_not_in_the_checkout_is_activated_on_purpose_only(
    world: World, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command(world, folder, "register")
    (folder / "rodinka-3.onnx").unlink()
    capsys.readouterr()
    assert command(world, folder, "activate", "rodinka-3") == 1
    assert "no image could be classified" in capsys.readouterr().err
    assert active_file(world) == SHIPPED
    assert command(world, folder, "activate", "rodinka-3", "--unseen") == 0
    assert active_file(world) == "rodinka-3"


def test_a_model_may_be_activated_before_there_are_functions(
    world: World, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command(world, folder, "register")
    assert models.main(["activate", "rodinka-3"], lambda: elsewhere(world), folder) == 0
    assert "rodinka-other-sweep is not deployed" in capsys.readouterr().out
    assert active_file(world) == "rodinka-3"


def test_an_unknown_model_is_not_activated(
    world: World, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments in (["rodinka-4"], ["rodinka-4", "--unseen"], ["../rodinka-1"]):
        assert command(world, folder, "activate", *arguments) == 1
        assert "No model is registered as" in capsys.readouterr().err


def test_stored_images_follow_a_switch_unless_they_are_to_stay(world: World, folder: Path) -> None:
    campaigns = CampaignStore(world.platform.cases)
    command(world, folder, "register")
    assert campaigns.get() is None, "the first model of a stage has nothing to follow it"
    world.clock.advance(minutes=1)
    assert command(world, folder, "activate", "rodinka-3", "--new-only") == 0
    assert campaigns.get() is None
    assert command(world, folder, "reclassify") == 0
    begun = campaigns.get()
    assert begun is not None
    assert (begun.file, begun.model) == ("rodinka-3", {"name": "rodinka", "version": "3.0.0"})
    for again in (["reclassify"], ["activate", "rodinka-3"]):
        assert command(world, folder, *again) == 0
        assert campaigns.get() == begun, "what goes on is not begun anew"
    world.clock.advance(minutes=1)
    assert command(world, folder, "activate", SHIPPED) == 0
    back = campaigns.get()
    assert back is not None
    assert (back.file, back.is_going_on) == (SHIPPED, True)


def test_nothing_follows_where_no_model_was_ever_activated(
    world: World, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(world, folder, "reclassify") == 1
    assert "No model was ever activated" in capsys.readouterr().err

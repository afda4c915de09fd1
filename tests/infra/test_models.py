"""The operator's models: registered with each deployment, counted and listed."""

from pathlib import Path

import pytest

from chalicelib.classification import registry
from chalicelib.classification.registry import SHIPPED
from infra import models
from tests.classification.admitting import let_in
from tests.infra.deployed import forget
from tests.infra.models_at_hand import CARD, active_file, command, write
from tests.reclassification.making import stored
from tests.world import World


@pytest.fixture
def world(stage: World) -> World:
    return stage


def test_the_shipped_model_is_registered_with_what_its_card_says(world: World) -> None:
    let_in(world.platform, CARD["sha256"])
    assert models.main(["register"], lambda: world.platform) == 0
    [model] = [m for m in registry.registered(world.platform) if m.file == SHIPPED]
    assert (model.file, model.name, model.version) == (SHIPPED, CARD["name"], CARD["version"])
    assert model.sha256 == CARD["sha256"]
    assert model.card["licence"] == CARD["licence"]
    assert model.card["abstention_threshold"] == CARD["abstention"]["threshold"]
    assert model.card["hold_out"]["melanoma_auc"] == CARD["hold_out"]["melanoma_auc"]
    assert "HAM10000" in model.card["trained_on"]
    assert active_file(world) == SHIPPED


def test_a_new_model_is_registered_and_waits_to_be_activated(world: World, folder: Path) -> None:
    for _ in range(2):
        assert command(world, folder, "register") == 0
        assert [m.file for m in registry.registered(world.platform)] == [SHIPPED, "rodinka-3"]
        assert active_file(world) == SHIPPED


def test_a_registration_that_died_is_completed_by_the_next(world: World, folder: Path) -> None:
    for calls in (2, 3, 7, 11):
        with world.crash_after(calls):
            command(world, folder, "register")
        assert command(world, folder, "register") == 0
        assert len(registry.registered(world.platform)) == 2
        assert active_file(world) == SHIPPED
        forget(world)


def test_without_the_shipped_model_the_first_one_is_active(world: World, tmp_path: Path) -> None:
    for file in ("skin-2", "skin-1"):
        write(tmp_path, file, file.encode(), version=file)
    command(world, tmp_path, "register")
    assert active_file(world) == "skin-1"


def test_nothing_is_registered_when_one_file_is_not_what_its_card_says(
    world: World, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "rodinka-3.onnx").write_bytes(b"swapped")
    assert command(world, folder, "register") == 1
    assert "rodinka-3.onnx is not the model that its card describes" in capsys.readouterr().err
    (folder / "rodinka-3.json").unlink()
    assert command(world, folder, "register") == 1
    assert "rodinka-3.json" in capsys.readouterr().err
    assert registry.registered(world.platform) == []
    assert command(world, folder / "nowhere", "register") == 1


def test_other_content_under_a_registered_name_is_refused(
    world: World, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command(world, folder, "register")
    write(folder, "rodinka-3", b"other weights", version="3.0.1")
    assert command(world, folder, "register") == 1
    assert "A name never changes its meaning" in capsys.readouterr().err
    assert command(world, folder, "activate", "rodinka-3") == 1
    assert "as it was registered" in capsys.readouterr().err
    assert active_file(world) == SHIPPED


def test_images_are_counted_by_whose_opinion_they_have(
    world: World, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, version in (("image1", "1"), ("image2", "2"), ("image3", "2")):
        stored(world, name, version=version)
    assert command(world, folder, "count") == 0
    told = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert told == [["2", "skin", "2"], ["1", "skin", "1"]]


def test_the_list_tells_what_there_is_and_what_was_active(
    world: World, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(world, folder, "list") == 0
    assert f"{SHIPPED} answers" in capsys.readouterr().out
    command(world, folder, "register")
    world.clock.advance(days=1)
    command(world, folder, "activate", "rodinka-3")
    (folder / f"{SHIPPED}.onnx").unlink()
    capsys.readouterr()
    assert command(world, folder, "list") == 0
    shipped, later, following, *history = capsys.readouterr().out.splitlines()
    assert following.startswith("Stored images for rodinka-3, since 2026-03-03 09:00 UTC: walk 1,")
    assert shipped.startswith(f"  {SHIPPED}")
    assert shipped.endswith("not in this checkout")
    assert later.startswith("* rodinka-3")
    assert "rodinka 3.0.0" in later
    assert [line.split() for line in history[1:]] == [
        ["2026-03-03", "09:00", "UTC", "rodinka-3"],
        ["2026-03-02", "09:00", "UTC", SHIPPED],
    ]

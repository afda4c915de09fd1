"""People see which models there are and which answers; an administrator lets an admitted one answer."""

from pathlib import Path

import pytest

from chalicelib.classification import registry
from chalicelib.classification.campaign import CampaignStore
from chalicelib.classification.inference.classifier import Classifier
from chalicelib.events import models as sessions
from chalicelib.platform.runtime import Platform
from infra import models
from tests.asking import Answered
from tests.classification.admitting import let_in
from tests.infra.laying_aside import records
from tests.infra.models_at_hand import CARD, write
from tests.patients.asking import Client
from tests.world import World

ACTIVATE = "/v1/models/{name}/{version}/activate"


@pytest.fixture
def folder(world: World, tmp_path: Path) -> Path:
    """Two models of one checkout, registered; the first answers."""
    for file in ("skin-1", "skin-2"):
        write(tmp_path, file, file.encode(), version=file)
    models.register_all(world.platform, tmp_path)
    return tmp_path


def sha256_of(world: World, file: str) -> str:
    [model] = [each for each in registry.registered(world.platform) if each.file == file]
    return model.sha256


def activated(admin: Client, version: str) -> Answered:
    return admin.ask("POST", ACTIVATE, name=CARD["name"], version=version)


def active_of(world: World) -> str | None:
    active = registry.active(world.platform)
    return active.file if active else None


def test_every_model_is_told_with_its_card_and_its_admission_test(
    world: World, curator: Client, folder: Path
) -> None:
    answer = curator.ask("GET", "/v1/models")
    assert answer.status == 200, answer.body
    told = {each["file"]: each for each in answer.body["items"]}
    assert set(told) == {"skin-1", "skin-2"}
    assert answer.body["active"] == active_of(world) == "skin-1"
    one, two = told["skin-1"], told["skin-2"]
    assert (one["active"], two["active"]) == (True, False)
    assert (one["deployed"], two["deployed"]) == (True, True)
    assert one["sha256"] == sha256_of(world, "skin-1")
    assert one["admission"]["test"] == "KlT-I"
    assert one["metrics"]["melanoma_auc"] == CARD["hold_out"]["melanoma_auc"]
    assert one["licence"] == CARD["licence"]


def test_an_admitted_model_that_is_deployed_is_activated_and_images_follow(
    world: World, admin: Client, folder: Path
) -> None:
    for _ in range(2):
        answer = activated(admin, "skin-2")
        assert answer.status == 202, answer.body
        assert answer.body["active"] == "skin-2"
        assert answer.body["rereading"]["file"] == "skin-2"
    assert [each["file"] for each in answer.body["history"]] == ["skin-2", "skin-1"]
    campaign = CampaignStore(world.platform.cases).get()
    assert campaign is not None
    assert campaign.is_going_on
    acts = [each for each in records(world) if each["act"]["S"] == "model.activated"]
    assert [each["on"]["S"] for each in acts] == ["skin-2"], "one activation, one record"


def test_a_model_without_a_passed_test_is_not_activated(
    world: World, admin: Client, folder: Path
) -> None:
    write(folder, "skin-3", b"skin-3", version="skin-3")
    (folder / "skin-3.calibration.json").unlink()
    models.register_all(world.platform, folder)
    answer = activated(admin, "skin-3")
    assert (answer.status, answer.error["code"]) == (409, "not_admitted")
    assert active_of(world) == "skin-1"


def test_a_model_that_the_layer_lacks_is_not_activated(
    world: World, admin: Client, folder: Path
) -> None:
    registry.note_carried(world.platform, {"skin-1": sha256_of(world, "skin-1")})
    let_in(world.platform, sha256_of(world, "skin-2"))
    answer = activated(admin, "skin-2")
    assert (answer.status, answer.error["code"]) == (409, "not_deployed")
    told = {each["file"]: each for each in admin.ask("GET", "/v1/models").body["items"]}
    assert (told["skin-2"]["deployed"], told["skin-2"]["can_be_activated"]) == (False, False)


def test_a_model_that_is_none_is_not_found(admin: Client, folder: Path) -> None:
    assert activated(admin, "9.9").status == 404


def test_a_curator_looks_and_does_not_activate(curator: Client, folder: Path) -> None:
    assert activated(curator, "skin-2").status == 403


def test_a_container_takes_up_another_model_within_a_minute(
    world: World, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[str] = []

    def file_of(platform: Platform) -> Path:
        return folder / f"{active_of(world)}.onnx"

    def load(path: Path) -> str:
        loaded.append(path.stem)
        return path.stem

    monkeypatch.setattr(sessions, "active_model_file", file_of)
    monkeypatch.setattr(Classifier, "load", load)

    def running() -> str:
        return str(sessions.classifier(world.platform))

    assert [running(), running()] == ["skin-1"] * 2
    registry.activate(world.platform, "skin-2")
    world.clock.advance(seconds=59)
    assert running() == "skin-1"
    world.clock.advance(seconds=1)
    assert [running(), running()] == ["skin-2"] * 2
    world.clock.advance(minutes=2)
    running()
    assert loaded == ["skin-1", "skin-2"], "the same model is not loaded again"

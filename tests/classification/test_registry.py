"""A model's name means one content for ever, and one model answers."""

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chalicelib.classification import calibrations, registry
from chalicelib.classification.registry import (
    KEPT,
    SHIPPED,
    ActivatedMeanwhile,
    BadName,
    NameTaken,
    NoSuchModel,
    NotAdmitted,
    NotRegistered,
    activate,
    active,
    active_model_file,
    register,
    registered,
)
from chalicelib.platform import keys
from chalicelib.platform.runtime import Platform
from chalicelib.platform.settings import CHECKOUT_MODEL_DIR
from chalicelib.platform.table import Table
from tests.architecture.test_imports import HEAVY, modules_after
from tests.classification.admitting import let_in, passed, report
from tests.infra.deployed import forget, like
from tests.world import World, new_world

SHA256 = hashlib.sha256((CHECKOUT_MODEL_DIR / f"{SHIPPED}.onnx").read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def house() -> Iterator[World]:
    with new_world() as made:
        yield made


@pytest.fixture
def world(house: World) -> World:
    return forget(house)


def enter(
    world: World, file: str = "skin-1", *, tested: bool = True, **other: Any
) -> registry.Model:
    """Registered and, unless told otherwise, passed its calibration test."""
    values = {
        "file": file,
        "name": "skin",
        "version": file,
        "sha256": hashlib.sha256(file.encode()).hexdigest(),
        "card": {"summary": "Eight diagnoses.", "abstention_threshold": 0.48},
    }
    model = register(world.platform, **(values | other))
    if tested:
        let_in(world.platform, model.sha256)
    return model


def with_layer(world: World, folder: Path) -> Platform:
    """The platform of a function whose layer is this folder."""
    return like(world, world.platform.settings.model_copy(update={"model_dir": folder}))


def test_a_model_reads_back_as_it_was_registered(world: World) -> None:
    made = enter(world)
    assert registered(world.platform) == [made]
    assert made.registered_at == world.clock.now()
    assert made.card["abstention_threshold"] == 0.48


def test_registering_again_changes_nothing(world: World) -> None:
    made = enter(world)
    world.clock.advance(days=1)
    assert enter(world) == made
    assert registered(world.platform) == [made]


def test_neither_a_name_nor_a_version_is_given_to_other_content(world: World) -> None:
    made = enter(world)
    others: tuple[dict[str, Any], ...] = ({}, {"version": "another"}, {"file": "skin-2"})
    for other in others:
        with pytest.raises(NameTaken):
            enter(world, **{"version": made.version, "sha256": "f" * 64} | other)
    assert registered(world.platform) == [made]


def test_of_two_who_give_one_name_to_two_models_one_is_refused(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    insert = Table.insert

    def overtaken(table: Table, *arguments: Any) -> Any:
        monkeypatch.setattr(Table, "insert", insert)
        enter(world, sha256="f" * 64)
        return insert(table, *arguments)

    monkeypatch.setattr(Table, "insert", overtaken)
    with pytest.raises(NameTaken):
        enter(world)
    assert [model.sha256 for model in registered(world.platform)] == ["f" * 64]


def test_a_name_is_that_of_a_file_and_never_a_path(world: World) -> None:
    for file in ("", "active", "Rodinka", "../rodinka-1", "a/b", "-a", "a" * 64):
        with pytest.raises(BadName):
            enter(world, file)
        with pytest.raises(NotRegistered):
            activate(world.platform, file)


def test_a_registration_that_died_is_completed_by_its_repetition(world: World) -> None:
    for calls in (1, 2, 3, 4):
        file = f"skin-{calls}"
        with world.crash_after(calls):
            enter(world, file)
        known = registered(world.platform)
        made = enter(world, file)
        assert made in registered(world.platform)
        assert all(model in registered(world.platform) for model in known)
        assert activate(world.platform, file).file == file


def test_only_a_model_that_passed_its_calibration_test_becomes_active(world: World) -> None:
    first, made = enter(world, "skin-1"), enter(world, "skin-2", tested=False)
    activate(world.platform, "skin-1")
    with pytest.raises(NotAdmitted):
        activate(world.platform, "skin-2")
    found = active(world.platform)
    assert found is not None
    assert found.file == "skin-1"
    for none in (
        report(made.sha256, test="FT-I"),
        report(made.sha256, verdict={"passed": False, "reasons": []}),
        report(made.sha256, algorithm={"name": "skin", "version": "2", "model_sha256": None}),
        report(first.sha256),
    ):
        calibrations.admit_by(world.platform, none)
        with pytest.raises(NotAdmitted):
            activate(world.platform, "skin-2")
    assert calibrations.admit_by(world.platform, report(made.sha256))
    assert activate(world.platform, "skin-2").file == "skin-2"


def test_a_model_that_answered_before_may_answer_again_without_a_test(world: World) -> None:
    old, _ = enter(world, "skin-1"), enter(world, "skin-2")
    for file in ("skin-1", "skin-2"):
        activate(world.platform, file)
    world.platform.catalogue.delete(keys.calibration(old.sha256))
    assert activate(world.platform, "skin-1").file == "skin-1"


def test_of_several_passed_tests_the_latest_is_kept(world: World) -> None:
    made = enter(world)
    later = passed(made.sha256, computed_at="2026-03-02T12:00:00Z", units=200)
    for told in (later, passed(made.sha256, computed_at="2026-02-01T12:00:00Z"), later):
        calibrations.admit(world.platform, told)
    assert calibrations.admitted(world.platform, made.sha256) == later


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"test": "FT-I"}, "test: "),
        ({"verdict": {"passed": False, "reasons": []}}, "passed: "),
        ({"verdict": {"passed": True, "reasons": []}}, "reasons: "),
        ({"algorithm": {"model_sha256": "abc"}}, "model_sha256: "),
        ({"algorithm": {}}, "no report of a test: KeyError"),
        ({"auc": {"target": None}}, "no report of a test: TypeError"),
        ({"auc": {"target": {"value": 0.9, "delong": [0.91, 0.95]}}}, "outside its interval"),
        ({"units": 10}, "more positives and negatives than units"),
    ],
)
def test_what_is_no_passed_calibration_test_is_no_record(wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(calibrations.BadRecord, match=told):
        passed("a" * 64, **wrong)


def test_only_a_registered_model_is_activated(world: World) -> None:
    with pytest.raises(NotRegistered):
        activate(world.platform, SHIPPED)
    assert active(world.platform) is None


def test_activations_are_remembered_and_repeating_one_is_none(world: World) -> None:
    for file in ("skin-1", "skin-2"):
        enter(world, file)
    for file in ("skin-1", "skin-1", "skin-2", "skin-2", "skin-1"):
        world.clock.advance(days=1)
        assert activate(world.platform, file).file == file
    found = active(world.platform)
    assert found is not None
    assert [file for file, _ in found.history] == ["skin-1", "skin-2", "skin-1"]
    assert found.since == found.history[-1][1] == world.clock.now()


def test_the_history_of_activations_is_bounded(world: World) -> None:
    for file in ("skin-1", "skin-2"):
        enter(world, file)
    values = {"file": "skin-1", "sha256": "0" * 64}
    at = "2026-01-01T00:00:00.000000Z"
    history = [{"file": f"skin-{n % 2 + 1}", "at": at} for n in range(KEPT + 1)]
    world.platform.catalogue.insert(keys.active_model(), values | {"history": history})
    found = activate(world.platform, "skin-2")
    assert len(found.history) == KEPT
    assert found.history[-1] == ("skin-2", world.clock.now())


def test_an_activation_that_was_overtaken_says_so(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file in ("skin-1", "skin-2", "skin-3"):
        enter(world, file)
    update = Table.update

    def overtaken(table: Table, *arguments: Any, **options: Any) -> Any:
        monkeypatch.setattr(Table, "update", update)
        activate(world.platform, "skin-3")
        return update(table, *arguments, **options)

    for before in (None, "skin-3"):
        found = active(world.platform)
        assert (found.file if found else None) == before
        if before:
            activate(world.platform, "skin-1")
        monkeypatch.setattr(Table, "update", overtaken)
        with pytest.raises(ActivatedMeanwhile):
            activate(world.platform, "skin-2")
    found = active(world.platform)
    assert found is not None
    assert found.file == "skin-3"


def test_a_function_asks_once_which_model_answers(world: World) -> None:
    for model in (None, SHIPPED):
        if model:
            enter(world, model, sha256=SHA256)
            activate(world.platform, model)
        with world.counted() as calls:
            assert active_model_file(world.platform) == CHECKOUT_MODEL_DIR / f"{SHIPPED}.onnx"
        assert calls == {"dynamodb.GetItem": 1}


def test_the_active_model_is_the_one_of_the_layer_or_none(world: World, tmp_path: Path) -> None:
    function = with_layer(world, tmp_path)
    enter(world)
    activate(world.platform, "skin-1")
    with pytest.raises(NoSuchModel, match=r"^skin-1$"):
        active_model_file(function)
    for ending in ("onnx", "json"):
        shutil.copyfile(CHECKOUT_MODEL_DIR / f"{SHIPPED}.{ending}", tmp_path / f"skin-1.{ending}")
    with pytest.raises(NoSuchModel, match="skin-1 as it was registered"):
        active_model_file(function)
    enter(world, "skin-2", sha256=SHA256)
    for ending in ("onnx", "json"):
        (tmp_path / f"skin-1.{ending}").rename(tmp_path / f"skin-2.{ending}")
    activate(world.platform, "skin-2")
    assert active_model_file(function) == tmp_path / "skin-2.onnx"


def test_the_registry_loads_nothing_that_runs_models() -> None:
    code = "import chalicelib.classification.registry, infra.models"
    assert modules_after(code) & HEAVY == set()

"""The operator's models: registered with each deployment, switched at once, back as well."""

import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chalicelib.classification import calibrations, registry
from chalicelib.classification.campaign import CampaignStore
from chalicelib.classification.registry import SHIPPED
from chalicelib.platform.settings import CHECKOUT_MODEL_DIR
from infra import model_records, models
from infra.models import RUN_MODELS
from infra.steps.deployment import function_name
from tests.classification.admitting import let_in, passed, report
from tests.infra.deployed import answering, deploy, elsewhere, forget
from tests.reclassification.making import stored
from tests.world import World, new_world

CARD = json.loads((CHECKOUT_MODEL_DIR / f"{SHIPPED}.json").read_bytes())


@pytest.fixture(scope="module")
def house() -> Iterator[World]:
    with new_world() as made:
        deploy(made, mapping=False)
        yield made


@pytest.fixture
def world(house: World) -> World:
    return forget(house)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A checkout's models: the shipped one and a later one."""
    for ending in ("onnx", "json"):
        name = f"{SHIPPED}.{ending}"
        shutil.copyfile(CHECKOUT_MODEL_DIR / name, tmp_path / name)
    passes(tmp_path, SHIPPED)
    write(tmp_path, "rodinka-3", b"later weights", version="3.0.0")
    return tmp_path


def write(folder: Path, file: str, content: bytes, **card: Any) -> None:
    """A model of this content, with a card and a passed test that fit it unless told otherwise."""
    fitting = CARD | {"sha256": hashlib.sha256(content).hexdigest()} | card
    (folder / f"{file}.onnx").write_bytes(content)
    (folder / f"{file}.json").write_text(json.dumps(fitting))
    passes(folder, file)


def passes(folder: Path, file: str) -> None:
    record = passed(sha256_of(folder, file))
    (folder / f"{file}.calibration.json").write_text(record.model_dump_json())


def sha256_of(folder: Path, file: str) -> str:
    return hashlib.sha256((folder / f"{file}.onnx").read_bytes()).hexdigest()


def command(world: World, folder: Path, *arguments: str) -> int:
    return models.main([*arguments], lambda: world.platform, folder)


def active_file(world: World) -> str | None:
    found = registry.active(world.platform)
    return found.file if found else None


def descriptions(world: World) -> dict[str, str]:
    """Of the functions that run models; a changed one means new containers."""
    client = world.platform.client("lambda")
    return {
        function: client.get_function_configuration(FunctionName=function_name("test", function))[
            "Description"
        ]
        for function in RUN_MODELS
    }


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


def test_without_a_passed_test_no_model_becomes_active(
    world: World, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for file in (SHIPPED, "rodinka-3"):
        (folder / f"{file}.calibration.json").unlink()
    assert command(world, folder, "register") == 1
    assert "None of rodinka-2, rodinka-3 has passed a calibration test" in capsys.readouterr().err
    assert registry.registered(world.platform) == [], "nothing was changed"
    passes(folder, SHIPPED)
    assert command(world, folder, "register") == 0
    assert "AUC 0.910" in capsys.readouterr().out
    assert active_file(world) == SHIPPED
    assert command(world, folder, "activate", "rodinka-3") == 1
    assert "rodinka-3 has passed no calibration test" in capsys.readouterr().err
    passes(folder, "rodinka-3")
    assert command(world, folder, "register") == 0
    assert command(world, folder, "activate", "rodinka-3") == 0


def test_the_report_of_a_passed_test_becomes_the_record_of_its_model(
    world: World, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = folder / "rodinka-3.calibration.json"
    kept.unlink()
    told = tmp_path / "report.json"
    sha256 = sha256_of(folder, "rodinka-3")
    for content, wrong in (
        (report("a" * 64), "SHA-256 is not the one on the card"),
        (report(sha256, verdict={"passed": False, "reasons": []}), "passed: "),
        (report(sha256, test="FT-I"), "test: "),
        ({"report": None}, "no report of a test"),
    ):
        told.write_text(json.dumps(content))
        assert command(world, folder, "record", str(told), "rodinka-3") == 1
        assert wrong in capsys.readouterr().err
    assert command(world, folder, "record", str(tmp_path / "none.json"), "rodinka-3") == 1
    assert not kept.exists()
    evaluation = {"state": "complete", "report": report(sha256)}
    by_test = {"FT-I": {"report": report(sha256, test="FT-I")}, "KlT-I": evaluation}
    for content in (report(sha256), evaluation, by_test):
        told.write_text(json.dumps(content))
        assert command(world, folder, "record", str(told), "rodinka-3") == 0
        assert kept.read_text() == passed(sha256).model_dump_json(indent=2) + "\n"


def test_records_in_the_checkout_are_of_the_models_beside_them() -> None:
    models_here = {path.stem for path in CHECKOUT_MODEL_DIR.glob("*.onnx")}
    kept = {path.name for path in CHECKOUT_MODEL_DIR.glob(f"*{calibrations.ENDING}")}
    found = model_records.records(CHECKOUT_MODEL_DIR)
    assert registry.SHIPPED in found
    assert found.keys() <= models_here
    assert kept == {f"{name}{calibrations.ENDING}" for name in found}


def test_a_record_of_other_content_or_none_at_all_is_refused(
    world: World, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = folder / "rodinka-3.calibration.json"
    for content, wrong in (
        (passed("b" * 64).model_dump_json(), "not of rodinka-3.onnx as it is"),
        ('{"passed": true}', "rodinka-3.calibration.json: "),
        ("[]", "rodinka-3.calibration.json: "),
    ):
        kept.write_text(content)
        assert command(world, folder, "register") == 1
        assert wrong in capsys.readouterr().err
    assert registry.registered(world.platform) == []


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


def test_images_are_counted_by_whose_opinion_they_have(
    world: World, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, version in (("image1", "1"), ("image2", "2"), ("image3", "2")):
        stored(world, name, version=version)
    assert command(world, folder, "count") == 0
    told = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert told == [["2", "skin", "2"], ["1", "skin", "1"]]


def test_an_unknown_model_is_not_activated(
    world: World, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments in (["rodinka-4"], ["rodinka-4", "--unseen"], ["../rodinka-1"]):
        assert command(world, folder, "activate", *arguments) == 1
        assert "No model is registered as" in capsys.readouterr().err


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

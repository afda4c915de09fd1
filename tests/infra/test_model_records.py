"""A model becomes active with the record of a passed test only."""

import json
from pathlib import Path

import pytest

from chalicelib.classification import calibrations, registry
from chalicelib.classification.registry import SHIPPED
from chalicelib.platform.settings import CHECKOUT_MODEL_DIR
from infra import model_records
from tests.classification.admitting import passed, report
from tests.infra.models_at_hand import (
    active_file,
    command,
    passes,
    sha256_of,
)
from tests.world import World


@pytest.fixture
def world(stage: World) -> World:
    return stage


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

"""Which pictures the shipped models were trained on is known wherever a set is chosen."""

import hashlib
import json
from pathlib import Path

import pytest

from chalicelib.classification.inference.card import Card
from chalicelib.classification.trained_on import DIGITS, FOLDER, BadList, read_list, trained_on
from chalicelib.platform.settings import CHECKOUT_MODEL_DIR
from tests.architecture.test_imports import HEAVY, modules_after
from tests.infra.deployed import like
from tests.world import World

CARDS = sorted(CHECKOUT_MODEL_DIR.glob("*.onnx"))


@pytest.mark.parametrize("model", CARDS, ids=lambda path: path.stem)
def test_each_shipped_model_has_the_list_that_its_card_names(model: Path) -> None:
    card = model.with_suffix(".json")
    told = json.loads(card.read_bytes())["trained_on_images"]
    assert told["file"] == f"{model.stem}.txt"
    content = (FOLDER / told["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == told["sha256"]
    assert len(read_list(FOLDER / told["file"])) == told["count"] > 10_000
    assert Card.read(card).sha256 == hashlib.sha256(model.read_bytes()).hexdigest()


def test_the_pictures_of_all_models_count(world: World, tmp_path: Path) -> None:
    for name, hashes in (("one", ("0" * DIGITS, "a" * DIGITS)), ("two", ("f" * DIGITS,))):
        (tmp_path / f"{name}.txt").write_text("".join(f"{each}\n" for each in hashes))
    settings = world.platform.settings.model_copy(update={"training_lists": tmp_path})
    assert trained_on(like(world, settings)) == {each * DIGITS for each in "0af"}
    shipped = trained_on(world.platform)
    assert all(read_list(path) <= shipped for path in FOLDER.glob("*.txt"))


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["a" * 15], "line 1: not 16"),
        (["A" * 16], "line 1: not 16"),
        (["0" * 16, "é" * 16], "line 2: not 16"),
        (["b" * 16, "a" * 16], "line 2: out of order"),
        (["a" * 16, "a" * 16], "line 2: out of order, or there twice"),
    ],
)
def test_a_damaged_list_is_not_taken_for_a_shorter_one(
    tmp_path: Path, lines: list[str], told: str
) -> None:
    path = tmp_path / "list.txt"
    path.write_text("\n".join(lines))
    with pytest.raises(BadList, match=told):
        read_list(path)


def test_reading_the_lists_loads_nothing_that_runs_models() -> None:
    assert modules_after("import chalicelib.classification.trained_on") & HEAVY == set()

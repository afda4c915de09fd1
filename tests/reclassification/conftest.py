"""A world for each test of a module, and models that judge in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from chalicelib.classification.inference.classifier import Classifier
from tests.inference.models import fixed_model, write_card
from tests.infra.deployed import forget
from tests.reclassification.making import MELANOMA, NEVUS, VECTOR
from tests.world import World, new_world


@pytest.fixture(scope="module")
def house() -> Iterator[World]:
    with new_world() as made:
        yield made


@pytest.fixture
def world(house: World) -> World:
    return forget(house)


@pytest.fixture
def models(tmp_path: Path) -> dict[str, Classifier]:
    """Two models that answer all the same, each in its own way, and one that answers nonsense."""
    made = {}
    nan = [float("nan")] * 8
    for file, scores in (("skin-1", NEVUS), ("skin-2", MELANOMA), ("skin-3", nan)):
        path = tmp_path / f"{file}.onnx"
        fixed_model(path, scores, others={"embedding": VECTOR})
        write_card(path, name="skin", version=file[-1], near_duplicate={"cosine": 0.98})
        made[file] = Classifier.load(path)
    return made

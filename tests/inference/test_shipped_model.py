"""The model that ships with the project loads by its card and answers about real photographs."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from chalicelib.classification.inference.card import TRAINED_CLASSES
from chalicelib.classification.inference.classifier import Classifier
from chalicelib.classification.inference.outline import Point
from tests import pictures

ROOT = Path(__file__).parents[2]
MODEL = ROOT / "layers" / "inference" / "model" / "rodinka-2.onnx"
REAL = ROOT.parent / "shared" / "data" / "ham10000-fullsize" / "dataset"


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier.load(MODEL)


def test_the_shipped_model_is_the_one_on_its_card_and_answers(classifier: Classifier) -> None:
    prediction = classifier.classify(pictures.photograph())
    assert tuple(prediction.probabilities) == (*TRAINED_CLASSES, "unknown")
    assert sum(round(value * 1_000_000) for value in prediction.probabilities.values()) == 1_000_000
    assert (prediction.model_name, prediction.model_version) == (
        classifier.card.name,
        classifier.card.version,
    )


def test_the_same_photograph_gets_the_same_answer_twice(classifier: Classifier) -> None:
    photograph = pictures.photograph()
    assert classifier.classify(photograph) == classifier.classify(photograph)


def _dice(outline: tuple[Point, ...] | None, mask: Image.Image) -> float:
    """Overlap of a polygon and an expert's mask: twice the common area over the sum of both."""
    drawn = Image.new("1", mask.size)
    if outline:
        corners = [(x * mask.width, y * mask.height) for x, y in outline]
        ImageDraw.Draw(drawn).polygon(corners, fill=1)
    ours, theirs = np.asarray(drawn), np.asarray(mask.convert("L")) > 127
    return float(2 * (ours & theirs).sum() / (ours.sum() + theirs.sum()))


@pytest.mark.skipif(not REAL.is_dir(), reason="the real data are not on this machine")
def test_the_outlines_of_real_lesions_lie_on_those_of_experts(classifier: Classifier) -> None:
    overlaps = []
    for path in sorted(REAL.glob("*.jpg"))[:20]:
        prediction = classifier.classify(Image.open(path).convert("RGB"))
        mask = Image.open(path.with_name(f"{path.stem}_expert.png"))
        overlaps.append(_dice(prediction.outline, mask))
    assert len(overlaps) == 20
    assert np.median(overlaps) > 0.85, sorted(overlaps)

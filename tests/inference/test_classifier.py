"""What a model says is pinned, checked, and turned into plain values before anyone sees it."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from chalicelib.classification.inference.card import TRAINED_CLASSES, BadModel
from chalicelib.classification.inference.classifier import BadOutput, Classifier
from chalicelib.classification.inference.examination import examine
from tests import pictures
from tests.inference.asking import LIMITS, declaration
from tests.inference.models import fixed_model, reddest_model, write_card

LESION = pictures.photograph(200, 150)


def _classifier(folder: Path, scores: list[float], **model: Any) -> Classifier:
    path = folder / "tiny.onnx"
    fixed_model(path, scores, **model)
    write_card(path)
    return Classifier.load(path)


def test_a_sure_model_names_its_class(tmp_path: Path) -> None:
    prediction = _classifier(tmp_path, [0.1, 0.8, 0.1, 0, 0, 0, 0, 0]).classify(LESION)
    assert (prediction.top, prediction.abstained) == ("melanoma", False)
    assert (prediction.model_name, prediction.model_version) == ("tiny", "0.1.0")
    assert prediction.probabilities["melanoma"] == 0.8
    assert prediction.outline is None


def test_a_model_below_its_threshold_says_unknown(tmp_path: Path) -> None:
    prediction = _classifier(tmp_path, [0.3, 0.4, 0.3, 0, 0, 0, 0, 0]).classify(LESION)
    assert (prediction.top, prediction.abstained) == ("unknown", True)
    assert prediction.probabilities["melanoma"] == 0.4


def test_a_model_at_its_threshold_answers(tmp_path: Path) -> None:
    prediction = _classifier(tmp_path, [0.5, 0.25, 0.25, 0, 0, 0, 0, 0]).classify(LESION)
    assert (prediction.top, prediction.abstained) == ("nevus", False)


def test_there_are_nine_probabilities_and_unknown_is_never_predicted(tmp_path: Path) -> None:
    prediction = _classifier(tmp_path, [0.125] * 8).classify(LESION)
    assert tuple(prediction.probabilities) == (*TRAINED_CLASSES, "unknown")
    assert prediction.probabilities["unknown"] == 0
    assert all(type(value) is float for value in prediction.probabilities.values())


@pytest.mark.parametrize("seed", range(20))
def test_probabilities_have_six_digits_and_sum_to_one(tmp_path: Path, seed: int) -> None:
    scores = np.random.default_rng(seed).dirichlet(np.full(8, 0.3))
    given = _classifier(tmp_path, scores.tolist()).classify(LESION).probabilities
    assert sum(round(value * 1_000_000) for value in given.values()) == 1_000_000
    assert all(round(value, 6) == value for value in given.values())
    assert np.abs(np.array(list(given.values())[:8]) - scores).max() < 2e-6


def test_the_order_of_classes_is_the_cards(tmp_path: Path) -> None:
    path = tmp_path / "tiny.onnx"
    fixed_model(path, [0.9, 0.1, 0, 0, 0, 0, 0, 0])
    write_card(path, classes=list(reversed(TRAINED_CLASSES)))
    assert Classifier.load(path).classify(LESION).top == "vascular_lesion"


@pytest.mark.parametrize(
    "scores",
    [
        [float("nan")] + [0.125] * 7,
        [float("inf")] + [0.0] * 7,
        [1.5, -0.5] + [0.0] * 6,
        [0.2] * 8,
        [0.0] * 8,
        [0.5, 0.4985] + [0.0] * 6,
        [0.25] * 4,
    ],
    ids=["nan", "infinite", "negative", "too much", "nothing", "0.9985", "four classes"],
)
def test_scores_that_are_no_distribution_are_refused(tmp_path: Path, scores: list[float]) -> None:
    with pytest.raises(BadOutput):
        _classifier(tmp_path, scores).classify(LESION)


def test_a_sum_within_a_thousandth_is_put_right(tmp_path: Path) -> None:
    given = _classifier(tmp_path, [0.5, 0.4995] + [0.0] * 6).classify(LESION).probabilities
    assert sum(round(value * 1_000_000) for value in given.values()) == 1_000_000


def test_the_model_sees_the_pixels_of_the_photograph(tmp_path: Path) -> None:
    path = tmp_path / "tiny.onnx"
    reddest_model(path)
    write_card(path)
    classifier = Classifier.load(path, threads=2)
    given = classifier.classify(Image.new("RGB", (90, 70), (100, 50, 50))).probabilities
    assert (given["melanoma"], given["nevus"]) == (0.5, 0.25)
    assert classifier.classify(Image.new("RGB", (90, 70), (0, 200, 0))).top == "nevus"


def test_another_file_than_the_cards_is_never_run(tmp_path: Path) -> None:
    path = tmp_path / "tiny.onnx"
    fixed_model(path, [0.125] * 8)
    write_card(path)
    path.write_bytes(path.read_bytes() + b"\0")
    with pytest.raises(BadModel, match="not the model that its card describes"):
        Classifier.load(path)


@pytest.mark.parametrize(
    "names", [{"input_name": "image"}, {"output_name": "logits"}], ids=["input", "output"]
)
def test_a_model_with_other_names_is_refused(tmp_path: Path, names: dict[str, str]) -> None:
    with pytest.raises(BadModel, match="must take"):
        _classifier(tmp_path, [0.125] * 8, **names)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sha256", None),
        ("sha256", "short"),
        ("name", ""),
        ("version", None),
        ("classes", list(TRAINED_CLASSES[:7])),
        ("classes", [*TRAINED_CLASSES[:7], "unknown"]),
        ("classes", [*TRAINED_CLASSES, "nevus"]),
        ("preprocessing", {"width": 0, "height": 16}),
        ("abstention", {"threshold": 1.5}),
        ("abstention", None),
    ],
)
def test_a_card_with_a_wrong_field_is_refused_by_its_name(
    tmp_path: Path, field: str, value: object
) -> None:
    path = tmp_path / "tiny.onnx"
    fixed_model(path, [0.125] * 8)
    write_card(path, **{field: value})
    with pytest.raises(BadModel, match=field):
        Classifier.load(path)


def test_a_card_that_is_absent_or_no_json_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tiny.onnx"
    fixed_model(path, [0.125] * 8)
    with pytest.raises(BadModel, match=r"tiny\.json"):
        Classifier.load(path)
    path.with_suffix(".json").write_text("{")
    with pytest.raises(BadModel, match=r"tiny\.json"):
        Classifier.load(path)


def test_an_outline_becomes_a_polygon(tmp_path: Path) -> None:
    drawn = np.zeros((12, 16), dtype=np.float32)
    drawn[3:9, 4:12] = 0.9
    prediction = _classifier(tmp_path, [0.125] * 8, outline=drawn).classify(LESION)
    assert prediction.outline is not None
    assert all(0.25 <= x <= 0.75 and 0.25 <= y <= 0.75 for x, y in prediction.outline)


def test_no_lesion_seen_gives_no_outline_and_a_broken_map_is_refused(tmp_path: Path) -> None:
    empty = np.zeros((12, 16), dtype=np.float32)
    assert _classifier(tmp_path, [0.125] * 8, outline=empty).classify(LESION).outline is None
    with pytest.raises(BadOutput, match="outline"):
        _classifier(tmp_path, [0.125] * 8, outline=empty * np.nan).classify(LESION)


def test_a_phone_photograph_is_examined_without_a_model(tmp_path: Path) -> None:
    data = pictures.jpeg()
    truth = declaration(data)
    plain = examine(data, declared=truth, limits=LIMITS, classifier=None)
    assert plain.prediction is None
    model = _classifier(tmp_path, [0.1, 0.8, 0.1, 0, 0, 0, 0, 0])
    seen = examine(data, declared=truth, limits=LIMITS, classifier=model)
    assert seen.prediction is not None
    assert seen.prediction.top == "melanoma"
    assert seen.picture.pixel_hash == plain.picture.pixel_hash

"""What a model tells beside its probabilities: what the picture is, where it looked, how sure it may be."""

import base64
import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.classification.inference import outputs
from chalicelib.classification.inference.card import KINDS, BadModel
from chalicelib.classification.inference.classifier import Classifier
from chalicelib.classification.inference.outputs import BadOutput
from chalicelib.classification.inference.reliability import LEAST_IMAGES, Bin, reliability
from tests import pictures
from tests.inference.models import fixed_model, write_card

LESION = pictures.photograph(200, 150)
SURE = [0.1, 0.8, 0.1, 0, 0, 0, 0, 0]
UNSURE = [0.3, 0.4, 0.3, 0, 0, 0, 0, 0]
KINDS_ON_CARD = {"names": list(KINDS), "threshold": 0.5}
MAP = np.zeros((8, 10), dtype=np.float32)
MAP[2:5, 3:7] = 1
BINS: list[dict[str, Any]] = [
    {"class": None, "from": 0.7, "to": 0.9, "images": 112, "right": 87, "low": 0.69, "high": 0.84},
    {
        "class": "melanoma",
        "from": 0.7,
        "to": 0.9,
        "images": 19,
        "right": 9,
        "low": 0.27,
        "high": 0.68,
    },
]

Model = Callable[..., Classifier]


@pytest.fixture
def model(tmp_path: Path) -> Model:
    def make(scores: list[float], card: dict[str, Any] | None = None, **others: Any) -> Classifier:
        path = tmp_path / "tiny.onnx"
        fixed_model(path, scores, outline=MAP, others={k: np.array(v) for k, v in others.items()})
        write_card(path, **(card or {}))
        return Classifier.load(path)

    return make


@pytest.mark.parametrize(
    ("kinds", "code"),
    [
        ([0.1, 0.6, 0.2, 0.1], "not_dermatoscopic_photograph"),
        ([0.1, 0.2, 0.6, 0.1], "no_lesion"),
        ([0.4, 0.1, 0.1, 0.4], "not_skin"),
    ],
)
def test_of_a_picture_that_is_not_dermatoscopic_nothing_is_claimed(
    model: Model, kinds: list[float], code: str
) -> None:
    card = {"kinds": KINDS_ON_CARD, "melanoma_alert": {"threshold": 0.1}, "reliability": BINS}
    said = model(SURE, card, kinds=kinds, saliency=MAP, embedding=[3.0, 4.0]).classify(LESION)
    assert (said.top, said.abstained, said.reason) == ("unknown", True, code)
    assert said.probabilities["unknown"] == 1 == sum(said.probabilities.values())
    assert (said.outline, said.saliency, said.melanoma_alert, said.reliability) == (None,) * 4


def test_at_the_threshold_a_picture_is_judged(model: Model) -> None:
    card = {"kinds": KINDS_ON_CARD, "melanoma_alert": {"threshold": 0.8}}
    said = model(SURE, card, kinds=[0.5, 0.5, 0, 0], saliency=MAP).classify(LESION)
    assert (said.top, said.reason, said.melanoma_alert) == ("melanoma", None, True)
    assert said.outline
    assert said.saliency


def test_an_unsure_model_says_so_and_keeps_its_probabilities(model: Model) -> None:
    said = model(UNSURE, {"kinds": KINDS_ON_CARD}, kinds=[1, 0, 0, 0]).classify(LESION)
    assert (said.top, said.abstained, said.reason) == ("unknown", True, "unsure")
    assert said.probabilities["melanoma"] == 0.4
    assert said.probabilities["unknown"] == 0


def test_an_embedding_is_kept_as_two_bytes_a_number_of_unit_length(model: Model) -> None:
    said = model(SURE, embedding=[30.0, -40.0]).classify(LESION)
    assert said.embedding is not None
    assert np.allclose(np.frombuffer(said.embedding, dtype="<f2"), [0.6, -0.8], atol=1e-3)


def test_saliency_is_a_small_grid_of_bytes_whose_largest_is_255(model: Model) -> None:
    large = np.zeros((64, 96), dtype=np.float32)
    large[63, 0], large[0, 95] = 1, 0.5
    for given_map, shape in ((MAP, MAP.shape), (large, (32, 32))):
        kept = model(SURE, saliency=given_map).classify(LESION).saliency
        assert kept is not None
        cells = np.frombuffer(base64.b64decode(kept.values), np.uint8)
        assert (kept.height, kept.width) == shape
        grid = cells.reshape(shape)
        assert grid.max() == 255
    assert (grid[31, 0], grid[0, 31]) == (255, 128)
    assert model(SURE, saliency=np.zeros((4, 4))).classify(LESION).saliency is None


@pytest.mark.parametrize(
    "bad",
    [
        {"kinds": [0.5, 0.2, 0.1, 0.1]},
        {"kinds": [np.nan, 0.5, 0.5, 0]},
        {"kinds": [0.5, 0.5, 0]},
        {"embedding": [0.0, 0.0]},
        {"embedding": [np.inf, 0.0]},
        {"embedding": [[1.0, 0.0]]},
        {"saliency": np.full((4, 4), 0.5)},
        {"saliency": np.full((4, 4), -1.0)},
        {"saliency": np.full((4, 4), np.nan)},
        {"saliency": [0.0, 1.0]},
    ],
)
def test_an_output_that_cannot_be_is_refused_as_a_whole(model: Model, bad: dict[str, Any]) -> None:
    card = {"kinds": KINDS_ON_CARD} if "kinds" in bad else {}
    with pytest.raises(BadOutput):
        model(SURE, card, **bad).classify(LESION)


@given(st.lists(st.floats(-100, 100, width=32), min_size=1, max_size=40))
@settings(max_examples=30, deadline=None)
def test_any_finite_vector_has_unit_length_when_it_is_kept(values: list[float]) -> None:
    vector = np.array([values], dtype=np.float32)
    if not vector.any():
        with pytest.raises(BadOutput):
            outputs.embedding(vector)
        return
    kept = np.frombuffer(outputs.embedding(vector), "<f2").astype(float)
    assert abs(np.linalg.norm(kept) - 1) < 0.01


@pytest.mark.parametrize(
    "card",
    [
        {"kinds": {"names": ["dermatoscopic", "photograph", "skin"], "threshold": 0.5}},
        {"kinds": {"names": list(KINDS), "threshold": 1.5}},
        {"kinds": KINDS_ON_CARD},  # and the model has no such output
        {"melanoma_alert": {"threshold": -1}},
        {"reliability": [BINS[0] | {"class": "wart"}]},
        {"reliability": [BINS[0] | {"right": 113}]},
        {"reliability": [BINS[0] | {"low": 0.9, "high": 0.95}]},
        {"reliability": [BINS[0], BINS[0] | {"from": 0.8, "to": 1.0}]},
        {"reliability": [BINS[0] | {"from": 0.9, "to": 0.7}]},
    ],
)
def test_a_card_that_contradicts_itself_or_its_model_is_refused(
    model: Model, card: dict[str, Any]
) -> None:
    with pytest.raises(BadModel):
        model(SURE, card)


def test_kinds_without_a_threshold_on_the_card_are_refused(model: Model) -> None:
    with pytest.raises(BadModel):
        model(SURE, kinds=[1, 0, 0, 0])


def test_a_class_speaks_for_itself_where_it_has_images_enough(model: Model) -> None:
    few = model(SURE, {"reliability": BINS}).classify(LESION).reliability
    assert few is not None
    assert (few.of_100, few.low, few.high, few.images, few.lesion_class) == (78, 69, 84, 112, None)
    many = [BINS[0], BINS[1] | {"images": LEAST_IMAGES, "right": 9}]
    own = model(SURE, {"reliability": many}).classify(LESION).reliability
    assert own is not None
    assert (own.of_100, own.images, own.lesion_class) == (45, LEAST_IMAGES, "melanoma")
    assert model(UNSURE, {"reliability": BINS}).classify(LESION).reliability is None


@given(st.lists(st.integers(0, 100), min_size=2, max_size=8, unique=True), st.floats(0, 1))
@settings(max_examples=50, deadline=None)
def test_a_probability_falls_in_one_bin_or_in_none(ends: list[int], probability: float) -> None:
    marks = [end / 100 for end in sorted(ends)]
    bins = [
        Bin.model_validate({"from": start, "to": end, "images": 2, "right": 1, "low": 0, "high": 1})
        for start, end in itertools.pairwise(marks)
    ]
    inside = marks[0] <= probability < marks[-1] or probability == marks[-1] == 1
    assert sum(each.holds(probability) for each in bins) == inside
    assert (reliability(bins, "nevus", probability) is not None) == inside

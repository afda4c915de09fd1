"""The committed file does on held-out lesions what its card says, by another's arithmetic."""

import io
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import onnxruntime
import pytest
from numpy.typing import NDArray
from PIL import Image
from sklearn.metrics import balanced_accuracy_score, confusion_matrix, roc_auc_score

from chalicelib.classification.inference.preprocess import to_model_input
from training.data import Part, read_ham10000, select

# A thousand photographs are decoded and run; on a busy machine that outlasts the usual limit.
pytestmark = pytest.mark.timeout(300)


class HeldOut(NamedTuple):
    labels: NDArray[np.int64]
    probabilities: NDArray[np.float32]


@pytest.fixture(scope="module")
def held_out(ham10000: Path, model_folder: Path, card: dict[str, Any]) -> HeldOut:
    """Every held-out photograph through the committed file; the only slow part."""
    photographs = select(read_ham10000(ham10000), Part.HOLD_OUT)
    width, height = card["preprocessing"]["width"], card["preprocessing"]["height"]
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    session = onnxruntime.InferenceSession(
        str(model_folder / card["file"]), options, providers=["CPUExecutionProvider"]
    )
    probabilities = []
    with zipfile.ZipFile(ham10000 / "images.zip") as archive:
        for photograph in photographs:
            image = Image.open(io.BytesIO(archive.read(photograph.member))).convert("RGB")
            pixels = to_model_input(image, width=width, height=height)
            probabilities.append(session.run(["probabilities"], {"pixels": pixels[None]})[0][0])
    labels = np.array([card["classes"].index(p.label) for p in photographs])
    return HeldOut(labels, np.array(probabilities))


def _auc(held_out: HeldOut, position: int) -> float:
    positive = held_out.labels == position
    return float(roc_auc_score(positive, held_out.probabilities[:, position]))


def test_melanoma_is_told_apart_as_well_as_required_and_as_the_card_says(
    held_out: HeldOut, card: dict[str, Any]
) -> None:
    auc = _auc(held_out, card["classes"].index("melanoma"))
    assert auc >= 0.86
    assert auc == pytest.approx(card["hold_out"]["melanoma_auc"]["value"], abs=0.001)


def test_every_class_is_told_apart_as_the_card_says(
    held_out: HeldOut, card: dict[str, Any]
) -> None:
    for position, name in enumerate(card["classes"]):
        told = card["hold_out"]["class_auc"][name]["value"]
        assert _auc(held_out, position) == pytest.approx(told, abs=0.001), name


def test_the_confusion_is_the_one_on_the_card(held_out: HeldOut, card: dict[str, Any]) -> None:
    found = held_out.probabilities.argmax(axis=1)
    counts = confusion_matrix(held_out.labels, found, labels=range(len(card["classes"])))
    told = np.array(card["hold_out"]["confusion"]["counts"])
    # Another processor may round two nearly equal probabilities the other way.
    assert np.abs(counts - told).sum() <= 6
    balanced = balanced_accuracy_score(held_out.labels, found)
    told_balanced = card["hold_out"]["balanced_accuracy"]["value"]
    assert balanced == pytest.approx(told_balanced, abs=0.01)


def test_abstention_leaves_the_share_and_the_error_on_the_card(
    held_out: HeldOut, card: dict[str, Any]
) -> None:
    told = card["abstention"]["hold_out"]
    answered = held_out.probabilities.max(axis=1) >= card["abstention"]["threshold"]
    wrong = held_out.probabilities.argmax(axis=1) != held_out.labels
    assert answered.mean() == pytest.approx(told["coverage"], abs=0.005)
    assert wrong[answered].mean() == pytest.approx(told["error"], abs=0.005)


def test_what_the_model_is_sure_of_is_right_more_often(held_out: HeldOut) -> None:
    confidence = held_out.probabilities.max(axis=1)
    right = held_out.probabilities.argmax(axis=1) == held_out.labels
    middle = float(np.median(confidence))
    assert right[confidence >= middle].mean() > right[confidence < middle].mean() + 0.1

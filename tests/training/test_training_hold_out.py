"""The committed file does on held-out lesions what its card says, by another's arithmetic.

`make evaluate-model` runs all of them; here a sample, so that the tests stay short.
"""

import io
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import onnxruntime
import pytest
from numpy.typing import NDArray
from PIL import Image
from sklearn.metrics import roc_auc_score

from chalicelib.classification.inference.preprocess import to_model_input
from training.data import Part, read_ham10000, select

# Hundreds of photographs are decoded and run; on a busy machine that outlasts the usual limit.
pytestmark = pytest.mark.timeout(300)
EVERY = 8
SPREAD = 0.03
"""How far a figure of every eighth photograph may lie outside the interval of all."""


class HeldOut(NamedTuple):
    labels: NDArray[np.int64]
    probabilities: NDArray[np.float32]
    kinds: NDArray[np.float32]


@pytest.fixture(scope="module")
def held_out(ham10000: Path, model_folder: Path, card: dict[str, Any]) -> HeldOut:
    """Every eighth held-out photograph through the committed file; the only slow part."""
    photographs = select(read_ham10000(ham10000), Part.HOLD_OUT)[::EVERY]
    width, height = card["preprocessing"]["width"], card["preprocessing"]["height"]
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    session = onnxruntime.InferenceSession(
        str(model_folder / card["file"]), options, providers=["CPUExecutionProvider"]
    )
    answers = []
    with zipfile.ZipFile(ham10000 / "images.zip") as archive:
        for photograph in photographs:
            image = Image.open(io.BytesIO(archive.read(photograph.member))).convert("RGB")
            pixels = to_model_input(image, width=width, height=height)
            answers.append(session.run(["probabilities", "kinds"], {"pixels": pixels[None]}))
    labels = np.array([card["classes"].index(p.label) for p in photographs])
    probabilities, kinds = (np.concatenate(part) for part in zip(*answers, strict=True))
    return HeldOut(labels, probabilities, kinds)


def _told(figure: float, row: dict[str, float]) -> bool:
    return row["low"] - SPREAD <= figure <= row["high"] + SPREAD


def test_classes_are_told_apart_as_the_card_says(held_out: HeldOut, card: dict[str, Any]) -> None:
    for name in ("melanoma", "nevus", "basal_cell_carcinoma", "benign_keratosis"):
        position = card["classes"].index(name)
        auc = roc_auc_score(held_out.labels == position, held_out.probabilities[:, position])
        assert _told(float(auc), card["hold_out"]["class_auc"].get(name)), name


def test_answers_are_right_as_often_as_the_card_says(
    held_out: HeldOut, card: dict[str, Any]
) -> None:
    found = held_out.probabilities.argmax(axis=1)
    assert _told(float((found == held_out.labels).mean()), card["hold_out"]["accuracy"])


def test_abstention_leaves_about_the_share_and_the_error_on_the_card(
    held_out: HeldOut, card: dict[str, Any]
) -> None:
    told = card["abstention"]["hold_out"]
    answered = held_out.probabilities.max(axis=1) >= card["abstention"]["threshold"]
    wrong = held_out.probabilities.argmax(axis=1) != held_out.labels
    assert answered.mean() == pytest.approx(told["coverage"], abs=0.05)
    assert wrong[answered].mean() == pytest.approx(told["error"], abs=0.05)


def test_what_the_model_is_sure_of_is_right_more_often(held_out: HeldOut) -> None:
    confidence = held_out.probabilities.max(axis=1)
    right = held_out.probabilities.argmax(axis=1) == held_out.labels
    middle = float(np.median(confidence))
    assert right[confidence >= middle].mean() > right[confidence < middle].mean() + 0.1


def test_dermatoscopic_photographs_are_hardly_ever_refused(
    held_out: HeldOut, card: dict[str, Any]
) -> None:
    assert (held_out.kinds[:, 0] < card["kinds"]["threshold"]).mean() <= 0.02

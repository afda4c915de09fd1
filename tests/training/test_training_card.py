"""The card tells the truth about the file beside it."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest

from chalicelib.classification.inference.preprocess import FIT, REDUCING_GAP, RESAMPLE
from training.card_page import render_page
from training.data import CLASSES, SPLIT_SEED

PAGES = Path(__file__).resolve().parents[2] / "docs" / "models"


@pytest.fixture(scope="module")
def session(model_folder: Path, card: dict[str, Any]) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(
        str(model_folder / card["file"]), providers=["CPUExecutionProvider"]
    )


def test_the_card_names_the_file_by_its_hash_and_size(
    model_folder: Path, card: dict[str, Any]
) -> None:
    content = (model_folder / card["file"]).read_bytes()
    assert card["file"] == "rodinka-2.onnx"
    assert card["bytes"] == len(content) < 10_000_000
    assert card["sha256"] == hashlib.sha256(content).hexdigest()


def test_the_file_carries_all_its_weights(model_folder: Path, card: dict[str, Any]) -> None:
    model = onnx.load(str(model_folder / card["file"]), load_external_data=False)
    onnx.checker.check_model(model, full_check=True)
    assert not any(tensor.external_data for tensor in model.graph.initializer)


def test_the_card_gives_the_inputs_and_outputs_of_the_file(
    session: onnxruntime.InferenceSession, card: dict[str, Any]
) -> None:
    def seen(tensors: list[Any]) -> list[tuple[str, str, list[Any]]]:
        return [(t.name, t.type, t.shape) for t in tensors]

    def told(tensors: list[dict[str, Any]]) -> list[tuple[str, str, list[Any]]]:
        types = {"uint8": "tensor(uint8)", "float32": "tensor(float)"}
        return [(t["name"], types[t["type"]], t["shape"]) for t in tensors]

    assert seen(session.get_inputs()) == told(card["inputs"])
    assert [t.name for t in session.get_outputs()] == [t["name"] for t in card["outputs"]]
    height, width = card["preprocessing"]["height"], card["preprocessing"]["width"]
    outputs = session.run(None, {"pixels": np.zeros((3, height, width, 3), np.uint8)})
    assert [list(output.shape) for output in outputs] == [
        [3, *tensor["shape"][1:]] for tensor in card["outputs"]
    ]


def test_the_card_repeats_the_code_it_was_made_with(card: dict[str, Any]) -> None:
    assert card["classes"] == list(CLASSES)
    assert card["split"]["seed"] == SPLIT_SEED
    assert card["preprocessing"]["resample"] == RESAMPLE
    assert card["preprocessing"]["fit"] == FIT
    assert card["preprocessing"]["reducing_gap"] == REDUCING_GAP


def test_every_answer_is_in_its_range(
    session: onnxruntime.InferenceSession, card: dict[str, Any]
) -> None:
    height, width = card["preprocessing"]["height"], card["preprocessing"]["width"]
    pixels = np.random.default_rng(0).integers(0, 256, (4, height, width, 3)).astype(np.uint8)
    probabilities, outline, embedding, saliency, kinds = session.run(
        ["probabilities", "outline", "embedding", "saliency", "kinds"], {"pixels": pixels}
    )
    assert probabilities.sum(axis=1) == pytest.approx(np.ones(4), abs=1e-5)
    assert kinds.sum(axis=1) == pytest.approx(np.ones(4), abs=1e-5)
    assert saliency.min() == 0
    assert saliency.max(axis=(1, 2)) == pytest.approx(np.ones(4), abs=1e-5)
    assert np.linalg.norm(embedding, axis=1) == pytest.approx(np.ones(4), abs=1e-5)
    assert outline.min() >= 0
    assert outline.max() <= 1


def test_a_mirrored_photograph_gets_the_same_answer(
    session: onnxruntime.InferenceSession, card: dict[str, Any]
) -> None:
    height, width = card["preprocessing"]["height"], card["preprocessing"]["width"]
    pixels = np.random.default_rng(2).integers(0, 256, (1, height, width, 3)).astype(np.uint8)
    upright = session.run(["probabilities", "outline"], {"pixels": pixels})
    mirrored = session.run(["probabilities", "outline"], {"pixels": pixels[:, :, ::-1].copy()})
    assert mirrored[0] == pytest.approx(upright[0], abs=1e-4)
    assert mirrored[1][:, :, ::-1] == pytest.approx(upright[1], abs=1e-3)


def test_the_answer_of_a_photograph_does_not_depend_on_its_neighbours(
    session: onnxruntime.InferenceSession, card: dict[str, Any]
) -> None:
    height, width = card["preprocessing"]["height"], card["preprocessing"]["width"]
    pixels = np.random.default_rng(4).integers(0, 256, (3, height, width, 3)).astype(np.uint8)
    together = session.run(["probabilities"], {"pixels": pixels})[0]
    alone = [session.run(["probabilities"], {"pixels": one[None]})[0][0] for one in pixels]
    assert together == pytest.approx(np.array(alone), abs=1e-4)


def test_the_page_is_generated_from_the_card(card: dict[str, Any]) -> None:
    page = PAGES / "rodinka-2.md"
    assert page.read_text(encoding="utf-8") == render_page(card)
    for plot in ("run", "reliability"):
        assert (PAGES / f"rodinka-2-{plot}.svg").is_file()


def test_the_figures_on_the_card_are_those_promised_but_for_one(
    card: dict[str, Any],
) -> None:
    found = card["hold_out"]
    assert found["melanoma_auc"]["value"] >= 0.90
    assert found["malignant_auc"]["high"] >= 0.93
    assert found["balanced_accuracy_of_seven"]["value"] >= 0.72
    assert found["calibration_error"]["value"] <= 0.05
    assert found["outline_dice"]["value"] >= 0.93
    assert found["outline_area_error"]["value"] <= 0.08
    assert card["other_source"]["melanoma_auc"]["value"] > 0.81
    assert found["saliency"]["salient"] > found["saliency"]["by_chance"]


def test_the_card_credits_its_data_and_carries_their_licence(card: dict[str, Any]) -> None:
    sources = {source["name"]: source for source in card["training_data"]}
    assert sources["HAM10000"]["licence"] == "CC BY-NC 4.0"
    assert "Tschandl" in sources["HAM10000"]["authors"]
    assert card["licence"]["model"] == "CC BY-NC 4.0"
    assert "not a medical device" in card["licence"]["use"]

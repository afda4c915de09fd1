"""One ONNX model, pinned by its hash, and what it says about one photograph."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from PIL import Image

from chalicelib.classification.inference.card import (
    TRAINED_CLASSES,
    UNKNOWN,
    BadModel,
    Card,
)
from chalicelib.classification.inference.outline import Point, polygon
from chalicelib.classification.inference.preprocess import to_model_input

INPUT: Final = "pixels"
SCORES: Final = "probabilities"
OUTLINE: Final = "outline"
SUM_TOLERANCE: Final = 1e-3
_MILLION: Final = 1_000_000


class BadOutput(Exception):
    """The model answered with something that is not a distribution; nothing of it is stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """A model's opinion of one photograph, in plain Python values.

    `probabilities` has the nine classes of the domain, `unknown` always 0, each a multiple of
    0.000001, together 1. `top` is the likeliest class, or `unknown` when its probability is below
    the card's threshold (`abstained`). `outline` is a polygon of (x, y) in 0..1 of width and
    height, None when the model draws none or saw no lesion.
    """

    model_name: str
    model_version: str
    probabilities: dict[str, float]
    top: str
    abstained: bool
    outline: tuple[Point, ...] | None
    near_cosine: float | None = None
    """From which cosine of embeddings on two pictures are near, as the card says."""


class Classifier:
    """A session on one model file. Make it once and use it for every photograph."""

    def __init__(self, model_path: Path, card: Card, *, threads: int = 1) -> None:
        """Load the model that `card` describes, to run on `threads` threads.

        Raises `BadModel` when the file is not the one on the card or has other inputs or outputs.
        The file is checked before the runtime sees it, since a model of a hundred bytes can loop or
        ask for gigabytes.
        """
        self.card = card
        content = model_path.read_bytes()
        if hashlib.sha256(content).hexdigest() != card.sha256:
            raise BadModel(f"{model_path.name} is not the model that its card describes")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            content, options, providers=["CPUExecutionProvider"]
        )
        offered = [output.name for output in self._session.get_outputs()]
        if [value.name for value in self._session.get_inputs()] != [INPUT] or SCORES not in offered:
            raise BadModel(f"{model_path.name} must take `{INPUT}` and give `{SCORES}`")
        self._outputs = [name for name in (SCORES, OUTLINE) if name in offered]

    @classmethod
    def load(cls, model_path: Path, *, threads: int = 1) -> Self:
        """Load a model with the card that lies beside it under the same name, ending in .json."""
        return cls(model_path, Card.read(model_path.with_suffix(".json")), threads=threads)

    def classify(self, image: Image.Image) -> Prediction:
        """Classify one upright RGB photograph. Raises `BadOutput`."""
        size = self.card.preprocessing
        pixels = to_model_input(image, width=size.width, height=size.height)
        answer = self._session.run(self._outputs, {INPUT: pixels[np.newaxis]})
        given = dict(zip(self._outputs, answer, strict=True))
        scores = _checked_scores(np.asarray(given[SCORES]), len(self.card.classes))
        probabilities = dict.fromkeys((*TRAINED_CLASSES, UNKNOWN), 0.0)
        probabilities.update(zip(self.card.classes, _in_millionths(scores), strict=True))
        likeliest = max(TRAINED_CLASSES, key=probabilities.__getitem__)
        abstained = probabilities[likeliest] < self.card.abstention.threshold
        return Prediction(
            model_name=self.card.name,
            model_version=self.card.version,
            probabilities=probabilities,
            top=UNKNOWN if abstained else likeliest,
            abstained=abstained,
            outline=_checked_outline(np.asarray(given[OUTLINE])) if OUTLINE in given else None,
            near_cosine=self.card.near_cosine,
        )


def _checked_scores(scores: NDArray[np.float32], classes: int) -> list[float]:
    """The scores of one image as a list; `scores` must have shape (1, classes)."""
    if scores.shape != (1, classes):
        raise BadOutput(f"expected scores of shape (1, {classes}), got {scores.shape}")
    values = [float(value) for value in scores[0]]
    if not all(np.isfinite(values)) or min(values) < 0:
        raise BadOutput("scores must be finite and not negative")
    if abs(sum(values) - 1) > SUM_TOLERANCE:
        raise BadOutput(f"scores sum to {sum(values):.4f}, not to 1")
    return values


def _checked_outline(scores: NDArray[np.float32]) -> tuple[Point, ...] | None:
    if scores.ndim != 3 or scores.shape[0] != 1 or not np.isfinite(scores).all():
        raise BadOutput("the outline must be one finite map")
    return polygon(scores[0]) or None


def _in_millionths(values: list[float]) -> list[float]:
    """Round to six digits so that the sum stays 1: the largest remainders are rounded up."""
    scaled = [value / sum(values) * _MILLION for value in values]
    whole = [int(value) for value in scaled]
    by_remainder = sorted(range(len(values)), key=lambda i: whole[i] - scaled[i])
    for index in by_remainder[: _MILLION - sum(whole)]:
        whole[index] += 1
    return [value / _MILLION for value in whole]

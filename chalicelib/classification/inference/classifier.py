"""One ONNX model, pinned by its hash, and what it says about one photograph."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from PIL import Image

from chalicelib.classification.inference import outputs
from chalicelib.classification.inference.card import (
    DERMATOSCOPIC,
    TRAINED_CLASSES,
    UNKNOWN,
    BadModel,
    Card,
)
from chalicelib.classification.inference.measure import Outlined, measure
from chalicelib.classification.inference.outputs import BadOutput, Saliency
from chalicelib.classification.inference.preprocess import to_model_input
from chalicelib.classification.inference.reliability import Reliability, reliability
from chalicelib.images.measured import Measured
from chalicelib.images.outlines import Point
from chalicelib.images.reasons import NOT_JUDGED, NoAnswer

__all__ = ["BadOutput", "Classifier", "Prediction"]

INPUT: Final = "pixels"
SCORES: Final = "probabilities"
OUTLINE: Final = "outline"
EMBEDDING: Final = "embedding"
SALIENCY: Final = "saliency"
KINDS: Final = "kinds"
OPTIONAL: Final = (OUTLINE, EMBEDDING, SALIENCY, KINDS)
REASONS: Final = {
    "photograph": NoAnswer.PHOTOGRAPH,
    "skin": NoAnswer.NO_LESION,
    "other": NoAnswer.NOT_SKIN,
}
"""Why a picture of this kind is not judged."""

Given = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """A model's opinion of one photograph, in plain Python values.

    `probabilities` has the nine classes of the domain, each a multiple of 0.000001, together 1. `top`
    is the likeliest class, or `unknown` where the model abstains; then `reason` says why. When it is
    unsure, its largest probability is below the card's threshold, and `unknown` has 0 as in every
    answer. When it takes the picture for no dermatoscopic one, it has not judged it: `unknown` has 1,
    and there is no outline and nothing measured, no saliency, alert or reliability.

    `outline` is a polygon of (x, y) in 0..1 of width and height, None when the model draws none or
    saw no lesion; `measured` and `pattern`, by which it is laid on another photograph
    (`measure.Outlined`), come with it. `embedding` is a vector of unit length, little-endian float16. `melanoma_alert` is
    None and `reliability` missing where the card has no figures for them; an abstention has no
    reliability either.
    """

    model_name: str
    model_version: str
    probabilities: dict[str, float]
    top: str
    abstained: bool
    outline: tuple[Point, ...] | None
    measured: Measured | None = None
    pattern: bytes | None = None
    reason: NoAnswer | None = None
    embedding: bytes | None = None
    saliency: Saliency | None = None
    melanoma_alert: bool | None = None
    reliability: Reliability | None = None
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
        if (KINDS in offered) != (card.kinds is not None):
            raise BadModel(f"{model_path.name} and its card must both have `{KINDS}`, or neither")
        self._outputs = [name for name in (SCORES, *OPTIONAL) if name in offered]

    @classmethod
    def load(cls, model_path: Path, *, threads: int = 1) -> Self:
        """Load a model with the card that lies beside it under the same name, ending in .json."""
        return cls(model_path, Card.read(model_path.with_suffix(".json")), threads=threads)

    def classify(self, image: Image.Image) -> Prediction:
        """Classify one upright RGB photograph. Raises `BadOutput`."""
        size = self.card.preprocessing
        pixels = to_model_input(image, width=size.width, height=size.height)
        answer = self._session.run(self._outputs, {INPUT: pixels[np.newaxis]})
        given = {name: np.asarray(value) for name, value in zip(self._outputs, answer, strict=True)}
        # All is checked first: of a model that fails in one output none is believed.
        scores = outputs.distribution(given[SCORES], len(self.card.classes))
        where = outputs.outline(given[OUTLINE]) if OUTLINE in given else None
        saliency = outputs.saliency(given[SALIENCY]) if SALIENCY in given else None
        embedding = outputs.embedding(given[EMBEDDING]) if EMBEDDING in given else None
        reason = self._reason(given)
        judged = reason not in NOT_JUDGED
        probabilities = dict.fromkeys((*TRAINED_CLASSES, UNKNOWN), 0.0)
        if judged:
            rounded = outputs.in_millionths(scores)
            probabilities.update(zip(self.card.classes, rounded, strict=True))
        else:
            probabilities[UNKNOWN] = 1.0
        likeliest = max(TRAINED_CLASSES, key=probabilities.__getitem__)
        highest = probabilities[likeliest]
        if judged and highest < self.card.abstention.threshold:
            reason = NoAnswer.UNSURE
        lesion: Outlined | None = None
        if judged and where is not None:
            lesion = measure(where, pixels, size=image.size, measuring=self.card.measuring)
        alert = self.card.melanoma_alert
        return Prediction(
            model_name=self.card.name,
            model_version=self.card.version,
            probabilities=probabilities,
            top=likeliest if reason is None else UNKNOWN,
            abstained=reason is not None,
            outline=lesion.polygon if lesion else None,
            measured=lesion.measured if lesion else None,
            pattern=lesion.pattern if lesion else None,
            reason=reason,
            embedding=embedding,
            saliency=saliency if judged else None,
            melanoma_alert=(
                probabilities["melanoma"] >= alert.threshold if alert and judged else None
            ),
            reliability=(
                reliability(self.card.reliability, likeliest, highest) if reason is None else None
            ),
            near_cosine=self.card.near_cosine,
        )

    def _reason(self, given: Given) -> NoAnswer | None:
        """Why the picture is not judged, where the model takes it for no dermatoscopic one."""
        kinds = self.card.kinds
        if kinds is None:
            return None
        found = outputs.distribution(given[KINDS], len(kinds.names))
        likely = dict(zip(kinds.names, found, strict=True))
        if likely[DERMATOSCOPIC] >= kinds.threshold:
            return None
        return REASONS[max(REASONS, key=likely.__getitem__)]

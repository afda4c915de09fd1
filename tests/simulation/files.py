"""What the doctors of the simulation send, a stand-in for the model, and the gate run once for each file."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any, Final, cast

from PIL import Image

from chalicelib.classification.inference import pixels
from chalicelib.classification.inference.card import TRAINED_CLASSES
from chalicelib.classification.inference.classifier import Classifier, Prediction
from chalicelib.classification.inference.examination import Examined, examine
from chalicelib.classification.inference.picture import BadImage, Declared, Limits
from chalicelib.images.problems import Problem
from chalicelib.platform.lesion_classes import LesionClass
from tests import pictures


@dataclass(frozen=True)
class File:
    """A file that a doctor sends, and what the gate must say of it: None when it is good."""

    data: bytes
    problem: Problem | None = None
    content_type: str = "image/jpeg"

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


@cache
def files() -> tuple[File, ...]:
    """Small real files: photographs that name their patient, and some that nobody can use."""
    named = [
        File(pictures.jpeg_that_names(image=pictures.photograph(96, 72, seed=seed)))
        for seed in range(7)
    ]
    good = pictures.jpeg(pictures.photograph(80, 64, seed=20))
    return (
        *named,
        File(good),
        File(pictures.png(pictures.photograph(64, 64, seed=21)), content_type="image/png"),
        File(good[: len(good) // 2], Problem.TRUNCATED),
        File(b"%PDF-1.7 no photograph at all", Problem.WRONG_TYPE),
        File(pictures.jpeg(pictures.photograph(64, 40, seed=22)), Problem.TOO_SMALL),
    )


class StandIn:
    """In the model's place: an opinion that follows from the pixels, at no cost."""

    card: Final = SimpleNamespace(name="stand-in", version="1")

    def classify(self, image: Image.Image) -> Prediction:
        digest = bytes.fromhex(pixels.pixel_hash(image))
        melanoma = digest[0] / 255
        probabilities = dict.fromkeys(map(str, LesionClass), 0.0)
        probabilities |= {"melanoma": melanoma, "nevus": 1 - melanoma}
        top = max(TRAINED_CLASSES, key=lambda name: probabilities[name])
        return Prediction(
            model_name=self.card.name,
            model_version=self.card.version,
            probabilities=probabilities,
            top=top,
            abstained=False,
            outline=None,
        )


STAND_IN: Final = cast(Classifier, StandIn())

_Known = Examined | Problem
_examined: dict[tuple[bytes, Declared, bool], _Known] = {}


def examined_once(
    data: bytes, *, declared: Declared, limits: Limits, classifier: Classifier | None
) -> Examined:
    """`examine`, the real one, whose answer for the same bytes is kept. Raises `BadImage`."""
    asked = data, declared, classifier is not None
    if asked not in _examined:
        try:
            _examined[asked] = examine(
                data, declared=declared, limits=limits, classifier=classifier
            )
        except BadImage as bad:
            _examined[asked] = bad.code
    known = _examined[asked]
    if isinstance(known, Problem):
        raise BadImage(known)
    return known


def declaration(file: File) -> Mapping[str, Any]:
    """What its sender says of a file."""
    return {
        "content_type": file.content_type,
        "bytes": len(file.data),
        "sha256": file.sha256,
    }

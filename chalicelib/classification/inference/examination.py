"""The whole examination of one uploaded file: through the gate, then before the model."""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter

from chalicelib.classification.inference.classifier import Classifier, Prediction
from chalicelib.classification.inference.gate import inspect
from chalicelib.classification.inference.perceptual import perceptual_hash
from chalicelib.classification.inference.picture import CleanPicture, Declared, Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """A clean picture and, where a model was asked, its prediction; how long each took."""

    picture: CleanPicture
    prediction: Prediction | None
    perceptual_hash: str
    gate_seconds: float = field(default=0.0, compare=False)
    model_seconds: float | None = field(default=None, compare=False)


def examine(
    data: bytes,
    *,
    declared: Declared,
    limits: Limits,
    classifier: Classifier | None,
    timer: Callable[[], float] = perf_counter,
) -> Examined:
    """Clean one file and classify its pixels; `classifier` is None for phone photographs.

    Raises `BadImage` when the sender must act, and `BadOutput` or `UncleanCopy` when we must.
    """
    began = timer()
    picture = inspect(data, declared=declared, limits=limits)
    seen = perceptual_hash(picture.image)
    cleaned = timer()
    if classifier is None:
        return Examined(
            picture=picture, prediction=None, perceptual_hash=seen, gate_seconds=cleaned - began
        )
    prediction = classifier.classify(picture.image)
    return Examined(
        picture=picture,
        prediction=prediction,
        perceptual_hash=seen,
        gate_seconds=cleaned - began,
        model_seconds=timer() - cleaned,
    )

"""The whole examination of one uploaded file: through the gate, then before the model."""

from dataclasses import dataclass

from chalicelib.classification.inference.classifier import Classifier, Prediction
from chalicelib.classification.inference.gate import inspect
from chalicelib.classification.inference.picture import CleanPicture, Declared, Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """A clean picture and, where a model was asked, its prediction."""

    picture: CleanPicture
    prediction: Prediction | None


def examine(
    data: bytes, *, declared: Declared, limits: Limits, classifier: Classifier | None
) -> Examined:
    """Clean one file and classify its pixels; `classifier` is None for phone photographs.

    Raises `BadImage` when the sender must act, and `BadOutput` or `UncleanCopy` when we must.
    """
    picture = inspect(data, declared=declared, limits=limits)
    prediction = classifier.classify(picture.image) if classifier is not None else None
    return Examined(picture=picture, prediction=prediction)

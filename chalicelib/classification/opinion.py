"""A model's opinion as it is stored on an image's item."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from chalicelib.classification.inference.classifier import Prediction
from chalicelib.platform.clock import timestamp


def opinion(
    prediction: Prediction, *, size: tuple[int, int], spacing_mm: float | None, at: datetime
) -> dict[str, Any]:
    """The prediction in the form in which it is stored, formed `at`; what it lacks is left out.

    It is of a picture of `size`, width and height in pixels that lie `spacing_mm` apart, if that is known.
    """
    measured, reliability = prediction.measured, prediction.reliability
    width, height = size
    values: dict[str, Any] = {
        "model": {"name": prediction.model_name, "version": prediction.model_version},
        "at": timestamp(at),
        "probabilities": prediction.probabilities,
        "top": prediction.top,
        "abstained": prediction.abstained,
        "reason": prediction.reason and prediction.reason.value,
        "outline": prediction.outline and [list(point) for point in prediction.outline],
        "measurements": measured
        and measured.written(width=width, height=height, spacing_mm=spacing_mm),
        "pattern": prediction.pattern,
        "embedding": prediction.embedding,
        "near_cosine": prediction.embedding and prediction.near_cosine,
        "saliency": prediction.saliency and asdict(prediction.saliency),
        "melanoma_alert": prediction.melanoma_alert,
        "reliability": reliability
        and {
            "of_100": reliability.of_100,
            "low": reliability.low,
            "high": reliability.high,
            "images": reliability.images,
            "class": reliability.lesion_class,
        },
    }
    return {name: value for name, value in values.items() if value is not None}

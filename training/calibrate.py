"""Make probabilities mean what they say, and choose when the model had better say `unknown`.

Everything here is fitted on the validation lesions and never sees a held-out one.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

BINS = 15
RIGHT_SHARE = 0.85
"""Of the answers the model gives on validation, at least this share must be right."""
CALIBRATION_ERROR = 0.04
"""The calibration error on validation up to which rare classes are brought forward."""
ALERT_SENSITIVITY = 0.9
"""The melanoma threshold finds this share of the melanomas of validation."""


@dataclass(frozen=True, slots=True)
class Abstention:
    """Below `threshold` of the highest probability the answer is `unknown`.

    `coverage` is the share of photographs answered, `error` the share of wrong answers among them.
    """

    threshold: float
    coverage: float
    error: float

    def as_dict(self) -> dict[str, float]:
        return {name: round(value, 4) for name, value in asdict(self).items()}


def softmax(logits: Floats, temperature: float = 1.0) -> Floats:
    """Return probabilities (N, classes) of logits divided by the temperature."""
    scaled = logits / temperature
    exponents = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    probabilities: Floats = exponents / exponents.sum(axis=1, keepdims=True)
    return probabilities


def negative_log_likelihood(probabilities: Floats, labels: NDArray[np.int64]) -> float:
    """Return the mean of -log p of the true class, in nats."""
    true = probabilities[np.arange(len(labels)), labels]
    return float(-np.log(np.maximum(true, 1e-12)).mean())


def fit_temperature(logits: Floats, labels: NDArray[np.int64]) -> float:
    """Return the temperature of least negative log-likelihood (Guo et al. 2017).

    The likelihood has one minimum in the temperature, so a golden-section search between 0.05
    and 20 on a logarithmic scale finds it.
    """
    ratio = (np.sqrt(5.0) - 1) / 2
    low, high = np.log(0.05), np.log(20.0)

    def loss(log_temperature: float) -> float:
        return negative_log_likelihood(softmax(logits, float(np.exp(log_temperature))), labels)

    while high - low > 1e-4:
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        if loss(left) < loss(right):
            high = right
        else:
            low = left
    return float(np.exp((low + high) / 2))


def fit_evenness(
    logits_at: Callable[[float], Floats], labels: NDArray[np.int64], most_error: float
) -> float:
    """Return how far classes may be brought to equal frequency while probabilities stay honest.

    `logits_at` gives the logits for an evenness from 0 (as frequent as in the data) to 1 (all alike).
    The answer is the most even, in steps of 0.05, whose expected calibration error, after its own
    temperature, is at most `most_error`; 0 when none is.
    """
    for twentieths in range(20, 0, -1):
        logits = logits_at(twentieths / 20)
        honest = softmax(logits, fit_temperature(logits, labels))
        if expected_calibration_error(honest, labels) <= most_error:
            return twentieths / 20
    return 0.0


def even_shares(shares: Floats, evenness: float) -> Floats:
    """Return class shares moved from what they are (evenness 0) to all alike (1)."""
    moved = shares ** (1 - evenness)
    even: Floats = moved / moved.sum()
    return even


def expected_calibration_error(
    probabilities: Floats,
    labels: NDArray[np.int64],
    bins: int = BINS,
    weights: Floats | None = None,
) -> float:
    """Return the mean gap between confidence and accuracy over equal-width bins (Guo et al. 2017).

    Confidence is the highest probability of a photograph; bins are weighted by their photographs,
    each of which counts once or `weights` (N,) times.
    """
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    bin_of = np.minimum((confidence * bins).astype(np.int64), bins - 1)
    counts = np.ones(len(labels)) if weights is None else weights
    gaps = np.bincount(bin_of, (confidence - right) * counts, minlength=bins)
    return float(np.abs(gaps).sum() / counts.sum())


def measure_abstention(
    probabilities: Floats, labels: NDArray[np.int64], threshold: float
) -> Abstention:
    """Return what a threshold costs and saves on these photographs."""
    confidence = probabilities.max(axis=1)
    answered = confidence >= threshold
    wrong = probabilities.argmax(axis=1) != labels
    error = float(wrong[answered].mean()) if answered.any() else 0.0
    return Abstention(threshold, float(answered.mean()), error)


def fit_abstention(
    probabilities: Floats, labels: NDArray[np.int64], right_share: float = RIGHT_SHARE
) -> Abstention:
    """Return the lowest threshold, in hundredths, at which enough of the answers are right.

    Raises `ValueError` when no threshold reaches `right_share`.
    """
    for hundredths in range(100):
        measured = measure_abstention(probabilities, labels, hundredths / 100)
        if measured.coverage > 0 and measured.error <= 1 - right_share:
            return measured
    raise ValueError(f"no threshold makes {right_share:.0%} of the answers right")


def fit_alert(score: Floats, positive: NDArray[np.bool_], sensitivity: float) -> float:
    """Return the highest threshold, to 4 decimals, that still finds this share of the positives.

    score: (N,), a photograph is found when its score is at least the threshold. The winning class
    alone would miss most melanomas, since nevi are far more frequent: a lower threshold of its
    own says which photographs deserve attention. Raises `ValueError` without a positive.
    """
    found = np.sort(score[positive])[::-1]
    if not len(found):
        raise ValueError("no positive photograph to fit the threshold on")
    lowest = found[int(np.ceil(sensitivity * len(found))) - 1]
    return float(np.floor(lowest * 1e4) / 1e4)

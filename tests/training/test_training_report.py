"""The figures of the report, against scikit-learn and against cases counted by hand."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import balanced_accuracy_score, recall_score, roc_auc_score

from training.data import CLASSES
from training.pixels import Examples
from training.report import (
    Predictions,
    interval,
    lesion_weights,
    malignant_score,
    outline_dice,
    report,
)


def _sample() -> tuple[Predictions, Examples]:
    rng = np.random.default_rng(3)
    n = 240
    labels = np.arange(n) % 8
    logits = rng.normal(0, 1, (n, 8))
    logits[np.arange(n), labels] += 1.0
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    embeddings = rng.normal(0, 1, (n, 4)).astype(np.float32)
    embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
    examples = Examples(
        images=np.zeros((n, 2, 2, 3), np.uint8),
        labels=labels,
        lesions=tuple(f"lesion-{k // 16}-{k % 8}" for k in range(n)),
        outlines=np.zeros((n, 2, 2), np.uint8),
        outlined=np.zeros(n, np.bool_),
    )
    return Predictions(probabilities, np.zeros((n, 2, 2), np.float32), embeddings), examples


def _report(seed: int, replicates: int = 60) -> dict[str, Any]:
    predictions, examples = _sample()
    return report(
        predictions,
        examples,
        class_shares=np.full(8, 1 / 8),
        alert_threshold=0.2,
        seed=seed,
        replicates=replicates,
    )


def test_the_figures_agree_with_scikit_learn() -> None:
    predictions, examples = _sample()
    figures = _report(seed=1)
    melanoma = CLASSES.index("melanoma")
    oracle = roc_auc_score(examples.labels == melanoma, predictions.probabilities[:, melanoma])
    assert figures["melanoma_auc"]["value"] == pytest.approx(oracle, abs=5e-5)
    balanced = balanced_accuracy_score(examples.labels, predictions.probabilities.argmax(axis=1))
    assert figures["balanced_accuracy"]["value"] == pytest.approx(balanced, abs=5e-5)
    assert np.array(figures["confusion"]["counts"]).sum() == len(examples)
    # Where classes are equally frequent already, dividing their frequencies out changes nothing.
    assert figures["balanced_accuracy_at_equal_frequencies"] == figures["balanced_accuracy"]
    alerted = predictions.probabilities[:, melanoma] >= 0.2
    sensitivity = recall_score(examples.labels == melanoma, alerted)
    specificity = recall_score(examples.labels != melanoma, ~alerted)
    assert figures["melanoma_alert"]["sensitivity"]["value"] == pytest.approx(sensitivity, abs=5e-5)
    assert figures["melanoma_alert"]["specificity"]["value"] == pytest.approx(specificity, abs=5e-5)


def test_every_interval_holds_its_value() -> None:
    figures = _report(seed=1)
    for name in ("melanoma_auc", "malignant_auc", "balanced_accuracy", "accuracy"):
        assert figures[name]["low"] < figures[name]["value"] < figures[name]["high"]


def test_the_same_seed_gives_the_same_intervals() -> None:
    assert _report(5, replicates=5) == _report(5, replicates=5)
    assert _report(5, replicates=5) != _report(6, replicates=5)


def test_the_bootstrap_draws_whole_lesions() -> None:
    lesions = ("a", "a", "b", "c", "c", "c")
    weights = lesion_weights(lesions, np.random.default_rng(0))
    assert (weights[0] == 1).all()
    assert (weights[:, 0] == weights[:, 1]).all()
    assert (weights[:, 3] == weights[:, 5]).all()
    assert (weights[1:, [0, 2, 3]].sum(axis=1) == 3).all()


def test_intervals_over_lesions_are_wider_than_over_photographs_that_repeat() -> None:
    rng = np.random.default_rng(0)
    of_lesion = rng.random(100)
    right = np.repeat(of_lesion, 5)
    by_lesion = lesion_weights(tuple(f"{k // 5}" for k in range(500)), rng)
    by_photograph = lesion_weights(tuple(f"{k}" for k in range(500)), rng)

    def width(weights: NDArray[np.float64]) -> float:
        found = interval(lambda w: float(np.average(right, weights=w)), weights)
        return found["high"] - found["low"]

    assert width(by_lesion) > 1.5 * width(by_photograph)


def test_malignant_is_melanoma_both_carcinomas_and_actinic_keratosis() -> None:
    assert malignant_score(np.eye(8)).tolist() == [0, 1, 1, 1, 0, 0, 1, 0]


def test_dice_of_outlines_counted_by_hand() -> None:
    expert = np.zeros((2, 4, 4), np.uint8)
    expert[0, :2] = 255
    expert[1, :, :2] = 255
    drawn = np.zeros((2, 4, 4), np.float32)
    drawn[0, :2] = 0.9  # the same half
    drawn[1, :2] = 0.9  # the upper half, where the expert has the left one
    assert outline_dice(drawn, expert) == pytest.approx([1.0, 0.5])

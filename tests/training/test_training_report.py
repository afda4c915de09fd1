"""The figures of the report, against scikit-learn and against cases counted by hand."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import balanced_accuracy_score, recall_score, roc_auc_score
from statsmodels.stats.proportion import proportion_confint

from chalicelib.labelling.intervals import wilson
from training.calibrate import expected_calibration_error
from training.data import CLASSES
from training.outlines import outline_errors
from training.pixels import Examples
from training.report import aucs, interval, lesion_weights, malignant_score, report, seven
from training.serve import Predictions
from training.subgroups import reliability, typology_angles


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
    labels, found = seven(examples.labels, predictions.probabilities)
    of_seven = balanced_accuracy_score(labels, found)
    assert figures["balanced_accuracy_of_seven"]["value"] == pytest.approx(of_seven, abs=5e-5)
    alerted = predictions.probabilities[:, melanoma] >= 0.2
    sensitivity = recall_score(examples.labels == melanoma, alerted)
    specificity = recall_score(examples.labels != melanoma, ~alerted)
    assert figures["melanoma_alert"]["sensitivity"]["value"] == pytest.approx(sensitivity, abs=5e-5)
    assert figures["melanoma_alert"]["specificity"]["value"] == pytest.approx(specificity, abs=5e-5)


def test_areas_under_weighted_curves_are_scikit_learns() -> None:
    rng = np.random.default_rng(5)
    score = rng.integers(0, 12, 60) / 12  # with many ties
    positive = rng.random(60) < 0.3
    weights = rng.integers(0, 3, (4, 60)).astype(float)
    oracle = [roc_auc_score(positive, score, sample_weight=row) for row in weights]
    assert aucs(positive, score, weights) == pytest.approx(oracle)
    assert np.isnan(aucs(positive, score, weights * positive)).all()


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


def test_actinic_keratosis_and_squamous_cell_carcinoma_count_as_one_of_seven() -> None:
    actinic, squamous = CLASSES.index("actinic_keratosis"), CLASSES.index("squamous_cell_carcinoma")
    scores = np.zeros((2, 8))
    scores[:, 0], scores[:, actinic], scores[:, squamous] = 0.4, 0.3, 0.3
    labels, found = seven(np.array([squamous, 0]), scores)
    assert labels.tolist() == [actinic, 0]
    assert found.tolist() == [actinic, actinic]


def test_a_photograph_that_counts_twice_is_as_good_as_two() -> None:
    predictions, examples = _sample()
    weights = np.random.default_rng(1).integers(0, 3, len(examples))
    rows = np.repeat(np.arange(len(examples)), weights)
    scores = predictions.probabilities
    assert expected_calibration_error(
        scores, examples.labels, weights=weights.astype(float)
    ) == pytest.approx(expected_calibration_error(scores[rows], examples.labels[rows]))


def test_dice_and_area_of_outlines_counted_by_hand() -> None:
    expert = np.zeros((2, 40, 40), np.uint8)
    expert[0, :20] = 255  # the upper half
    expert[1, 10:30, 10:30] = 255
    drawn = np.zeros((2, 40, 40), np.float32)
    drawn[0, :, :20] = 1  # the left half: half of it is right
    drawn[1, 10:30, 10:20] = 1  # half of the square; a spot beside it does not count
    drawn[1, 35:, 35:] = 1
    dice, area = outline_errors(drawn, expert)
    assert dice == pytest.approx([0.5, 2 / 3], abs=0.03)
    assert area == pytest.approx([0.0, 0.5], abs=0.03)


@pytest.mark.parametrize(("right", "images"), [(0, 5), (3, 7), (78, 100), (40, 40)])
def test_the_interval_of_a_share_is_wilsons(right: int, images: int) -> None:
    oracle = proportion_confint(right, images, method="wilson")
    assert wilson(right, images) == pytest.approx(oracle, abs=1e-7)


def test_of_the_photographs_with_a_score_so_many_were_right() -> None:
    probabilities = np.full((50, 8), 0.25 / 7)
    probabilities[:, 1] = 0.75
    labels = np.where(np.arange(50) < 39, 1, 0)
    rows = reliability(probabilities, labels)
    assert [(r["class"], r["from"], r["to"], r["images"], r["right"]) for r in rows] == [
        (None, 0.7, 0.8, 50, 39),
        ("melanoma", 0.7, 0.8, 50, 39),
    ]


def test_lighter_skin_has_the_larger_typology_angle() -> None:
    tones = np.array([[245, 215, 195], [200, 150, 120], [110, 70, 50]], np.uint8)
    images = np.broadcast_to(tones[:, None, None], (3, 8, 8, 3)).copy()
    nothing = np.zeros((3, 8, 8), np.uint8)
    shown = Examples(images, np.zeros(3, int), ("a", "b", "c"), nothing, np.ones(3, np.bool_))
    light, tan, dark = typology_angles(shown)
    assert light > 50 > tan > dark
    assert np.isnan(
        typology_angles(
            Examples(images[:1] * 0, np.zeros(1, int), ("a",), nothing[:1], np.ones(1, np.bool_))
        )
    ).all()

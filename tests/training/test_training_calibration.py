"""Temperature, calibration error and abstention, against cases whose answer is known."""

import numpy as np
import pytest
from numpy.typing import NDArray

from training.calibrate import (
    expected_calibration_error,
    fit_abstention,
    fit_alert,
    fit_temperature,
    measure_abstention,
    negative_log_likelihood,
    softmax,
)


def _honest_sample(n: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Logits and labels drawn from the very probabilities the logits give."""
    rng = np.random.default_rng(7)
    logits = rng.normal(0, 2, (n, 8))
    cumulated = softmax(logits).cumsum(axis=1)
    labels = (rng.random((n, 1)) > cumulated).sum(axis=1)
    return logits, np.minimum(labels, 7)


def test_softmax_sums_to_one_even_for_huge_logits() -> None:
    probabilities = softmax(np.array([[1e4, 0.0, -1e4], [0.0, 0.0, 0.0]]))
    assert probabilities.sum(axis=1) == pytest.approx([1.0, 1.0])
    assert probabilities[1] == pytest.approx([1 / 3] * 3)


@pytest.mark.parametrize("factor", [0.5, 1.0, 3.0])
def test_the_temperature_undoes_a_known_overconfidence(factor: float) -> None:
    logits, labels = _honest_sample(20_000)
    assert fit_temperature(logits * factor, labels) == pytest.approx(factor, rel=0.05)


def test_no_other_temperature_is_likelier() -> None:
    logits, labels = _honest_sample(2_000)
    best = fit_temperature(logits * 2, labels)
    least = negative_log_likelihood(softmax(logits * 2, best), labels)
    for other in (best * 0.9, best * 1.1):
        assert negative_log_likelihood(softmax(logits * 2, other), labels) > least


def test_calibration_error_is_small_for_honest_probabilities_and_large_for_boasts() -> None:
    logits, labels = _honest_sample(20_000)
    assert expected_calibration_error(softmax(logits), labels) < 0.02
    assert expected_calibration_error(softmax(logits * 5), labels) > 0.15


def test_calibration_error_of_a_case_counted_by_hand() -> None:
    # Two bins: confidence 0.6 with half right (gap 0.1), confidence 0.9 all right (gap 0.1).
    probabilities = np.array([[0.6, 0.4], [0.6, 0.4], [0.9, 0.1], [0.9, 0.1]])
    labels = np.array([0, 1, 0, 0])
    assert expected_calibration_error(probabilities, labels) == pytest.approx(0.1)


def test_abstention_counts_only_what_it_answers() -> None:
    probabilities = np.array([[0.9, 0.1], [0.55, 0.45], [0.3, 0.7], [0.2, 0.8]])
    measured = measure_abstention(probabilities, np.array([0, 1, 0, 1]), 0.6)
    assert measured.coverage == 0.75
    assert measured.error == pytest.approx(1 / 3)


def test_the_threshold_is_the_lowest_that_is_right_often_enough() -> None:
    logits, labels = _honest_sample(5_000)
    probabilities = softmax(logits)
    fitted = fit_abstention(probabilities, labels, right_share=0.9)
    assert fitted.error <= 0.1
    assert measure_abstention(probabilities, labels, fitted.threshold - 0.01).error > 0.1


def test_a_model_that_is_always_wrong_has_no_threshold() -> None:
    with pytest.raises(ValueError, match="no threshold"):
        fit_abstention(np.array([[0.9, 0.1], [0.8, 0.2]]), np.array([1, 1]))


def test_the_alert_finds_its_share_of_the_positives_and_no_higher_threshold_does() -> None:
    rng = np.random.default_rng(5)
    score, positive = rng.random(1_000), rng.random(1_000) < 0.2
    threshold = fit_alert(score, positive, 0.9)
    assert (score[positive] >= threshold).mean() >= 0.9
    next_higher = score[positive & (score > threshold + 1e-4)].min()
    assert (score[positive] >= next_higher + 1e-9).mean() < 0.9


def test_an_alert_cannot_be_fitted_without_a_positive() -> None:
    with pytest.raises(ValueError, match="no positive"):
        fit_alert(np.array([0.1, 0.9]), np.array([False, False]), 0.9)

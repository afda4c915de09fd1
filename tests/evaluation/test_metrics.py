"""Curves, thresholds, calibration and confusion beside scikit-learn's."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve
from sklearn.metrics import auc, brier_score_loss, confusion_matrix, recall_score
from sklearn.metrics import roc_curve as theirs

from chalicelib.evaluation import metrics

few = settings(max_examples=20, deadline=None)
scored = st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=2, max_size=40)


@few
@given(scored)
def test_a_curve_is_that_of_scikit_learn(table: list[tuple[int, bool]]) -> None:
    scores, positive = (np.array(each) for each in zip(*table, strict=True))
    scores = scores / 20
    curve = metrics.roc_curve(scores, positive)
    if positive.all() or not positive.any():
        assert curve is None
        return
    assert curve is not None
    false, true, thresholds = theirs(positive, scores, drop_intermediate=False)
    assert (curve.false_positives / curve.negatives).tolist() == false.tolist()
    assert (curve.true_positives / curve.positives).tolist() == true.tolist()
    assert curve.thresholds.tolist() == thresholds.tolist()
    # What is left out lies on straight lines, so the area stays.
    x, y = zip(*curve.points(), strict=True)
    assert auc(x, y) == pytest.approx(auc(false, true))
    assert len(x) <= len(false)
    gains = true[1:] - false[1:]
    chosen = curve.youden()
    assert gains[thresholds[1:].tolist().index(chosen)] == pytest.approx(gains.max())


@few
@given(scored, st.integers(0, 20))
def test_sensitivity_and_specificity_are_the_recalls_of_scikit_learn(
    table: list[tuple[int, bool]], threshold: int
) -> None:
    scores, positive = (np.array(each) for each in zip(*table, strict=True))
    assume(positive.any() and not positive.all())
    called = scores >= threshold
    sensitivity, specificity = metrics.at_threshold(scores, positive, threshold)
    assert sensitivity.value == pytest.approx(recall_score(positive, called, zero_division=0))
    assert specificity.value == pytest.approx(
        recall_score(positive, called, pos_label=False, zero_division=0)
    )
    for share in (sensitivity, specificity):
        assert share.interval is not None
        assert share.interval[0] <= (share.value or 0) <= share.interval[1]
    assert metrics.Share(0, 0).value is None
    assert metrics.Share(0, 0).interval is None


@few
@given(scored)
def test_calibration_is_that_of_scikit_learn(table: list[tuple[int, bool]]) -> None:
    # On no edge of a bin, where scikit-learn counts downwards.
    probabilities = np.array([score * 0.049 + 0.003 for score, _ in table])
    positive = np.array([each for _, each in table])
    bins = metrics.calibration(probabilities, positive)
    observed, mean = calibration_curve(positive, probabilities, n_bins=10)
    assert [each.observed for each in bins] == pytest.approx(observed.tolist())
    assert [each.mean for each in bins] == pytest.approx(mean.tolist())
    assert sum(each.units for each in bins) == len(table)
    expected = sum(b.units * abs(b.mean - b.observed) for b in bins) / len(table)
    assert metrics.calibration_error(bins) == pytest.approx(expected)
    assert metrics.brier(probabilities, positive) == pytest.approx(
        brier_score_loss(positive, probabilities, pos_label=True)
    )


def test_an_edge_belongs_to_the_upper_bin_and_one_to_the_last() -> None:
    bins = metrics.calibration([0.0, 0.5, 1.0], [False, True, True])
    assert [each.low for each in bins] == [0, 0.5, 0.9]
    assert [each.high for each in bins] == pytest.approx([0.1, 0.6, 1])
    assert metrics.calibration_error(bins) == pytest.approx(0.5 / 3)
    for tenth in range(10):
        [only] = metrics.calibration([tenth / 10], [True])
        assert only.low == tenth / 10
    assert metrics.calibration_error([]) is None
    assert metrics.brier([], []) is None
    for wrong in (1.01, -0.1, float("nan")):
        with pytest.raises(ValueError, match="between 0 and 1"):
            metrics.calibration([wrong], [True])


@few
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=30))
def test_confusion_is_that_of_scikit_learn(table: list[tuple[int, int]]) -> None:
    labels, found = zip(*table, strict=True)
    expected = confusion_matrix(labels, found, labels=range(4))
    assert metrics.confusion(labels, found, 4).tolist() == expected.tolist()

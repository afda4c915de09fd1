"""Intervals of shares and areas under the curve, beside statsmodels, scikit-learn and the definition."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score
from statsmodels.stats.proportion import proportion_confint

from chalicelib.labelling.discrimination import Area, area_under_curve
from chalicelib.labelling.intervals import Z, wilson

SCORES = st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=2, max_size=40)


@given(st.integers(1, 500).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_wilsons_interval_is_that_of_statsmodels(counted: tuple[int, int]) -> None:
    expected = proportion_confint(*counted, method="wilson")
    assert wilson(*counted) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("right", "tries"), [(0, 0), (3, 2), (-1, 2)])
def test_a_share_of_nothing_has_no_interval(right: int, tries: int) -> None:
    with pytest.raises(ValueError, match="at least one try"):
        wilson(right, tries)


def _by_definition(scores: list[float], positive: list[bool]) -> tuple[float, float]:
    """Area and variance of DeLong et al. (1988), pair by pair."""
    high = [s for s, p in zip(scores, positive, strict=True) if p]
    low = [s for s, p in zip(scores, positive, strict=True) if not p]
    wins = np.array([[(a > b) + (a == b) / 2 for b in low] for a in high])
    parts = [wins.mean(axis=1), wins.mean(axis=0)]
    spread = sum(float(part.var(ddof=1)) / len(part) for part in parts if len(part) > 1)
    return float(wins.mean()), spread


@given(SCORES)
def test_the_area_is_that_of_scikit_learn_and_its_interval_that_of_delong(
    cases: list[tuple[int, bool]],
) -> None:
    scores, positive = [float(score) for score, _ in cases], [kind for _, kind in cases]
    assume(len(set(positive)) == 2)
    found = area_under_curve(scores, positive)
    assert found is not None
    assert found.value == pytest.approx(roc_auc_score(positive, scores), abs=1e-12)
    assert 0 <= found.low <= found.value <= found.high <= 1
    area, variance = _by_definition(scores, positive)
    if variance > 1e-12:
        odds, half = math.log(area / (1 - area)), Z * math.sqrt(variance) / (area * (1 - area))
        ends = [1 / (1 + math.exp(-odds + side * half)) for side in (1, -1)]
        assert [found.low, found.high] == pytest.approx(ends, abs=1e-9)


def test_scores_that_part_the_groups_wholly_are_as_sure_as_the_smaller_group_allows() -> None:
    few = area_under_curve([0.9, 0.8, 0.7, 0.2, 0.1], [True, True, True, False, False])
    assert few == Area(1.0, *wilson(2, 2))
    wrong = area_under_curve([0.1] * 10 + [0.9] * 50, [True] * 10 + [False] * 50)
    assert wrong == Area(0.0, *wilson(0, 10))


@pytest.mark.parametrize("positive", [[], [True, True], [False]])
def test_one_group_alone_has_no_area(positive: list[bool]) -> None:
    assert area_under_curve([0.5] * len(positive), positive) is None


def test_one_tied_pair_says_nothing() -> None:
    assert area_under_curve([0.5, 0.5], [True, False]) == Area(0.5, 0.0, 1.0)


def test_the_interval_holds_the_true_area_about_as_often_as_it_says() -> None:
    """40 positive cases of 400 and an area of 0.81, as in the published example."""
    draw = np.random.default_rng(4)
    shift = math.sqrt(2) * 0.8779  # the 81 % point of the normal distribution
    held, widths = 0, []
    for _ in range(400):
        scores = np.concatenate([draw.normal(shift, 1, 40), draw.normal(0, 1, 360)])
        found = area_under_curve(scores, np.arange(400) < 40)
        assert found is not None
        held += found.low <= 0.81 <= found.high
        widths.append(found.high - found.low)
    assert 0.92 <= held / 400 <= 0.98
    assert np.mean(widths) == pytest.approx(0.89 - 0.73, abs=0.03)

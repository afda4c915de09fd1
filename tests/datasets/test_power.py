"""The power of a planned test, against published numbers and against chance itself."""

from random import Random
from statistics import mean, stdev

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.datasets.planning.plan import Role
from chalicelib.datasets.planning.power import (
    planned_power,
    planned_units,
    power_of_auc,
    standard_error,
)
from tests.datasets.planning import BENIGN, MELANOMA, TRAINING, plan


def test_the_example_of_hanley_and_mcneil() -> None:
    """109 CT images read by one reader: 51 abnormal, 58 normal, W = 0.893, SE 0.032."""
    assert standard_error(0.893, 51, 58) == pytest.approx(0.032, abs=0.0006)


def test_the_interval_that_the_paper_on_testing_gives() -> None:
    """0.81 on 40 positives of 400 has 0.73–0.89."""
    told = power_of_auc(40, 360, expected_auc=0.81, threshold_auc=0.7)
    assert told is not None
    assert round(0.81 - told["half_width"], 2) == 0.73
    assert round(0.81 + told["half_width"], 2) == 0.89


def test_the_error_is_that_of_drawn_scores() -> None:
    """Scores as the formula takes them: exponential ones, P(positive > negative) = 0.8."""
    chance, positives, negatives = Random(1), 20, 40

    def area() -> float:
        high = [chance.expovariate(1 / 4) for _ in range(positives)]
        low = [chance.expovariate(1) for _ in range(negatives)]
        return mean(one > other for one in high for other in low)

    drawn = [area() for _ in range(400)]
    assert mean(drawn) == pytest.approx(0.8, abs=0.01)
    assert stdev(drawn) == pytest.approx(standard_error(0.8, positives, negatives), rel=0.12)


@settings(max_examples=20)
@given(st.integers(2, 500), st.integers(2, 500), st.floats(0.55, 0.98), st.floats(0.01, 0.2))
def test_the_units_needed_are_enough_and_just_so(
    positives: int, negatives: int, threshold: float, significance: float
) -> None:
    expected = min(threshold + 0.05, 0.99)

    def told(one: int, other: int) -> float:
        found = power_of_auc(
            one,
            other,
            expected_auc=expected,
            threshold_auc=threshold,
            significance=significance,
        )
        assert found is not None
        assert 0 <= found["power"] <= 1
        assert found["standard_error"] > 0
        return float(found["power"])

    found = power_of_auc(
        positives,
        negatives,
        expected_auc=expected,
        threshold_auc=threshold,
        significance=significance,
    )
    assert found is not None
    needed = found["needed"]
    assert needed is not None
    assert told(needed["positives"], needed["negatives"]) >= 0.8 - 1e-6
    fewer = 0.95
    less = [max(1, int(needed[name] * fewer)) for name in ("positives", "negatives")]
    if min(less) > 20:
        assert told(*less) < 0.8
    assert (found["power"] >= 0.8) is (needed["positives"] <= positives)


def test_there_is_no_power_without_both_kinds_and_none_needed_below_the_threshold() -> None:
    assert power_of_auc(0, 100) is None
    told = power_of_auc(50, 50, expected_auc=0.81, threshold_auc=0.81)
    assert told is not None
    assert told["needed"] is None
    assert told["chance_to_pass"] == 0.5


def test_classes_without_a_target_share_what_the_others_leave() -> None:
    classes = [MELANOMA, {**BENIGN, "units": None}]
    assert planned_units(plan(classes=classes))[Role.NEGATIVE] == 160
    told = planned_power(plan(classes=classes))
    assert told is not None
    assert (told["positives"], told["negatives"]) == (40, 160)
    assert planned_power(plan(TRAINING)) is None

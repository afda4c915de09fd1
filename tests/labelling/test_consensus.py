"""One label out of many, beside published figures and crowd-kit."""

import math
from collections.abc import Callable, Iterator
from itertools import pairwise, product
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.labelling.consensus import (
    Estimate,
    dawid_skene,
    majority,
    proven_weights,
    weighted_majority,
)
from tests.labelling.multirater import Readings, anaesthesia, dermatology

TABLES = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 4), st.integers(0, 3)), min_size=1, max_size=60
)


@pytest.fixture(scope="module")
def published() -> Estimate[int, int, int]:
    return dawid_skene(anaesthesia(), tolerance=1e-13)


def test_the_majority_is_what_most_say_and_nobody_on_a_tie() -> None:
    readings = [("a", 1, "x"), ("a", 2, "x"), ("a", 3, "y"), ("b", 1, "x"), ("b", 2, "y")]
    assert majority(readings) == {"a": "x", "b": None}


def test_a_rater_who_reads_an_item_thrice_has_three_votes() -> None:
    readings = [("a", 1, "x"), ("a", 1, "x"), ("a", 1, "y"), ("a", 2, "y"), ("a", 3, "x")]
    assert majority(readings) == {"a": "x"}


@given(TABLES)
def test_with_equal_weights_the_weighted_majority_is_the_majority(readings: Readings) -> None:
    weights = dict.fromkeys(range(5), 0.1)
    assert weighted_majority(readings, weights) == majority(readings)
    assert weighted_majority(readings[::-1], weights) == majority(readings)


def test_one_good_rater_outweighs_two_poor_ones_and_the_weightless_decide_nothing() -> None:
    readings = [("a", "good", "x"), ("a", "poor", "y"), ("a", "bad", "y"), ("b", "idle", "z")]
    weights = {"good": 2.0, "poor": 0.9, "bad": 0.9, "idle": 0.0}
    assert weighted_majority(readings, weights) == {"a": "x", "b": None}


@pytest.mark.parametrize("weight", [None, -1.0, math.inf, math.nan])
def test_a_rater_needs_a_weight_that_is_a_weight(weight: float | None) -> None:
    weights = {} if weight is None else {"r": weight}
    with pytest.raises(ValueError, match="Every rater needs a weight"):
        weighted_majority([("a", "r", "x")], weights)


def _by_likelihood(votes: tuple[int, ...], skills: list[float], labels: int) -> int:
    """The most probable label when errors are spread evenly, by multiplying probabilities."""

    def likelihood(truth: int) -> float:
        return math.prod(
            p if vote == truth else (1 - p) / (labels - 1)
            for vote, p in zip(votes, skills, strict=True)
        )

    return max(range(labels), key=likelihood)


def test_weights_of_proven_skill_pick_the_most_probable_label() -> None:
    """Nitzan and Paroush (1982), and its extension to several labels."""
    labels, skills = 3, [0.9, 0.7, 0.55, 0.5]
    weights = {rater: math.log((labels - 1) * p / (1 - p)) for rater, p in enumerate(skills)}
    for votes in product(range(labels), repeat=len(skills)):
        readings = [("a", rater, vote) for rater, vote in enumerate(votes)]
        assert weighted_majority(readings, weights)["a"] == _by_likelihood(votes, skills, labels)


def test_skill_is_proven_on_known_cases_and_few_prove_little() -> None:
    truths = dict.fromkeys(range(100), "x")
    readings = [
        *((item, "expert", "x" if item % 20 else "y") for item in range(100)),
        *((item, "beginner", "x" if item % 4 else "y") for item in range(100)),
        *((item, "new", "x") for item in range(3)),
        (200, "unproven", "x"),
    ]
    weights = proven_weights(readings, truths, labels=8)
    average = (95 + 75 + 3 + 2) / (203 + 4)
    shrunk = (95 + 10 * average) / 110
    assert weights["expert"] == pytest.approx(math.log(7 * shrunk / (1 - shrunk)))
    assert weights["unproven"] == pytest.approx(math.log(7 * average / (1 - average)))
    assert weights["beginner"] < weights["unproven"] < weights["new"] < weights["expert"]


def test_somebody_no_better_than_chance_weighs_nothing() -> None:
    truths = dict.fromkeys(range(200), "x")
    readings = [(item, "contrary", "y") for item in range(200)]
    assert proven_weights(readings, truths, labels=2) == {"contrary": 0.0}


def test_without_readings_there_is_no_label() -> None:
    assert majority([]) == weighted_majority([], {}) == proven_weights([], {}, labels=2) == {}
    nothing: Estimate[int, int, int] = dawid_skene([])
    assert nothing.labels == nothing.priors == {}
    assert nothing.converged


def test_the_table_of_1979_has_its_published_priors(published: Estimate[int, int, int]) -> None:
    priors = {grade: round(prior, 2) for grade, prior in published.priors.items()}
    assert priors == {1: 0.40, 2: 0.42, 3: 0.11, 4: 0.07}


def test_the_table_of_1979_has_the_first_observers_published_errors(
    published: Estimate[int, int, int],
) -> None:
    errors = published.errors(1)
    found = [[round(errors[true][said], 2) for said in (1, 2, 3, 4)] for true in (2, 3, 4)]
    assert found == [[0.07, 0.88, 0.05, 0], [0, 0.34, 0.66, 0], [0, 0, 0.56, 0.44]]


def test_the_table_of_1979_is_settled_but_for_patients_who_were_doubtful(
    published: Estimate[int, int, int],
) -> None:
    sure = published.posterior.max(axis=1)
    doubtful = {item for item, p in zip(published.items, sure, strict=True) if p < 0.99}
    assert doubtful == {35, 38}
    assert published.probabilities(35)[2] == pytest.approx(0.95, abs=0.005)
    assert published.labels[36] == 4


def crowd_kits(readings: Readings, iterations: int) -> Any:
    """crowd-kit's estimate after as many steps; its own rule would stop where its bound first falls."""
    import pandas
    from crowdkit.aggregation import DawidSkene

    frame = pandas.DataFrame(readings, columns=["task", "worker", "label"])
    return DawidSkene(n_iter=iterations, tol=-math.inf).fit(frame)


def _same(ours: Estimate[int, int, int], theirs: Any) -> None:
    order = theirs.probas_.loc[ours.items, ours.classes].to_numpy()
    assert np.abs(ours.posterior - order).max() < 1e-6
    assert np.abs(ours.prior - theirs.priors_[ours.classes].to_numpy()).max() < 1e-6
    for (rater, said), row in theirs.errors_.iterrows():
        mine = ours.confusion[ours.raters.index(rater), :, ours.classes.index(said)]
        assert np.abs(mine - row[ours.classes].to_numpy()).max() < 1e-6


@pytest.mark.filterwarnings("ignore")  # crowd-kit's, of pandas
@pytest.mark.parametrize(
    ("table", "iterations"),
    [(anaesthesia, 30), (lambda: dermatology(commonest=15), 12)],
)
def test_estimates_equal_those_of_crowd_kit_step_by_step_and_at_the_end(
    table: Callable[[], Readings], iterations: int
) -> None:
    readings = table()
    ours = dawid_skene(readings, iterations=iterations, tolerance=-math.inf)
    assert ours.iterations == iterations
    _same(ours, crowd_kits(readings, iterations))


@settings(max_examples=6, deadline=None)
@given(TABLES)
@pytest.mark.filterwarnings("ignore")
def test_estimates_equal_those_of_crowd_kit_on_any_table(readings: Readings) -> None:
    _same(dawid_skene(readings, iterations=3, tolerance=-math.inf), crowd_kits(readings, 3))


def _logs(readings: Readings) -> Iterator[float]:
    for iterations in range(1, 12):
        yield dawid_skene(readings, iterations=iterations, tolerance=-math.inf).log_likelihood


@settings(max_examples=20, deadline=None)
@given(TABLES)
def test_every_step_makes_the_readings_more_probable(readings: Readings) -> None:
    logs = list(_logs(readings))
    assert all(after >= before - 1e-6 for before, after in pairwise(logs))


def test_the_log_likelihood_is_that_of_the_readings() -> None:
    readings = anaesthesia()
    found = dawid_skene(readings, tolerance=1e-13)
    log = 0.0
    for item in found.items:
        answers = [(rater, label) for read, rater, label in readings if read == item]
        log += math.log(
            sum(
                prior * math.prod(found.errors(rater)[true][label] for rater, label in answers)
                for true, prior in found.priors.items()
            )
        )
    assert found.log_likelihood == pytest.approx(log, abs=1e-5)


def test_the_order_of_readings_does_not_matter() -> None:
    readings = anaesthesia()
    shuffled = Random(3).sample(readings, len(readings))
    one, other = (dawid_skene(each, tolerance=1e-12) for each in (readings, shuffled))
    assert one.labels == other.labels
    assert one.log_likelihood == pytest.approx(other.log_likelihood)


def test_two_readers_who_differ_and_are_otherwise_alike_leave_a_case_open() -> None:
    readings = [("a", 1, "x"), ("a", 2, "y")]
    assert dawid_skene(readings).labels == {"a": None}

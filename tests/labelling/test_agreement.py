"""Agreement of raters, beside scikit-learn, statsmodels and the krippendorff package."""

import math
from collections.abc import Callable
from itertools import combinations

import krippendorff
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import fleiss_kappa as fleiss

from chalicelib.labelling.agreement import (
    agreement,
    cohen_kappa,
    fleiss_kappa,
    krippendorff_alpha,
    raw_agreement,
)
from chalicelib.labelling.coding import coded
from tests.labelling.multirater import Readings, anaesthesia, dermatology

LABELS = 4
FIGURES = (raw_agreement, cohen_kappa, fleiss_kappa, krippendorff_alpha)


def tables(raters: int, *, missing: bool = False) -> st.SearchStrategy[list[tuple[int, ...]]]:
    """Rows of labels, one column a rater; -1 where he did not read."""
    label = st.integers(-1 if missing else 0, LABELS - 1)
    return st.lists(st.tuples(*[label] * raters), min_size=1, max_size=25)


def triplets(table: list[tuple[int, ...]]) -> Readings:
    return [
        (item, rater, label)
        for item, row in enumerate(table)
        for rater, label in enumerate(row)
        if label >= 0
    ]


def counts(readings: Readings) -> NDArray[np.int64]:
    """How often each item was given each label."""
    items = {item: None for item, _, _ in readings}
    labels = {label: None for _, _, label in readings}
    rows, columns = ({name: at for at, name in enumerate(each)} for each in (items, labels))
    found = np.zeros((len(rows), len(columns)), dtype=np.int64)
    for item, _, label in readings:
        found[rows[item], columns[label]] += 1
    return found


@given(tables(2))
def test_two_raters_have_the_kappa_of_scikit_learn(table: list[tuple[int, ...]]) -> None:
    one, other = zip(*table, strict=True)
    assume(len({*one, *other}) > 1)
    expected = cohen_kappa_score(one, other)
    assert cohen_kappa(triplets(table)) == pytest.approx(expected, abs=1e-12)


@given(tables(4, missing=True))
def test_more_raters_have_the_mean_kappa_of_pairs_by_shared_items(
    table: list[tuple[int, ...]],
) -> None:
    together, shares = 0.0, 0
    for one, other in combinations(range(4), 2):
        shared = [(row[one], row[other]) for row in table if min(row[one], row[other]) >= 0]
        if len({label for pair in shared for label in pair}) > 1:
            kappa = cohen_kappa_score(*zip(*shared, strict=True))
            together, shares = together + kappa * len(shared), shares + len(shared)
    expected = together / shares if shares else None
    assert cohen_kappa(triplets(table)) == (
        None if expected is None else pytest.approx(expected, abs=1e-12)
    )


@given(tables(5))
def test_fleiss_kappa_is_that_of_statsmodels(table: list[tuple[int, ...]]) -> None:
    readings = triplets(table)
    assume(len({label for _, _, label in readings}) > 1)
    assert fleiss_kappa(readings) == pytest.approx(fleiss(counts(readings)), abs=1e-12)


@given(tables(5, missing=True))
def test_alpha_is_that_of_the_krippendorff_package(table: list[tuple[int, ...]]) -> None:
    readings = triplets(table)
    paired = counts(readings)[counts(readings).sum(axis=1) > 1] if readings else np.zeros((0, 0))
    assume((paired.sum(axis=0) > 0).sum() > 1)
    expected = krippendorff.alpha(value_counts=counts(readings), level_of_measurement="nominal")
    assert krippendorff_alpha(readings) == pytest.approx(expected, abs=1e-12)


@given(tables(4, missing=True))
def test_raw_agreement_is_the_share_of_pairs_that_agree(table: list[tuple[int, ...]]) -> None:
    pairs = [
        one == other
        for row in table
        for one, other in combinations([label for label in row if label >= 0], 2)
    ]
    assert raw_agreement(triplets(table)) == (
        pytest.approx(sum(pairs) / len(pairs)) if pairs else None
    )


@pytest.mark.parametrize("read", [anaesthesia, lambda: dermatology(commonest=60)])
def test_real_readings_have_the_alpha_of_the_package(read: Callable[[], Readings]) -> None:
    readings = read()
    expected = krippendorff.alpha(value_counts=counts(readings), level_of_measurement="nominal")
    assert krippendorff_alpha(readings) == pytest.approx(expected, abs=1e-12)


def test_the_anaesthetists_have_the_kappas_of_the_packages() -> None:
    """Seven readings of each patient, three of them by one and the same."""
    readings = anaesthesia()
    assert fleiss_kappa(readings) == pytest.approx(fleiss(counts(readings)), abs=1e-12)
    others = {rater: [label for _, by, label in readings if by == rater] for rater in (2, 3, 4, 5)}
    pairs = [cohen_kappa_score(one, other) for one, other in combinations(others.values(), 2)]
    without_the_first = [reading for reading in readings if reading[1] != 1]
    assert cohen_kappa(without_the_first) == pytest.approx(float(np.mean(pairs)), abs=1e-12)


def test_a_repeated_reading_is_compared_as_often_as_it_was_made() -> None:
    readings = [("a", 1, "x"), ("a", 1, "y"), ("a", 2, "x"), ("b", 1, "y"), ("b", 2, "y")]
    first, second = ["x", "y", "y"], ["x", "x", "y"]
    assert cohen_kappa(readings) == pytest.approx(cohen_kappa_score(first, second))
    assert raw_agreement(readings) == pytest.approx(2 / 4), "the two readings by 1 are a pair too"


@pytest.mark.parametrize("figure", FIGURES)
@pytest.mark.parametrize("readings", [[], [("a", 1, "x")], [("a", 1, "x"), ("b", 2, "x")]])
def test_where_nobody_shares_an_item_there_is_no_figure(
    figure: Callable[[list[tuple[str, int, str]]], float | None],
    readings: list[tuple[str, int, str]],
) -> None:
    assert figure(readings) is None


def test_where_only_one_label_is_used_agreement_is_whole_and_chance_explains_it() -> None:
    readings = [(item, rater, "x") for item in range(5) for rater in range(3)]
    assert raw_agreement(readings) == 1
    assert cohen_kappa(readings) is fleiss_kappa(readings) is krippendorff_alpha(readings) is None


def test_whole_agreement_on_several_labels_is_one() -> None:
    readings = [(item, rater, item % 3) for item in range(6) for rater in range(3)]
    assert {figure(readings) for figure in FIGURES} == {1.0}


def _by_copies(readings: Readings, resamples: int) -> dict[str, tuple[float, float]]:
    """The slow way: copies of the drawn items, and each figure computed anew."""
    items = sorted({item for item, _, _ in readings})
    of = {item: [reading[1:] for reading in readings if reading[0] == item] for item in items}
    draw = np.random.default_rng(5)
    found: dict[str, list[float]] = {figure.__name__: [] for figure in FIGURES}
    for _ in range(resamples):
        drawn = draw.choice(items, len(items)).tolist()
        copies = [(place, *each) for place, item in enumerate(drawn) for each in of[item]]
        for figure in FIGURES:
            value = figure(copies)
            found[figure.__name__].append(math.nan if value is None else value)
    return {
        name: tuple(np.nanquantile(values, (0.025, 0.975)).tolist())
        for name, values in found.items()
    }


def test_intervals_are_those_of_resampled_copies() -> None:
    readings = [reading for reading in anaesthesia() if reading[1] != 1]
    slow = _by_copies(readings, 300)
    quick = agreement(coded(readings), draw=np.random.default_rng(1), resamples=4000)
    assert quick.items == 45
    for name, (low, high) in slow.items():
        measured = getattr(quick, name)
        assert measured.low == pytest.approx(low, abs=0.04)
        assert measured.high == pytest.approx(high, abs=0.04)
        assert measured.low < measured.value < measured.high


def _drawn_pairs(draw: np.random.Generator, items: int) -> Readings:
    """Two raters who say the truth seven times of ten, and guess otherwise."""
    truth = draw.integers(0, 3, items)
    said = np.where(draw.random((2, items)) < 0.7, truth, draw.integers(0, 3, (2, items)))
    return [(item, rater, int(said[rater, item])) for item in range(items) for rater in (0, 1)]


@pytest.mark.parametrize("items", [60, 400])
def test_intervals_hold_the_truth_about_as_often_as_they_say(items: int) -> None:
    """Both ways of drawing: by item, and by row where rows are few."""
    draw = np.random.default_rng(2)
    held, runs = 0, 120
    for _ in range(runs):
        found = agreement(coded(_drawn_pairs(draw, items)), draw=draw, resamples=200)
        assert found.cohen_kappa.low is not None
        assert found.cohen_kappa.high is not None
        held += found.cohen_kappa.low <= 0.49 <= found.cohen_kappa.high
    assert 0.88 <= held / runs <= 0.99


def test_the_same_seed_gives_the_same_intervals_and_another_seed_others() -> None:
    seen = coded(anaesthesia())
    one, again, other = (agreement(seen, draw=np.random.default_rng(n)) for n in (1, 1, 2))
    assert one == again != other


def test_pairs_with_little_in_common_can_be_left_out_of_kappa() -> None:
    often = [(item, rater, item % 2) for item in range(20) for rater in (1, 2)]
    seldom = [(99, 1, 0), (99, 3, 1), (98, 1, 1), (98, 3, 0)]
    whole = agreement(coded(often + seldom), draw=np.random.default_rng(1), resamples=50)
    kept = agreement(coded(often + seldom), draw=np.random.default_rng(1), resamples=50, fewest=3)
    assert kept.cohen_kappa.value == 1
    assert whole.cohen_kappa.value == pytest.approx((20 - 2) / 22)
    assert kept.raw_agreement == whole.raw_agreement
    none = agreement(coded(seldom), draw=np.random.default_rng(1), resamples=50, fewest=3)
    assert none.cohen_kappa.value is none.cohen_kappa.low is None


@settings(max_examples=30)
@given(tables(3, missing=True))
def test_names_and_order_do_not_matter(table: list[tuple[int, ...]]) -> None:
    readings = triplets(table)
    named = [(f"i{item}", f"r{9 - rater}", f"l{label}") for item, rater, label in readings][::-1]
    for figure in FIGURES:
        expected = figure(readings)
        assert figure(named) == (None if expected is None else pytest.approx(expected, abs=1e-12))

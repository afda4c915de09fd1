"""Areas under the curve beside scikit-learn's, and DeLong's intervals beside published ones."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from chalicelib.evaluation.answers import answers
from chalicelib.evaluation.areas import answered_area, class_areas, macro_area, target_area
from chalicelib.evaluation.bootstrap import generator, percentiles, resampled_areas
from chalicelib.evaluation.delong import delong
from chalicelib.labelling.intervals import Z
from tests.evaluation.made_tests import plan as made_plan
from tests.evaluation.made_tests import practice, unit

# Albumin, total protein, K-G score and whether the patient would profit from surgery: the example of
# DeLong et al. (1988) as far as complete, with results of SAS/STAT 14.1 User's Guide, "The LOGISTIC
# Procedure", Example 72.8 "Comparing Receiver Operating Characteristic Curves".
_PATIENTS = """
3.0 5.8 10 0  3.2 6.3 5 1  3.9 6.8 3 1  2.8 4.8 6 0  3.2 5.8 3 1  0.9 4.0 5 0  2.5 5.7 8 0
1.6 5.6 5 1  3.8 5.7 5 1  3.7 6.7 6 1  3.2 5.4 4 1  3.8 6.6 6 1  4.1 6.6 5 1  3.6 5.7 5 1
4.3 7.0 4 1  3.6 6.7 4 0  2.3 4.4 6 1  4.2 7.6 4 0  4.0 6.6 6 0  3.5 5.8 6 1  3.8 6.8 7 1
3.0 4.7 8 0  4.5 7.4 5 1  3.7 7.4 5 1  3.1 6.6 6 1  4.1 8.2 6 1  4.3 7.0 5 1  4.3 6.5 4 1
3.2 5.1 5 1  2.6 4.7 6 1  3.3 6.8 6 0  1.7 4.0 7 0  3.7 6.1 5 1  3.3 6.3 7 1  4.2 7.7 6 1
3.5 6.2 5 1  2.9 5.7 9 0  2.1 4.8 7 1  2.8 6.2 8 0  4.0 7.0 7 1  3.3 5.7 6 1  3.7 6.9 5 1
3.6 6.6 5 1
"""
OVARIAN = np.array(list(map(float, _PATIENTS.split()))).reshape(-1, 4)

few = settings(max_examples=20, deadline=None)
scored = st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=2, max_size=40)


def test_delong_has_the_figures_published_for_its_own_example() -> None:
    areas = delong([OVARIAN[:, 0], 10 - OVARIAN[:, 2], OVARIAN[:, 1]], OVARIAN[:, 3] == 1)
    assert areas is not None
    assert areas.values.round(4).tolist() == [0.7366, 0.7258, 0.6478]
    errors = np.sqrt(areas.covariance.diagonal())
    assert errors.round(4).tolist() == [0.0927, 0.1028, 0.1000]
    # Its intervals are on the plain scale, not on that of log odds.
    ends = np.stack([areas.values - Z * errors, areas.values + Z * errors], axis=1)
    assert ends.round(4).tolist() == [[0.5549, 0.9182], [0.5243, 0.9273], [0.4518, 0.8439]]
    for one, difference, error in ((0, 0.0108, 0.0953), (2, -0.0780, 0.1046)):
        value, variance = areas.difference(one, 1)
        assert (round(value, 4), round(variance**0.5, 4)) == (difference, error)


@few
@given(scored)
def test_an_area_is_that_of_scikit_learn_and_of_its_definition(
    table: list[tuple[int, bool]],
) -> None:
    scores, positive = (np.array(each) for each in zip(*table, strict=True))
    areas = delong(scores, positive)
    if positive.all() or not positive.any():
        assert areas is None
        return
    assert areas is not None
    assert areas.values[0] == pytest.approx(roc_auc_score(positive, scores))
    low, high = areas.interval()
    assert 0 <= low <= areas.values[0] <= high <= 1
    # The variance by its definition, over all pairs.
    placed = (scores[positive][:, None] > scores[~positive]) + 0.5 * (
        scores[positive][:, None] == scores[~positive]
    )
    expected = sum(
        each.var(ddof=1) / len(each) for each in (placed.mean(1), placed.mean(0)) if len(each) > 1
    )
    assert areas.covariance[0, 0] == pytest.approx(expected)


@few
@given(scored, st.integers(0, 9))
def test_a_resample_is_the_area_of_the_units_drawn(
    table: list[tuple[int, bool]], seed: int
) -> None:
    scores, positive = (np.array(each) for each in zip(*table, strict=True))
    assume(positive.any() and not positive.all())
    found = resampled_areas(scores, positive, positive, generator(str(seed)), resamples=3)
    draw = generator(str(seed))
    times = np.empty((3, len(scores)), dtype=int)
    for kind in (False, True):  # the order of the strata
        place = np.flatnonzero(positive == kind)
        times[:, place] = draw.multinomial(len(place), np.full(len(place), 1 / len(place)), 3)
    for value, drawn in zip(found, times, strict=True):
        copies = np.repeat(np.arange(len(scores)), drawn)
        assert value == pytest.approx(roc_auc_score(positive[copies], scores[copies]))


def test_the_bootstrap_and_delong_agree_on_how_much_an_area_varies() -> None:
    given_answers = answers(practice(400, skill=1.2), made_plan())
    for area in (target_area(given_answers, "seed"), macro_area(given_answers, "seed")):
        assert area is not None
        assert area.bootstrap is not None
        assert area.delong == pytest.approx(area.bootstrap, abs=0.01)
        assert area.delong[0] < area.value < area.delong[1]


def test_the_seed_decides_a_resample_and_nothing_else_does() -> None:
    given_answers = answers(practice(60), made_plan())
    first = target_area(given_answers, "one", 200)
    assert target_area(given_answers, "one", 200) == first
    assert target_area(given_answers, "two", 200) != first
    assert percentiles(np.array([np.nan, np.nan, 0.5])) is None


def test_areas_by_class_and_macro_are_those_of_scikit_learn() -> None:
    found = answers(practice(120), made_plan())
    # Into a distribution, as scikit-learn demands it: no class is left over here.
    shares = found.sums[:, :-1] / found.sums[:, :-1].sum(axis=1, keepdims=True)
    by_class = {key: area.value for key, area in class_areas(found, "seed", 10).items()}
    for place, key in enumerate(found.keys):
        assert by_class[key] == pytest.approx(
            roc_auc_score(found.labels == place, found.sums[:, place])
        )
    macro = macro_area(found, "seed", 10)
    assert macro is not None
    assert macro.value == pytest.approx(
        roc_auc_score(found.labels, shares, multi_class="ovr", average="macro"), abs=2e-3
    )
    assert macro.value == pytest.approx(np.mean(list(by_class.values())))


def test_the_macro_area_of_two_classes_has_delongs_interval() -> None:
    plan = {"classes": [c for c in made_plan()["classes"] if c["key"] != "benign"]}
    units = [
        unit(n, name, probabilities={"melanoma": share, "nevus": 1 - share})
        for n, (name, share) in enumerate(
            [
                *(("melanoma", share) for share in (0.9, 0.25, 0.5, 0.75)),
                *(("nevus", share) for share in (0.25, 0.125, 0.75, 0.375)),
            ]
        )
    ]
    two = answers(units, plan)
    target, macro = target_area(two, "s", 10), macro_area(two, "s", 10)
    assert target is not None
    assert macro is not None
    assert macro.delong == pytest.approx(target.delong)


def test_what_is_not_answered_counts_as_the_worst_answer() -> None:
    units = [unit(n, name) for n, name in enumerate(["melanoma", "melanoma", "nevus", "nevus"])]
    silent = [unit(9, "melanoma", probabilities=None, refused=True)]
    perfect, partly = answers(units, made_plan()), answers(units + silent, made_plan())
    whole, lessened, answered = (
        target_area(perfect, "s", 10),
        target_area(partly, "s", 10),
        answered_area(partly),
    )
    assert whole is not None
    assert lessened is not None
    assert answered is not None
    assert (whole.value, answered.value) == (1.0, 1.0)
    assert lessened.value == pytest.approx(2 / 3), "one of three positives is below all negatives"
    silent = [unit(9, "nevus", probabilities=None, refused=True)]
    refusing = target_area(answers(units + silent, made_plan()), "s", 10)
    assert refusing is not None
    assert refusing.value == pytest.approx(2 / 3), "one of three negatives is above all positives"

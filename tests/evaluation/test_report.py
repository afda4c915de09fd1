"""The report of a test: all figures, the same each time, and nothing made up where the set is silent."""

import json
from typing import Any

import pytest

from chalicelib.evaluation.answers import answers
from chalicelib.evaluation.report import compute
from chalicelib.evaluation.subgroups import FEWEST, age_band
from chalicelib.evaluation.tested import TestedUnit
from tests.evaluation.made_tests import defect, plan, practice, unit

KEYS = {
    *("test", "dataset", "algorithm", "computed_at", "units", "positives", "negatives", "defects"),
    *("refused", "unanswered", "auc", "thresholds", "calibration", "roc", "confusion", "seconds"),
    *("claimed_deviation", "subgroups", "subgroups_left_out", "experts", "functional", "verdict"),
}


def report(units: list[TestedUnit], test: str = "KlT-I", **claimed: Any) -> dict[str, Any]:
    found = compute(
        units=units, plan=plan(), test=test, claimed=claimed, seed="seed", resamples=100
    )
    assert found.keys() == KEYS
    json.dumps(found, allow_nan=False)
    return found


def reasons(found: dict[str, Any]) -> list[bool]:
    return [reason["passed"] for reason in found["verdict"]["reasons"]]


def test_a_good_service_passes_and_a_guessing_one_fails() -> None:
    good = report(practice(120, skill=3), auc=0.95, sensitivity=0.9, specificity=0.9)
    assert good["verdict"]["passed"]
    assert good["claimed_deviation"]["auc"]["worse_by"] < 0.1
    assert (good["units"], good["positives"], good["negatives"]) == (120, 60, 60)
    assert good["seconds"]["worst"] < 5
    guessing = report(practice(120, skill=0), auc=0.95)
    assert reasons(guessing) == [False, False, True]


def test_the_same_input_gives_the_same_report() -> None:
    assert report(practice(40)) == report(practice(40))


def test_a_results_file_proves_no_time() -> None:
    units = [unit(n, name, seconds=None) for n, name in enumerate(["melanoma", "nevus"] * 20)]
    found = report(units)
    assert found["seconds"] is None
    assert reasons(found) == [True, True, False]


def test_what_was_refused_is_counted_and_costs_the_service() -> None:
    units = practice(80, skill=3)
    silent = [
        unit(100 + n, "melanoma", probabilities=None, refused=n < 15, seconds=1.0)
        for n in range(20)
    ]
    before, after = report(units), report([*units, *silent], sensitivity=0.95)
    assert (after["refused"], after["unanswered"]) == (15, 5)
    assert after["auc"]["answered"]["value"] == before["auc"]["answered"]["value"]
    assert after["auc"]["target"]["value"] < before["auc"]["target"]["value"]
    assert after["thresholds"]["claimed"]["sensitivity"]["of"] == 60
    assert not after["verdict"]["passed"]
    assert after["confusion"]["labels"][-1] == "other"
    assert after["confusion"]["counts"][0][-1] == 20
    assert sum(each["units"] for each in after["calibration"]["bins"]) == 80


def test_a_threshold_reached_by_a_sum_of_probabilities_is_reached() -> None:
    shares = {"melanoma": 0.1, "basal_cell_carcinoma": 0.2, "nevus": 0.7}
    found = report([unit(1, "melanoma", probabilities=shares), unit(2)], threshold=0.3)
    assert found["thresholds"]["claimed"] | {"specificity": None} == {
        "threshold": 0.3,
        "named": True,
        "sensitivity": {"value": 1.0, "low": pytest.approx(0.206, abs=1e-3), "high": 1.0}
        | {"count": 1, "of": 1},
        "specificity": None,
    }
    assert report([unit(1, "melanoma"), unit(2)])["thresholds"]["claimed"]["threshold"] == 0.5


def test_a_claim_by_class_is_held_against_that_class_or_diagnosis() -> None:
    found = report(
        practice(80, skill=3), by_class={"benign": 0.9, "melanoma": 0.9, "dermatofibroma": 0.9}
    )
    deviation = found["claimed_deviation"]
    assert deviation["auc.benign"]["measured"] == found["auc"]["by_class"]["benign"]["value"]
    assert deviation["auc.melanoma"]["worse_by"] == 0
    assert deviation["auc.melanoma"]["measured"] != found["auc"]["target"]["value"]
    assert "auc.dermatofibroma" not in deviation, "no unit has it"
    assert reasons(found) == [True, True, True, False, True]


def test_a_functional_test_counts_what_was_processed_and_what_was_refused() -> None:
    units = [unit(1, "melanoma"), *[unit(n) for n in range(2, 5)]]
    found = report([*units, defect()], test="FT-I")
    told = found["functional"]
    last = {"device": None, "defect": True, "processed": False, "refused": True, "seconds": 2.0}
    assert told.pop("units")[4] == last
    assert told == {"good": 4, "answered": 4, "defects": 1, "defects_refused": 1}
    assert found["verdict"]["passed"]
    assert (found["units"], found["defects"], found["refused"]) == (5, 1, 0)
    assert not report([*units, defect(refused=False)], test="FT-II")["verdict"]["passed"]
    late = [unit(1, "melanoma", seconds=600.0), *units[1:], defect()]
    assert reasons(report(late, test="FT-I")) == [True, True, False]


@pytest.mark.parametrize("kind", ["one kind", "nothing answered", "a single unit of each"])
def test_a_set_that_tells_little_gets_a_report_with_gaps(kind: str) -> None:
    silent: dict[str, Any] = {"probabilities": None, "refused": True}
    units = {
        "one kind": [unit(n) for n in range(5)],
        "nothing answered": [unit(1, "melanoma", **silent), unit(2, **silent)],
        "a single unit of each": [unit(1, "melanoma"), unit(2)],
    }[kind]
    found = report(units, auc=0.9)
    assert (found["auc"]["target"] is None) == (kind == "one kind")
    assert (found["thresholds"]["youden"] is None) == (kind != "a single unit of each")
    assert (found["thresholds"]["claimed"] is None) == (kind == "one kind")
    assert found["verdict"]["passed"] == (kind == "a single unit of each")


def test_a_test_needs_a_name_and_units() -> None:
    for test in ("KlT", "KlT-III", "klt-I", ""):
        with pytest.raises(ValueError, match="not a"):
            report([unit()], test=test)
    with pytest.raises(ValueError, match="without units"):
        report([])


def test_only_groups_with_enough_of_both_kinds_have_a_figure() -> None:
    few = [
        unit(n, name, quasi={"sex": "female", "age": "44"})
        for n, name in enumerate(["melanoma"] * (FEWEST - 1) + ["nevus"] * 30)
    ]
    many = [
        unit(n, name, quasi={"sex": "male", "age": "85+"})
        for n, name in enumerate(["melanoma", "nevus"] * FEWEST, 100)
    ]
    found = report([*few, *many])
    told = {(each["by"], each["value"]): each for each in found["subgroups"]}
    assert told.keys() == {("sex", "male"), ("age", "70+")}
    assert told["sex", "male"]["auc"] == 1
    assert told["sex", "male"]["low"] < 1
    left_out = {(each["by"], each["value"]): each for each in found["subgroups_left_out"]}
    assert left_out["sex", "female"]["positives"] == FEWEST - 1
    assert "9 positive and 30 negative" in left_out["sex", "female"]["reason"]["en"]
    assert ("age", "40-54") in left_out
    assert left_out["site", "not_recorded"]["units"] == len(few) + len(many)


@pytest.mark.parametrize(
    ("age", "band"),
    [
        *(("39", "0-39"), ("40", "40-54"), ("40-44", "40-54"), ("85+", "70+"), ("70-89", "70+")),
        *(("40-59", "40-59"), ("unclear", "unclear")),
    ],
)
def test_ages_fall_into_bands_where_they_lie_within_one(age: str, band: str) -> None:
    assert age_band(age) == band


def test_experts_are_compared_in_the_classes_of_the_plan() -> None:
    def read(*diagnoses: str) -> list[dict[str, str]]:
        return [{"reader": f"r{n}", "diagnosis": said} for n, said in enumerate(diagnoses)]

    units = [
        unit(1, "melanoma", readings=read("basal_cell_carcinoma", "nevus")),
        unit(2, readings=read("nevus", "unknown")),
        unit(3, readings=read("nevus")),
        unit(
            4, "melanoma", probabilities=None, refused=True, readings=read("melanoma", "melanoma")
        ),
        unit(5, probabilities={"unknown": 1.0}, readings=read("unknown")),
    ]
    one, two = report(units)["experts"]
    assert (one["reader"], one["readings"], one["agreement"]) == ("r0", 4, 1.0)
    assert one["kappa"] == 1
    assert (two["readings"], two["agreement"]) == (2, 0.0)
    assert two["low"] == 0
    assert answers(units, plan()).found.tolist() == [0, 1, 1, 3, 3]

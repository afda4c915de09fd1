"""A test is passed at its thresholds and not beside them, and says why."""

import pytest

from chalicelib.evaluation import verdict
from chalicelib.evaluation.verdict import Measured, Time, calibration, functional, worse_by

IN_TIME = Time(units=100, measured=100, worst=599.9)
GOOD = Measured(0.9, 0.85, 0.94)


def area(value: float, low: float = 0.82) -> Measured:
    return Measured(value, low, 0.99)


@pytest.mark.parametrize(("value", "passed"), [(0.81, True), (0.809999, False), (0.81001, True)])
def test_an_area_of_081_is_enough_and_less_is_not(value: float, passed: bool) -> None:
    found = calibration(area(value), {}, IN_TIME)
    assert found.passed is passed
    said = found.reasons[0].sentence
    assert ("is at least 0.81" in said.en) is passed
    assert ("не ниже 0,81" in said.ru) is passed
    assert "0.820" in said.en, "with its interval"


def test_an_area_just_below_the_threshold_never_reads_as_if_it_were_on_it() -> None:
    assert "AUC 0.8099 (" in calibration(area(0.80998), {}, IN_TIME).reasons[0].sentence.en


def test_an_interval_that_reaches_below_the_threshold_passes_and_is_told() -> None:
    found = calibration(area(0.81, low=0.73), {}, IN_TIME)
    assert found.passed
    assert "too few to be sure" in found.reasons[0].sentence.en
    assert "единиц для уверенности мало" in found.reasons[0].sentence.ru


@pytest.mark.parametrize(
    ("measured", "passed", "told"),
    [
        (0.95, True, "no worse than the claimed 0.90"),
        (0.9, True, "no worse"),
        (0.8999, True, "by <0.1%, which is less than 10%"),
        (0.81001, True, "by 9.9%, which is less than 10%"),
        (0.81, False, "by 10%, which is 10% or more"),
        (0.5, False, "by 44.4%"),
    ],
)
def test_a_metric_may_be_worse_than_claimed_by_less_than_a_tenth_of_the_claim(
    measured: float, passed: bool, told: str
) -> None:
    found = calibration(GOOD, {"sensitivity": (0.9, Measured(measured, 0.4, 0.99))}, IN_TIME)
    assert found.passed is passed
    assert told in found.reasons[1].sentence.en
    assert found.reasons[1].sentence.en.startswith("Sensitivity: ")
    assert found.reasons[1].sentence.ru.startswith("Чувствительность: ")


def test_the_loss_is_relative_to_the_claim_and_never_negative() -> None:
    assert worse_by(0.8, 0.72) == 0.1
    assert worse_by(0.8, 0.9) == 0
    with pytest.raises(ValueError, match="claim of 0"):
        worse_by(0, 0.5)


def test_a_claim_that_the_set_cannot_test_fails_and_names_itself() -> None:
    found = calibration(GOOD, {"auc.nevus": (0.9, None)}, IN_TIME)
    assert not found.passed
    assert found.reasons[1].sentence.en.startswith("AUC (nevus): 0.90 was claimed")
    assert found.reasons[1].sentence.ru.startswith("AUC (родинка): заявлено 0,90")


@pytest.mark.parametrize(
    ("time", "passed", "told"),
    [
        (Time(100, 100, 599.999), True, "took 9 min 59 s, less than 10 minutes"),
        (Time(100, 100, 600.0), False, "took 10 min 0 s; each must take less"),
        (Time(100, 100, 3.25), True, "took 3.2 s"),
        (Time(100, 0, None), False, "No time was measured for 100 of 100 units"),
        (Time(100, 99, 3.0), False, "No time was measured for 1 of 100 units"),
        (Time(100, 99, 601.0), False, "took 10 min 1 s"),
    ],
)
def test_every_unit_takes_less_than_ten_minutes_by_our_clock(
    time: Time, passed: bool, told: str
) -> None:
    for found in (calibration(GOOD, {}, time), functional(5, 5, 1, 1, time)):
        assert found.passed is passed
        assert told in found.reasons[-1].sentence.en


def test_a_set_of_one_kind_tells_nothing() -> None:
    found = calibration(None, {}, IN_TIME)
    assert not found.passed
    assert "lacks positive or negative units" in found.reasons[0].sentence.en


@pytest.mark.parametrize(
    ("counts", "passed"),
    [
        ((4, 4, 1, 1), (True, True)),
        ((4, 3, 1, 1), (False, True)),
        ((4, 4, 2, 1), (True, False)),
        ((4, 4, 0, 0), (True, False)),
        ((0, 0, 1, 1), (False, True)),
    ],
)
def test_a_functional_test_wants_every_good_unit_answered_and_every_defect_refused(
    counts: tuple[int, int, int, int], passed: tuple[bool, bool]
) -> None:
    found = functional(*counts, IN_TIME)
    assert tuple(reason.passed for reason in found.reasons[:2]) == passed
    assert found.passed is all(passed)
    assert found.as_json()["reasons"][2]["passed"] is True
    assert not verdict.Verdict([]).passed, "nothing shown is nothing passed"

"""Sizes from drawn circles, and what may be said of a change."""

from math import isclose

from hypothesis import assume, given
from hypothesis import strategies as st

from chalicelib.images.marks import (
    SMALLEST,
    Circle,
    Marks,
    Size,
    grown,
    marks_item,
    read_marks,
    size,
)
from chalicelib.patients.scale_objects import ScaleObject
from chalicelib.platform.values import plain, typed
from tests.pocket.visiting import COIN, MOLE, Patient

diameters = st.floats(SMALLEST, 0.5)
# As the form hands them on: rounded, so that DynamoDB has a number for each.
places = st.floats(0, 1).map(lambda place: round(place, 5))
coins = st.sampled_from(ScaleObject)
circles = st.builds(Circle, places, places, diameters)
marked = st.builds(Marks, circles, circles, coins)


@given(marked, st.floats(0.1, 2), places, places)
def test_a_size_depends_on_the_ratio_of_the_circles_alone(
    marks: Marks, zoom: float, x: float, y: float
) -> None:
    assert marks.scale is not None
    nearer = Marks(
        Circle(x, y, marks.mole.diameter * zoom),
        Circle(y, x, marks.scale.diameter * zoom),
        marks.scale_object,
    )
    before, after = size(marks), size(nearer)
    assert before.diameter_mm is not None
    assert after.diameter_mm is not None
    assert isclose(before.diameter_mm, after.diameter_mm)


@given(marked)
def test_larger_circles_measure_more_exactly_and_none_without_error(marks: Marks) -> None:
    assert marks.scale is not None
    larger = Marks(
        Circle(0, 0, marks.mole.diameter * 2),
        Circle(0, 0, marks.scale.diameter * 2),
        marks.scale_object,
    )
    near, far = size(larger), size(marks)
    assert near.error_mm is not None
    assert far.error_mm is not None
    assert far.diameter_mm is not None
    assert 0.06 * far.diameter_mm < near.error_mm < far.error_mm


def test_a_two_rouble_coin_beside_a_mole_of_five_millimetres() -> None:
    marks = Marks(Circle(0.3, 0.3, 0.1), Circle(0.7, 0.3, 0.46), ScaleObject.RUB_2)
    found = size(marks)
    assert found.diameter_mm == 5.0
    assert found.error_mm is not None
    assert isclose(found.error_mm, 5 * (0.08**2 + (0.008 / 0.46) ** 2 + 0.06**2) ** 0.5)


@given(circles)
def test_without_a_coin_no_millimetres_are_told_and_nothing_is_compared(mole: Circle) -> None:
    alone = size(Marks(mole))
    assert (alone.diameter_mm, alone.error_mm, alone.scale) == (None, None, None)
    assert alone.diameter_widths == mole.diameter
    assert grown(alone, alone) is None


@given(marked | st.builds(Marks, circles))
def test_circles_come_back_from_the_table_as_they_were(marks: Marks) -> None:
    assert read_marks(plain(typed({"marks": marks_item(marks)}))["marks"]) == marks
    assert read_marks(None) is None


millimetres = st.floats(0.5, 30)
errors = st.floats(0.05, 10)
sizes = st.builds(Size, st.just(0.1), millimetres, errors, coins)


@given(sizes, sizes)
def test_growth_is_told_when_it_is_beyond_the_error_and_ruled_out_only_when_none_fits(
    before: Size, after: Size
) -> None:
    found = grown(before, after)
    assert found is not None
    assert before.diameter_mm is not None
    low, high = found.diameter_mm - found.error_mm, found.diameter_mm + found.error_mm
    if found.grew:
        assert low > 0
    if found.grew is False:
        assert low <= 0
        assert high < max(1.0, 0.2 * before.diameter_mm)
    back = grown(after, before)
    assert back is not None
    assert isclose(back.diameter_mm, -found.diameter_mm, abs_tol=1e-9)
    assert not (found.grew and back.grew)


@given(sizes, sizes, st.floats(0.1, 5))
def test_more_error_never_makes_anything_certain(before: Size, after: Size, more: float) -> None:
    assert after.error_mm is not None
    exact = grown(before, after)
    vague = grown(before, Size(0.1, after.diameter_mm, after.error_mm + more, after.scale))
    assert exact is not None
    assert vague is not None
    assume(exact.grew is None)
    assert vague.grew is None


def test_circles_that_cannot_be_are_refused(patient: Patient) -> None:
    lesion_id = patient.mark()
    refused = [
        {"mole": {**MOLE, "diameter": 0.001}},
        {"mole": {**MOLE, "x": 1.2}},
        {"mole": {**MOLE, "y": -0.1}},
        {"mole": MOLE, "scale": {**COIN, "object": "a_plate"}},
        {"mole": MOLE, "scale": {**MOLE, "object": "rub_2"}},
        {"scale": COIN},
        {"mole": MOLE, "pixels": 3},
    ]
    for marks in refused:
        assert patient.slot(lesion_id, b"x" * 100, marks=marks).status == 422, marks


def test_two_photographs_of_a_day_are_no_growth_and_two_days_are_compared(
    patient: Patient,
) -> None:
    lesion_id = patient.mark()
    for seed, (day, width) in enumerate(
        (("2025-12-01", 0.1), ("2026-03-01", 0.09), ("2026-03-01", 0.16))
    ):
        marks = {"mole": {**MOLE, "diameter": width}, "scale": COIN}
        patient.photograph(lesion_id, seed=seed, taken_on=day, marks=marks)
    patient.photograph(lesion_id, seed=9, taken_on="2026-03-02", marks={"mole": MOLE})
    shown = patient.ask("GET", "/v1/me/lesions/{lesion_id}/timeline", lesion_id=lesion_id).body
    assert [one["taken_on"][-5:] for one in shown["images"]] == ["12-01", "03-01", "03-01", "03-02"]
    assert shown["images"][-1]["size"]["diameter_mm"] is None
    assert shown["change"]["since_first"] == shown["change"]["since_last"]
    assert shown["change"]["since_last"]["diameter_mm"] == 3.0
    assert shown["change"]["since_last"]["grew"]

"""Change, growth and alerts: what is said of a lesion's course, and what is kept silent about."""

from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.images.alerts import Alert, alerts
from chalicelib.images.appearance import distance, look
from chalicelib.images.changes import Change, change, growth
from chalicelib.images.model import Image
from chalicelib.images.visits import in_order, visits
from tests.images.courses import DEVICE, of, opinion

PICTURE: dict[str, Any] = {"spacing_mm": None, "device": DEVICE}


def _change(*images: Image) -> Change:
    days = visits(in_order(images))
    return change(days[0], days[-1])


def _alerts(*images: Image) -> dict[str, Alert]:
    days = visits(in_order(images))
    last = [change(before, after) for before, after in pairwise(days)][-1]
    return {alert.code: alert for alert in alerts(last, change(days[0], days[-1]))}


def test_growth_beyond_its_error_is_told_in_both_languages_with_its_numbers() -> None:
    raised = _alerts(of("2026-01-01", 4.0), of("2026-04-01", 5.6))
    assert list(raised) == ["diameter_grew"]
    told = raised["diameter_grew"]
    assert told.message.en == "The diameter grew by 1.6 mm ± 0.3 in 90 days."
    assert told.message.ru == "Диаметр вырос на 1,6 мм ± 0,3 за 90 дней."
    assert told.numbers["days"] == 90
    assert told.numbers["value"] == pytest.approx(1.6, abs=0.01)


def test_growth_within_its_error_is_shown_and_raises_nothing() -> None:
    images = of("2026-01-01", 5.0), of("2026-04-01", 5.2)
    delta = _change(*images).sizes.diameter_mm
    assert delta is not None
    assert delta.value == pytest.approx(0.2, abs=0.01)
    assert delta.error == pytest.approx(0.04 * (5.0**2 + 5.2**2) ** 0.5, rel=0.01)
    assert not delta.beyond_error
    assert _alerts(*images) == {}


def test_slow_growth_is_seen_against_the_first_visit() -> None:
    raised = _alerts(of("2026-01-01", 4.0), of("2026-07-01", 4.2), of("2027-01-01", 4.4))
    assert raised["diameter_grew"].numbers["days"] == 365


def test_repeats_of_one_day_are_one_visit_and_their_scatter_is_its_error() -> None:
    came = datetime(2026, 1, 1, 9, tzinfo=UTC), datetime(2026, 1, 1, 10, tzinfo=UTC)
    repeats = [
        of("2026-01-01", size, image_id=f"repeat{number}", came=when)
        for number, (size, when) in enumerate(zip((4.0, 6.0), came, strict=True))
    ]
    (visit,) = visits(in_order(repeats))
    found = visit.in_mm("diameter_mm")
    assert found is not None
    assert found.value == pytest.approx(5.0)
    assert found.error == pytest.approx(1.0)
    assert growth([visit], "diameter_mm") is None
    assert _change(*repeats, of("2026-03-01", 5.9)).sizes.diameter_mm.beyond_error is False  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (of("2026-01-01"), of("2026-02-01", cut=True), "cut"),
        (of("2026-01-01"), of("2026-02-01", spacing_mm=None), "no_scale"),
        (of("2026-01-01", spacing_mm=None), of("2026-02-01", spacing_mm=None), "no_scale"),
        (
            of("2026-01-01", **PICTURE),
            of("2026-02-01", spacing_mm=None, device={"make": "DermLite", "model": "DL4"}),
            "no_scale",
        ),
    ],
)
def test_sizes_that_cannot_be_compared_are_not(before: Image, after: Image, why: str) -> None:
    sizes = _change(before, after).sizes
    assert sizes.not_compared == why
    assert (sizes.diameter_mm, sizes.area_mm2, sizes.relative_area) == (None, None, None)


def test_without_a_scale_pictures_of_one_device_show_relative_growth() -> None:
    images = of("2026-01-01", 4.0, **PICTURE), of("2026-04-01", 5.0, **PICTURE)
    sizes = _change(*images).sizes
    assert sizes.diameter_mm is None
    assert sizes.relative_diameter is not None
    assert sizes.relative_diameter.value == pytest.approx(0.25, abs=0.001)
    message = _alerts(*images)["size_grew"].message
    assert "56.2 %" in message.en
    assert "56,2 %" in message.ru
    assert " mm" not in message.en


def test_two_different_scales_are_both_millimetres() -> None:
    near = of("2026-02-01", 5.0)
    far = of("2026-01-01", 5.0, spacing_mm=0.04)  # the same share of a picture twice as wide
    delta = _change(far, near).sizes.diameter_mm
    assert delta is not None
    assert delta.value == pytest.approx(-5.0, abs=0.01)


def test_an_untold_day_gives_change_without_days_and_no_rate() -> None:
    later = of(None, 6.0, came=datetime(2026, 5, 1, tzinfo=UTC))
    images = of("2026-01-01", 4.0), later
    assert _change(*images).days is None
    assert growth(visits(in_order(images)), "diameter_mm") is None
    message = _alerts(*images)["diameter_grew"].message
    assert message.en.endswith("between photographs whose days are not all known.")


def test_passing_six_millimetres_is_told_once_it_is_certain() -> None:
    assert "diameter_over_6_mm" in _alerts(of("2026-01-01", 5.0), of("2026-04-01", 6.5))
    assert "diameter_over_6_mm" not in _alerts(of("2026-01-01", 5.0), of("2026-04-01", 6.1))
    assert "diameter_over_6_mm" not in _alerts(of("2026-01-01", 6.4), of("2026-04-01", 7.5))


def test_a_new_colour_asymmetry_and_a_malignant_opinion_are_told() -> None:
    before = of("2026-01-01")
    after = of(
        "2026-03-01",
        top="melanoma",
        colours={"light_brown": 0.6, "dark_brown": 0.2, "blue_grey": 0.2},
        shape_asymmetry=(0.11, 0.15),
    )
    raised = _alerts(before, after)
    assert set(raised) == {"new_colour", "asymmetry_increased", "opinion_became_malignant"}
    assert "blue-grey" in raised["new_colour"].message.en
    assert "серо-голубой" in raised["new_colour"].message.ru
    assert raised["asymmetry_increased"].numbers == {"days": 59, "before": 0, "after": 2}
    assert raised["opinion_became_malignant"].numbers["after"] == "melanoma"
    assert all(
        alert.message.en.isascii() and alert.message.en.endswith(".") for alert in raised.values()
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"shape_asymmetry": (0.04, 0.1)},  # over the bound by less than repeats differ
        {"colours": {"light_brown": 0.7, "dark_brown": 0.15, "black": 0.08}},
        {"colours": {"light_brown": 0.2, "dark_brown": 0.7}},  # both were there
        {"top": "unknown"},
        {"embedding": (0.9, 0.43)},
    ],
)
def test_what_repeated_photographs_show_too_raises_nothing(changes: dict[str, Any]) -> None:
    assert _alerts(of("2026-01-01"), of("2026-03-01", **changes)) == {}


def test_a_lesion_that_was_called_malignant_before_is_not_told_again() -> None:
    images = of("2026-01-01", top="melanoma"), of("2026-03-01", top="basal_cell_carcinoma")
    assert _alerts(*images) == {}


def test_another_model_that_says_something_else_is_no_change_of_the_lesion() -> None:
    other = {"name": "tiny", "version": "2.0.0"}
    assert _alerts(of("2026-01-01"), of("2026-03-01", top="melanoma", model=other)) == {}
    both = of("2026-01-01", model=other), of("2026-03-01", top="melanoma", model=other)
    assert set(_alerts(*both)) == {"opinion_became_malignant"}


def test_looks_are_compared_within_one_version_of_a_model_only() -> None:
    turned: dict[str, Any] = {"embedding": (0.3, 0.95)}
    raised = _alerts(of("2026-01-01"), of("2026-03-01", **turned))
    assert raised["looks_different"].numbers["distance"] == pytest.approx(0.7, abs=0.01)
    other = of("2026-03-01", **turned, model={"name": "tiny", "version": "2.0.0"})
    assert "looks_different" not in _alerts(of("2026-01-01"), other)


def test_embeddings_of_any_length_are_compared_by_angle_and_bad_ones_not_at_all() -> None:
    long = look(opinion(None, embedding=(30.0, 0.0)))
    assert distance(long, look(opinion(None, embedding=(0.0, 0.5)))) == pytest.approx(1)
    assert distance(long, look(opinion(None))) == pytest.approx(0)
    assert distance(long, look(opinion(None, embedding=(1.0, 0.0, 0.0)))) is None
    for bad in ((0.0, 0.0), (float("nan"), 1.0), (float("inf"), 1.0), None):
        assert look(opinion(None, embedding=bad)) is None
    assert look(opinion(None) | {"embedding": b"odd"}) is None
    assert look(None) is None


@settings(max_examples=30, deadline=None)
@given(
    rate=st.floats(-0.3, 0.5),
    gaps=st.lists(st.integers(20, 200), min_size=2, max_size=6),
)
def test_a_steady_rate_is_found_whatever_the_visits(rate: float, gaps: list[int]) -> None:
    days = [0]
    for gap in gaps:
        days.append(days[-1] + gap)
    start = date(2020, 1, 1).toordinal()
    images = [
        of(date.fromordinal(start + day).isoformat(), 20 + rate * day / 30.4375) for day in days
    ]
    found = growth(visits(in_order(images)), "diameter_mm")
    assert found is not None
    assert found.value == pytest.approx(rate, abs=0.01)
    assert (found.visits, found.days) == (len(days), days[-1])
    assert found.error > 0


def test_a_rate_of_scattered_visits_is_less_certain_than_their_errors_say() -> None:
    steady = [of(f"2026-0{month}-01", 4 + 0.5 * month) for month in (1, 3, 5, 7)]
    scattered = [
        of(f"2026-0{month}-01", size) for month, size in ((1, 4.5), (3, 7.5), (5, 4.5), (7, 7.5))
    ]
    calm, wild = (growth(visits(in_order(each)), "diameter_mm") for each in (steady, scattered))
    assert calm is not None
    assert wild is not None
    assert wild.error > 3 * calm.error
    assert growth(visits([of("2026-01-01"), of("2026-01-20", 9.0)]), "diameter_mm") is None

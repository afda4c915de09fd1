"""The rules of codes, surveys and patients, over values that nobody thought of."""

from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.patients.choices import (
    Diagnosis,
    Hair,
    LargeMoles,
    MoleCount,
    Race,
    Relative,
    Sex,
    Site,
    SkinType,
    Sunburn,
)
from chalicelib.patients.codes import BadCode, PatientCode, completed_years, read_code
from chalicelib.patients.faults import faults_by_code, faults_by_year
from chalicelib.patients.items import lesion_item, read_lesion
from chalicelib.patients.model import (
    Consent,
    Lesion,
    Patient,
    RecordedSurvey,
    Visit,
    answers_json,
)
from chalicelib.patients.survey import Survey
from chalicelib.platform.http.fields import read_form

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)

births = st.dates(date(1905, 3, 3), TODAY)
relatives = st.just([Relative.NONE]) | st.lists(
    st.sampled_from([one for one in Relative if one is not Relative.NONE]), min_size=1, unique=True
)
forms = st.fixed_dictionaries(
    {
        "age": st.integers(0, 120),
        "sex": st.sampled_from(Sex),
        "hair": st.sampled_from(Hair),
        "skin_type": st.sampled_from(SkinType),
        "site": st.sampled_from(Site),
        "mole_count": st.sampled_from(MoleCount),
        "family_history": relatives,
        "immunosuppressed": st.booleans(),
        "freckles": st.booleans(),
        "race": st.sampled_from(Race),
        "sunburns": st.lists(st.sampled_from(Sunburn), unique=True),
        "large_moles": st.sampled_from(LargeMoles),
        "histology_required": st.booleans(),
        "diagnosis": st.none() | st.sampled_from(Diagnosis),
        "examined_on": st.dates(date(1906, 1, 1), TODAY).map(date.isoformat),
    }
)


@given(births, st.integers(0, 9999))
def test_a_code_made_of_a_possible_birth_is_read_back(born_on: date, snils: int) -> None:
    typed = f"{snils:04}{born_on:%d%m%Y}"
    assert read_code(f" {typed}\n", TODAY) == PatientCode(typed, born_on)


@given(st.text(max_size=14) | st.from_regex(r"\A\d{12}\Z"))
def test_anything_typed_is_a_code_of_twelve_ascii_digits_or_refused(typed: str) -> None:
    try:
        code = read_code(typed, TODAY)
    except BadCode:
        return
    assert code.digits == typed.strip()
    assert code.digits.isascii()
    assert len(code.digits) == 12
    assert 0 <= completed_years(code.born_on, TODAY) <= 120


def test_a_code_shows_itself_in_no_representation() -> None:
    code = read_code("010229031975", TODAY)
    assert repr(code) == "PatientCode()"
    with pytest.raises(BadCode) as refusal:
        read_code("010231021975", TODAY)
    assert "1975" not in f"{refusal.value!r} {refusal.value}"


@pytest.mark.parametrize(
    ("born_on", "on", "years"),
    [
        (date(2000, 2, 29), date(2001, 2, 28), 0),
        (date(2000, 2, 29), date(2001, 3, 1), 1),
        (date(1975, 3, 29), date(2026, 3, 28), 50),
        (date(1975, 3, 29), date(2026, 3, 29), 51),
        (TODAY, TODAY, 0),
        (TODAY, TODAY - timedelta(days=1), -1),
    ],
)
def test_years_are_complete_on_the_birthday(born_on: date, on: date, years: int) -> None:
    assert completed_years(born_on, on) == years


@given(forms, births)
def test_what_the_code_allows_the_year_of_birth_allows(form: dict[str, Any], born: date) -> None:
    """A survey that was accepted must stay correctable, though only the year is kept."""
    survey = read_form(Survey, form)
    if not faults_by_code(survey, PatientCode("", born), TODAY):
        assert not faults_by_year(survey, born.year, TODAY)


@given(births, st.integers(0, 120), st.integers(-1, 1))
def test_an_age_within_a_year_of_the_reckoned_one_is_accepted_and_no_other(
    born: date, years: int, off: int
) -> None:
    on = min(TODAY, born + timedelta(days=366 * years))
    reckoned = completed_years(born, on)
    for age, accepted in ((reckoned + off, True), (reckoned + 2, False), (reckoned - 2, False)):
        if 0 <= age <= 120:
            survey = EXAMPLE.model_copy(update={"age": age, "examined_on": on})
            faults = faults_by_code(survey, PatientCode("", born), TODAY)
            assert (faults == {}) is accepted


@given(forms)
def test_a_survey_survives_its_way_through_the_table(form: dict[str, Any]) -> None:
    survey = read_form(Survey, form)
    recorded = RecordedSurvey(
        suffix="s", answers=survey, created_at=NOW, by="doctor", fingerprint="f"
    )
    lesion = Lesion(
        lesion_id="l",
        patient_id="p",
        clinic_id="c",
        site=survey.site,
        sex=survey.sex,
        birth_year=1975,
        created_at=NOW,
        created_by="doctor",
        codes=frozenset({"v1.00"}),
        fingerprint="f",
        surveys={"s": recorded},
    )
    item = {name: value for name, value in lesion_item(lesion).items() if value is not None}
    assert read_lesion(item) == lesion
    assert (
        answers_json(survey).items()
        >= {name: value for name, value in form.items() if value is not None}.items()
    )
    assert list(answers_json(survey)) == list(Survey.model_fields)


EXAMPLE = Survey.model_validate(
    {
        "age": 50,
        "sex": "female",
        "hair": "black",
        "skin_type": "I",
        "site": "torso",
        "mole_count": "few",
        "family_history": ["none"],
        "immunosuppressed": False,
        "freckles": False,
        "race": "caucasian",
        "large_moles": "none",
        "histology_required": False,
        "examined_on": "2026-03-01",
    }
)


def visit(day: date, publication: bool, minute: int) -> Visit:
    given_at = NOW + timedelta(minutes=minute)
    return Visit(
        patient_id="p",
        clinic_id="c",
        sex=Sex.FEMALE,
        birth_year=1975,
        examined_on=day,
        consent=Consent(
            research=True, publication=publication, given_at=given_at, recorded_by="doctor"
        ),
        mac=f"v1.{minute}",
    )


def first_seen(visit: Visit) -> Patient:
    return Patient(
        patient_id=visit.patient_id,
        clinic_id=visit.clinic_id,
        sex=visit.sex,
        birth_year=visit.birth_year,
        first_visit=visit.examined_on,
        last_visit=visit.examined_on,
        consent=visit.consent,
        confirmed_at=visit.consent.given_at,
        past_consents=(),
        codes=frozenset({visit.mac}),
        revision=1,
    )


@given(
    st.lists(st.tuples(st.dates(date(2020, 1, 1), TODAY), st.booleans()), min_size=1, max_size=4)
)
def test_visits_told_in_any_order_and_twice_leave_the_same_patient(
    days: list[tuple[date, bool]],
) -> None:
    visits = [visit(day, publication, n) for n, (day, publication) in enumerate(days)]
    for order in permutations(visits):
        patient = first_seen(order[0])
        for told in (*order, *order):
            patient = patient.seen(told)
        assert patient.first_visit == min(day for day, _ in days)
        assert patient.last_visit == max(day for day, _ in days)
        assert patient.consent.publication is days[-1][1]
        assert patient.confirmed_at == visits[-1].consent.given_at
        assert patient.codes == {each.mac for each in visits}
        assert patient.seen(visits[-1]) == patient

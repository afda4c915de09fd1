"""Whatever is chosen, no combination of quasi-identifiers has fewer than k patients."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.datasets.selection.anonymity import (
    LEVELS,
    LOST,
    REGIONS,
    Anonymised,
    Individual,
    anonymise,
    band,
)
from chalicelib.datasets.selection.candidate import PATIENTS_OWN

individuals = st.builds(
    Individual,
    patient_id=st.sampled_from([f"p{number}" for number in range(40)]),
    age=st.none() | st.integers(0, 110),
    sex=st.sampled_from([None, "male", "female"]),
    site=st.sampled_from([None, *REGIONS]),
    skin_type=st.sampled_from([None, "I", "II", "III", "VI"]),
)


def frame(units: list[Individual], found: Anonymised) -> pd.DataFrame:
    """What is told of the units that are kept, with their patients."""
    kept = [(u.patient_id, *v) for u, v in zip(units, found.values, strict=True) if v is not None]
    return pd.DataFrame(kept, columns=["patient_id", *PATIENTS_OWN], dtype=object).fillna("-")


@given(st.lists(individuals, max_size=60), st.sampled_from([1, 5, 11]))
@settings(max_examples=25, deadline=None)
def test_every_combination_has_k_patients(units: list[Individual], k: int) -> None:
    found = anonymise(units, k)
    counted = frame(units, found).groupby(list(PATIENTS_OWN))["patient_id"].nunique()
    assert (counted >= k).all()
    assert sorted(counted) == [row["patients"] for row in found.table]
    assert found.reached >= k or found.values == [None] * len(units)
    assert found.dropped < k or found.dropped == len(units)


@given(st.lists(individuals, max_size=60))
@settings(max_examples=20, deadline=None)
def test_two_units_of_a_patient_tell_no_more_of_him_than_one(units: list[Individual]) -> None:
    found = anonymise(units, 5)
    own = frame(units, found)
    for _, told in own.groupby("patient_id"):
        says = [
            {name for name in ("age", "sex", "skin_type") if row[name] != "-"}
            for _, row in told.iterrows()
        ]
        assert max(says, key=len) == set.union(*says)
        assert all(
            told[name][told[name] != "-"].nunique() <= 1 for name in ("age", "sex", "skin_type")
        )


def crowd(number: int, **of: object) -> list[Individual]:
    plain = {"age": 52, "sex": "male", "site": "torso", "skin_type": "II", **of}
    return [
        Individual(patient_id=f"{sorted(of.items())}{each}", **plain)  # type: ignore[arg-type]
        for each in range(number)
    ]


def test_nothing_is_made_less_exact_without_need() -> None:
    units = crowd(11) + crowd(11, sex="female", age=91)
    found = anonymise(units, 11)
    assert set(found.values) == {("50-54", "male", "torso", "II"), ("85+", "female", "torso", "II")}
    assert set(found.levels.values()) == {"fives", "told", "sites", "types"}
    assert (sum(found.suppressed.values()), found.dropped, found.reached) == (0, 0, 11)


def test_the_coarsening_that_loses_least_is_taken() -> None:
    # Six and six patients of neighbouring bands: tens hide them, and nothing else need change.
    found = anonymise(crowd(6, age=50) + crowd(6, age=55), 11)
    assert found.levels["age"] == "tens"
    assert set(found.values) == {("50-59", "male", "torso", "II")}
    legs = anonymise(crowd(6, site="legs") + crowd(6, site="arms"), 11)
    assert (legs.levels["site"], legs.values[0]) == ("regions", ("50-54", "male", "limbs", "II"))


def test_a_few_rare_people_lose_values_rather_than_all_are_told_less() -> None:
    rare = [Individual(f"rare{n}", 20 + 5 * n, "female", "genitals", "VI") for n in range(11)]
    found = anonymise(crowd(400) + rare, 11)
    assert set(found.levels.values()) == {"fives", "told", "sites", "types"}
    assert (found.suppressed, found.dropped) == (
        {"age": 11, "sex": 0, "site": 0, "skin_type": 0},
        0,
    )
    assert found.values[-1] == (None, "female", "genitals", "VI")


def test_values_are_lost_in_one_order() -> None:
    sites = [
        Individual(f"rare{n}", 20 + 5 * n, "female", site, "VI")
        for n, site in enumerate([*REGIONS] * 2)
    ]
    found = anonymise(crowd(400) + sites, 11)
    assert found.values[-1] == (None, "female", None, "VI")
    assert (LOST[:2], found.suppressed["age"], found.suppressed["site"]) == (
        ("age", "site"),
        12,
        12,
    )


def test_who_cannot_be_hidden_even_so_is_left_out() -> None:
    found = anonymise([*crowd(400), Individual("alone", 20, "female", "genitals", "VI")], 11)
    assert (sum(found.suppressed.values()), found.dropped, found.values[-1]) == (0, 1, None)
    few = anonymise(crowd(10), 11)
    assert (few.dropped, few.reached, few.table) == (10, 0, [])


def test_many_units_of_one_patient_are_no_crowd() -> None:
    units = [Individual("one", 52, "male", "torso", "II")] * 30
    assert anonymise(units, 11).dropped == 30
    assert anonymise(units, 1).values == [("50-54", "male", "torso", "II")] * 30


@pytest.mark.parametrize(
    ("age", "width", "said"),
    [
        *((0, 5, "0-4"), (54, 5, "50-54"), (84, 5, "80-84"), (85, 5, "85+"), (110, 5, "85+")),
        *((79, 10, "70-79"), (85, 10, "80+"), (59, 20, "40-59"), (99, 20, "80+")),
    ],
)
def test_bands_of_age(age: int, width: int, said: str) -> None:
    assert band(age, width) == said


def test_every_level_has_a_name() -> None:
    assert [len(LEVELS[name]) for name in PATIENTS_OWN] == [4, 2, 3, 3]

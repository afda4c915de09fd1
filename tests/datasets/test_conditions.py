"""Criteria: what holds, what is wrong with one, what one says; and what several cannot say together."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.datasets.planning import satisfiable
from chalicelib.datasets.planning.condition_fields import FIELDS, ConditionField
from chalicelib.datasets.planning.conditions import explain, faults, holds, sentence
from chalicelib.datasets.planning.plan import Condition, Operator
from chalicelib.datasets.planning.satisfiable import unmeetable
from chalicelib.patients.survey import Survey
from tests.datasets.planning import condition, plan


def made(field: str, operator: str, value: Any = None) -> Condition:
    return Condition(field=field, operator=Operator(operator), value=value)


def values(field: ConditionField) -> st.SearchStrategy[Any]:
    """What may be recorded in a field."""
    if field.kind == "choices":
        return st.lists(st.sampled_from(list(field.choices)), unique=True)
    if field.choices:
        return st.sampled_from(list(field.choices))
    match field.kind:
        case "boolean":
            return st.booleans()
        case "text":
            return st.sampled_from(["Heine", "Canon"])
        case "date":
            return st.dates().map(lambda day: day.isoformat())
        case "integer":
            return st.integers(int(field.minimum or 0), int(field.maximum or 0))
    return st.floats(field.minimum, field.maximum, allow_nan=False)


@st.composite
def conditions(draw: st.DrawFn, field: ConditionField | None = None) -> Condition:
    """Any condition without a fault."""
    field = field or draw(st.sampled_from(list(FIELDS.values())))
    operator = draw(st.sampled_from(field.operators))
    if operator in (Operator.IS_RECORDED, Operator.IS_NOT_RECORDED):
        return Condition(field=field.key, operator=operator)
    one = st.sampled_from(list(field.choices)) if field.choices else values(field)
    several = st.lists(one, min_size=1, max_size=3, unique=True)
    takes_several = operator in (Operator.IS, Operator.IS_NOT) and field.kind != "boolean"
    return Condition(
        field=field.key, operator=operator, value=draw(one | several if takes_several else one)
    )


@settings(max_examples=25)
@given(st.data())
def test_opposite_operators_disagree_of_all_that_is_recorded_and_none_knows_of_the_rest(
    data: st.DataObject,
) -> None:
    one = data.draw(conditions())
    field = FIELDS[one.field]
    assert faults(one) == {}
    assert all(sentence(one))
    value = data.draw(st.none() | values(field))
    answer = holds(one, {field.key: value})
    recorded = holds(made(field.key, "is_recorded"), {field.key: value})
    assert recorded is (value is not None)
    if one.operator in (Operator.IS_RECORDED, Operator.IS_NOT_RECORDED):
        assert answer is (recorded is (one.operator is Operator.IS_RECORDED))
        return
    assert (answer is None) is (value is None)
    opposite = {Operator.IS: Operator.IS_NOT, Operator.IS_NOT: Operator.IS}.get(one.operator)
    if opposite and answer is not None:
        assert (
            holds(one.model_copy(update={"operator": opposite}), {field.key: value}) is not answer
        )


def test_what_is_not_recorded_neither_holds_nor_fails() -> None:
    assert holds(made("sex", "is", "male"), {}) is None
    assert holds(made("sex", "is_not", "male"), {"sex": None}) is None
    assert holds(made("sunburns", "is", "pain"), {"sunburns": []}) is False


@pytest.mark.parametrize(
    ("one", "value", "expected"),
    [
        (made("age", "at_least", 18), 18, True),
        (made("age", "at_most", 18), 19, False),
        (made("skin_type", "at_least", "IV"), "V", True),
        (made("skin_type", "at_least", "V"), "IV", False),
        (made("image_quality", "at_least", "poor"), "unusable", False),
        (made("family_history", "is", ["parent", "sibling"]), ["grandparent", "sibling"], True),
        (made("examined_on", "at_least", "2025-06-01"), "2025-12-31", True),
        (made("device_make", "is", "heine"), " HEINE ", True),
        (made("retrospective", "is", False), False, True),
    ],
)
def test_conditions_hold_as_they_read(one: Condition, value: Any, expected: bool) -> None:
    assert holds(one, {one.field: value}) is expected


@pytest.mark.parametrize(
    ("one", "ru", "en"),
    [
        (made("age", "at_least", 18), "Возраст не меньше 18", "Age at least 18"),
        (made("sex", "is", "female"), "Пол: «Жен»", "Sex: “Female”"),
        (
            made("site", "is_not", ["arms", "legs"]),
            "Расположение: не «Руки», не «Ноги»",
            "Site: not “Arms”, not “Legs”",
        ),
        (made("freckles", "is", True), "Наличие веснушек: да", "Freckles: yes"),
        (made("race", "is_recorded"), "Раса: указано", "Race: recorded"),
        (
            made("verification", "at_least", "high"),
            "Уровень верификации не ниже «высокий»",
            "Level of verification at least “high”",
        ),
        (
            made("pixel_spacing_mm", "at_most", 0.02),
            "Размер пикселя (мм) не больше 0,02",
            "Pixel spacing (mm) at most 0.02",
        ),
    ],
)
def test_a_condition_is_explained_back(one: Condition, ru: str, en: str) -> None:
    assert sentence(one) == (ru, en)


def test_a_plan_is_explained_by_its_groups() -> None:
    said = explain(plan())
    assert [one.en for one in said["inclusion"]] == ["Age at least 18"]
    assert said["non_inclusion"] == []
    assert [one.en for one in said["exclusion"]] == ["Image quality: “poor” or “unusable”"]


@pytest.mark.parametrize(
    ("one", "where"),
    [
        (made("shoe_size", "is", 43), "field"),
        (made("sex", "at_least", "male"), "operator"),
        (made("pixel_spacing_mm", "is", 0.02), "operator"),
        (made("sex", "is"), "value"),
        (made("sex", "is", []), "value"),
        (made("sex", "is", "other"), "value"),
        (made("sex", "is", ["male", "male"]), "value"),
        (made("age", "at_least", [18, 60]), "value"),
        (made("age", "at_least", True), "value"),
        (made("age", "at_least", 18.5), "value"),
        (made("age", "at_least", 121), "value"),
        (made("age", "is_recorded", 18), "value"),
        (made("freckles", "is", "yes"), "value"),
        (made("examined_on", "at_least", "2025-02-30"), "value"),
        (made("device_make", "is", ""), "value"),
    ],
)
def test_a_faulty_condition_is_told_where_and_in_both_languages(one: Condition, where: str) -> None:
    found = faults(one)
    assert list(found) == [where]
    assert found[where].ru != found[where].en


def test_every_field_of_the_survey_can_be_a_criterion() -> None:
    told = {"diagnosis": "clinical_diagnosis"}
    assert {told.get(name, name) for name in Survey.model_fields} == {
        key for key, field in FIELDS.items() if field.group == "survey"
    }


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_criteria_that_somebody_meets_are_no_contradiction(data: st.DataObject) -> None:
    field = FIELDS[data.draw(st.sampled_from(sorted(set(FIELDS) - {"diagnosis"})))]
    value = data.draw(st.none() | values(field))
    facts = {field.key: value}
    if field.key == "verification" and value in (None, "low"):
        return  # the plan itself asks for more
    if field.key == "kind" and value != "dermoscopic":
        return
    drawn = data.draw(st.lists(conditions(field), max_size=4))
    included = [one for one in drawn if holds(one, facts) is True]
    excluded = [one for one in drawn if holds(one, facts) is not True]
    forms = [[one.model_dump(mode="json") for one in some] for some in (included, excluded)]
    assert unmeetable(plan(inclusion=forms[0], exclusion=forms[1])) == {}


@pytest.mark.parametrize(
    ("criteria", "where"),
    [
        (
            {"inclusion": [condition("age", "at_least", 60), condition("age", "at_most", 18)]},
            "inclusion.1",
        ),
        (
            {
                "inclusion": [condition("sex", "is", "male")],
                "exclusion": [condition("sex", "is", "male")],
            },
            "exclusion.0",
        ),
        (
            {
                "inclusion": [condition("skin_type", "at_least", "V")],
                "non_inclusion": [condition("skin_type", "is", ["V", "VI"])],
            },
            "non_inclusion.0",
        ),
        (
            {"inclusion": [condition("race", "is_not_recorded"), condition("race", "is", "asian")]},
            "inclusion.1",
        ),
        ({"inclusion": [condition("kind", "is", "macroscopic")]}, "inclusion.0"),
        ({"exclusion": [condition("verification", "at_least", "medium")]}, "exclusion.0"),
        ({"exclusion": [condition("diagnosis", "is", "melanoma")]}, "classes.0.diagnoses"),
        (
            {
                "inclusion": [
                    condition("family_history", "is", "parent"),
                    condition("family_history", "is_not", ["parent", "none"]),
                ]
            },
            "inclusion.1",
        ),
    ],
)
def test_criteria_that_nobody_can_meet_are_found(criteria: dict[str, Any], where: str) -> None:
    assert list(unmeetable(plan(**criteria))) == [where]


def test_only_what_a_criterion_stands_against_is_said() -> None:
    asked = [
        condition("age", "at_least", 60),
        condition("age", "is_not", 70),
    ]
    found = unmeetable(plan(inclusion=[*asked, condition("age", "at_most", 18)]))
    assert found["inclusion.2"].en.endswith("since it is said already: Age at least 60.")


def test_long_criteria_that_nobody_can_meet_look_at_each_value_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[Condition] = []

    def counted(one: Condition, facts: Any) -> bool | None:
        asked.append(one)
        return holds(one, facts)

    monkeypatch.setattr(satisfiable, "holds", counted)
    makes = [
        condition("device_make", "is_not", [f"{n}-{each}" for each in range(50)]) for n in range(10)
    ]
    told = [condition("device_make", "is_recorded")] * 10
    found = unmeetable(plan(inclusion=makes, non_inclusion=told))
    assert len(found) == 10
    values, demands = 10 * 50 + 2, 20
    assert len(asked) < 2 * values * demands


def test_two_answers_of_several_can_be_asked_for_at_once() -> None:
    asked = [condition("family_history", "is", one) for one in ("parent", "sibling")]
    assert unmeetable(plan(inclusion=asked)) == {}

"""Criteria: whether one holds of a candidate, what is wrong with one, and what one says in words.

A condition is data, not code, so it can be checked, explained back and printed in the README. What is not
recorded of a candidate neither holds nor fails: `holds` has three values (Kleene's strong logic), and the
selection says what becomes of the third: an inclusion criterion is not met by it, and an exclusion
criterion does not apply to it.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, Final

from chalicelib.datasets.planning.condition_fields import (
    FIELDS,
    LONGEST_TEXT,
    RECORDED,
    ConditionField,
)
from chalicelib.datasets.planning.plan import Condition, Operator, Plan
from chalicelib.platform.language import Text

__all__ = ["FIELDS", "explain", "faults", "holds", "plain", "sentence"]


def holds(condition: Condition, facts: Mapping[str, Any]) -> bool | None:
    """Whether a condition holds of the facts of a candidate; None where its field is not recorded.

    `facts` has values by `FIELDS`' keys: numbers, booleans, texts, days as YYYY-MM-DD, keys of choices, of
    `choices` a list of them. Left out, or None: not recorded. An empty list is recorded. Raises KeyError
    for a condition on a field that there is not; `faults` finds those.
    """
    field, value = FIELDS[condition.field], facts.get(condition.field)
    match condition.operator:
        case Operator.IS_RECORDED:
            return value is not None
        case Operator.IS_NOT_RECORDED:
            return value is None
    if value is None:
        return None
    wanted = _values(condition)
    match condition.operator:
        case Operator.IS:
            return _is_one_of(field, value, wanted)
        case Operator.IS_NOT:
            return not _is_one_of(field, value, wanted)
        case Operator.AT_LEAST:
            return bool(_placed(field, value) >= _placed(field, wanted[0]))
        case _:
            return bool(_placed(field, value) <= _placed(field, wanted[0]))


def _values(condition: Condition) -> list[Any]:
    value = condition.value
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def _is_one_of(field: ConditionField, value: Any, wanted: Iterable[Any]) -> bool:
    if field.kind == "choices":
        return not set(value).isdisjoint(wanted)
    if field.kind == "text":
        return plain(value) in _all_plain(tuple(wanted))
    return value in wanted


def plain(text: str) -> str:
    """By which texts are compared: makes are written with capitals or without."""
    return " ".join(text.split()).casefold()


@lru_cache(maxsize=128)
def _all_plain(texts: tuple[str, ...]) -> frozenset[str]:
    """The texts of one condition, which is put to every candidate."""
    return frozenset(map(plain, texts))


def _placed(field: ConditionField, value: Any) -> Any:
    """What is compared: choices by their order; days as text, whose order is that of time."""
    return field.rank(value) if field.ordered else value


def faults(condition: Condition) -> dict[str, Text]:
    """What is wrong with a condition, by which of its three fields; empty when nothing is."""
    field = FIELDS.get(condition.field)
    if field is None:
        return {"field": NO_FIELD.filled(fields=", ".join(FIELDS))}
    if condition.operator not in field.operators:
        allowed = ", ".join(field.operators)
        return {
            "operator": Text(
                NO_OPERATOR.ru.format(field=field.label.ru, operators=allowed),
                NO_OPERATOR.en.format(field=field.label.en, operators=allowed),
            )
        }
    values = _values(condition)
    if condition.operator in RECORDED:
        return {} if condition.value is None else {"value": NO_VALUE}
    if not values:
        return {"value": VALUE_MISSING}
    if condition.operator in (Operator.AT_LEAST, Operator.AT_MOST) and isinstance(
        condition.value, list
    ):
        return {"value": ONE_VALUE}
    if len({str(one) for one in values}) < len(values):
        return {"value": TWICE}
    found = next((fault for one in values if (fault := _fault(field, one))), None)
    return {"value": found} if found else {}


def _fault(field: ConditionField, value: Any) -> Text | None:
    """What is wrong with one value of a field."""
    if field.choices:
        return None if value in field.choices else CHOICE.filled(choices=", ".join(field.choices))
    match field.kind:
        case "boolean":
            return None if isinstance(value, bool) else BOOLEAN
        case "text":
            right = (
                isinstance(value, str) and 0 < len(value) <= LONGEST_TEXT and value.isprintable()
            )
            return None if right else SHORT_TEXT.filled(most=LONGEST_TEXT)
        case "date":
            return None if _is_day(value) else DAY
    if isinstance(value, bool) or not isinstance(
        value, int if field.kind == "integer" else (int, float)
    ):
        return WHOLE_NUMBER if field.kind == "integer" else NUMBER
    low, high = field.minimum, field.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        return RANGE.filled(low=_number(low or 0), high=_number(high or 0))
    return None


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def sentence(condition: Condition) -> Text:
    """A condition explained back: "Возраст не меньше 18", "Age at least 18"."""
    field = FIELDS[condition.field]
    if condition.operator in RECORDED:
        words = _RECORDED[condition.operator]
        return Text(f"{field.label.ru}: {words.ru}", f"{field.label.en}: {words.en}")
    values = _values(condition)
    ru = [_said(field, one).ru for one in values]
    en = [_said(field, one).en for one in values]
    match condition.operator:
        case Operator.IS:
            joined = Text(" или ".join(ru), " or ".join(en))
            return Text(f"{field.label.ru}: {joined.ru}", f"{field.label.en}: {joined.en}")
        case Operator.IS_NOT:
            return Text(
                f"{field.label.ru}: не {', не '.join(ru)}",
                f"{field.label.en}: not {', not '.join(en)}",
            )
    kind = "date" if field.kind == "date" else "choice" if field.ordered else "number"
    words = _BOUNDS[condition.operator, kind]
    return Text(f"{field.label.ru} {words.ru} {ru[0]}", f"{field.label.en} {words.en} {en[0]}")


def _said(field: ConditionField, value: Any) -> Text:
    if field.choices:
        label = field.choices[value]
        return Text(f"«{label.ru}»", f"“{label.en}”")
    if isinstance(value, bool):
        return YES if value else NO
    if field.kind == "text":
        return Text(f"«{value}»", f"“{value}”")
    written = _number(value) if isinstance(value, float) else str(value)
    return Text(written.replace(".", ","), written)


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else str(value)


def explain(plan: Plan) -> dict[str, list[Text]]:
    """The plan's criteria in words: a sentence a condition, by `inclusion`, `non_inclusion`, `exclusion`."""
    return {
        "inclusion": [sentence(one) for one in plan.inclusion],
        "non_inclusion": [sentence(one) for one in plan.non_inclusion],
        "exclusion": [sentence(one) for one in plan.exclusion],
    }


YES: Final = Text("да", "yes")
NO: Final = Text("нет", "no")
_RECORDED: Final[Mapping[Operator, Text]] = {
    Operator.IS_RECORDED: Text("указано", "recorded"),
    Operator.IS_NOT_RECORDED: Text("не указано", "not recorded"),
}
_BOUNDS: Final[Mapping[tuple[Operator, str], Text]] = {
    (Operator.AT_LEAST, "number"): Text("не меньше", "at least"),
    (Operator.AT_MOST, "number"): Text("не больше", "at most"),
    (Operator.AT_LEAST, "choice"): Text("не ниже", "at least"),
    (Operator.AT_MOST, "choice"): Text("не выше", "at most"),
    (Operator.AT_LEAST, "date"): Text("не раньше", "not before"),
    (Operator.AT_MOST, "date"): Text("не позже", "not after"),
}

NO_FIELD: Final = Text(
    "Такого поля нет. Есть: {fields}.", "There is no such field. There are: {fields}."
)
NO_OPERATOR: Final = Text(
    "Поле «{field}» так не сравнивают. Выберите одно из: {operators}.",
    "“{field}” is not compared so. Choose one of: {operators}.",
)
NO_VALUE: Final = Text(
    "Здесь значения не нужно, уберите его.", "No value is needed here, remove it."
)
VALUE_MISSING: Final = Text("Укажите значение.", "Give a value.")
ONE_VALUE: Final = Text("Здесь нужно одно значение.", "One value is needed here.")
TWICE: Final = Text("Каждое значение указывайте один раз.", "Give each value once.")
CHOICE: Final = Text("Выберите одно из: {choices}.", "Choose one of: {choices}.")
BOOLEAN: Final = Text("Укажите true или false.", "Give true or false.")
SHORT_TEXT: Final = Text(
    "Укажите текст в одну строку, не длиннее {most} знаков.",
    "Give text in one line, at most {most} characters.",
)
DAY: Final = Text("Укажите дату как ГГГГ-ММ-ДД.", "Give a date as YYYY-MM-DD.")
WHOLE_NUMBER: Final = Text("Укажите целое число.", "Give a whole number.")
NUMBER: Final = Text("Укажите число.", "Give a number.")
RANGE: Final = Text("Укажите от {low} до {high}.", "Give {low} to {high}.")

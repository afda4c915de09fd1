"""Fields and their faults: pydantic's findings as sentences a person can act on, in both languages."""

import json
import re
from datetime import date
from typing import Annotated, Any, Final, Generic, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    create_model,
)
from pydantic_core import PydanticCustomError

from chalicelib.platform.errors import Invalid
from chalicelib.platform.language import Text

M = TypeVar("M", bound=BaseModel)
A = TypeVar("A")

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

OURS: Final = "rodinka"
WHOLE: Final = "body"
"""The path of a fault that belongs to no single field."""


class Form(BaseModel):
    """What comes from outside: nothing unknown, nothing converted silently, nothing changed later."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, str_strip_whitespace=True, defer_build=True
    )


class Answer(BaseModel):
    """What goes out."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Listed(Form):
    """The query of every list."""

    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[str, Field(max_length=2000)] | None = None


class Listing(Answer, Generic[A]):
    """One page of a list; `next` is the cursor of the page after it, or null."""

    items: list[A]
    next: str | None


def fault(text: Text) -> PydanticCustomError:
    """An error for a pydantic validator to raise, with our sentence."""
    return PydanticCustomError(OURS, "{en}", {"ru": text.ru, "en": text.en})


def _day(value: Any) -> Any:
    """Pydantic would also take a string of seconds since 1970 for a day."""
    if not isinstance(value, str):
        return value
    if not _DAY.fullmatch(value):
        raise fault(_DATE)
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise fault(_DATE) from None


Day = Annotated[date, BeforeValidator(_day)]
"""A day written YYYY-MM-DD and in no other way."""

OwnWords = Annotated[
    str, Field(min_length=1, max_length=500, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]+$")
]
Reason = Annotated[
    OwnWords,
    Field(description="Why, in a person's own words, without names; it stays in the history."),
]


def correction_of(form: type[Form], name: str, meaning: str) -> type[Form]:
    """A form with any of another's fields: what is left out stays as it was."""
    optional: dict[str, Any] = {
        field_name: (
            Annotated[
                field.annotation,
                *field.metadata,
                Field(description=field.description, json_schema_extra=_without_default),
            ],
            None,
        )
        for field_name, field in form.model_fields.items()
    }
    return create_model(name, __base__=Form, __doc__=meaning, **optional)


def _without_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


def read_form(model: type[M], value: Any) -> M:
    """Validate a parsed JSON value by JSON's own types. Raises `Invalid` with every fault."""
    try:
        return model.model_validate_json(json.dumps(value), strict=True)
    except ValidationError as error:
        raise Invalid(_sentences(error)) from None


def read_query(model: type[M], value: dict[str, str]) -> M:
    """Validate a query string, where numbers come as text. Raises `Invalid` with every fault."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise Invalid(_sentences(error)) from None


def _sentences(error: ValidationError) -> dict[str, Text]:
    faults: dict[str, Text] = {}
    for found in error.errors(include_url=False, include_input=False):
        path = ".".join(str(part) for part in found["loc"]) or WHOLE
        faults.setdefault(path, _sentence(found["type"], found.get("ctx", {})))
    return faults


def _sentence(kind: str, context: dict[str, Any]) -> Text:
    if kind == OURS:
        return Text(context["ru"], context["en"])
    if kind in {"enum", "literal_error"}:
        return CHOICE.filled(expected=str(context.get("expected", "")).replace("'", ""))
    known = SENTENCES.get(kind)
    return known.filled(**context) if known else WRONG


CHOICE: Final = Text("Выберите одно из: {expected}.", "Choose one of: {expected}.")
WRONG: Final = Text("Значение неверно.", "The value is not right.")
_DATE: Final = Text("Укажите дату как ГГГГ-ММ-ДД.", "Give a date as YYYY-MM-DD.")
_WHOLE_NUMBER: Final = Text("Укажите целое число.", "Give a whole number.")
_NUMBER: Final = Text("Укажите число.", "Give a number.")

SENTENCES: Final[dict[str, Text]] = {
    "missing": Text("Заполните это поле.", "Fill in this field."),
    "extra_forbidden": Text("Такого поля нет, уберите его.", "There is no such field, remove it."),
    "string_type": Text("Укажите текст.", "Give text."),
    "string_too_short": Text("Не короче {min_length} знаков.", "At least {min_length} characters."),
    "string_too_long": Text("Не длиннее {max_length} знаков.", "At most {max_length} characters."),
    "string_pattern_mismatch": Text("Формат значения неверен.", "The value has the wrong format."),
    "bool_type": Text("Укажите true или false.", "Give true or false."),
    "bool_parsing": Text("Укажите true или false.", "Give true or false."),
    "int_type": _WHOLE_NUMBER,
    "int_parsing": _WHOLE_NUMBER,
    "int_parsing_size": _WHOLE_NUMBER,
    "int_from_float": _WHOLE_NUMBER,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": _NUMBER,
    "greater_than": Text("Больше {gt}.", "More than {gt}."),
    "greater_than_equal": Text("Не меньше {ge}.", "At least {ge}."),
    "less_than": Text("Меньше {lt}.", "Less than {lt}."),
    "less_than_equal": Text("Не больше {le}.", "At most {le}."),
    "date_type": _DATE,
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": _DATE,
    "list_type": Text("Укажите список.", "Give a list."),
    "too_long": Text("Не больше {max_length} значений.", "At most {max_length} values."),
    "too_short": Text("Не меньше {min_length} значений.", "At least {min_length} values."),
    "model_type": Text("Укажите объект с полями.", "Give an object with fields."),
    "model_attributes_type": Text("Укажите объект с полями.", "Give an object with fields."),
}

"""The survey form: the one source of validation, vocabulary, API document and data dictionary.

Table 3 of the paper on collecting dermatoscopic images (the survey form of patients): every field
in the form's order, with its Russian and English label.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field, create_model

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
from chalicelib.platform.http.fields import Day, Form, correction_of, fault
from chalicelib.platform.language import Text

OLDEST: Final = 120
"""Years. Nobody is taken to be older; a code that says so was mistyped."""

_ONCE: Final = Text("Каждый ответ указывайте один раз.", "Give each answer once.")
_NOBODY: Final = Text(
    "Если родственников с онкологией нет, выберите «Нет».",
    "If no relative had cancer, choose “none”.",
)
_NONE_ALONE: Final = Text(
    "«Нет» не сочетается с другими ответами.", "“none” goes with no other answer."
)


@dataclass(frozen=True)
class Printed:
    """What the form prints beside a field."""

    label: Text
    hint: Text | None = None


def _none_goes_alone(relatives: list[Relative]) -> list[Relative]:
    if not relatives:
        raise fault(_NOBODY)
    if Relative.NONE in relatives and len(set(relatives)) > 1:
        raise fault(_NONE_ALONE)
    return relatives


def _each_once(answers: list[Any]) -> list[Any]:
    if len(set(answers)) < len(answers):
        raise fault(_ONCE)
    return answers


class Survey(Form):
    """The survey of one examination of one lesion."""

    age: Annotated[
        int,
        Field(ge=0, le=OLDEST, description="Whole years on the day of the examination."),
        Printed(Text("Возраст", "Age")),
    ]
    sex: Annotated[Sex, Field(description="Sex."), Printed(Text("Пол", "Sex"))]
    hair: Annotated[
        Hair, Field(description="Type of hair."), Printed(Text("Тип волос", "Hair type"))
    ]
    skin_type: Annotated[
        SkinType,
        Field(description="Fitzpatrick phototype."),
        Printed(Text("Тип кожи", "Skin type"), Text("По Фицпатрику", "Fitzpatrick phototype")),
    ]
    site: Annotated[
        Site, Field(description="Where the lesion is."), Printed(Text("Расположение", "Site"))
    ]
    mole_count: Annotated[
        MoleCount,
        Field(description="How many moles the patient has."),
        Printed(Text("Количество родинок", "Number of moles")),
    ]
    family_history: Annotated[
        list[Relative],
        Field(max_length=len(Relative), description="Relatives with cancer; `none` goes alone."),
        Printed(Text("Онкология у родственников", "Cancer in the family")),
        AfterValidator(_none_goes_alone),
        AfterValidator(_each_once),
    ]
    immunosuppressed: Annotated[
        bool,
        Field(description="Lowered immunity."),
        Printed(Text("Пониженный иммунитет", "Lowered immunity")),
    ]
    freckles: Annotated[
        bool, Field(description="Freckles."), Printed(Text("Наличие веснушек", "Freckles"))
    ]
    race: Annotated[
        Race, Field(description="Race, as the form has it."), Printed(Text("Раса", "Race"))
    ]
    sunburns: Annotated[
        list[Sunburn],
        Field(
            default_factory=list,
            max_length=len(Sunburn),
            description="Signs of past sunburns; may be empty.",
        ),
        Printed(Text("Солнечные ожоги в анамнезе", "Past sunburns")),
        AfterValidator(_each_once),
    ]
    large_moles: Annotated[
        LargeMoles,
        Field(description="How many moles are over 5 mm."),
        Printed(Text("Размер родинок", "Large moles")),
    ]
    histology_required: Annotated[
        bool,
        Field(description="Histology is needed."),
        Printed(Text("Необходима гистология", "Histology required")),
    ]
    diagnosis: Annotated[
        Diagnosis | None,
        Field(description="What the doctor takes the lesion for."),
        Printed(Text("Диагноз", "Diagnosis"), Text("Необязательно", "Optional")),
    ] = None
    examined_on: Annotated[
        Day,
        Field(description="Day of the examination, not in the future."),
        Printed(Text("Дата осмотра", "Examined on")),
    ]


def printed_fields() -> Iterator[tuple[str, Printed]]:
    """Every field of the form in its order, with what is printed beside it."""
    for name, field in Survey.model_fields.items():
        yield name, next(mark for mark in field.metadata if isinstance(mark, Printed))


SurveyCorrection: Final = correction_of(
    Survey, "SurveyCorrection", "Any of the survey's fields; what is left out stays as it was."
)


def _parts() -> type[Form]:
    """What an archive recorded of a survey; null, or left out: not recorded."""
    optional: dict[str, Any] = {
        name: (
            Annotated[
                Annotated[field.annotation, *field.metadata] | None,
                Field(description=field.description),
            ],
            None,
        )
        for name, field in Survey.model_fields.items()
    }
    return create_model("SurveyParts", __base__=Form, __doc__=_parts.__doc__, **optional)


SurveyParts: Final = _parts()

"""What readers and curators send."""

from datetime import UTC, datetime, time
from typing import Annotated, Final

from pydantic import Field, field_validator, model_validator

from chalicelib.images.model import Kind
from chalicelib.labelling.ballots import Quality
from chalicelib.labelling.items import NO_READER
from chalicelib.labelling.model import CaseState
from chalicelib.labelling.worklist import Wanted
from chalicelib.patients.choices import Site
from chalicelib.people.forms import ClinicId
from chalicelib.platform.http.fields import Day, Form, Listed, fault
from chalicelib.platform.language import Text
from chalicelib.platform.lesion_classes import LesionClass

MOST_POINTS: Final = 256
MOST_SIGNS: Final = 12
MOST_EXAMPLES: Final = 6

Coordinate = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
ImageId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,128}$")]
Reason = Annotated[str, Field(min_length=1, max_length=500)]
Sentence = Annotated[str, Field(min_length=1, max_length=1000)]

_REPEATED: Final = Text("Один класс назван дважды.", "A class is named twice.")
_OWN: Final = Text(
    "В дифференциальном ряду не должно быть самого диагноза.",
    "The differential must not name the diagnosis itself.",
)
_FLAT: Final = Text(
    "Контур должен охватывать область: нужны хотя бы три разные точки.",
    "The outline must enclose an area: at least three different points.",
)
_NOTHING: Final = Text("Укажите, что изменить.", "Say what is to change.")


class ReadingForm(Form):
    """What a reader says of an image."""

    diagnosis: Annotated[LesionClass, Field(description="One of the nine classes.")]
    differential: Annotated[
        tuple[LesionClass, ...], Field(max_length=8, description="What else it may be.")
    ] = ()
    confidence: Annotated[int | None, Field(ge=1, le=5, description="1 a guess, 5 no doubt.")] = (
        None
    )
    image_quality: Quality = Quality.GOOD
    outline: Annotated[
        tuple[tuple[Coordinate, Coordinate], ...] | None,
        Field(
            min_length=3,
            max_length=MOST_POINTS,
            description="The lesion's border: points (x, y) in parts of the picture's width and height.",
        ),
    ] = None
    comment: Annotated[str | None, Field(max_length=1000)] = None
    seconds: Annotated[
        float | None,
        Field(gt=0, le=1e6, allow_inf_nan=False, description="How long the reader looked at it."),
    ] = None

    @field_validator("differential")
    @classmethod
    def _each_once(cls, value: tuple[LesionClass, ...]) -> tuple[LesionClass, ...]:
        if len(set(value)) < len(value):
            raise fault(_REPEATED)
        return value

    @field_validator("outline")
    @classmethod
    def _encloses(
        cls, value: tuple[tuple[float, float], ...] | None
    ) -> tuple[tuple[float, float], ...] | None:
        if value is not None and len(set(value)) < 3:
            raise fault(_FLAT)
        return value

    @model_validator(mode="after")
    def _something_else(self) -> "ReadingForm":
        if self.diagnosis in self.differential:
            raise fault(_OWN)
        return self


class DeclineForm(Form):
    reason: Annotated[Reason, Field(description="Why another should read it.")]


class CasesQuery(Listed):
    state: Annotated[
        CaseState | None, Field(description="How they stand; left out: that nobody is left for.")
    ] = None

    site: Annotated[Site | None, Field(description="Where on the skin.")] = None
    kind: Annotated[Kind | None, Field(description="How the photograph was taken.")] = None
    clinic_id: Annotated[ClinicId | None, Field(min_length=1)] = None
    gold: Annotated[
        bool | None,
        Field(description="Only gold cases, or only others. GET /v1/labelling/gold has all."),
    ] = None
    since_before: Annotated[
        Day | None, Field(description="Only those that were in this state before this day (UTC).")
    ] = None

    @property
    def listed(self) -> str:
        return self.state.value if self.state else NO_READER

    @property
    def wanted(self) -> Wanted:
        day = self.since_before
        return Wanted(
            listed=self.listed,
            site=self.site.value if self.site else None,
            kind=self.kind.value if self.kind else None,
            clinic_id=self.clinic_id,
            gold=self.gold,
            since_before=datetime.combine(day, time.min, UTC) if day else None,
        )


class CaseForm(Form):
    image_id: ImageId


class CaseChange(Form):
    gold: Annotated[bool, Field(description="Mix it into hands, to see how good readers are.")]


class ReaderPlan(Form):
    """What is planned of a reader; what is left out stays."""

    planned_readings: Annotated[int | None, Field(ge=0, le=1_000_000)] = None
    paused: bool | None = None
    reason: Annotated[Reason | None, Field(description="Why he is given no cases now.")] = None

    @model_validator(mode="after")
    def _something(self) -> "ReaderPlan":
        if self.planned_readings is None and self.paused is None:
            raise fault(_NOTHING)
        if self.paused and self.reason is None:
            raise fault(Text("Укажите причину паузы.", "Say why he is paused."))
        return self


class BilingualForm(Form):
    ru: Sentence
    en: Sentence

    @property
    def text(self) -> Text:
        return Text(self.ru, self.en)


class InstructionForm(Form):
    ru: Annotated[str, Field(min_length=1, max_length=10_000)]
    en: Annotated[str, Field(min_length=1, max_length=10_000)]

    @property
    def text(self) -> Text:
        return Text(self.ru, self.en)


class ProtocolForm(Form):
    """A new version of the labelling protocol."""

    after: Annotated[int, Field(ge=1, description="The version that this one follows.")]
    title: BilingualForm
    instruction: InstructionForm
    signs: Annotated[
        dict[LesionClass, Annotated[tuple[BilingualForm, ...], Field(max_length=MOST_SIGNS)]],
        Field(description="By which signs each class is recognised."),
    ]
    examples: Annotated[
        dict[LesionClass, Annotated[tuple[ImageId, ...], Field(max_length=MOST_EXAMPLES)]],
        Field(default_factory=dict, description="Proven images that show them."),
    ]
    changes: Annotated[BilingualForm, Field(description="What is new in it, and why.")]

    @field_validator("signs")
    @classmethod
    def _of_every_class(
        cls, value: dict[LesionClass, tuple[BilingualForm, ...]]
    ) -> dict[LesionClass, tuple[BilingualForm, ...]]:
        missing = [each.value for each in LesionClass if not value.get(each)]
        if missing:
            named = ", ".join(missing)
            raise fault(
                Text(f"Укажите признаки и для: {named}.", f"Give signs of these too: {named}.")
            )
        return value


class AcceptForm(Form):
    version: Annotated[int, Field(ge=1, description="The version that was read.")]

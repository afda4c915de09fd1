"""The circles that a patient draws into a photograph, and the sizes that they tell, over HTTP."""

from typing import Annotated

from pydantic import Field, model_validator

from chalicelib.images.marks import SMALLEST, TALLEST, Circle, Grown, Marks, Size
from chalicelib.patients.scale_objects import ScaleObject
from chalicelib.platform.http.fields import Answer, Form, fault
from chalicelib.platform.language import Text

_APART = Text(
    "Монета лежит рядом с родинкой, а не на ней. Обведите каждую своим кругом.",
    "The coin lies beside the mole, not on it. Draw a circle round each.",
)


class CircleForm(Form):
    """A circle drawn into the photograph; all lengths in fractions of its width."""

    x: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
    y: Annotated[
        float, Field(ge=0, le=TALLEST, allow_inf_nan=False, description="Of the width, too.")
    ]
    diameter: Annotated[float, Field(ge=SMALLEST, le=1, allow_inf_nan=False)]


class ScaleForm(CircleForm):
    """The circle round a coin."""

    object: Annotated[ScaleObject, Field(description="Its key in `scale_objects`.")]


class MarksForm(Form):
    """The circle round the mole, and the one round a coin beside it."""

    mole: CircleForm
    scale: ScaleForm | None = None

    @model_validator(mode="after")
    def _beside_each_other(self) -> "MarksForm":
        if self.scale and not _circle(self.mole).apart_from(_circle(self.scale)):
            raise fault(_APART)
        return self


class SizeAnswer(Answer):
    """How large a mole is by the circles; without a coin only relative to the photograph, which can be
    compared with no other."""

    diameter_mm: float | None
    error_mm: Annotated[float | None, Field(description="Half-width of the 95 % interval.")]
    scale: Annotated[ScaleObject | None, Field(description="The coin; null: no scale.")]
    diameter_widths: Annotated[float, Field(description="In widths of the photograph.")]


class SizeChange(Answer):
    """How the diameter changed, in millimetres."""

    diameter_mm: float
    error_mm: Annotated[float, Field(description="Half-width of the 95 % interval.")]
    grew: Annotated[bool | None, Field(description="Null: it cannot be told.")]


def marks(form: MarksForm | None) -> Marks | None:
    if form is None:
        return None
    if form.scale is None:
        return Marks(_circle(form.mole))
    return Marks(_circle(form.mole), _circle(form.scale), form.scale.object)


def _circle(form: CircleForm) -> Circle:
    return Circle(round(form.x, 5), round(form.y, 5), round(form.diameter, 5))


def size_answer(size: Size | None) -> SizeAnswer | None:
    if size is None:
        return None
    return SizeAnswer(
        diameter_mm=_tenths(size.diameter_mm),
        error_mm=_tenths(size.error_mm),
        scale=size.scale,
        diameter_widths=round(size.diameter_widths, 4),
    )


def change_answer(change: Grown | None) -> SizeChange | None:
    if change is None:
        return None
    return SizeChange(
        diameter_mm=round(change.diameter_mm, 1),
        error_mm=round(change.error_mm, 1),
        grew=change.grew,
    )


def _tenths(millimetres: float | None) -> float | None:
    """Nobody draws a circle more exactly."""
    return None if millimetres is None else round(millimetres, 1)

"""The model's opinion of an image and what it measured, as they are answered."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from chalicelib.images.reasons import SENTENCES, NoAnswer, reason_of
from chalicelib.platform.http.fields import Answer
from chalicelib.platform.language import Language
from chalicelib.platform.lesion_classes import LesionClass

Colour = Literal["white", "red", "light_brown", "dark_brown", "blue_grey", "black"]


class Quantity(Answer):
    """A value with the half-width of its 95 % interval, in the same unit."""

    value: float
    error: float


class RelativeErrors(Answer):
    """Half-widths of 95 % intervals, as parts of the value: against an expert's outline, and (`repeat`) against
    another photograph of the same lesion."""

    area: float
    diameter: float
    area_repeat: float
    diameter_repeat: float


class Asymmetry(Answer):
    """For two perpendicular axes: the share of the area outside its own mirror image, and the mean colour
    difference (ΔE*ab) of mirrored places."""

    axes: Annotated[int, Field(description="How many of the two axes are asymmetric.")]
    shape: tuple[float, float]
    colour: tuple[float, float]
    axis: Annotated[float, Field(description="Degrees of the first axis, clockwise.")]


class Border(Answer):
    compactness: Annotated[float, Field(description="Perimeter² / 4π area; 1 for a disc.")]
    abrupt_segments: Annotated[int, Field(description="Of eight, where pigment ends abruptly.")]


class Measurements(Answer):
    """A lesion's size, shape and colours, from the model's outline. Millimetres only with a known scale."""

    area_share: Annotated[float, Field(description="Of the picture.")]
    diameter_widths: Annotated[float, Field(description="Longest diameter, in picture widths.")]
    diameter_mm: Quantity | None = None
    area_mm2: Quantity | None = None
    cut: Annotated[
        bool, Field(description="The lesion goes on beyond the picture; sizes are lower bounds.")
    ]
    relative_error: RelativeErrors
    asymmetry: Asymmetry
    border: Border
    colours: Annotated[dict[Colour, float], Field(description="Their shares of the lesion.")]
    colours_present: list[Colour]
    repeat_distance: Annotated[
        float, Field(description="Repeated photographs look nearer than this in 95 of 100 cases.")
    ]


class Model(Answer):
    name: str
    version: str


class ReasonAnswer(Answer):
    """Why the model gives no answer, and what can be done."""

    code: NoAnswer
    message: str


class SaliencyMap(Answer):
    """Where in the picture the evidence for the likeliest class lies: a grid over all of it."""

    width: int
    height: int
    values: Annotated[
        str,
        Field(description="Base64 of one byte a cell, by rows from the top left; 255 is the most."),
    ]


class Reliability(Answer):
    """How often such an answer was right on images the model never learnt from."""

    model_config = ConfigDict(serialize_by_alias=True)

    of_100: Annotated[int, Field(description="Of 100 such images, so many had that diagnosis.")]
    low: Annotated[int, Field(description="Lower end of the 95 % interval, of 100.")]
    high: int
    images: Annotated[int, Field(description="On how many images it was counted.")]
    lesion_class: Annotated[
        LesionClass | None,
        Field(alias="class", description="Counted on answers of this class; null: of any."),
    ]


class Classification(Answer):
    """The model's opinion. Not a diagnosis.

    Of a picture that it takes for no dermatoscopic one, it has no probabilities: `unknown` is 1.
    """

    model: Model
    at: Annotated[str | None, Field(description="When it was formed, where that was noted.")] = None
    probabilities: dict[LesionClass, float]
    top: LesionClass
    abstained: bool
    reason: Annotated[
        ReasonAnswer | None, Field(description="Why it abstained; null when it did not.")
    ] = None
    outline: list[tuple[float, float]] | None = None
    measurements: Measurements | None = None
    saliency: SaliencyMap | None = None
    melanoma_alert: Annotated[
        bool | None,
        Field(description="Melanoma is probable enough to be warned of, whatever is likeliest."),
    ] = None
    reliability: Reliability | None = None


class EarlierOpinion(Answer):
    """What another model said of the image while it was active."""

    model: Model
    at: str
    top: LesionClass
    probabilities: dict[LesionClass, float]
    abstained: bool


def opinion_answer(stored: Mapping[str, Any] | None, language: Language) -> Classification | None:
    """What is told of a stored opinion; what serves comparison alone is not."""
    if stored is None:
        return None
    told = {**_told(stored, Classification), "reason": reason_answer(stored, language)}
    return Classification.model_validate(told)


def earlier_answer(stored: Mapping[str, Any]) -> EarlierOpinion:
    """What is told of an opinion that another took the place of."""
    return EarlierOpinion.model_validate(_told(stored, EarlierOpinion))


def reason_answer(stored: Mapping[str, Any], language: Language) -> ReasonAnswer | None:
    """Why an opinion is no answer, in words; None where it is one."""
    reason = reason_of(stored)
    return ReasonAnswer(code=reason, message=SENTENCES[reason][language]) if reason else None


def _told(stored: Mapping[str, Any], answer: type[Answer]) -> dict[str, Any]:
    """What an answer has fields for: the embedding, for one, is never told."""
    return {name: stored[name] for name in answer.model_fields if name in stored}

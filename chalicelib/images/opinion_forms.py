"""The model's opinion of an image and what it measured, as they are answered."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.platform.http.fields import Answer
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


class Classification(Answer):
    """The model's opinion. Not a diagnosis."""

    model: Model
    probabilities: dict[LesionClass, float]
    top: LesionClass
    abstained: bool
    outline: list[tuple[float, float]] | None = None
    measurements: Measurements | None = None


def opinion_answer(stored: Mapping[str, Any] | None) -> Classification | None:
    """What is told of a stored opinion; what serves comparison alone is not."""
    if stored is None:
        return None
    told = {name: stored[name] for name in Classification.model_fields if name in stored}
    return Classification.model_validate(told)

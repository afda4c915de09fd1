"""A lesion's timeline as it is answered."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.images.alerts import Alert
from chalicelib.images.changes import Change, Delta, Growth
from chalicelib.images.model import Kind, State
from chalicelib.images.opinion_forms import Colour, Measurements, Model, opinion_answer
from chalicelib.images.timeline import Entry, Timeline
from chalicelib.images.visits import Visit, day_of
from chalicelib.platform.http.fields import Answer
from chalicelib.platform.language import Language
from chalicelib.platform.lesion_classes import LesionClass

AlertCode = Literal[
    "diameter_grew",
    "area_grew",
    "size_grew",
    "diameter_over_6_mm",
    "asymmetry_increased",
    "new_colour",
    "looks_different",
    "opinion_became_malignant",
]


class Links(Answer):
    """Links that work for 10 minutes; null until the clean picture exists."""

    image: str | None
    thumbnail: str | None


class Opinion(Answer):
    """The model's opinion in brief; `probability` is that of the likeliest class. Not a diagnosis."""

    model: Model
    top: LesionClass
    probability: float
    abstained: bool


class AlignmentAnswer(Answer):
    """Where a photograph lies on the reference.

    `matrix` is for CSS `matrix()` with `transform-origin: 0 0`, its last two numbers to be multiplied by the
    width at which both pictures are shown.
    """

    matrix: tuple[float, float, float, float, float, float]
    rotation: Annotated[
        float | None, Field(description="Degrees clockwise; null where it cannot be told.")
    ]
    scale: float
    scaled_by: Literal["spacing", "outline"]
    overlap: Annotated[float, Field(description="Dice coefficient of the two outlines, 0 to 1.")]
    likeness: Annotated[float, Field(description="Of the two all round, -1 to 1.")]


class Distances(Answer):
    """Cosine distances of embeddings to the first photograph and to the one before."""

    to_first: float | None
    to_last: float | None


class TimelineImage(Answer):
    image_id: str
    kind: Kind
    state: State
    day: date
    day_is: Annotated[
        Literal["taken", "received"],
        Field(
            description="Whether the day of the photograph is known, or only that of the upload."
        ),
    ]
    urls: Links
    width: int | None
    height: int | None
    pixel_spacing_mm: float | None
    opinion: Opinion | None
    measurements: Measurements | None
    outline: list[tuple[float, float]] | None
    label: dict[str, Any] | None
    appearance: Distances
    alignment: AlignmentAnswer | None


class DeltaAnswer(Answer):
    """A difference and the half-width of its 95 % interval."""

    value: float
    error: float
    beyond_error: bool


class AxesChange(Answer):
    before: int
    after: int
    increased: Annotated[bool, Field(description="By more than repeated photographs differ in.")]


class ChangeAnswer(Answer):
    """What changed since another visit. Relative sizes are parts of what it was: 0.2 is a fifth more."""

    since: date
    days: Annotated[int | None, Field(description="Null where a day is not known.")]
    diameter_mm: DeltaAnswer | None
    area_mm2: DeltaAnswer | None
    relative_diameter: DeltaAnswer | None
    relative_area: DeltaAnswer | None
    size_not_compared: Literal["not_measured", "cut", "no_scale"] | None
    asymmetric_axes: AxesChange | None
    new_colours: list[Colour]
    distance: float | None
    looks_different: bool


class VisitAnswer(Answer):
    """The photographs of one day."""

    day: date
    day_is: Literal["taken", "received"]
    image_ids: list[str]
    since_first: ChangeAnswer | None
    since_last: ChangeAnswer | None


class GrowthAnswer(Answer):
    """A rate a month (30.44 days) with the half-width of its 95 % interval."""

    value: float
    error: float
    visits: int
    days: int


class Rates(Answer):
    diameter_mm_per_month: GrowthAnswer | None
    area_mm2_per_month: GrowthAnswer | None


class AlertAnswer(Answer):
    """Something to look at. Not a diagnosis; no alert does not mean that all is well."""

    code: AlertCode
    message: str
    since: date
    day: date
    image_ids: Annotated[list[str], Field(description="The photographs that show it.")]
    numbers: dict[str, Any]


class TimelineAnswer(Answer):
    lesion_id: str
    patient_id: str
    images: Annotated[list[TimelineImage], Field(description="By day, the oldest first.")]
    reference: Annotated[str | None, Field(description="The image that others are aligned with.")]
    visits: list[VisitAnswer]
    growth: Rates
    alerts: list[AlertAnswer]
    complete: Annotated[
        bool, Field(description="False where images older than the latest 100 exist.")
    ]


def timeline_answer(timeline: Timeline, language: Language) -> TimelineAnswer:
    """A timeline as its viewers get it."""
    changes = zip(timeline.visits, timeline.since_first, timeline.since_last, strict=True)
    return TimelineAnswer(
        lesion_id=timeline.lesion.lesion_id,
        patient_id=timeline.lesion.patient_id,
        images=[_image(entry) for entry in timeline.entries],
        reference=timeline.reference.image_id if timeline.reference else None,
        visits=[
            VisitAnswer(
                day=visit.day,
                day_is=_day_is(visit.dated),
                image_ids=_ids(visit),
                since_first=_change(first),
                since_last=_change(last),
            )
            for visit, first, last in changes
        ],
        growth=Rates(
            diameter_mm_per_month=_growth(timeline.diameter_growth),
            area_mm2_per_month=_growth(timeline.area_growth),
        ),
        alerts=[_alert(alert, language) for alert in timeline.alerts],
        complete=timeline.complete,
    )


def _image(entry: Entry) -> TimelineImage:
    image, intake = entry.view.image, entry.view.image.intake
    opinion, (day, dated) = opinion_answer(image.classification), day_of(image)
    return TimelineImage(
        image_id=image.image_id,
        kind=image.kind,
        state=image.state,
        day=day,
        day_is=_day_is(dated),
        urls=Links(
            image=entry.view.links.get("image"), thumbnail=entry.view.links.get("thumbnail")
        ),
        width=intake.width if intake else None,
        height=intake.height if intake else None,
        pixel_spacing_mm=image.capture.pixel_spacing_mm,
        opinion=Opinion(
            model=opinion.model,
            top=opinion.top,
            probability=max(opinion.probabilities.values()),
            abstained=opinion.abstained,
        )
        if opinion
        else None,
        measurements=opinion.measurements if opinion else None,
        outline=opinion.outline if opinion else None,
        label=dict(image.label) if image.label else None,
        appearance=Distances(to_first=_rounded(entry.to_first), to_last=_rounded(entry.to_last)),
        alignment=_alignment(entry),
    )


def _alignment(entry: Entry) -> AlignmentAnswer | None:
    found = entry.alignment
    if found is None:
        return None
    a, b, c, d, e, f = (round(number, 5) for number in found.matrix)
    return AlignmentAnswer(
        matrix=(a, b, c, d, e, f),
        rotation=None if found.rotation is None else round(found.rotation, 1),
        scale=round(found.scale, 4),
        scaled_by="outline" if found.scaled_by_outline else "spacing",
        overlap=round(found.overlap, 3),
        likeness=round(found.likeness, 3),
    )


def _change(change: Change | None) -> ChangeAnswer | None:
    if change is None:
        return None
    sizes = change.sizes
    return ChangeAnswer.model_validate(
        {
            "since": change.before.day,
            "days": change.days,
            "diameter_mm": _delta(sizes.diameter_mm),
            "area_mm2": _delta(sizes.area_mm2),
            "relative_diameter": _delta(sizes.relative_diameter),
            "relative_area": _delta(sizes.relative_area),
            "size_not_compared": sizes.not_compared,
            "asymmetric_axes": {
                "before": change.axes[0],
                "after": change.axes[1],
                "increased": change.more_asymmetric,
            }
            if change.axes
            else None,
            "new_colours": change.new_colours,
            "distance": _rounded(change.distance),
            "looks_different": change.beyond_repeats,
        }
    )


def _delta(delta: Delta | None) -> DeltaAnswer | None:
    if delta is None:
        return None
    return DeltaAnswer(
        value=round(delta.value, 4), error=round(delta.error, 4), beyond_error=delta.beyond_error
    )


def _growth(growth: Growth | None) -> GrowthAnswer | None:
    if growth is None:
        return None
    return GrowthAnswer(
        value=round(growth.value, 4),
        error=round(growth.error, 4),
        visits=growth.visits,
        days=growth.days,
    )


def _alert(alert: Alert, language: Language) -> AlertAnswer:
    return AlertAnswer.model_validate(
        {
            "code": alert.code,
            "message": alert.message.in_language(language),
            "since": alert.before.day,
            "day": alert.after.day,
            "image_ids": _ids(alert.after),
            "numbers": alert.numbers,
        }
    )


def _ids(visit: Visit) -> list[str]:
    return [image.image_id for image in visit.images]


def _day_is(dated: bool) -> Literal["taken", "received"]:
    return "taken" if dated else "received"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)

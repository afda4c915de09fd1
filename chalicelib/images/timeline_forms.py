"""A lesion's timeline as it is answered."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.images.alerts import Alert
from chalicelib.images.change_forms import (
    ChangeAnswer,
    Rates,
    change_answer,
    growth_answer,
    rounded,
)
from chalicelib.images.model import Kind, State
from chalicelib.images.opinion_forms import (
    Classification,
    Measurements,
    Model,
    ReasonAnswer,
    opinion_answer,
)
from chalicelib.images.reasons import NOT_JUDGED
from chalicelib.images.timeline import Entry, Timeline
from chalicelib.images.visits import Visit, day_of
from chalicelib.patients.course import in_order as course_in_order
from chalicelib.patients.course_forms import in_brief
from chalicelib.patients.forms import TreatmentBrief
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


class OpinionInBrief(Answer):
    """The model's opinion in brief. Not a diagnosis."""

    model: Model
    top: LesionClass
    probability: Annotated[
        float | None,
        Field(
            description="Of the likeliest class; null of a picture that the model did not judge."
        ),
    ]
    abstained: bool
    reason: Annotated[ReasonAnswer | None, Field(description="Why it abstained.")]


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
    opinion: OpinionInBrief | None
    measurements: Measurements | None
    outline: list[tuple[float, float]] | None
    label: dict[str, Any] | None
    appearance: Distances
    alignment: AlignmentAnswer | None


class VisitAnswer(Answer):
    """The photographs of one day."""

    day: date
    day_is: Literal["taken", "received"]
    image_ids: list[str]
    since_first: ChangeAnswer | None
    since_last: ChangeAnswer | None


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
    treatments: Annotated[
        list[TreatmentBrief],
        Field(description="What was done to the lesion; a change across it may be its doing."),
    ]
    complete: Annotated[
        bool, Field(description="False where images older than the latest 100 exist.")
    ]


def timeline_answer(timeline: Timeline, language: Language) -> TimelineAnswer:
    """A timeline as its viewers get it."""
    changes = zip(timeline.visits, timeline.since_first, timeline.since_last, strict=True)
    return TimelineAnswer(
        lesion_id=timeline.lesion.lesion_id,
        patient_id=timeline.lesion.patient_id,
        images=[_image(entry, language) for entry in timeline.entries],
        reference=timeline.reference.image_id if timeline.reference else None,
        visits=[
            VisitAnswer(
                day=visit.day,
                day_is=_day_is(visit.dated),
                image_ids=_ids(visit),
                since_first=change_answer(first),
                since_last=change_answer(last),
            )
            for visit, first, last in changes
        ],
        growth=Rates(
            diameter_mm_per_month=growth_answer(timeline.diameter_growth),
            area_mm2_per_month=growth_answer(timeline.area_growth),
        ),
        alerts=[_alert(alert, language) for alert in timeline.alerts],
        treatments=[in_brief(timeline.lesion, each) for each in course_in_order(timeline.lesion)],
        complete=timeline.complete,
    )


def _image(entry: Entry, language: Language) -> TimelineImage:
    image, intake = entry.view.image, entry.view.image.intake
    opinion, (day, dated) = opinion_answer(image.classification, language), day_of(image)
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
        opinion=_in_brief(opinion) if opinion else None,
        measurements=opinion.measurements if opinion else None,
        outline=opinion.outline if opinion else None,
        label=dict(image.label) if image.label else None,
        appearance=Distances(to_first=rounded(entry.to_first), to_last=rounded(entry.to_last)),
        alignment=_alignment(entry),
    )


def _in_brief(opinion: Classification) -> OpinionInBrief:
    judged = opinion.reason is None or opinion.reason.code not in NOT_JUDGED
    return OpinionInBrief(
        model=opinion.model,
        top=opinion.top,
        probability=max(opinion.probabilities.values()) if judged else None,
        abstained=opinion.abstained,
        reason=opinion.reason,
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

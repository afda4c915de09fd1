"""What a patient is asked and answered of his own things over HTTP."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

from pydantic import Field, field_validator

from chalicelib.access.forms import OwnConsentAnswer
from chalicelib.images.forms import Sha256
from chalicelib.images.model import Image, Kind
from chalicelib.images.model import State as ImageState
from chalicelib.images.own_course import OwnCourse, size_of
from chalicelib.images.own_forms import (
    MarksForm,
    SizeAnswer,
    SizeChange,
    change_answer,
    size_answer,
)
from chalicelib.images.problems import SENTENCES, Problem
from chalicelib.images.service import View
from chalicelib.images.timeline_forms import Links
from chalicelib.images.visits import day_of
from chalicelib.patients.choices import Site
from chalicelib.patients.spot_forms import SpotAnswer, SpotForm, spot_answer
from chalicelib.platform.http.fields import Answer, Day, Form, fault
from chalicelib.platform.language import Language, Text
from chalicelib.platform.uploads import MAX_UPLOAD_BYTES, ContentType
from chalicelib.pocket.service import OwnLesion

Name = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]+$")]
_DATE = Text("Проверьте дату съёмки.", "Check the date of the photograph.")

OwnState = Literal["awaiting_upload", "received", "accepted", "rejected", "abandoned"]
_STATES: Final[Mapping[ImageState, OwnState]] = {
    ImageState.AWAITING_UPLOAD: "awaiting_upload",
    ImageState.RECEIVED: "received",
    ImageState.REJECTED: "rejected",
    ImageState.ABANDONED: "abandoned",
}


class OwnClinicName(Answer):
    name: str


class MeAnswer(Answer):
    """The patient's account, and what waits for him."""

    login: str
    clinic: Annotated[OwnClinicName | None, Field(description="Whose patient he is.")]
    since: datetime
    consent: OwnConsentAnswer
    questions_open: int
    advice_unread: int
    answer_within_days: Annotated[int, Field(description="By when a doctor is to answer.")]
    can_ask: bool


class OwnLesionForm(Form):
    """A mole to watch."""

    site: Annotated[Site, Field(description="Where it is.")]
    name: Annotated[Name | None, Field(description="What he calls it; no names of people.")] = None
    spot: Annotated[SpotForm | None, Field(description="Where on the body.")] = None


class OwnLesionChange(Form):
    """Another name or spot; null takes it away, what is left out stays."""

    name: Name | None = None
    spot: SpotForm | None = None


class OwnImageBrief(Answer):
    image_id: str
    kind: Kind
    state: OwnState
    taken_on: date | None


class LesionAnswerBrief(Answer):
    """A mole without its photographs."""

    lesion_id: str
    site: Site
    name: str | None
    spot: SpotAnswer | None


class OwnLesionAnswer(LesionAnswerBrief):
    images: Annotated[list[OwnImageBrief], Field(description="The latest first.")]
    last_taken_on: date | None
    advice_unread: Annotated[int, Field(description="Answers about it that he has not opened.")]


class OwnImageForm(Form):
    """A photograph of the phone about to be sent."""

    content_type: ContentType
    bytes: Annotated[int, Field(gt=0, le=MAX_UPLOAD_BYTES, description="Size of the file.")]
    sha256: Annotated[Sha256, Field(description="SHA-256 of the file, in lower-case hex.")]
    taken_on: Annotated[Day | None, Field(description="Day the photograph was taken.")] = None
    marks: Annotated[MarksForm | None, Field(description="Circles drawn into it.")] = None

    @field_validator("taken_on")
    @classmethod
    def _no_earlier_than_photography(cls, value: date | None) -> date | None:
        if value is not None and value.year < 1900:
            raise fault(_DATE)
        return value


class OwnProblem(Answer):
    """Why the photograph was refused, and what to do."""

    code: Problem
    message: str


class OwnImageAnswer(OwnImageBrief):
    """A photograph as its patient sees it: no model's opinion, no label."""

    lesion_id: str
    by_me: Annotated[bool, Field(description="Sent by the patient, so that he can delete it.")]
    urls: Links
    size: SizeAnswer | None
    problem: OwnProblem | None


class OwnTimelineImage(Answer):
    image_id: str
    kind: Kind
    taken_on: Annotated[date, Field(description="Where nobody told, the day it was sent.")]
    urls: Links
    size: SizeAnswer | None


class OwnChange(Answer):
    """How the size changed, by the circles of two photographs with a coin."""

    since_first: SizeChange
    since_last: SizeChange


class OwnTimeline(Answer):
    lesion_id: str
    images: Annotated[list[OwnTimelineImage], Field(description="By day, the earliest first.")]
    change: Annotated[
        OwnChange | None, Field(description="Null until two days have a photograph with a coin.")
    ]


def own_state(state: ImageState) -> OwnState:
    """The state as far as a patient is told: not how far readers are with an image."""
    return _STATES.get(state, "accepted")


def lesion_answer(own: OwnLesion) -> OwnLesionAnswer:
    days = [day_of(image)[0] for image in own.images]
    return OwnLesionAnswer(
        lesion_id=own.lesion.lesion_id,
        site=own.lesion.site,
        name=own.lesion.name,
        spot=spot_answer(own.lesion.spot),
        images=[OwnImageBrief(**_brief(image)) for image in own.images],
        last_taken_on=max(days, default=None),
        advice_unread=own.advice_unread,
    )


def _brief(image: Image) -> dict[str, Any]:
    return {
        "image_id": image.image_id,
        "kind": image.kind,
        "state": own_state(image.state),
        "taken_on": image.capture.taken_on,
    }


def image_answer(view: View, language: Language) -> OwnImageAnswer:
    image = view.image
    problem = Problem(image.problem) if image.problem else None
    message = SENTENCES[problem][language] if problem else ""
    return OwnImageAnswer(
        **_brief(image),
        lesion_id=image.lesion_id,
        by_me=image.by_patient,
        urls=_links(view),
        size=size_answer(size_of(image)),
        problem=OwnProblem(code=problem, message=message) if problem else None,
    )


def timeline_answer(lesion_id: str, course: OwnCourse, views: list[View]) -> OwnTimeline:
    first, last = change_answer(course.since_first), change_answer(course.since_last)
    return OwnTimeline(
        lesion_id=lesion_id,
        images=[
            OwnTimelineImage(
                image_id=view.image.image_id,
                kind=view.image.kind,
                taken_on=day_of(view.image)[0],
                urls=_links(view),
                size=size_answer(size_of(view.image)),
            )
            for view in views
        ],
        change=OwnChange(since_first=first, since_last=last) if first and last else None,
    )


def _links(view: View) -> Links:
    return Links(image=view.links.get("image"), thumbnail=view.links.get("thumbnail"))

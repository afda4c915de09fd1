"""Images over HTTP: parse, one call, answer."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.images import service, timeline_routes
from chalicelib.images.forms import Device, ImageForm, ImageSlot, capture, declared, slot_answer
from chalicelib.images.model import Kind, State
from chalicelib.images.opinion_forms import (
    Classification,
    EarlierOpinion,
    earlier_answer,
    opinion_answer,
)
from chalicelib.images.problems import SENTENCES, Problem
from chalicelib.images.timeline_forms import Links
from chalicelib.platform.http.fields import Answer
from chalicelib.platform.http.routes import Call, NoBody, NoQuery, Routes
from chalicelib.platform.language import Language, Text

routes = Routes()
routes.include(timeline_routes.routes)


class ProblemAnswer(Answer):
    """Why the image was refused, and what its sender can do."""

    code: Problem
    message: str


class HistoryStep(Answer):
    state: State
    at: str


class Filed(Answer):
    """The lesion and patient that an image was filed under."""

    lesion_id: str
    patient_id: str


class ImageChange(Answer):
    """One change of where an image is filed, and why."""

    at: str
    by: Annotated[str, Field(description="The account that changed it.")]
    what: Literal["moved", "lesions_merged", "patients_merged"]
    was: Filed
    reason: str


class ImageAnswer(Answer):
    image_id: str
    lesion_id: str
    patient_id: str
    kind: Kind
    state: State
    created_at: str
    taken_on: date | None
    device: Device | None
    pixel_spacing_mm: float | None
    width: int | None
    height: int | None
    urls: Links
    classification: Classification | None
    earlier_opinions: Annotated[
        list[EarlierOpinion],
        Field(description="Of models that were active before; the one replaced last at the end."),
    ]
    label: dict[str, Any] | None
    problem: ProblemAnswer | None
    duplicate: Literal["same_lesion", "same_patient", "another_patient"] | None
    near_duplicates: Annotated[
        list[str] | None,
        Field(description="Pairs of pictures nearly the same that it is in; for curators only."),
    ]
    history: list[HistoryStep]
    changes: Annotated[
        list[ImageChange], Field(description="Where it was filed before, oldest first.")
    ]


@routes.route(
    "/v1/lesions/{lesion_id}/images",
    "POST",
    summary=Text("Добавить снимок очага", "Add an image of a lesion"),
    takes=ImageForm,
    answers=ImageSlot,
    status=201,
    refusals=("not_found", "idempotency_conflict", "image_not_awaited", "too_many", "being_merged"),
    creates=True,
)
def open_slot(call: Call[ImageForm, NoQuery], lesion_id: str) -> ImageSlot:
    slot = service.open_slot(
        call.platform,
        caller=call.caller,
        lesion_id=lesion_id,
        image_id=call.creation_id("image"),
        kind=call.body.kind,
        declared=declared(call.body),
        capture=capture(call.body),
        trace=call.request_id,
    )
    call.audit("image.slot_opened", slot.image.image_id, once=True)
    return slot_answer(slot)


@routes.route(
    "/v1/images/{image_id}/upload",
    "POST",
    summary=Text("Новая ссылка для загрузки", "A new form to upload with"),
    answers=ImageSlot,
    status=201,
    refusals=("not_found", "image_not_awaited"),
)
def renew_slot(call: Call[NoBody, NoQuery], image_id: str) -> ImageSlot:
    slot = service.renew_slot(call.platform, caller=call.caller, image_id=image_id)
    call.audit("image.slot_renewed", image_id)
    return slot_answer(slot)


@routes.route(
    "/v1/images/{image_id}",
    summary=Text("Снимок и мнение модели о нём", "An image and the model's opinion of it"),
    answers=ImageAnswer,
    refusals=("not_found",),
)
def view_image(call: Call[NoBody, NoQuery], image_id: str) -> ImageAnswer:
    view = service.view_image(call.platform, caller=call.caller, image_id=image_id)
    call.audit("image.viewed", image_id)
    return image_answer(view, call.language)


def image_answer(view: service.View, language: Language) -> ImageAnswer:
    """An image as its viewers get it."""
    image, intake = view.image, view.image.intake
    return ImageAnswer.model_validate(
        {
            "image_id": image.image_id,
            "lesion_id": image.lesion_id,
            "patient_id": image.patient_id,
            "kind": image.kind,
            "state": image.state,
            "created_at": image.history[0]["at"],
            "taken_on": image.capture.taken_on,
            "device": image.capture.device,
            "pixel_spacing_mm": image.capture.pixel_spacing_mm,
            "width": intake.width if intake else None,
            "height": intake.height if intake else None,
            "urls": {"image": view.links.get("image"), "thumbnail": view.links.get("thumbnail")},
            "classification": opinion_answer(image.classification, language),
            "earlier_opinions": [earlier_answer(each) for each in image.earlier_opinions],
            "label": image.label,
            "problem": _problem(image.problem, language),
            "duplicate": intake.duplicate if intake else None,
            "near_duplicates": view.near_duplicates,
            "history": image.history,
            "changes": image.changes,
        }
    )


def _problem(code: str | None, language: Language) -> ProblemAnswer | None:
    if code is None:
        return None
    problem = Problem(code)
    return ProblemAnswer(code=problem, message=SENTENCES[problem][language])

"""Images over HTTP: parse, one call, answer."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from chalicelib.images import service
from chalicelib.images.forms import Device, ImageForm, ImageSlot, capture, declared, slot_answer
from chalicelib.images.model import Kind, State
from chalicelib.images.problems import SENTENCES, Problem
from chalicelib.images.reasons import SENTENCES as WHY
from chalicelib.images.reasons import NoAnswer, reason_of
from chalicelib.platform.http.fields import Answer
from chalicelib.platform.http.routes import Call, NoBody, NoQuery, Routes
from chalicelib.platform.language import Language, Text
from chalicelib.platform.lesion_classes import LesionClass

routes = Routes()


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
    measurements: dict[str, Any] | None = None
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


class Links(Answer):
    """Links that work for 10 minutes; null until the clean picture exists."""

    image: str | None
    thumbnail: str | None


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
            "classification": _opinion(image.classification, language),
            "earlier_opinions": [_told(each, EarlierOpinion) for each in image.earlier_opinions],
            "label": image.label,
            "problem": _problem(image.problem, language),
            "duplicate": intake.duplicate if intake else None,
            "history": image.history,
            "changes": image.changes,
        }
    )


def _opinion(stored: Mapping[str, Any] | None, language: Language) -> dict[str, Any] | None:
    if stored is None:
        return None
    reason = reason_of(stored)
    told = reason and {"code": reason, "message": WHY[reason][language]}
    return {**_told(stored, Classification), "reason": told}


def _told(stored: Mapping[str, Any], answer: type[Answer]) -> dict[str, Any]:
    """What an answer has fields for: the embedding, for one, is never told."""
    return {name: stored[name] for name in answer.model_fields if name in stored}


def _problem(code: str | None, language: Language) -> ProblemAnswer | None:
    if code is None:
        return None
    problem = Problem(code)
    return ProblemAnswer(code=problem, message=SENTENCES[problem][language])

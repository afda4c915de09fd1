"""Images over HTTP: parse, one call, answer."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from chalicelib.images import service
from chalicelib.images.model import Capture, Declared, Kind, State
from chalicelib.images.problems import SENTENCES, Problem
from chalicelib.platform.http.fields import Answer, Day, Form, fault
from chalicelib.platform.http.routes import Call, NoBody, NoQuery, Routes
from chalicelib.platform.language import Language, Text
from chalicelib.platform.lesion_classes import LesionClass
from chalicelib.platform.uploads import MAX_UPLOAD_BYTES, ContentType

routes = Routes()

Line = Annotated[str, Field(max_length=80, pattern=r"^[^\x00-\x1f\x7f]+$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Device(Form):
    """What took the photograph."""

    make: Line
    model: Line


class ImageForm(Form):
    """A photograph about to be uploaded, as its sender knows it."""

    kind: Annotated[Kind, Field(description="Through a dermatoscope, or with a camera alone.")]
    content_type: ContentType
    bytes: Annotated[int, Field(gt=0, le=MAX_UPLOAD_BYTES, description="Size of the file.")]
    sha256: Annotated[Sha256, Field(description="SHA-256 of the file, in lower-case hex.")]
    taken_on: Annotated[Day | None, Field(description="Day the photograph was taken.")] = None
    device: Device | None = None
    pixel_spacing_mm: Annotated[
        float | None,
        # DynamoDB holds no number below 1e-130, and no lens sees a tenth of a micrometre.
        Field(ge=0.0001, le=1, allow_inf_nan=False, description="Millimetres from pixel to pixel."),
    ] = None
    contact: Annotated[bool | None, Field(description="Lens touching the skin.")] = None
    polarized: Annotated[bool | None, Field(description="Cross-polarised light.")] = None

    @field_validator("taken_on")
    @classmethod
    def _no_earlier_than_photography(cls, value: date | None) -> date | None:
        if value is not None and value.year < 1900:
            raise fault(Text("Проверьте дату съёмки.", "Check the date of the photograph."))
        return value


class Upload(Answer):
    """Send `fields` and then `file` as a multipart form to `url`, before `expires_at`."""

    url: str
    fields: dict[str, str]
    expires_at: str


class ImageSlot(Answer):
    image_id: str
    state: State
    upload: Upload


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
    measurements: dict[str, Any] | None = None


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
    refusals=("not_found", "idempotency_conflict", "image_not_awaited"),
    creates=True,
)
def open_slot(call: Call[ImageForm, NoQuery], lesion_id: str) -> ImageSlot:
    form = call.body
    slot = service.open_slot(
        call.platform,
        caller=call.caller,
        lesion_id=lesion_id,
        image_id=call.creation_id("image"),
        kind=form.kind,
        declared=Declared(content_type=form.content_type, bytes=form.bytes, sha256=form.sha256),
        capture=Capture(
            taken_on=form.taken_on.isoformat() if form.taken_on else None,
            device=form.device.model_dump() if form.device else None,
            pixel_spacing_mm=form.pixel_spacing_mm,
            contact=form.contact,
            polarized=form.polarized,
        ),
    )
    call.audit("image.slot_opened", slot.image.image_id, once=True)
    return _slot_answer(slot)


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
    return _slot_answer(slot)


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


def _slot_answer(slot: service.Slot) -> ImageSlot:
    return ImageSlot(
        image_id=slot.image.image_id,
        state=slot.image.state,
        upload=Upload(url=slot.form.url, fields=slot.form.fields, expires_at=slot.expires_at),
    )


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
            "classification": image.classification,
            "label": image.label,
            "problem": _problem(image.problem, language),
            "duplicate": intake.duplicate if intake else None,
            "history": image.history,
            "changes": image.changes,
        }
    )


def _problem(code: str | None, language: Language) -> ProblemAnswer | None:
    if code is None:
        return None
    problem = Problem(code)
    return ProblemAnswer(code=problem, message=SENTENCES[problem][language])

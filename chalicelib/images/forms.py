"""What is told of a photograph before it is uploaded, and the slot that answers it."""

from datetime import date
from typing import Annotated

from pydantic import Field, field_validator

from chalicelib.images.model import Capture, Declared, Kind, State
from chalicelib.images.slots import Slot
from chalicelib.platform.http.fields import Answer, Day, Form, fault
from chalicelib.platform.language import Text
from chalicelib.platform.uploads import MAX_UPLOAD_BYTES, ContentType

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


def declared(form: ImageForm) -> Declared:
    """What the intake will hold the file to."""
    return Declared(content_type=form.content_type, bytes=form.bytes, sha256=form.sha256)


def capture(form: ImageForm) -> Capture:
    """How the photograph was taken, as far as the form says."""
    return Capture(
        taken_on=form.taken_on.isoformat() if form.taken_on else None,
        device=form.device.model_dump() if form.device else None,
        pixel_spacing_mm=form.pixel_spacing_mm,
        contact=form.contact,
        polarized=form.polarized,
    )


def slot_answer(slot: Slot) -> ImageSlot:
    return ImageSlot(
        image_id=slot.image.image_id,
        state=slot.image.state,
        upload=Upload(url=slot.form.url, fields=slot.form.fields, expires_at=slot.expires_at),
    )

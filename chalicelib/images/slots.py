"""Places for photographs: an image is made, and a form that lets its file in."""

import base64
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Final

from chalicelib.images.marks import Marks, marks_item
from chalicelib.images.model import (
    LOOK_AFTER,
    SLOT_LIFE,
    Capture,
    Declared,
    Image,
    Kind,
    State,
    Subject,
    upload_key,
)
from chalicelib.images.quota import take_place
from chalicelib.images.store import ImageStore, LostStep
from chalicelib.patients.model import Lesion
from chalicelib.patients.result_store import ResultStore
from chalicelib.patients.results import Result
from chalicelib.platform.clock import timestamp
from chalicelib.platform.errors import (
    NOT_YET,
    Conflict,
    Invalid,
    NotFound,
    idempotency_conflict,
)
from chalicelib.platform.language import Text
from chalicelib.platform.objects import UploadForm
from chalicelib.platform.runtime import Platform
from chalicelib.platform.uploads import MAX_UPLOAD_BYTES

ARRIVED: Final = Text(
    "Снимок уже получен. Чтобы отправить другой, добавьте к очагу новый снимок.",
    "The image has arrived already. To send another, add a new image to the lesion.",
)


@dataclass(frozen=True)
class Slot:
    """A place for one upload, and the form that opens it until `expires_at`."""

    image: Image
    form: UploadForm
    expires_at: str


@dataclass(frozen=True, kw_only=True)
class Photograph:
    """A photograph about to be sent: of which lesion, by which account, and what is told of it."""

    image_id: str
    lesion_id: str
    """As the request names it: it stays the same when the lesion is merged."""
    by: str
    kind: Kind
    declared: Declared
    capture: Capture
    trace: str
    by_patient: bool = False
    marks: Marks | None = None


def open_slot_of(platform: Platform, lesion: Lesion, photograph: Photograph, *, most: int) -> Slot:
    """A place for a photograph of this lesion, whoever may send one; `most` he may have awaiting files.

    Two calls to AWS, three where histology has said what the lesion is. Raises `TooMany` and `Conflict`.
    """
    told, declared, capture = photograph, photograph.declared, photograph.capture
    # First the place, then the image: a crash in between leaves a place too many, never an image.
    take_place(platform, told.by, told.image_id, most=most)
    now = platform.clock.now()
    asked = (told.lesion_id, told.kind, *map(repr, asdict(declared).values()))
    asked += tuple(map(repr, asdict(capture).values()))
    if told.marks is not None:
        asked += (repr(told.marks),)
    image = Image(
        image_id=told.image_id,
        lesion_id=lesion.lesion_id,
        patient_id=lesion.patient_id,
        clinic_id=lesion.clinic_id,
        uploaded_by=told.by,
        kind=told.kind,
        state=State.AWAITING_UPLOAD,
        created_at=now,
        declared=declared,
        subject=Subject(
            site=lesion.site.value,
            age=lesion.age,
            sex=lesion.sex.value,
            treated_by=lesion.treated_by,
        ),
        capture=capture,
        fingerprint=platform.ids.digest(*asked).hex(),
        history=({"state": State.AWAITING_UPLOAD.value, "at": timestamp(now)},),
        trace=told.trace,
        by_patient=told.by_patient,
        marks=marks_item(told.marks) if told.marks else None,
    )
    slot = put_slot(platform, image)
    if slot.image.fingerprint != image.fingerprint:
        raise idempotency_conflict()
    if (result := lesion.confirmed) is not None and shows(image, result):
        ResultStore(platform.cases).stir(result.histology_id, now=now)
    return slot


def shows(image: Image, result: Result) -> bool:
    """Whether an image shows what a result is about."""
    told = image.capture.taken_on
    day = date.fromisoformat(told) if told else None
    return image.kind is Kind.DERMOSCOPIC and result.is_shown(
        taken_on=day, came_at=image.created_at
    )


def require_taken(platform: Platform, capture: Capture) -> None:
    """Raise `Invalid` for a photograph from the future."""
    if capture.taken_on is not None and capture.taken_on > platform.today().isoformat():
        raise Invalid({"taken_on": NOT_YET})


def put_slot(platform: Platform, image: Image) -> Slot:
    """Keep a new image, with a form to upload it. One call to AWS.

    Where one stands under its id already, that one in the state it has by now, and the same form
    while it opens anything; whether it is the same image, its `fingerprint` tells.
    """
    now = platform.clock.now()
    slot = _slot(platform, image)
    new = replace(image, form=_kept(slot))
    created = ImageStore(platform.cases).create(new, due_at=now + LOOK_AFTER)
    if created.form is not None and created.form["expires_at"] > timestamp(now):
        first = UploadForm(url=created.form["url"], fields=created.form["fields"])
        return Slot(created, first, created.form["expires_at"])
    if created.state is State.AWAITING_UPLOAD:
        # This form too lets its holder in, so the image must be awaited as long.
        try:
            created = _await_longer(platform, created)
        except LostStep as error:
            created = error.found or created
    return replace(slot, image=created)


def reopen_slot(platform: Platform, image: Image) -> Slot:
    """Await an abandoned image once more, whose id no other can take. One call to AWS."""
    now = platform.clock.now()
    slot = _slot(platform, image)
    try:
        awaited = ImageStore(platform.cases).step(
            image,
            State.AWAITING_UPLOAD,
            now=now,
            values={"form": _kept(slot)},
            due_at=now + LOOK_AFTER,
        )
    except LostStep as error:
        awaited = error.found or image
    return replace(slot, image=awaited)


def renewed(platform: Platform, image: Image) -> Slot:
    """A new form for this image, whoever may have one. One call to AWS. Raises as `renew_slot`."""
    if image.state is not State.AWAITING_UPLOAD:
        raise _arrived(image)
    try:
        image = _await_longer(platform, image)
    except LostStep as error:
        if error.found is None or error.found.deletion is not None:
            raise NotFound from None
        raise _arrived(error.found) from None
    return _slot(platform, image)


def _await_longer(platform: Platform, image: Image) -> Image:
    """Give an awaited image the time of a new form. Raises `LostStep` when it has moved on."""
    return ImageStore(platform.cases).postpone(image, platform.clock.now() + LOOK_AFTER)


def _arrived(image: Image) -> Conflict:
    return Conflict("image_not_awaited", ARRIVED, details={"state": image.state.value})


def _slot(platform: Platform, image: Image) -> Slot:
    form = platform.uploads.upload_form(
        upload_key(image.image_id),
        fields=form_conditions(image.declared.content_type, image.declared.sha256),
        max_bytes=MAX_UPLOAD_BYTES,
        seconds=int(SLOT_LIFE.total_seconds()),
    )
    return Slot(image, form, timestamp(platform.clock.now() + SLOT_LIFE))


def _kept(slot: Slot) -> dict[str, Any]:
    return {**asdict(slot.form), "expires_at": slot.expires_at}


def form_conditions(content_type: str, sha256: str) -> dict[str, str]:
    """S3 itself compares the bytes with the declared hash, so a form replayed brings no others."""
    checksum = base64.b64encode(bytes.fromhex(sha256)).decode()
    return {
        "Content-Type": content_type,
        "x-amz-checksum-algorithm": "SHA256",
        "x-amz-checksum-sha256": checksum,
    }

"""What people do with images: open a slot, take a new form for it, look at an image."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Final

from chalicelib.images.model import (
    LINK_LIFE,
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
from chalicelib.images.pixels import PixelIndex
from chalicelib.images.quota import MOST_OF_A_DOCTOR, take_place
from chalicelib.images.store import ImageStore, LostStep
from chalicelib.patients import service as patients
from chalicelib.patients.result_store import ResultStore
from chalicelib.patients.results import Result
from chalicelib.people.model import Caller, Reach
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


@dataclass(frozen=True)
class View:
    """An image with links that work for `LINK_LIFE`."""

    image: Image
    links: Mapping[str, str]
    near_duplicates: Sequence[str] | None = None
    """The pairs of near-duplicates that it is in; None for who is not told."""


def store(platform: Platform) -> ImageStore:
    return ImageStore(platform.cases)


def open_slot(
    platform: Platform,
    *,
    caller: Caller,
    lesion_id: str,
    image_id: str,
    kind: Kind,
    declared: Declared,
    capture: Capture,
    trace: str,
) -> Slot:
    """Create an image of the lesion and a form to upload it. Three calls to AWS; one or two more for
    a doctor of a clinic that the lesion is referred to, one where histology has said what it is.

    A repetition (`image_id` comes from the Idempotency-Key) gets the same image in the state it has
    by now, and the same form while it opens anything. Raises `NotFound` for a lesion out of reach,
    `TooMany` when the caller has too many images awaiting their files, `Conflict` when the
    repetition asks for something else, `Invalid` for a photograph from the future.
    """
    require_taken(platform, capture)
    lesion = patients.lesion(platform, caller, lesion_id)
    lesion = patients.note_treating(platform, caller, lesion)
    # First the place, then the image: a crash in between leaves a place too many, never an image.
    take_place(platform, caller.account_id, image_id, most=MOST_OF_A_DOCTOR)
    now = platform.clock.now()
    asked = (lesion_id, kind, *map(repr, asdict(declared).values()))
    asked += tuple(map(repr, asdict(capture).values()))
    image = Image(
        image_id=image_id,
        lesion_id=lesion.lesion_id,
        patient_id=lesion.patient_id,
        clinic_id=lesion.clinic_id,
        uploaded_by=caller.account_id,
        kind=kind,
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
        trace=trace,
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
    created = store(platform).create(new, due_at=now + LOOK_AFTER)
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
        awaited = store(platform).step(
            image,
            State.AWAITING_UPLOAD,
            now=now,
            values={"form": _kept(slot)},
            due_at=now + LOOK_AFTER,
        )
    except LostStep as error:
        awaited = error.found or image
    return replace(slot, image=awaited)


def renew_slot(platform: Platform, *, caller: Caller, image_id: str) -> Slot:
    """A new form for an image that has not arrived. Raises `NotFound` and `Conflict`."""
    image = reachable(platform, caller, image_id)
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
    return store(platform).postpone(image, platform.clock.now() + LOOK_AFTER)


def view_image(platform: Platform, *, caller: Caller, image_id: str) -> View:
    """An image and links to its clean picture and thumbnail. One call to AWS; two for an image of
    another clinic, which does not show what other lesions it was filed under, and for a curator, who
    is told of near-duplicates."""
    image = reachable(platform, caller, image_id)
    if not caller.reaches_clinic(image.clinic_id):
        image = replace(image, changes=())
    if caller.reach is not Reach.ANY or image.intake is None:
        return view(platform, image)
    pairs = PixelIndex(platform.cases).pairs(image.intake.pixel_hash)
    return replace(view(platform, image), near_duplicates=pairs)


def view(platform: Platform, image: Image) -> View:
    """An image with links to its clean picture and thumbnail; no call to AWS."""
    links: dict[str, str] = {}
    if image.intake is not None and image.state is not State.WITHDRAWN:
        seconds = int(LINK_LIFE.total_seconds())
        links = {
            "image": platform.images.link(image.intake.clean_key, seconds=seconds),
            "thumbnail": platform.images.link(image.intake.thumbnail_key, seconds=seconds),
        }
    return View(image, links)


def reachable(platform: Platform, caller: Caller, image_id: str) -> Image:
    """An image within the caller's reach. One call to AWS; two for an image of another clinic, whose
    patient says whether it is referred. Raises `NotFound`."""
    image = store(platform).get(image_id)
    if image is None or image.deletion is not None:
        raise NotFound
    if not caller.reaches_clinic(image.clinic_id):
        patients.require_referred(platform, caller, image.patient_id, image.lesion_id)
    return image


def own(platform: Platform, caller: Caller, image_id: str) -> Image:
    """An image of the caller's own clinic. One call to AWS. Raises `NotFound`."""
    image = store(platform).get(image_id)
    if image is None or image.deletion is not None or not caller.reaches_clinic(image.clinic_id):
        raise NotFound
    return image


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

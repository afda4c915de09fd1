"""What people do with images: open a slot, take a new form for it, look at an image."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from chalicelib.images.model import (
    LINK_LIFE,
    Capture,
    Declared,
    Image,
    Kind,
    State,
)
from chalicelib.images.pixels import PixelIndex
from chalicelib.images.quota import MOST_OF_A_DOCTOR
from chalicelib.images.slots import Photograph, Slot, open_slot_of, renewed, require_taken
from chalicelib.images.store import ImageStore
from chalicelib.patients import service as patients
from chalicelib.people.model import Caller, Reach
from chalicelib.platform.errors import (
    NotFound,
)
from chalicelib.platform.runtime import Platform


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
    photograph = Photograph(
        image_id=image_id,
        lesion_id=lesion_id,
        by=caller.account_id,
        kind=kind,
        declared=declared,
        capture=capture,
        trace=trace,
    )
    return open_slot_of(platform, lesion, photograph, most=MOST_OF_A_DOCTOR)


def renew_slot(platform: Platform, *, caller: Caller, image_id: str) -> Slot:
    """A new form for an image that has not arrived. Raises `NotFound` and `Conflict`."""
    return renewed(platform, reachable(platform, caller, image_id))


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

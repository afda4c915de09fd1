"""What histology says of a lesion becomes the label of its images.

The lesion decides: of all its results, one stands (`Lesion.confirmed`). Every change of a result first
changes the lesion, and then all dermoscopic images of the lesion are told what it says now, whichever
result changed. A result is due until its lesion and all the images know it, and they are told once
more when everybody who had begun before the change must have ended; so what a slow worker told them
too late is put right.
"""

from boto3.dynamodb.conditions import Key as Where

from chalicelib.histology import slots
from chalicelib.histology.model import SETTLING, SPREAD_AGAIN, Histology
from chalicelib.histology.store import HistologyStore
from chalicelib.images.items import read_image
from chalicelib.images.model import Image, Kind
from chalicelib.images.slots import shows
from chalicelib.labelling import truth
from chalicelib.labelling.truth import Proof, Truth
from chalicelib.patients.forwarding import BeingMerged
from chalicelib.patients.lesion_store import LesionStore
from chalicelib.patients.model import Lesion
from chalicelib.patients.result_store import ResultStore, TooManyResults, Unknown
from chalicelib.platform import logging
from chalicelib.platform.runtime import Platform


def announce(platform: Platform, one: Histology) -> None:
    """Ask for the images of a result's lesion to be told. The queue makes it fast; the `due` index,
    certain."""
    message = {"histology_id": one.histology_id}
    platform.labelling_queue.send({**message, "trace": one.trace} if one.trace else message)


def spread(platform: Platform, histology_id: str) -> None:
    """What the message sets going: tell the images of a result's lesion what the lesion says. Doing it
    again changes nothing more; the sweep tells them again, and finishes the rest."""
    one = HistologyStore(platform.cases).get(histology_id)
    if one is None:
        return
    logging.follow(one.trace)
    lesion = LesionStore(platform.cases).get(one.lesion_id)
    known = lesion.results.get(histology_id) if lesion is not None else None
    if lesion is not None and known is not None and known.revision >= one.revision:
        for image in _images(platform, lesion):
            _tell(platform, lesion, image)


def drive_on(platform: Platform, one: Histology) -> None:
    """What the sweep does with an overdue result: let the lesion know it, tell all its images, and
    remove the report of one taken back. It stays due while there is anything left to do."""
    logging.follow(one.trace)
    results, now = HistologyStore(platform.cases), platform.clock.now()
    try:
        lesion = ResultStore(platform.cases).enter(one.lesion_id, one.result, now=now)
    except (Unknown, TooManyResults):
        # Its patient took the consent back, and the erasure has it; or it was refused.
        results.settle(one)
        return
    except BeingMerged:
        results.look_again(one, now + SPREAD_AGAIN)
        return
    if one.taken_back is not None:
        slots.discard(platform, one.histology_id)
    told = [_tell(platform, lesion, image) for image in _images(platform, lesion)]
    if all(told) and now >= one.stirred_at + SETTLING:
        results.settle(one)
    else:
        results.look_again(one, now + SPREAD_AGAIN)


def follow_image(platform: Platform, image: Image) -> None:
    """Let an image that was moved lose the label of the lesion where it was; what its lesion says
    now, it is told like every image of it."""
    if _told_by(image) is None:
        return
    lesion = LesionStore(platform.cases).get(image.lesion_id)
    _tell(platform, lesion, image)


def _images(platform: Platform, lesion: Lesion) -> list[Image]:
    """The lesion's images, as the index shows them."""
    of_lesion = Where("patient_order").begins_with(f"image#{lesion.lesion_id}#")
    where = Where("patient_id").eq(lesion.patient_id) & of_lesion
    return [read_image(item) for item in platform.cases.query_all(where, index="by_patient")]


def _told_by(image: Image) -> str | None:
    """The result that an image has its label from."""
    label = image.label or {}
    return label.get("record_id") if label.get("rule") == Proof.HISTOLOGY else None


def _tell(platform: Platform, lesion: Lesion | None, image: Image) -> bool:
    """Tell one image what its lesion says; False while it cannot be labelled yet."""
    if image.kind is not Kind.DERMOSCOPIC:
        return True
    held = _told_by(image)
    result = lesion.confirmed if lesion is not None else None
    stands = result if result is not None and shows(image, result) else None
    foreign = lesion is None or held not in lesion.results
    if held is not None and (stands is None or foreign):
        truth.retract(platform, image.image_id, held)
    if stands is None or lesion is None or lesion.decided_at is None:
        return True
    proven = Truth(
        diagnosis=stands.diagnosis,
        by=Proof.HISTOLOGY,
        record_id=stands.histology_id,
        at=lesion.decided_at,
    )
    return truth.confirm(platform, image.image_id, proven)

"""What people ask for: taking consent back, and deleting a wrong image."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chalicelib.erasure.looks import look
from chalicelib.erasure.model import PROMISED_WITHIN, TAKEN_OVER_AFTER
from chalicelib.erasure.subjects import MarkedImage, MarkedPatient
from chalicelib.images.store import ImageStore, LostStep
from chalicelib.images.tombstones import ImageTombstones
from chalicelib.patients.model import Withdrawal
from chalicelib.patients.store import PatientStore
from chalicelib.people.model import Caller
from chalicelib.platform.clock import timestamp
from chalicelib.platform.errors import Conflict, NotFound
from chalicelib.platform.language import Text
from chalicelib.platform.runtime import Platform

GONE: Final = Text(
    "Согласие пациента отозвано, и этот снимок уже удалён вместе с остальными.",
    "The patient took the consent back, and this image was erased with the others.",
)


@dataclass(frozen=True)
class Withdrawn:
    """When consent was taken back, and by when nothing readable remains."""

    at: datetime
    erased_by: datetime


def withdraw_consent(
    platform: Platform, *, caller: Caller, patient_id: str, request_id: str
) -> Withdrawn:
    """Note that a patient took the consent back, and erase what fits into one request.

    Doing it again answers the same. Raises `NotFound` for a patient out of reach, `BeingMerged`
    while he is just being merged with another.
    """
    patients = PatientStore(platform.cases)
    standing = patients.standing(patient_id)
    if standing is None or not caller.reaches_clinic(standing.clinic_id):
        raise NotFound
    patient_id = standing.patient_id  # of a merged patient, whom he was merged into
    if standing.withdrawal is None:
        now = platform.clock.now()
        by = Withdrawal(at=now, account_id=caller.account_id, role=caller.role.value)
        standing = patients.withdraw(patient_id, by=by, due_at=now + TAKEN_OVER_AFTER)
        if standing is None or standing.withdrawal is None:
            raise NotFound
    if standing.erased_at is None:
        look(platform, MarkedPatient(platform, patient_id), trace=request_id, hurried=True)
    return Withdrawn(standing.withdrawal.at, standing.withdrawal.at + PROMISED_WITHIN)


def delete_image(
    platform: Platform, *, caller: Caller, image_id: str, reason: str, request_id: str
) -> None:
    """Take back a wrong image, and erase what is left of it. Doing it again changes nothing.

    Raises `NotFound` for an image out of reach, `Conflict` when its patient took the consent back.
    """
    image = ImageStore(platform.cases).get(image_id)
    if image is None or not caller.reaches_clinic(image.clinic_id):
        raise NotFound
    now = platform.clock.now()
    told = {"reason": reason, "at": timestamp(now), "by": caller.account_id, "as": caller.role}
    try:
        ImageTombstones(platform.cases).delete(
            image_id, told, now=now, due_at=now + TAKEN_OVER_AFTER
        )
    except LostStep:
        raise Conflict("consent_withdrawn", GONE) from None
    look(platform, MarkedImage(platform, image_id), trace=request_id, hurried=True)

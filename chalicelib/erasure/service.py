"""What people ask for: taking consent back, and deleting a wrong image."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chalicelib.erasure.looks import look
from chalicelib.erasure.model import PROMISED_WITHIN, TAKEN_OVER_AFTER
from chalicelib.erasure.subjects import MarkedImage, MarkedPatient
from chalicelib.images.store import ImageStore, LostStep
from chalicelib.images.tombstones import ImageTombstones
from chalicelib.patients.model import Standing, Withdrawal
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
    return _withdraw(platform, standing, by=caller, request_id=request_id)


def withdraw_own_consent(
    platform: Platform, *, by: Caller, patient_id: str, request_id: str
) -> Withdrawn:
    """The same, asked by the patient himself. Raises `NotFound`, `BeingMerged`."""
    standing = PatientStore(platform.cases).standing(patient_id)
    if standing is None:
        raise NotFound
    return _withdraw(platform, standing, by=by, request_id=request_id)


def _withdraw(platform: Platform, standing: Standing, *, by: Caller, request_id: str) -> Withdrawn:
    patients = PatientStore(platform.cases)
    patient_id = standing.patient_id  # of a merged patient, whom he was merged into
    if standing.withdrawal is None:
        now = platform.clock.now()
        asked = Withdrawal(at=now, account_id=by.account_id, role=by.role.value)
        stands = patients.withdraw(patient_id, by=asked, due_at=now + TAKEN_OVER_AFTER)
        if stands is None or stands.withdrawal is None:
            raise NotFound
        standing = stands
    withdrawal = standing.withdrawal
    if withdrawal is None:
        raise NotFound
    if standing.erased_at is None:
        look(platform, MarkedPatient(platform, patient_id), trace=request_id, hurried=True)
    return Withdrawn(withdrawal.at, withdrawal.at + PROMISED_WITHIN)


def delete_image(
    platform: Platform, *, caller: Caller, image_id: str, reason: str, request_id: str
) -> None:
    """Take back a wrong image, and erase what is left of it. Doing it again changes nothing.

    Raises `NotFound` for an image out of reach, `Conflict` when its patient took the consent back.
    """
    image = ImageStore(platform.cases).get(image_id)
    if image is None or not caller.reaches_clinic(image.clinic_id):
        raise NotFound
    take_image_back(platform, by=caller, image_id=image_id, reason=reason, request_id=request_id)


def take_image_back(
    platform: Platform, *, by: Caller, image_id: str, reason: str, request_id: str
) -> None:
    """`delete_image` for whoever may: his reach is not asked. Raises `Conflict`."""
    now = platform.clock.now()
    told = {"reason": reason, "at": timestamp(now), "by": by.account_id, "as": by.role}
    try:
        ImageTombstones(platform.cases).delete(
            image_id, told, now=now, due_at=now + TAKEN_OVER_AFTER
        )
    except LostStep:
        raise Conflict("consent_withdrawn", GONE) from None
    look(platform, MarkedImage(platform, image_id), trace=request_id, hurried=True)

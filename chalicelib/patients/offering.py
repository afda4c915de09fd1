"""Offering a patient to another clinic, with his consent; and which offers there are.

The offer enters both clinics' lists first, and is made by one write on the patient. An entry that a
crash left without that write shows nothing, and goes when the offer would have been over.
"""

from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum
from typing import Final

from chalicelib.patients import service
from chalicelib.patients.intake import require_clinic
from chalicelib.patients.lesion_store import LesionStore
from chalicelib.patients.model import Patient
from chalicelib.patients.referral import (
    MAX_REFERRALS,
    OFFER_LIFE,
    OPEN,
    Referral,
    ReferralState,
    step_of,
)
from chalicelib.patients.referral_store import EntryList, OtherRequest, ReferralStore
from chalicelib.patients.referring import Referred
from chalicelib.patients.store import PatientStore
from chalicelib.people import service as people
from chalicelib.people.model import Caller, Clinic
from chalicelib.platform.errors import Conflict, Invalid, idempotency_conflict
from chalicelib.platform.language import Text
from chalicelib.platform.runtime import Platform

_OWN_CLINIC: Final = Text(
    "Это клиника самого пациента. Выберите другую.",
    "This is the patient's own clinic. Choose another one.",
)
_NO_CLINIC: Final = Text(
    "Такой клиники нет. Выберите из списка клиник для направления.",
    "There is no such clinic. Choose from the clinics to refer to.",
)
_NO_LESION: Final = Text(
    "У этого пациента нет такого очага. Выберите из его очагов.",
    "This patient has no such lesion. Choose from his lesions.",
)
_REFERRED: Final = Text(
    "Эти очаги уже направлены в эту клинику. Дождитесь её ответа или завершите то направление.",
    "These lesions are referred to this clinic already. Wait for its answer, or end that referral.",
)
_TOO_MANY: Final = Text(
    "У этого пациента уже слишком много направлений. Обратитесь к администратору.",
    "This patient has too many referrals already. Ask an administrator.",
)


class Direction(StrEnum):
    IN = "in"
    OUT = "out"


def offer(
    platform: Platform,
    *,
    caller: Caller,
    patient_id: str,
    referral_id: str,
    clinic_id: str,
    lesion_ids: Iterable[str] | None,
    reason: str | None,
) -> Referral:
    """Offer a patient, who consents to it, to another clinic: these lesions, or all there are and
    will be. Six calls to AWS, seven with lesions named.

    Raises `NotFound` for a patient out of reach, `Invalid` for his own clinic, one that is not
    there, or a lesion that is not his, `Conflict` when such a referral is open already or the
    Idempotency-Key was used with another one.
    """
    known = service.patient(platform, caller, patient_id)
    named = None if lesion_ids is None else sorted(set(lesion_ids))
    asked = (patient_id, clinic_id, *(["all"] if named is None else ["these", *named]))
    fingerprint = platform.ids.digest("referral", *asked, reason or "").hex()
    if (made := known.referrals.get(referral_id)) is None:
        _require_other_clinic(platform, known, clinic_id)
        lesions = None if named is None else _lesions(platform, known, named)
        now = platform.clock.now()
        made = Referral(
            referral_id=referral_id,
            from_clinic=known.clinic_id,
            to_clinic=clinic_id,
            lesions=lesions,
            reason=reason or None,
            expires_at=now + OFFER_LIFE,
            fingerprint=fingerprint,
            history=(step_of(caller, ReferralState.OFFERED, at=now),),
        )
        _with_offer(known, made)  # refused here, it is in no list
        try:
            ReferralStore(platform.cases).enter(made, known.patient_id)
        except OtherRequest:
            raise idempotency_conflict() from None
        offered = made
        patient = PatientStore(platform.cases).change(
            known.patient_id, lambda found: _with_offer(found, offered)
        )
        made = patient.referrals[referral_id]
    if made.fingerprint != fingerprint:
        raise idempotency_conflict()
    return made


def list_referrals(
    platform: Platform, *, caller: Caller, direction: Direction, limit: int, cursor: str | None
) -> tuple[list[Referred], str | None]:
    """A page of the referrals that the caller's clinic received or made, the latest first, and the
    cursor of the next page. Two calls to AWS. Raises `Invalid` for a cursor of another list."""
    clinic_id = require_clinic(caller)
    scope = f"referrals {direction} {clinic_id}"
    start = platform.cursors.open(cursor, scope=scope)
    name = EntryList.INCOMING if direction is Direction.IN else EntryList.OUTGOING
    page = ReferralStore(platform.cases).page(name, clinic_id, limit=limit, start=start)
    patients = PatientStore(platform.cases).several(item["patient_id"] for item in page.items)
    found = [
        Referred(patient.referrals[item["referral_id"]], patient)
        for item in page.items
        if (patient := patients.get(item["patient_id"])) is not None
        and item["referral_id"] in patient.referrals
    ]
    return found, platform.cursors.seal(page.last, scope=scope)


def list_clinics(
    platform: Platform, *, caller: Caller, limit: int, cursor: str | None
) -> tuple[list[Clinic], str | None]:
    """A page of the clinics that the caller may refer to, by city and name. One call to AWS."""
    own = require_clinic(caller)
    scope = f"referral clinics {own}"
    start = platform.cursors.open(cursor, scope=scope)
    clinics, last = people.list_clinics(platform, limit=limit, after=start)
    others = [clinic for clinic in clinics if clinic.clinic_id != own and not clinic.closed]
    return others, platform.cursors.seal(last, scope=scope)


def _require_other_clinic(platform: Platform, patient: Patient, clinic_id: str) -> None:
    if clinic_id == patient.clinic_id:
        raise Invalid({"clinic_id": _OWN_CLINIC})
    clinic = people.view_clinic(platform, clinic_id)
    if clinic is None or clinic.closed:
        raise Invalid({"clinic_id": _NO_CLINIC})


def _lesions(platform: Platform, patient: Patient, lesion_ids: list[str]) -> frozenset[str]:
    """The lesions as they stand by now. Raises `Invalid` unless all are the patient's."""
    names = {patient.patient_id, *(merged.duplicate_id for merged in patient.merges)}
    lesions = LesionStore(platform.cases).several(lesion_ids)
    if not all(lesion is not None and lesion.patient_id in names for lesion in lesions):
        raise Invalid({"lesion_ids": _NO_LESION})
    return frozenset(lesion.lesion_id for lesion in lesions if lesion is not None)


def _with_offer(patient: Patient, offered: Referral) -> Patient:
    """The patient with one more referral. Raises `Conflict` when it would add nothing."""
    if offered.referral_id in patient.referrals:
        return patient
    for other in patient.referrals.values():
        stands = other.state_at(offered.offered_at) in OPEN
        if stands and other.to_clinic == offered.to_clinic and other.covers_all_of(offered.lesions):
            raise Conflict("referred_already", _REFERRED)
    if len(patient.referrals) >= MAX_REFERRALS:
        raise Conflict("too_many_referrals", _TOO_MANY)
    return replace(patient, referrals={**patient.referrals, offered.referral_id: offered})

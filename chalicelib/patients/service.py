"""What doctors do with patients and lesions besides surveys: look up, list, view.

Whom a doctor reaches is decided here. His own clinic's patients and lesions he reaches whole; of
another clinic's, what a referral that his clinic has accepted covers, and nothing else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from chalicelib.patients.codes import BadCode, read_code
from chalicelib.patients.disclosure import count_disclosure
from chalicelib.patients.intake import require_clinic
from chalicelib.patients.items import read_patient
from chalicelib.patients.lesion_store import LesionStore
from chalicelib.patients.model import Lesion, Patient
from chalicelib.patients.referral import OPEN, Referral, opened_to
from chalicelib.patients.referral_store import EntryList
from chalicelib.patients.register import Register
from chalicelib.patients.same_person import SamePerson, candidates
from chalicelib.patients.store import PatientStore
from chalicelib.people.model import Caller, Reach
from chalicelib.platform.errors import (
    Invalid,
    NotFound,
)
from chalicelib.platform.runtime import Platform
from chalicelib.platform.table import Item

LATEST_IMAGES: Final = 10
"""How many images of each lesion a patient's page shows."""


@dataclass(frozen=True)
class PatientView:
    """A patient, his lesions with their surveys, and the latest images of each lesion; of a referred
    one, what the referrals cover."""

    patient: Patient
    lesions: list[Lesion]
    images: Mapping[str, list[Item]]
    """Image items by lesion, the newest first."""
    referred: bool
    """Whether he is another clinic's."""
    referrals: list[Referral]
    """The open ones; of a referred patient, those by which the caller sees him."""

    @property
    def visits(self) -> list[date]:
        """The days of examinations that the asking clinic may know of."""
        if not self.referred:
            return [self.patient.first_visit, self.patient.last_visit]
        surveys = (survey for lesion in self.lesions for survey in lesion.surveys.values())
        return sorted(survey.answers.examined_on for survey in surveys)


@dataclass(frozen=True)
class Listed:
    """A patient in a clinic's list."""

    patient: Patient
    referred: bool


def lesion(platform: Platform, caller: Caller, lesion_id: str) -> Lesion:
    """A lesion within the caller's reach, be it by a referral. One call to AWS, two for a lesion of
    another clinic. Raises `NotFound`."""
    found = LesionStore(platform.cases).get(lesion_id)
    if found is None:
        raise NotFound
    if not caller.reaches_clinic(found.clinic_id):
        require_referred(platform, caller, found.patient_id, found.lesion_id)
    return found


def own_lesion(platform: Platform, caller: Caller, lesion_id: str) -> Lesion:
    """A lesion of the caller's own clinic. One call to AWS. Raises `NotFound`."""
    found = LesionStore(platform.cases).get(lesion_id)
    if found is None or not caller.reaches_clinic(found.clinic_id):
        raise NotFound
    return found


def patient(platform: Platform, caller: Caller, patient_id: str) -> Patient:
    """A patient of the caller's own clinic. One call to AWS. Raises `NotFound`."""
    found = PatientStore(platform.cases).get(patient_id)
    if found is None or not caller.reaches_clinic(found.clinic_id):
        raise NotFound
    return found


def require_referred(platform: Platform, caller: Caller, patient_id: str, lesion_id: str) -> None:
    """Raise `NotFound` unless a referral lets the caller see this lesion. One call to AWS."""
    found = PatientStore(platform.cases).get(patient_id)
    open_to_him = _opened(found, caller)
    if not any(referral.covers(lesion_id) for referral in open_to_him):
        raise NotFound


def note_treating(platform: Platform, caller: Caller, lesion: Lesion) -> Lesion:
    """Note that a doctor of another clinic treats a lesion, so that he never reads it blind. One
    call the first time; none for a doctor of its own clinic, whom its surveys name."""
    if caller.reaches_clinic(lesion.clinic_id) or caller.account_id in lesion.treated_by:
        return lesion
    LesionStore(platform.cases).treat(lesion.lesion_id, caller.account_id)
    return replace(lesion, also_treated_by=lesion.also_treated_by | {caller.account_id})


def _opened(found: Patient | None, caller: Caller) -> list[Referral]:
    """The referrals by which the caller's clinic sees something of another clinic's patient."""
    if found is None or caller.reach is not Reach.OWN_CLINIC:
        return []
    return opened_to(found.referrals, caller.clinic_id)


def look_up_patient(platform: Platform, *, caller: Caller, typed_code: str) -> str:
    """The id of the patient whom the caller's clinic knows under a code.

    Raises `Invalid` for what is no code, `TooMany` beyond the allowance, `NotFound`, and `SamePerson`
    when several stand under the code.
    """
    clinic_id = require_clinic(caller)
    try:
        code = read_code(typed_code, platform.today())
    except BadCode as bad:
        raise Invalid({"patient_code": bad.text}) from None
    count_disclosure(platform, caller)
    macs = tuple(platform.code_macs.under_every_version(code.digits))
    bearers = Register(platform.cases, clinic_id, macs).bearers()
    found = [
        candidate
        for candidate in candidates(platform, bearers, birth_year=code.born_on.year)
        if candidate["last_visit"] is not None
    ]
    if not found:
        raise NotFound
    if len(found) > 1:
        raise SamePerson(found)
    return str(found[0]["patient_id"])


def list_patients(
    platform: Platform, *, caller: Caller, limit: int, cursor: str | None
) -> tuple[list[Listed], str | None]:
    """A page of the caller's clinic, the last seen first, and the cursor of the next page. Patients
    referred to it stand where the referral was accepted; they cost one call more.

    Raises `Invalid` for a cursor of another list, `Forbidden` for a caller without a clinic.
    """
    clinic_id = require_clinic(caller)
    scope = f"patients {clinic_id}"
    store = PatientStore(platform.cases)
    start = platform.cursors.open(cursor, scope=scope)
    page = store.of_clinic(clinic_id, limit=limit, start=start)
    entries = [item for item in page.items if item["sk"] == EntryList.LISTED]
    referred = store.several(entry["patient_id"] for entry in entries) if entries else {}
    listed: list[Listed] = []
    for item in page.items:
        if item["sk"] != EntryList.LISTED:
            listed.append(Listed(read_patient(item), referred=False))
            continue
        found = referred.get(item["patient_id"])
        # Of several referrals of one patient the first one lists him.
        first = _opened(found, caller)[:1]
        if found and [referral.referral_id for referral in first] == [item["referral_id"]]:
            listed.append(Listed(found, referred=True))
    return listed, platform.cursors.seal(page.last, scope=scope)


def view_patient(platform: Platform, *, caller: Caller, patient_id: str) -> PatientView:
    """A patient with everything of his that the caller reaches. Two calls to AWS. Raises `NotFound`."""
    store = PatientStore(platform.cases)
    found = store.get(patient_id)
    if found is None:
        raise NotFound
    referred = not caller.reaches_clinic(found.clinic_id)
    now = platform.clock.now()
    referrals = (
        _opened(found, caller)
        if referred
        else [each for each in found.referrals.values() if each.state_at(now) in OPEN]
    )
    if referred and not referrals:
        raise NotFound
    lesions, images = store.belongings(found.patient_id)
    if referred:
        lesions = [
            each
            for each in lesions
            if any(referral.covers(each.lesion_id) for referral in referrals)
        ]
    return PatientView(found, lesions, _latest(images, lesions), referred, referrals)


def _latest(images: Iterable[Item], lesions: Iterable[Lesion]) -> dict[str, list[Item]]:
    """The newest `LATEST_IMAGES` of each lesion; of a lesion merged into it too, while its images
    are on their way."""
    now_part_of = {
        merged.duplicate_id: lesion.lesion_id for lesion in lesions for merged in lesion.merges
    }
    by_lesion: dict[str, list[Item]] = {}
    for image in sorted(images, key=lambda item: str(item["created_at"]), reverse=True):
        lesion_id = str(now_part_of.get(image["lesion_id"], image["lesion_id"]))
        by_lesion.setdefault(lesion_id, []).append(image)
    return {lesion_id: several[:LATEST_IMAGES] for lesion_id, several in by_lesion.items()}


def image_in_brief(item: Mapping[str, Any]) -> dict[str, Any]:
    """What a patient's page says of an image item. The images' part owns such items; here they are
    read as they lie, since it stands above this one."""
    classification = item.get("classification") or {}
    return {
        "image_id": item["image_id"],
        "kind": item["kind"],
        "state": item["state"],
        "created_at": item["created_at"],
        "taken_on": item.get("capture", {}).get("taken_on"),
        "top": classification.get("top"),
        "label": item.get("label"),
    }

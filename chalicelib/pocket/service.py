"""A patient's own things: his lesions with their photographs, and what he may do with them.

Whose they are follows from his account alone. Of his images he sees pictures, days and sizes by his own circles;
never the model's opinion, a label or a reading.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from chalicelib.access.service import is_his, own_lesion, own_patient
from chalicelib.advice.items import read_question
from chalicelib.advice.model import MOST_OPEN, QuestionState
from chalicelib.advice.store import QuestionStore
from chalicelib.erasure import service as erasure
from chalicelib.images import service as images
from chalicelib.images.items import read_image
from chalicelib.images.lesion_images import newest_of_lesion
from chalicelib.images.marks import Marks
from chalicelib.images.model import Capture, Declared, Image, Kind
from chalicelib.images.model import State as ImageState
from chalicelib.images.own_course import OwnCourse, own_course
from chalicelib.images.quota import MOST_OF_A_PATIENT
from chalicelib.images.slots import Photograph, Slot, open_slot_of, renewed, require_taken
from chalicelib.images.store import ImageStore
from chalicelib.images.visits import in_order
from chalicelib.patients.choices import Site
from chalicelib.patients.items import read_lesion
from chalicelib.patients.lesions import add_lesion, rename_lesion
from chalicelib.patients.model import Lesion, Patient
from chalicelib.patients.spot import Spot
from chalicelib.patients.store import PatientStore
from chalicelib.people import service as people
from chalicelib.people.model import Account, Caller, Clinic
from chalicelib.platform import limits
from chalicelib.platform.errors import Conflict, NotFound
from chalicelib.platform.language import Text
from chalicelib.platform.runtime import Platform
from chalicelib.platform.table import Item

COUNTED: Final = 100
"""Among so many of a patient's latest questions those that wait, and advice not read, are counted."""
SHOWN: Final = 100
"""Photographs of one lesion in its list and its timeline: those sent last."""
IMAGES_A_DAY: Final = limits.Limit(
    "own_images",
    60,
    timedelta(days=1),
    Text(
        "Сегодня вы добавили много снимков. Продолжите завтра.",
        "You have added many photographs today. Go on tomorrow.",
    ),
)
LESIONS_A_DAY: Final = limits.Limit(
    "own_lesions",
    60,
    timedelta(days=1),
    Text(
        "Сегодня вы отметили много родинок. Продолжите завтра.",
        "You have marked many moles today. Go on tomorrow.",
    ),
)
_DOCTORS_IMAGE: Final = Text(
    "Этот снимок сделал врач, удалить его может только клиника.",
    "A doctor took this photograph; only the clinic can delete it.",
)
_BY_HIMSELF: Final = "deleted by the patient"
_GONE: Final = frozenset({ImageState.WITHDRAWN, ImageState.ABANDONED})


@dataclass(frozen=True)
class Me:
    """Who the caller is, and what waits."""

    patient: Patient
    account: Account
    clinic: Clinic | None
    questions_open: int
    advice_unread: int

    @property
    def can_ask(self) -> bool:
        return self.questions_open < MOST_OPEN


@dataclass(frozen=True)
class OwnLesion:
    """A lesion with its photographs, the latest first."""

    lesion: Lesion
    images: list[Image]
    advice_unread: int


def view_me(platform: Platform, *, caller: Caller) -> Me:
    """Four calls to AWS. Raises `ConsentWithdrawn`."""
    patient = own_patient(platform, caller)
    account = people.view_account(platform, caller.account_id)
    questions, _ = QuestionStore(platform.cases).of_patient(
        patient.patient_id, limit=COUNTED, start=None
    )
    return Me(
        patient=patient,
        account=account,
        clinic=people.view_clinic(platform, patient.clinic_id),
        questions_open=sum(question.state is QuestionState.OPEN for question in questions),
        advice_unread=sum(question.unread for question in questions),
    )


def list_lesions(
    platform: Platform, *, caller: Caller, limit: int, cursor: str | None
) -> tuple[list[OwnLesion], str | None]:
    """A page of the caller's lesions in the order they were made. Two calls to AWS, one more for each megabyte
    of what he has. Raises `Invalid` for a cursor of another list."""
    patient = own_patient(platform, caller)
    items = PatientStore(platform.cases).items(patient.patient_id)
    lesions = [read_lesion(item) for item in items if item["sk"] == "lesion"]
    shown = _by_lesion((read_image(item) for item in items if _is_shown(item)), lesions)
    questions = [read_question(item) for item in items if item["sk"] == "question"]
    unread = [question.lesion_id for question in questions if question.unread]
    every = [
        OwnLesion(lesion, shown.get(lesion.lesion_id, [])[:SHOWN], _count(unread, lesion))
        for lesion in lesions
    ]
    page, following = platform.cursors.part(
        every, limit=limit, cursor=cursor, scope=f"own lesions {patient.patient_id}"
    )
    return list(page), following


def _is_shown(item: Item) -> bool:
    return item["sk"] == "image" and "deletion" not in item and item["state"] not in _GONE


def _by_lesion(shown: Iterable[Image], lesions: Iterable[Lesion]) -> Mapping[str, list[Image]]:
    """The images of each lesion, the latest first; those of a lesion merged into it too, while they are on
    their way."""
    now_part_of = _merged(lesions)
    by_lesion: dict[str, list[Image]] = {}
    for image in reversed(in_order(shown)):
        lesion_id = now_part_of.get(image.lesion_id, image.lesion_id)
        by_lesion.setdefault(lesion_id, []).append(image)
    return by_lesion


def _merged(lesions: Iterable[Lesion]) -> Mapping[str, str]:
    return {done.duplicate_id: lesion.lesion_id for lesion in lesions for done in lesion.merges}


def _count(lesion_ids: Iterable[str], lesion: Lesion) -> int:
    """How often this lesion, or one merged into it, is among these."""
    names = {lesion.lesion_id, *(done.duplicate_id for done in lesion.merges)}
    return sum(lesion_id in names for lesion_id in lesion_ids)


def open_lesion(
    platform: Platform,
    *,
    caller: Caller,
    lesion_id: str,
    site: Site,
    name: str | None,
    spot: Spot | None,
) -> Lesion:
    """A lesion that the caller wants to watch. Three calls to AWS. A repetition gets the same lesion.

    Raises `TooMany`, `ConsentWithdrawn`, and `Conflict` when the repetition asks for something else.
    """
    patient = own_patient(platform, caller)
    limits.count_once(platform.people, platform.clock, caller.account_id, LESIONS_A_DAY, lesion_id)
    return add_lesion(
        platform,
        patient,
        asked_of=caller.patient_id,
        by=caller.account_id,
        lesion_id=lesion_id,
        site=site,
        name=name,
        spot=spot,
    )


def change_lesion(
    platform: Platform, *, caller: Caller, lesion_id: str, values: Mapping[str, Any]
) -> Lesion:
    """Give one of the caller's lesions another name or spot, as its item has them; None takes it away.

    Three calls to AWS. Raises `NotFound`, `BeingMerged`, `ConsentWithdrawn`.
    """
    lesion = own_lesion(platform, own_patient(platform, caller), lesion_id)
    return rename_lesion(platform, lesion, values)


def open_slot(
    platform: Platform,
    *,
    caller: Caller,
    lesion_id: str,
    image_id: str,
    declared: Declared,
    capture: Capture,
    marks: Marks | None,
    trace: str,
) -> Slot:
    """A place for the caller's own photograph of one of his lesions. Five calls to AWS.

    It is never one of a dermatoscope, so no model looks at it. Raises `NotFound`, `TooMany`, `Invalid` for a
    photograph from the future, `Conflict`, `ConsentWithdrawn`.
    """
    require_taken(platform, capture)
    lesion = own_lesion(platform, own_patient(platform, caller), lesion_id)
    limits.count_once(platform.people, platform.clock, caller.account_id, IMAGES_A_DAY, image_id)
    photograph = Photograph(
        image_id=image_id,
        lesion_id=lesion_id,
        by=caller.account_id,
        kind=Kind.MACROSCOPIC,
        declared=declared,
        capture=capture,
        trace=trace,
        by_patient=True,
        marks=marks,
    )
    return open_slot_of(platform, lesion, photograph, most=MOST_OF_A_PATIENT)


def renew_slot(platform: Platform, *, caller: Caller, image_id: str) -> Slot:
    """A new form for a photograph of his that has not arrived. Three calls to AWS. Raises `NotFound`,
    `Conflict`."""
    image = own_image(platform, caller, image_id)
    if not image.by_patient:
        raise NotFound
    return renewed(platform, image)


def view_image(platform: Platform, *, caller: Caller, image_id: str) -> images.View:
    """One of the caller's images with links to it. Two calls to AWS. Raises `NotFound`."""
    return images.view(platform, own_image(platform, caller, image_id))


def own_image(platform: Platform, caller: Caller, image_id: str) -> Image:
    """An image of the caller. Two calls to AWS. Raises `NotFound`, `ConsentWithdrawn`."""
    patient = own_patient(platform, caller)
    image = ImageStore(platform.cases).get(image_id)
    if image is None or image.deletion is not None or image.state is ImageState.WITHDRAWN:
        raise NotFound
    if not is_his(patient, image.patient_id):
        raise NotFound
    return image


def delete_image(platform: Platform, *, caller: Caller, image_id: str, request_id: str) -> None:
    """Erase a photograph that the caller sent himself. Doing it again answers `NotFound`.

    Raises `NotFound`, and `Conflict` for a photograph that a doctor took.
    """
    if not own_image(platform, caller, image_id).by_patient:
        raise Conflict("doctors_image", _DOCTORS_IMAGE)
    erasure.take_image_back(
        platform, by=caller, image_id=image_id, reason=_BY_HIMSELF, request_id=request_id
    )


def view_timeline(
    platform: Platform, *, caller: Caller, lesion_id: str
) -> tuple[Lesion, OwnCourse, list[images.View]]:
    """The course of one of the caller's lesions, and its images with links. Three calls to AWS.

    Raises `NotFound`, `ConsentWithdrawn`.
    """
    patient = own_patient(platform, caller)
    lesion = own_lesion(platform, patient, lesion_id)
    found, _ = newest_of_lesion(
        platform.cases,
        patient_id=patient.patient_id,
        lesion_id=lesion.lesion_id,
        limit=SHOWN,
    )
    course = own_course(found)
    return lesion, course, [images.view(platform, image) for image in course.images]


def withdraw_consent(platform: Platform, *, caller: Caller, request_id: str) -> erasure.Withdrawn:
    """Take the consent back: everything is erased, and the account closed, as after the doctor's withdrawal.

    Doing it again, while the account still lets in, answers the same. Raises `NotFound`, `BeingMerged`.
    """
    if not caller.patient_id:
        raise NotFound
    return erasure.withdraw_own_consent(
        platform, by=caller, patient_id=caller.patient_id, request_id=request_id
    )

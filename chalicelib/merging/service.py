"""What doctors do about mistakes of filing, and how the sweep finishes it."""

from typing import Final

from chalicelib.images import service as images
from chalicelib.images.model import MAX_CHANGES, Image, State
from chalicelib.images.store import LostStep
from chalicelib.merging.filing import file_under, follow
from chalicelib.merging.lesions import LesionMerging
from chalicelib.merging.model import (
    Merge,
    What,
    change,
    read_merge,
    require_one_lesion,
    require_one_person,
    require_seen_alike,
    require_two,
)
from chalicelib.merging.patients import PatientMerging
from chalicelib.merging.steps import Merging
from chalicelib.patients import service as patients
from chalicelib.patients.forwarding import BeingMerged
from chalicelib.people.model import Caller
from chalicelib.platform import logging
from chalicelib.platform.errors import Conflict, Invalid, NotFound
from chalicelib.platform.language import Text
from chalicelib.platform.runtime import Platform
from chalicelib.platform.table import Item

__all__ = ["drive_on", "follow", "merge_lesions", "merge_patients", "move_image"]

_OTHER_CLINIC: Final = Text(
    "Этот очаг ведёт другая клиника. Выберите очаг той же клиники, что и у снимка.",
    "This lesion is another clinic's. Choose one of the image's own clinic.",
)
_MEANWHILE: Final = Text(
    "Снимок только что перенёс кто-то другой. Откройте его заново и повторите.",
    "Somebody else has just moved this image. Open it again and repeat.",
)
_TOO_MANY: Final = Text(
    "Этот снимок переносили слишком много раз. Обратитесь к администратору.",
    "This image was moved too many times. Ask an administrator.",
)
_ELSEWHERE: Final = Text(
    "Эта запись уже объединена с другой. Её новый номер в поле into; если объединить нужно и его, "
    "укажите его.",
    "This record has been merged into another already. Its new id is in `into`; name that one if "
    "it is to be merged too.",
)


def move_image(
    platform: Platform, *, caller: Caller, image_id: str, lesion_id: str, reason: str
) -> Image:
    """File an image under another lesion of its clinic. At most 5 calls to AWS before it has a case
    or pixels. Doing it again changes nothing more.

    Raises `NotFound` for an image or lesion out of reach, `Invalid` for a lesion of another clinic,
    `Conflict` when somebody else moves it at the same moment.
    """
    image = images.own(platform, caller, image_id)
    if image.state is State.WITHDRAWN:
        raise NotFound
    lesion = patients.own_lesion(platform, caller, lesion_id)
    if lesion.clinic_id != image.clinic_id:
        raise Invalid({"lesion_id": _OTHER_CLINIC})
    if (image.lesion_id, image.patient_id) == (lesion.lesion_id, lesion.patient_id):
        return follow(platform, image)
    if len(image.changes) >= MAX_CHANGES:
        raise Conflict("too_many_changes", _TOO_MANY)
    moved = change(What.MOVED, at=platform.clock.now(), by=caller.account_id, reason=reason)
    try:
        return file_under(platform, image, lesion, moved, also=caller.account_id)
    except LostStep as lost:
        if lost.found is None or lost.found.state is State.WITHDRAWN:
            raise NotFound from None
        raise Conflict("changed_meanwhile", _MEANWHILE) from None


def merge_lesions(
    platform: Platform,
    *,
    caller: Caller,
    lesion_id: str,
    duplicate_id: str,
    reason: str,
    request_id: str,
) -> tuple[str, str]:
    """Merge the lesion `duplicate_id` into `lesion_id`; the ids of the lesion and patient that stand.

    Doing it again changes nothing more. Raises `NotFound`, `Invalid` for two that are not one
    lesion, `Conflict` while either is part of another merge or has gone into another lesion.
    """
    require_two(lesion_id, duplicate_id)
    kept = patients.own_lesion(platform, caller, lesion_id)
    duplicate = patients.own_lesion(platform, caller, duplicate_id)
    merging = LesionMerging(platform)
    if kept.lesion_id == duplicate.lesion_id:
        merging.gather(duplicate_id)
        return kept.lesion_id, kept.patient_id
    _require_unmerged(duplicate_id, duplicate.lesion_id)
    require_one_lesion(kept, duplicate)
    patient = patients.patient(platform, caller, kept.patient_id)
    require_seen_alike(patient, kept, duplicate)
    new = _merge(platform, caller, kept.lesion_id, duplicate_id, reason, request_id)
    merging.carry_out(merging.begun(new))
    stands = patients.own_lesion(platform, caller, kept.lesion_id)
    return stands.lesion_id, stands.patient_id


def merge_patients(
    platform: Platform,
    *,
    caller: Caller,
    patient_id: str,
    duplicate_id: str,
    reason: str,
    request_id: str,
) -> str:
    """Merge the patient `duplicate_id` into `patient_id`; the id of the patient who stands.

    Doing it again changes nothing more. Raises `NotFound`, `Invalid` for two who are not one person,
    `Conflict` while either is part of another merge or has gone into another patient.
    """
    require_two(patient_id, duplicate_id)
    kept = patients.patient(platform, caller, patient_id)
    duplicate = patients.patient(platform, caller, duplicate_id)
    merging = PatientMerging(platform)
    if kept.patient_id == duplicate.patient_id:
        merging.gather(duplicate_id)
        return kept.patient_id
    _require_unmerged(duplicate_id, duplicate.patient_id)
    require_one_person(kept, duplicate)
    new = _merge(platform, caller, kept.patient_id, duplicate_id, reason, request_id)
    merging.carry_out(merging.begun(new))
    return patients.patient(platform, caller, kept.patient_id).patient_id


def drive_on(platform: Platform, item: Item) -> None:
    """What the sweep does with an overdue lesion or patient: finish its merge."""
    of_lesion = item["sk"] == "lesion"
    merging: Merging = LesionMerging(platform) if of_lesion else PatientMerging(platform)
    if "merging" in item:
        try:
            merging.carry_out(read_merge(item["merging"]))
        except BeingMerged:
            logging.info("merge given up", item=item["pk"])
    elif "merge" in item:
        merging.gather(item[f"{item['sk']}_id"])


def _require_unmerged(asked: str, stands: str) -> None:
    if asked != stands:
        raise Conflict("merged_already", _ELSEWHERE, details={"into": stands})


def _merge(
    platform: Platform, caller: Caller, kept: str, duplicate: str, reason: str, request_id: str
) -> Merge:
    return Merge(
        kept=kept,
        duplicate=duplicate,
        by=caller.account_id,
        role=caller.role.value,
        at=platform.clock.now(),
        reason=reason,
        request_id=request_id,
    )

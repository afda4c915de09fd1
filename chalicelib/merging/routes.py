"""Moving and merging over HTTP: parse, one call, answer."""

from chalicelib.images.model import Image
from chalicelib.images.routes import ImageAnswer, image_answer
from chalicelib.images.service import view
from chalicelib.merging import service
from chalicelib.merging.forms import (
    LesionMerged,
    LesionMergeForm,
    MoveForm,
    PatientMerged,
    PatientMergeForm,
)
from chalicelib.merging.model import What
from chalicelib.platform.http.routes import Call, NoQuery, Routes
from chalicelib.platform.language import Text

routes = Routes()


@routes.route(
    "/v1/images/{image_id}",
    "PATCH",
    summary=Text("Перенести снимок к другому очагу", "Move an image to another lesion"),
    takes=MoveForm,
    answers=ImageAnswer,
    refusals=("not_found", "changed_meanwhile", "too_many_changes"),
)
def move_image(call: Call[MoveForm, NoQuery], image_id: str) -> ImageAnswer:
    image = service.move_image(
        call.platform,
        caller=call.caller,
        image_id=image_id,
        lesion_id=call.body.lesion_id,
        reason=call.body.reason,
    )
    moved = _moved_by(call.caller.account_id, image)
    call.audit("image.moved" if moved else "image.viewed", moved or image_id, once=bool(moved))
    return image_answer(view(call.platform, image), call.language)


def _moved_by(account_id: str, image: Image) -> str:
    """Which image went whence and where to, if that was this account's doing, and was its last
    move: the number of the move tells it from an equal one later."""
    if not image.changes:
        return ""
    last = image.changes[-1]
    if (last["by"], last["what"]) != (account_id, What.MOVED.value):
        return ""
    number = len(image.changes)
    return f"{image.image_id} {last['was']['lesion_id']} {image.lesion_id} {number}"


@routes.route(
    "/v1/lesions/merge",
    "POST",
    summary=Text("Объединить два очага", "Merge two lesions"),
    takes=LesionMergeForm,
    answers=LesionMerged,
    refusals=(
        "not_found",
        "being_merged",
        "merged_already",
        "too_many_surveys",
        "too_many_treatments",
        "referred_apart",
    ),
)
def merge_lesions(call: Call[LesionMergeForm, NoQuery]) -> LesionMerged:
    lesion_id, patient_id = service.merge_lesions(
        call.platform,
        caller=call.caller,
        lesion_id=call.body.lesion_id,
        duplicate_id=call.body.duplicate_id,
        reason=call.body.reason,
        request_id=call.request_id,
    )
    return LesionMerged(lesion_id=lesion_id, patient_id=patient_id)


@routes.route(
    "/v1/patients/merge",
    "POST",
    summary=Text("Объединить двух пациентов", "Merge two patients"),
    takes=PatientMergeForm,
    answers=PatientMerged,
    refusals=("not_found", "being_merged", "merged_already", "too_many_referrals"),
)
def merge_patients(call: Call[PatientMergeForm, NoQuery]) -> PatientMerged:
    patient_id = service.merge_patients(
        call.platform,
        caller=call.caller,
        patient_id=call.body.patient_id,
        duplicate_id=call.body.duplicate_id,
        reason=call.body.reason,
        request_id=call.request_id,
    )
    return PatientMerged(patient_id=patient_id)

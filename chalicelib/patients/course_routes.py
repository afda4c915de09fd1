"""The course of treatment over HTTP: parse, one call, answer."""

from chalicelib.patients import course
from chalicelib.patients.course_forms import TreatmentAnswer, TreatmentRecorded, treatment_answer
from chalicelib.patients.model import treatment_id as treatment_name
from chalicelib.patients.treatment import Treatment, TreatmentCorrection
from chalicelib.platform.http.fields import Form, Listed, Listing
from chalicelib.platform.http.routes import Call, NoBody, NoQuery, Routes
from chalicelib.platform.language import Text

routes = Routes()


@routes.route(
    "/v1/lesions/{lesion_id}/treatments",
    "POST",
    summary=Text("Записать лечение очага", "Record a treatment of a lesion"),
    takes=Treatment,
    answers=TreatmentRecorded,
    status=201,
    refusals=("not_found", "idempotency_conflict", "too_many_treatments", "being_merged"),
    creates=True,
)
def record_treatment(call: Call[Treatment, NoQuery], lesion_id: str) -> TreatmentRecorded:
    lesion, treatment = course.record_treatment(
        call.platform,
        caller=call.caller,
        lesion_id=lesion_id,
        suffix=call.creation_id("treatment"),
        told=call.body,
    )
    recorded = treatment_name(lesion.lesion_id, treatment.suffix)
    call.audit("treatment.recorded", recorded, once=True)
    return TreatmentRecorded(treatment_id=recorded)


@routes.route(
    "/v1/lesions/{lesion_id}/treatments",
    summary=Text("Лечение очага", "The treatments of a lesion"),
    asks=Listed,
    answers=Listing[TreatmentAnswer],
    refusals=("not_found",),
)
def list_treatments(call: Call[NoBody, Listed], lesion_id: str) -> Listing[TreatmentAnswer]:
    lesion, treatments, following = course.list_treatments(
        call.platform,
        caller=call.caller,
        lesion_id=lesion_id,
        limit=call.query.limit,
        cursor=call.query.cursor,
    )
    call.audit("treatments.viewed", lesion.lesion_id)
    items = [treatment_answer(lesion, treatment) for treatment in treatments]
    return Listing[TreatmentAnswer](items=items, next=following)


@routes.route(
    "/v1/treatments/{treatment_id}",
    "PATCH",
    summary=Text(
        "Указать исход лечения или исправить запись",
        "Set the outcome of a treatment, or correct it",
    ),
    takes=TreatmentCorrection,
    answers=TreatmentAnswer,
    refusals=(
        "not_found",
        "recorded_elsewhere",
        "changed_meanwhile",
        "too_many_corrections",
        "being_merged",
    ),
)
def amend_treatment(call: Call[Form, NoQuery], treatment_id: str) -> TreatmentAnswer:
    lesion, treatment = course.amend_treatment(
        call.platform,
        caller=call.caller,
        treatment_id=treatment_id,
        changes=call.body.model_dump(mode="json", exclude_unset=True),
    )
    call.audit("treatment.corrected", treatment_id)
    return treatment_answer(lesion, treatment)

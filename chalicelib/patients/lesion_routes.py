"""Lesions apart from their surveys, over HTTP: parse, one call, answer."""

from chalicelib.patients import lesions
from chalicelib.patients.lesion_forms import ChangedLesion, LesionChange, LesionCreated, LesionForm
from chalicelib.patients.spot_forms import lesion_values, spot, spot_answer
from chalicelib.platform.http.routes import Call, NoQuery, Routes
from chalicelib.platform.language import Text

routes = Routes()


@routes.route(
    "/v1/patients/{patient_id}/lesions",
    "POST",
    summary=Text("Добавить очаг", "Add a lesion"),
    takes=LesionForm,
    answers=LesionCreated,
    status=201,
    refusals=("not_found", "idempotency_conflict"),
    creates=True,
)
def open_lesion(call: Call[LesionForm, NoQuery], patient_id: str) -> LesionCreated:
    lesion = lesions.open_lesion(
        call.platform,
        caller=call.caller,
        patient_id=patient_id,
        lesion_id=call.creation_id("lesion"),
        site=call.body.site,
        note=call.body.note,
        spot=spot(call.body.spot),
    )
    call.audit("lesion.opened", lesion.lesion_id, once=True)
    return LesionCreated(lesion_id=lesion.lesion_id)


@routes.route(
    "/v1/lesions/{lesion_id}",
    "PATCH",
    summary=Text(
        "Отметить очаг на схеме тела или исправить заметку",
        "Place a lesion on the body, or correct its note",
    ),
    takes=LesionChange,
    answers=ChangedLesion,
    refusals=("not_found", "being_merged"),
)
def change_lesion(call: Call[LesionChange, NoQuery], lesion_id: str) -> ChangedLesion:
    lesion = lesions.change_lesion(
        call.platform, caller=call.caller, lesion_id=lesion_id, values=lesion_values(call.body)
    )
    call.audit("lesion.changed", lesion.lesion_id)
    return ChangedLesion(
        lesion_id=lesion.lesion_id, spot=spot_answer(lesion.spot), note=lesion.note
    )

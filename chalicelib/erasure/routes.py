"""Withdrawal of consent and deletion of images over HTTP: parse, one call, answer."""

from typing import Annotated

from pydantic import Field

from chalicelib.erasure import service
from chalicelib.platform.clock import timestamp
from chalicelib.platform.http.fields import Answer, Form
from chalicelib.platform.http.routes import Call, NoBody, NoQuery, Routes
from chalicelib.platform.language import Text

routes = Routes()


class WithdrawalAnswer(Answer):
    """Consent was taken back; by `erased_by` nothing readable remains."""

    patient_id: str
    withdrawn_at: str
    erased_by: str


class DeletionForm(Form):
    """Why an image is taken back."""

    reason: Annotated[
        str,
        Field(min_length=1, max_length=500, description="For the clinic's history; no names."),
    ]


@routes.route(
    "/v1/patients/{patient_id}/consent/withdraw",
    "POST",
    summary=Text(
        "Отозвать согласие пациента и удалить его данные",
        "Take a patient's consent back and erase his data",
    ),
    answers=WithdrawalAnswer,
    refusals=("not_found", "being_merged"),
)
def withdraw_consent(call: Call[NoBody, NoQuery], patient_id: str) -> WithdrawalAnswer:
    withdrawn = service.withdraw_consent(
        call.platform, caller=call.caller, patient_id=patient_id, request_id=call.request_id
    )
    return WithdrawalAnswer(
        patient_id=patient_id,
        withdrawn_at=timestamp(withdrawn.at),
        erased_by=timestamp(withdrawn.erased_by),
    )


@routes.route(
    "/v1/images/{image_id}",
    "DELETE",
    summary=Text("Удалить ошибочный снимок", "Delete a wrong image"),
    takes=DeletionForm,
    status=204,
    refusals=("not_found", "consent_withdrawn"),
)
def delete_image(call: Call[DeletionForm, NoQuery], image_id: str) -> None:
    service.delete_image(
        call.platform,
        caller=call.caller,
        image_id=image_id,
        reason=call.body.reason,
        request_id=call.request_id,
    )

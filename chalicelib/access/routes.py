"""Access over HTTP: parse, one call, answer."""

from chalicelib.access import qr, service
from chalicelib.access.forms import (
    AccessAnswer,
    OwnConsentAnswer,
    PublicationForm,
    RedeemedAnswer,
    RedeemForm,
)
from chalicelib.platform.clock import timestamp
from chalicelib.platform.http.routes import Call, NoBody, NoQuery, Routes
from chalicelib.platform.language import Text

routes = Routes()


@routes.route(
    "/v1/patients/{patient_id}/access",
    "POST",
    summary=Text("Выдать пациенту одноразовый код", "Give a patient a one-time code"),
    answers=AccessAnswer,
    status=201,
    refusals=(
        "not_found",
        "idempotency_conflict",
        "consent_withdrawn",
        "being_merged",
        "account_closed",
    ),
    creates=True,
)
def give_code(call: Call[NoBody, NoQuery], patient_id: str) -> AccessAnswer:
    given = service.give_code(
        call.platform,
        caller=call.caller,
        patient_id=patient_id,
        creation_id=call.creation_id("access"),
    )
    call.audit("access.given", given.patient_id)
    return AccessAnswer(
        code=given.code,
        url=given.url,
        qr=qr.svg(given.url),
        expires_at=timestamp(given.until),
    )


@routes.route(
    "/v1/access/redeem",
    "POST",
    summary=Text(
        "Открыть учётную запись пациента по коду или восстановить её",
        "Open a patient's account with a code, or recover it",
    ),
    takes=RedeemForm,
    answers=RedeemedAnswer,
    status=201,
    refusals=("too_many", "being_merged"),
)
def redeem(call: Call[RedeemForm, NoQuery]) -> RedeemedAnswer:
    done = service.redeem(
        call.platform,
        typed=call.body.code,
        password=call.body.password,
        sources=call.sources(),
        request_id=call.request_id,
    )
    return RedeemedAnswer(login=done.login, recovered=done.recovered)


@routes.route(
    "/v1/me/consent",
    "PATCH",
    summary=Text("Отозвать согласие на публикацию снимков", "Take back the consent to publication"),
    takes=PublicationForm,
    answers=OwnConsentAnswer,
    refusals=("consent_withdrawn", "being_merged"),
)
def take_back_publication(call: Call[PublicationForm, NoQuery]) -> OwnConsentAnswer:
    patient = service.take_back_publication(call.platform, caller=call.caller)
    call.audit("consent.publication_taken_back", patient.patient_id)
    consent = patient.consent
    return OwnConsentAnswer(
        research=consent.research,
        publication=consent.publication,
        given_on=consent.given_at.date(),
    )

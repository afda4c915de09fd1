"""Referrals over HTTP: parse, one call, answer."""

from typing import Any

from chalicelib.patients import offering, referring
from chalicelib.patients.referral_forms import (
    EndForm,
    ReferralAnswer,
    ReferralClinic,
    ReferralForm,
    ReferralOffered,
    ReferralsQuery,
    clinic_answer,
    referral_answer,
)
from chalicelib.patients.referring import Referred
from chalicelib.platform.http.fields import Listed, Listing
from chalicelib.platform.http.routes import Call, NoBody, NoQuery, Routes
from chalicelib.platform.language import Text

routes = Routes()


@routes.route(
    "/v1/patients/{patient_id}/referrals",
    "POST",
    summary=Text("Направить пациента в другую клинику", "Refer a patient to another clinic"),
    takes=ReferralForm,
    answers=ReferralOffered,
    status=201,
    refusals=(
        "not_found",
        "idempotency_conflict",
        "referred_already",
        "too_many_referrals",
        "being_merged",
    ),
    creates=True,
)
def offer(call: Call[ReferralForm, NoQuery], patient_id: str) -> ReferralOffered:
    form = call.body
    referral = offering.offer(
        call.platform,
        caller=call.caller,
        patient_id=patient_id,
        referral_id=call.creation_id("referral"),
        clinic_id=form.clinic_id,
        lesion_ids=form.lesion_ids,
        reason=form.reason,
    )
    call.audit("referral.offered", referral.referral_id, once=True)
    return ReferralOffered(referral_id=referral.referral_id)


@routes.route(
    "/v1/referrals",
    summary=Text("Направления своей клиники", "The clinic's referrals"),
    asks=ReferralsQuery,
    answers=Listing[ReferralAnswer],
)
def list_referrals(call: Call[NoBody, ReferralsQuery]) -> Listing[ReferralAnswer]:
    referrals, following = offering.list_referrals(
        call.platform,
        caller=call.caller,
        direction=call.query.direction,
        limit=call.query.limit,
        cursor=call.query.cursor,
    )
    call.audit("referrals.listed", call.caller.clinic_id)
    items = [_answer(call, referred) for referred in referrals]
    return Listing[ReferralAnswer](items=items, next=following)


@routes.route(
    "/v1/referrals/clinics",
    summary=Text("Клиники для направления", "The clinics to refer to"),
    asks=Listed,
    answers=Listing[ReferralClinic],
)
def list_clinics(call: Call[NoBody, Listed]) -> Listing[ReferralClinic]:
    clinics, following = offering.list_clinics(
        call.platform, caller=call.caller, limit=call.query.limit, cursor=call.query.cursor
    )
    call.audit("clinics.listed", "clinics")
    items = [clinic_answer(clinic) for clinic in clinics]
    return Listing[ReferralClinic](items=items, next=following)


@routes.route(
    "/v1/referrals/{referral_id}/accept",
    "POST",
    summary=Text("Принять направление", "Accept a referral"),
    answers=ReferralAnswer,
    refusals=("not_found", "referral_of_own_clinic", "referral_over", "being_merged"),
)
def accept(call: Call[NoBody, NoQuery], referral_id: str) -> ReferralAnswer:
    referred = referring.accept(
        call.platform, caller=call.caller, referral_id=referral_id, request_id=call.request_id
    )
    return _answer(call, referred)


@routes.route(
    "/v1/referrals/{referral_id}/end",
    "POST",
    summary=Text(
        "Завершить направление или отказаться от него", "End a referral, or decline an offer"
    ),
    takes=EndForm,
    answers=ReferralAnswer,
    refusals=("not_found", "being_merged"),
)
def end(call: Call[EndForm, NoQuery], referral_id: str) -> ReferralAnswer:
    referred = referring.end(
        call.platform,
        caller=call.caller,
        referral_id=referral_id,
        reason=call.body.reason,
        request_id=call.request_id,
    )
    return _answer(call, referred)


def _answer(call: Call[Any, Any], referred: Referred) -> ReferralAnswer:
    return referral_answer(referred, call.caller.clinic_id, call.platform.clock.now())

"""A patient's own things over HTTP: parse, one call, answer."""

from chalicelib.access.forms import OwnConsentAnswer
from chalicelib.images.forms import ImageSlot, slot_answer
from chalicelib.images.model import Capture, Declared
from chalicelib.images.own_forms import marks
from chalicelib.patients.lesion_forms import LesionCreated
from chalicelib.patients.spot_forms import lesion_values, spot, spot_answer
from chalicelib.platform.clock import timestamp
from chalicelib.platform.http.fields import Answer, Listed, Listing
from chalicelib.platform.http.routes import Call, NoBody, NoQuery, Routes
from chalicelib.platform.language import Text
from chalicelib.pocket import service
from chalicelib.pocket.forms import (
    LesionAnswerBrief,
    MeAnswer,
    OwnClinicName,
    OwnImageAnswer,
    OwnImageForm,
    OwnLesionAnswer,
    OwnLesionChange,
    OwnLesionForm,
    OwnTimeline,
    image_answer,
    lesion_answer,
    timeline_answer,
)

routes = Routes()

GONE = ("not_found", "consent_withdrawn")


class OwnWithdrawal(Answer):
    """Consent was taken back; by `erased_by` nothing readable remains. The account lets in no more."""

    withdrawn_at: str
    erased_by: str


@routes.route(
    "/v1/me",
    summary=Text("Моя учётная запись пациента", "My account as a patient"),
    answers=MeAnswer,
    refusals=GONE,
)
def view_me(call: Call[NoBody, NoQuery]) -> MeAnswer:
    me = service.view_me(call.platform, caller=call.caller)
    call.audit("patient.viewed", me.patient.patient_id)
    consent = me.patient.consent
    name = me.clinic.name.in_language(call.language) if me.clinic else None
    return MeAnswer(
        login=me.account.login,
        clinic=OwnClinicName(name=name) if name else None,
        since=me.account.opened_at,
        consent=OwnConsentAnswer(
            research=consent.research,
            publication=consent.publication,
            given_on=consent.given_at.date(),
        ),
        questions_open=me.questions_open,
        advice_unread=me.advice_unread,
        answer_within_days=call.platform.settings.answer_within_days,
        can_ask=me.can_ask,
    )


@routes.route(
    "/v1/me/lesions",
    summary=Text("Мои родинки и их снимки", "My moles and their photographs"),
    asks=Listed,
    answers=Listing[OwnLesionAnswer],
    refusals=GONE,
)
def list_lesions(call: Call[NoBody, Listed]) -> Listing[OwnLesionAnswer]:
    lesions, following = service.list_lesions(
        call.platform, caller=call.caller, limit=call.query.limit, cursor=call.query.cursor
    )
    call.audit("lesions.own_listed", call.caller.patient_id)
    return Listing[OwnLesionAnswer](
        items=[lesion_answer(lesion) for lesion in lesions], next=following
    )


@routes.route(
    "/v1/me/lesions",
    "POST",
    summary=Text("Отметить родинку", "Mark a mole"),
    takes=OwnLesionForm,
    answers=LesionCreated,
    status=201,
    refusals=(*GONE, "idempotency_conflict", "too_many"),
    creates=True,
)
def open_lesion(call: Call[OwnLesionForm, NoQuery]) -> LesionCreated:
    lesion = service.open_lesion(
        call.platform,
        caller=call.caller,
        lesion_id=call.creation_id("lesion"),
        site=call.body.site,
        name=call.body.name,
        spot=spot(call.body.spot),
    )
    call.audit("lesion.opened", lesion.lesion_id, once=True)
    return LesionCreated(lesion_id=lesion.lesion_id)


@routes.route(
    "/v1/me/lesions/{lesion_id}",
    "PATCH",
    summary=Text("Переименовать или перенести родинку", "Rename a mole, or move its spot"),
    takes=OwnLesionChange,
    answers=LesionAnswerBrief,
    refusals=(*GONE, "being_merged"),
)
def change_lesion(call: Call[OwnLesionChange, NoQuery], lesion_id: str) -> LesionAnswerBrief:
    lesion = service.change_lesion(
        call.platform, caller=call.caller, lesion_id=lesion_id, values=lesion_values(call.body)
    )
    call.audit("lesion.renamed", lesion.lesion_id)
    return LesionAnswerBrief(
        lesion_id=lesion.lesion_id,
        site=lesion.site,
        name=lesion.name,
        spot=spot_answer(lesion.spot),
    )


@routes.route(
    "/v1/me/lesions/{lesion_id}/images",
    "POST",
    summary=Text("Добавить снимок родинки", "Add a photograph of a mole"),
    takes=OwnImageForm,
    answers=ImageSlot,
    status=201,
    refusals=(*GONE, "idempotency_conflict", "image_not_awaited", "too_many"),
    creates=True,
)
def open_slot(call: Call[OwnImageForm, NoQuery], lesion_id: str) -> ImageSlot:
    form = call.body
    slot = service.open_slot(
        call.platform,
        caller=call.caller,
        lesion_id=lesion_id,
        image_id=call.creation_id("image"),
        declared=Declared(content_type=form.content_type, bytes=form.bytes, sha256=form.sha256),
        capture=Capture(taken_on=form.taken_on.isoformat() if form.taken_on else None),
        marks=marks(form.marks),
        trace=call.request_id,
    )
    call.audit("image.slot_opened", slot.image.image_id, once=True)
    return slot_answer(slot)


@routes.route(
    "/v1/me/images/{image_id}/upload",
    "POST",
    summary=Text("Новая ссылка для загрузки снимка", "A new form to send a photograph with"),
    answers=ImageSlot,
    status=201,
    refusals=(*GONE, "image_not_awaited"),
)
def renew_slot(call: Call[NoBody, NoQuery], image_id: str) -> ImageSlot:
    slot = service.renew_slot(call.platform, caller=call.caller, image_id=image_id)
    call.audit("image.slot_renewed", image_id)
    return slot_answer(slot)


@routes.route(
    "/v1/me/images/{image_id}",
    summary=Text("Мой снимок", "My photograph"),
    answers=OwnImageAnswer,
    refusals=GONE,
)
def view_image(call: Call[NoBody, NoQuery], image_id: str) -> OwnImageAnswer:
    view = service.view_image(call.platform, caller=call.caller, image_id=image_id)
    call.audit("image.viewed", image_id)
    return image_answer(view, call.language)


@routes.route(
    "/v1/me/images/{image_id}",
    "DELETE",
    summary=Text("Удалить свой снимок", "Delete a photograph of mine"),
    status=204,
    refusals=(*GONE, "doctors_image"),
)
def delete_image(call: Call[NoBody, NoQuery], image_id: str) -> None:
    service.delete_image(
        call.platform, caller=call.caller, image_id=image_id, request_id=call.request_id
    )


@routes.route(
    "/v1/me/lesions/{lesion_id}/timeline",
    summary=Text("Как менялась родинка", "How a mole changed"),
    answers=OwnTimeline,
    refusals=GONE,
)
def view_timeline(call: Call[NoBody, NoQuery], lesion_id: str) -> OwnTimeline:
    lesion, course, views = service.view_timeline(
        call.platform, caller=call.caller, lesion_id=lesion_id
    )
    call.audit("timeline.viewed", lesion.lesion_id)
    return timeline_answer(lesion.lesion_id, course, views)


@routes.route(
    "/v1/me/consent/withdraw",
    "POST",
    summary=Text(
        "Отозвать согласие, удалить свои данные и закрыть учётную запись",
        "Take the consent back, erase my data and close the account",
    ),
    answers=OwnWithdrawal,
    refusals=("not_found", "being_merged"),
)
def withdraw_consent(call: Call[NoBody, NoQuery]) -> OwnWithdrawal:
    done = service.withdraw_consent(call.platform, caller=call.caller, request_id=call.request_id)
    return OwnWithdrawal(withdrawn_at=timestamp(done.at), erased_by=timestamp(done.erased_by))

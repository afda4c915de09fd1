"""Questions and advice over HTTP: parse, one call, answer."""

from chalicelib.advice import correcting, service
from chalicelib.advice.advice_forms import (
    AdviceCorrection,
    AdviceForm,
    Templates,
    template_answer,
)
from chalicelib.advice.forms import (
    OwnQuestion,
    QuestionAnswer,
    QuestionAsked,
    QuestionBrief,
    QuestionForm,
    QuestionsQuery,
    ReadingQuery,
    answers_of,
    clinic_answer,
    in_brief,
    opinion_answer,
    own_answer,
)
from chalicelib.advice.templates import TEMPLATES
from chalicelib.platform.http.fields import Listed, Listing
from chalicelib.platform.http.routes import Call, NoBody, NoQuery, Routes
from chalicelib.platform.language import Text

routes = Routes()


@routes.route(
    "/v1/me/questions",
    "POST",
    summary=Text("Спросить врача о родинке", "Ask a doctor about a mole"),
    takes=QuestionForm,
    answers=QuestionAsked,
    status=201,
    refusals=(
        "not_found",
        "idempotency_conflict",
        "too_many",
        "too_many_questions",
        "consent_withdrawn",
    ),
    creates=True,
)
def ask(call: Call[QuestionForm, NoQuery]) -> QuestionAsked:
    form = call.body
    question = service.ask(
        call.platform,
        caller=call.caller,
        question_id=call.creation_id("question"),
        repeatable=call.idempotency_key is not None,
        asking=service.Asking(
            lesion_id=form.lesion_id,
            image_ids=form.image_ids,
            answers=answers_of(form.answers),
            text=form.text,
        ),
        trace=call.request_id,
    )
    call.audit("question.asked", question.question_id, once=True)
    return QuestionAsked(
        question_id=question.question_id,
        answer_by=question.answer_by,
        opinion=opinion_answer(question.opinion),
    )


@routes.route(
    "/v1/me/questions",
    summary=Text("Мои вопросы", "My questions"),
    asks=Listed,
    answers=Listing[OwnQuestion],
    refusals=("not_found", "consent_withdrawn"),
)
def list_own(call: Call[NoBody, Listed]) -> Listing[OwnQuestion]:
    questions, following = service.own_questions(
        call.platform, caller=call.caller, limit=call.query.limit, cursor=call.query.cursor
    )
    call.audit("questions.own_listed", call.caller.patient_id)
    now = call.platform.clock.now()
    items = [own_answer(question, now) for question in questions]
    return Listing[OwnQuestion](items=items, next=following)


@routes.route(
    "/v1/me/questions/{question_id}",
    summary=Text("Мой вопрос и совет врача", "My question and the doctor's advice"),
    answers=OwnQuestion,
    refusals=("not_found", "consent_withdrawn"),
)
def view_own(call: Call[NoBody, NoQuery], question_id: str) -> OwnQuestion:
    question = service.own_question(call.platform, caller=call.caller, question_id=question_id)
    call.audit("question.viewed", question_id)
    return own_answer(question, call.platform.clock.now())


@routes.route(
    "/v1/me/questions/{question_id}/read",
    "POST",
    summary=Text("Отметить совет прочитанным", "Note that the advice was read"),
    asks=ReadingQuery,
    status=204,
    refusals=("not_found", "consent_withdrawn"),
)
def note_reading(call: Call[NoBody, ReadingQuery], question_id: str) -> None:
    service.note_reading(
        call.platform,
        caller=call.caller,
        question_id=question_id,
        revision=call.query.revision,
    )
    call.audit("advice.read", question_id)


@routes.route(
    "/v1/questions",
    summary=Text("Вопросы пациентов клиники", "Questions of the clinic's patients"),
    asks=QuestionsQuery,
    answers=Listing[QuestionBrief],
)
def list_questions(call: Call[NoBody, QuestionsQuery]) -> Listing[QuestionBrief]:
    questions, following = service.list_questions(
        call.platform,
        caller=call.caller,
        state=call.query.state,
        limit=call.query.limit,
        cursor=call.query.cursor,
    )
    call.audit("questions.listed", call.caller.clinic_id)
    now = call.platform.clock.now()
    items = [in_brief(question, now) for question in questions]
    return Listing[QuestionBrief](items=items, next=following)


@routes.route(
    "/v1/questions/templates",
    summary=Text("Заготовки советов", "Answers to begin from"),
    answers=Templates,
)
def list_templates(call: Call[NoBody, NoQuery]) -> Templates:
    return Templates(items=[template_answer(template) for template in TEMPLATES])


@routes.route(
    "/v1/questions/{question_id}",
    summary=Text("Вопрос пациента", "A patient's question"),
    answers=QuestionAnswer,
    refusals=("not_found",),
)
def view_question(call: Call[NoBody, NoQuery], question_id: str) -> QuestionAnswer:
    question = service.view_question(call.platform, caller=call.caller, question_id=question_id)
    call.audit("question.viewed", question_id)
    return clinic_answer(question, call.platform.clock.now())


@routes.route(
    "/v1/questions/{question_id}/advice",
    "POST",
    summary=Text("Ответить пациенту", "Answer the patient"),
    takes=AdviceForm,
    answers=QuestionAnswer,
    status=201,
    refusals=("not_found", "idempotency_conflict", "answered_already"),
    creates=True,
)
def advise(call: Call[AdviceForm, NoQuery], question_id: str) -> QuestionAnswer:
    question = service.advise(
        call.platform,
        caller=call.caller,
        question_id=question_id,
        advice_id=call.creation_id("advice"),
        urgency=call.body.urgency,
        text=call.body.text,
    )
    call.audit("question.answered", question_id, once=True)
    return clinic_answer(question, call.platform.clock.now())


@routes.route(
    "/v1/questions/{question_id}/advice",
    "PATCH",
    summary=Text("Исправить ответ пациенту", "Correct the answer to the patient"),
    takes=AdviceCorrection,
    answers=QuestionAnswer,
    refusals=("not_found", "not_answered", "changed_meanwhile", "too_many_corrections"),
)
def correct_advice(call: Call[AdviceCorrection, NoQuery], question_id: str) -> QuestionAnswer:
    question = correcting.correct_advice(
        call.platform,
        caller=call.caller,
        question_id=question_id,
        revision=call.body.revision,
        urgency=call.body.urgency,
        text=call.body.text,
    )
    call.audit("advice.corrected", question_id)
    return clinic_answer(question, call.platform.clock.now())

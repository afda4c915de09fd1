"""Labelling over HTTP, for curators and the patient's doctors: cases, readers, figures, protocols."""

from chalicelib.labelling import measuring, overview, protocols, worklist
from chalicelib.labelling.answers import (
    AgreementAnswer,
    CaseAnswer,
    CaseBrief,
    ProtocolAnswer,
    ReaderAnswer,
    SentAnswer,
    case_brief,
    case_reading,
    outlines_answer,
    protocol_values,
    reader_answer,
    verdict_answer,
)
from chalicelib.labelling.forms import CaseChange, CaseForm, CasesQuery, ProtocolForm, ReaderPlan
from chalicelib.labelling.gold_answers import GoldAnswer, gold_answer
from chalicelib.labelling.verdict import by_readings, verdict
from chalicelib.people.model import Reach
from chalicelib.platform.http.fields import Listed, Listing
from chalicelib.platform.http.routes import Call, NoBody, NoQuery, Routes
from chalicelib.platform.language import Text

routes = Routes()


@routes.route(
    "/v1/labelling/agreement",
    summary=Text("Насколько согласны эксперты", "How well readers agree"),
    answers=AgreementAnswer,
    refusals=("not_computed",),
)
def view_agreement(call: Call[NoBody, NoQuery]) -> AgreementAnswer:
    found = measuring.measured(call.platform)
    call.audit("agreement.viewed", call.caller.account_id)
    age = call.platform.clock.now() - found.computed_at
    return AgreementAnswer(
        **found.report.model_dump(), standing=found.standing, age_seconds=age.total_seconds()
    )


@routes.route(
    "/v1/labelling/protocols",
    summary=Text("Все версии протокола разметки", "Every version of the labelling protocol"),
    answers=Listing[ProtocolAnswer],
)
def list_protocols(call: Call[NoBody, NoQuery]) -> Listing[ProtocolAnswer]:
    items = [ProtocolAnswer(**protocol_values(p)) for p in protocols.versions(call.platform)]
    return Listing[ProtocolAnswer](items=items, next=None)


@routes.route(
    "/v1/labelling/protocols",
    "POST",
    summary=Text("Издать новую версию протокола", "Publish a new version of the protocol"),
    takes=ProtocolForm,
    answers=ProtocolAnswer,
    status=201,
    refusals=("newer_protocol",),
)
def publish_protocol(call: Call[ProtocolForm, NoQuery]) -> ProtocolAnswer:
    form = call.body
    published = protocols.publish(
        call.platform,
        by=call.caller.account_id,
        after=form.after,
        title=form.title.text,
        instruction=form.instruction.text,
        signs={each: tuple(s.text for s in signs) for each, signs in form.signs.items()},
        examples=form.examples,
        changes=form.changes.text,
    )
    call.audit("protocol.published", str(published.version), once=True)
    return ProtocolAnswer(**protocol_values(published))


@routes.route(
    "/v1/labelling/cases",
    summary=Text("Случаи по состоянию", "Cases by how they stand"),
    asks=CasesQuery,
    answers=Listing[CaseBrief],
)
def list_cases(call: Call[NoBody, CasesQuery]) -> Listing[CaseBrief]:
    cases, following = worklist.list_cases(
        call.platform, call.query.wanted, limit=call.query.limit, cursor=call.query.cursor
    )
    call.audit("cases.listed", call.query.listed)
    now = call.platform.clock.now()
    items = [CaseBrief(**case_brief(case, verdict(case), now)) for case in cases]
    return Listing[CaseBrief](items=items, next=following)


@routes.route(
    "/v1/labelling/gold",
    summary=Text("Эталоны и ответы на них", "Gold cases and the answers to them"),
    asks=Listed,
    answers=Listing[GoldAnswer],
)
def list_gold(call: Call[NoBody, Listed]) -> Listing[GoldAnswer]:
    cases, following = worklist.list_gold(
        call.platform, limit=call.query.limit, cursor=call.query.cursor
    )
    call.audit("gold.listed", "gold")
    now = call.platform.clock.now()
    return Listing[GoldAnswer](items=[gold_answer(each, now) for each in cases], next=following)


@routes.route(
    "/v1/labelling/cases",
    "POST",
    summary=Text("Отправить снимок экспертам", "Send an image to readers"),
    takes=CaseForm,
    answers=SentAnswer,
    status=202,
    refusals=("not_found", "not_readable"),
)
def open_case(call: Call[CaseForm, NoQuery]) -> SentAnswer:
    image_id = call.body.image_id
    image = overview.send_to_readers(call.platform, caller=call.caller, image_id=image_id)
    call.audit("image.sent_to_readers", image_id)
    return SentAnswer(image_id=image_id, state=image.state)


@routes.route(
    "/v1/labelling/cases/{image_id}",
    summary=Text("Чтения снимка и заключение", "The readings of an image and their verdict"),
    answers=CaseAnswer,
    refusals=("not_found", "no_verdict"),
)
def view_case(call: Call[NoBody, NoQuery], image_id: str) -> CaseAnswer:
    case, held = overview.view_case(call.platform, caller=call.caller, image_id=image_id)
    call.audit("case.viewed", image_id)
    named = call.caller.reach is Reach.ANY
    return CaseAnswer(
        **case_brief(case, verdict(case), call.platform.clock.now()),
        readings=[case_reading(each, named=named) for each in held],
        by_readings=verdict_answer(by_readings(case)),
        outlines=outlines_answer(case.outlines),
        outline=overview.outline_of(case, held),
    )


@routes.route(
    "/v1/labelling/cases/{image_id}",
    "PATCH",
    summary=Text("Сделать случай эталоном", "Make a case a gold one"),
    takes=CaseChange,
    answers=CaseBrief,
    refusals=("not_found", "not_gold"),
)
def change_case(call: Call[CaseChange, NoQuery], image_id: str) -> CaseBrief:
    case = overview.make_gold(call.platform, image_id=image_id, gold=call.body.gold)
    call.audit("case.made_gold" if call.body.gold else "case.made_common", image_id)
    return CaseBrief(**case_brief(case, verdict(case), call.platform.clock.now()))


@routes.route(
    "/v1/labelling/readers",
    summary=Text("Эксперты и их план", "The readers and what is planned of them"),
    answers=Listing[ReaderAnswer],
)
def list_readers(call: Call[NoBody, NoQuery]) -> Listing[ReaderAnswer]:
    found, figures = overview.list_readers(call.platform), measuring.of_experts(call.platform)
    call.audit("readers.listed", call.caller.account_id)
    items = [reader_answer(each, figures.get(each.account_id)) for each in found]
    return Listing[ReaderAnswer](items=items, next=None)


@routes.route(
    "/v1/labelling/readers/{account_id}",
    "PATCH",
    summary=Text("Изменить план эксперта", "Change what is planned of a reader"),
    takes=ReaderPlan,
    answers=ReaderAnswer,
    refusals=("not_found",),
)
def plan_reader(call: Call[ReaderPlan, NoQuery], account_id: str) -> ReaderAnswer:
    account = overview.plan_reader(
        call.platform,
        account_id,
        planned=call.body.planned_readings,
        paused=call.body.paused,
        reason=call.body.reason,
    )
    call.audit("reader.planned", account_id)
    return reader_answer(account, measuring.of_experts(call.platform).get(account_id))

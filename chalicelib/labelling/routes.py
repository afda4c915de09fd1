"""Labelling over HTTP: readers read blind, curators watch."""

from chalicelib.labelling import measuring, overview, protocols, service
from chalicelib.labelling.answers import (
    AgreementAnswer,
    ArbitrationAnswer,
    AssignmentAnswer,
    CaseAnswer,
    CaseBrief,
    LeaseAnswer,
    OutlinesAnswer,
    OwnFiguresAnswer,
    OwnProtocol,
    ProtocolAnswer,
    ReaderAnswer,
    ReadingAnswer,
    assignment_answer,
    case_brief,
    case_reading,
    protocol_values,
    reader_answer,
    verdict_answer,
)
from chalicelib.labelling.forms import (
    AcceptForm,
    CaseChange,
    CasesQuery,
    DeclineForm,
    ProtocolForm,
    ReaderPlan,
    ReadingForm,
)
from chalicelib.labelling.reading import Reading
from chalicelib.labelling.verdict import by_readings, verdict
from chalicelib.people.model import Reach
from chalicelib.people.readers import reader
from chalicelib.platform.clock import timestamp
from chalicelib.platform.http.fields import Listed, Listing
from chalicelib.platform.http.routes import Call, NoBody, NoQuery, Routes
from chalicelib.platform.language import Text

routes = Routes()

_ASSIGNMENT = "/v1/labelling/assignments/{assignment_id}"


@routes.route(
    "/v1/labelling/assignments",
    summary=Text("Снимки, которые вам предстоит прочитать", "The images you are to read"),
    asks=Listed,
    answers=Listing[ArbitrationAnswer | AssignmentAnswer],
)
def assignments(call: Call[NoBody, Listed]) -> Listing[ArbitrationAnswer | AssignmentAnswer]:
    held, following = service.hand(
        call.platform,
        call.caller.account_id,
        limit=call.query.limit,
        cursor=call.query.cursor,
    )
    call.audit("assignments.viewed", call.caller.account_id)
    return Listing[ArbitrationAnswer | AssignmentAnswer](
        items=[assignment_answer(item) for item in held], next=following
    )


@routes.route(
    f"{_ASSIGNMENT}/reading",
    "POST",
    summary=Text("Ответить, что на снимке", "Say what an image shows"),
    takes=ReadingForm,
    answers=ReadingAnswer,
    status=201,
    refusals=("not_found", "already_read", "declined", "lease_ended"),
    creates=True,
)
def submit(call: Call[ReadingForm, NoQuery], assignment_id: str) -> ReadingAnswer:
    form = call.body
    told = Reading(
        reading_id=call.creation_id("reading"),
        diagnosis=form.diagnosis,
        at=call.platform.clock.now(),
        seconds=form.seconds,
        differential=form.differential,
        confidence=form.confidence,
        quality=form.image_quality,
        outline=form.outline,
        comment=form.comment,
    )
    reading = service.submit(call.platform, call.caller.account_id, assignment_id, told)
    call.audit("reading.submitted", assignment_id)
    return ReadingAnswer(reading_id=reading.reading_id, undo_until=timestamp(reading.undo_until))


@routes.route(
    f"{_ASSIGNMENT}/reading",
    "DELETE",
    summary=Text("Отменить ответ в течение минуты", "Take a reading back within a minute"),
    status=204,
    refusals=("not_found", "reading_final"),
)
def undo(call: Call[NoBody, NoQuery], assignment_id: str) -> None:
    service.undo(call.platform, call.caller.account_id, assignment_id)
    call.audit("reading.undone", assignment_id)


@routes.route(
    f"{_ASSIGNMENT}/decline",
    "POST",
    summary=Text("Отказаться от снимка", "Decline an image"),
    takes=DeclineForm,
    status=204,
    refusals=("not_found", "already_read", "lease_ended"),
)
def decline(call: Call[DeclineForm, NoQuery], assignment_id: str) -> None:
    service.decline(call.platform, call.caller.account_id, assignment_id, call.body.reason)
    call.audit("assignment.declined", assignment_id)


@routes.route(
    f"{_ASSIGNMENT}/renew",
    "POST",
    summary=Text("Продлить время на снимок", "Ask for more time for an image"),
    answers=LeaseAnswer,
    refusals=("not_found", "already_read", "declined", "lease_ended"),
)
def renew(call: Call[NoBody, NoQuery], assignment_id: str) -> LeaseAnswer:
    held = service.renew(call.platform, call.caller.account_id, assignment_id)
    call.audit("assignment.renewed", assignment_id)
    return LeaseAnswer(leased_until=timestamp(held.leased_until))


@routes.route(
    "/v1/labelling/statistics",
    summary=Text("Ваша работа в цифрах", "Your own work in figures"),
    answers=OwnFiguresAnswer,
    refusals=("not_found",),
)
def own_figures(call: Call[NoBody, NoQuery]) -> OwnFiguresAnswer:
    account_id = call.caller.account_id
    found = measuring.own(call.platform, account_id)
    planned = reader(call.platform, account_id).planned_readings
    return OwnFiguresAnswer(**vars(found), planned_readings=planned)


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
    "/v1/labelling/protocol",
    summary=Text("Протокол разметки", "The labelling protocol"),
    answers=OwnProtocol,
    refusals=("not_found",),
)
def view_protocol(call: Call[NoBody, NoQuery]) -> OwnProtocol:
    newest = protocols.current(call.platform)
    # A curator reads it too, and accepts nothing.
    is_reader = call.caller.reach is not Reach.ANY
    accepted = is_reader and (
        reader(call.platform, call.caller.account_id).protocol == newest.version
    )
    return OwnProtocol(**protocol_values(newest), accepted=accepted)


@routes.route(
    "/v1/labelling/protocol/accept",
    "POST",
    summary=Text("Принять протокол разметки", "Accept the labelling protocol"),
    takes=AcceptForm,
    status=204,
    refusals=("not_found", "newer_protocol"),
)
def accept_protocol(call: Call[AcceptForm, NoQuery]) -> None:
    protocols.accept(call.platform, call.caller.account_id, call.body.version)
    call.audit("protocol.accepted", str(call.body.version))


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
    cases, following = overview.list_cases(
        call.platform, call.query.listed, limit=call.query.limit, cursor=call.query.cursor
    )
    call.audit("cases.listed", call.query.listed)
    now = call.platform.clock.now()
    items = [CaseBrief(**case_brief(case, verdict(case), now)) for case in cases]
    return Listing[CaseBrief](items=items, next=following)


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
    outlines = case.outlines
    return CaseAnswer(
        **case_brief(case, verdict(case), call.platform.clock.now()),
        readings=[case_reading(each, named=named) for each in held],
        by_readings=verdict_answer(by_readings(case)),
        outlines=OutlinesAnswer(
            dice=outlines.dice, merged=list(outlines.merged) if outlines.merged else None
        )
        if outlines
        else None,
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
    found = overview.list_readers(call.platform)
    call.audit("readers.listed", call.caller.account_id)
    return Listing[ReaderAnswer](items=[reader_answer(each) for each in found], next=None)


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
    return reader_answer(account)

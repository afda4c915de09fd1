"""Labelling over HTTP: readers read blind. What curators do stands in `oversight_routes`."""

from chalicelib.labelling import measuring, oversight_routes, protocols, service
from chalicelib.labelling.answers import (
    ArbitrationAnswer,
    AssignmentAnswer,
    LeaseAnswer,
    OwnFiguresAnswer,
    OwnProtocol,
    ReadingAnswer,
    assignment_answer,
    protocol_values,
)
from chalicelib.labelling.forms import AcceptForm, DeclineForm, ReadingForm
from chalicelib.labelling.reading import Reading
from chalicelib.people.model import Reach
from chalicelib.people.readers import reader
from chalicelib.platform.clock import timestamp
from chalicelib.platform.http.fields import Listed, Listing
from chalicelib.platform.http.routes import Call, NoBody, NoQuery, Routes
from chalicelib.platform.language import Text

routes = Routes()
routes.include(oversight_routes.routes)

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
    examples = protocols.example_links(call.platform, newest)
    return OwnProtocol(**protocol_values(newest), examples=examples, accepted=accepted)


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

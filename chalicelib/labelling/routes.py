"""Labelling over HTTP. What a reader gets tells of no model, no other reading and no patient."""

from chalicelib.images.model import Kind
from chalicelib.labelling import service
from chalicelib.labelling.model import Round
from chalicelib.patients.choices import Sex, Site
from chalicelib.platform.clock import timestamp
from chalicelib.platform.http.fields import Answer, Listed, Listing
from chalicelib.platform.http.routes import Call, NoBody, Routes
from chalicelib.platform.language import Text

routes = Routes()


class AssignmentAnswer(Answer):
    """One image to be read blind."""

    assignment_id: str
    round: Round
    kind: Kind
    site: Site | None
    age: int | None
    sex: Sex | None
    image_url: str
    leased_until: str


@routes.route(
    "/v1/labelling/assignments",
    summary=Text("Снимки, которые вам предстоит прочитать", "The images you are to read"),
    asks=Listed,
    answers=Listing[AssignmentAnswer],
)
def assignments(call: Call[NoBody, Listed]) -> Listing[AssignmentAnswer]:
    held, following = service.hand(
        call.platform,
        call.caller.account_id,
        limit=call.query.limit,
        cursor=call.query.cursor,
    )
    call.audit("assignments.viewed", call.caller.account_id)
    return Listing[AssignmentAnswer](items=[_answer(item) for item in held], next=following)


def _answer(item: service.HandItem) -> AssignmentAnswer:
    assignment, facts = item.assignment, item.assignment.facts
    return AssignmentAnswer(
        assignment_id=assignment.assignment_id,
        round=assignment.round,
        kind=Kind(facts.kind),
        site=Site(facts.site) if facts.site else None,
        age=facts.age,
        sex=Sex(facts.sex) if facts.sex else None,
        image_url=item.image_url,
        leased_until=timestamp(assignment.leased_until),
    )

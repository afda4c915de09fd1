"""Near-duplicates over HTTP, for curators: parse, one call, answer."""

from chalicelib.duplicates import service
from chalicelib.duplicates.forms import (
    DecisionForm,
    DuplicateAnswer,
    DuplicatesAnswer,
    DuplicatesQuery,
    duplicate_answer,
)
from chalicelib.platform.http.routes import Call, NoBody, NoQuery, Routes
from chalicelib.platform.language import Text

routes = Routes()


@routes.route(
    "/v1/duplicates",
    summary=Text("Почти одинаковые снимки", "Images that are nearly the same"),
    asks=DuplicatesQuery,
    answers=DuplicatesAnswer,
)
def list_duplicates(call: Call[NoBody, DuplicatesQuery]) -> DuplicatesAnswer:
    query = call.query
    found, following = service.list_pairs(
        call.platform,
        standing=query.state,
        relation=query.relation,
        limit=query.limit,
        cursor=query.cursor,
    )
    call.audit("duplicates.listed", "duplicates")
    return DuplicatesAnswer(
        items=[duplicate_answer(each) for each in found],
        next=following,
        open=None if query.cursor else service.how_many_open(call.platform),
    )


@routes.route(
    "/v1/duplicates/{pair_id}",
    summary=Text("Два почти одинаковых снимка", "Two images that are nearly the same"),
    answers=DuplicateAnswer,
    refusals=("not_found",),
)
def view_duplicate(call: Call[NoBody, NoQuery], pair_id: str) -> DuplicateAnswer:
    found = service.view(call.platform, pair_id)
    call.audit("duplicate.viewed", pair_id)
    return duplicate_answer(found)


@routes.route(
    "/v1/duplicates/{pair_id}",
    "POST",
    summary=Text("Решить, одна ли это фотография", "Decide whether they are the same photograph"),
    takes=DecisionForm,
    answers=DuplicateAnswer,
    refusals=("not_found", "changed_meanwhile"),
)
def decide(call: Call[DecisionForm, NoQuery], pair_id: str) -> DuplicateAnswer:
    found = service.decide(
        call.platform,
        caller=call.caller,
        pair_id=pair_id,
        decision=call.body.decision,
        reason=call.body.reason,
    )
    call.audit("duplicate.decided", pair_id)
    return duplicate_answer(found)

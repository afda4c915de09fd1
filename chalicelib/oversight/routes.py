"""The day's overview over HTTP, and what else curators and administrators watch."""

from pydantic import Field

from chalicelib.oversight import audit_routes, counting, dead_letter_routes, model_routes
from chalicelib.oversight.report import Overview
from chalicelib.platform.clock import moment
from chalicelib.platform.http.routes import Call, NoBody, NoQuery, Routes
from chalicelib.platform.language import Text

routes = Routes()
for part in (audit_routes, model_routes, dead_letter_routes):
    routes.include(part.routes)


class OverviewAnswer(Overview):
    """The overview as it was counted last."""

    age_seconds: float = Field(description="Since it was counted.")


@routes.route(
    "/v1/overview",
    summary=Text("Что сегодня требует человека", "What needs a human today"),
    answers=OverviewAnswer,
    refusals=("not_computed",),
)
def view_overview(call: Call[NoBody, NoQuery]) -> OverviewAnswer:
    found = counting.counted(call.platform)
    call.audit("overview.viewed", "overview")
    age = call.platform.clock.now() - moment(found.computed_at)
    return OverviewAnswer(**dict(found), age_seconds=age.total_seconds())

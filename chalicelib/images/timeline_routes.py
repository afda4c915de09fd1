"""A lesion's timeline over HTTP: parse, one call, answer."""

from chalicelib.images import timeline
from chalicelib.images.timeline_forms import TimelineAnswer, timeline_answer
from chalicelib.platform.http.routes import Call, NoBody, NoQuery, Routes
from chalicelib.platform.language import Text

routes = Routes()


@routes.route(
    "/v1/lesions/{lesion_id}/timeline",
    summary=Text(
        "Как менялся очаг: снимки, размеры, изменения, тревоги",
        "How a lesion changed: images, measurements, changes, alerts",
    ),
    answers=TimelineAnswer,
    refusals=("not_found",),
)
def view_timeline(call: Call[NoBody, NoQuery], lesion_id: str) -> TimelineAnswer:
    shown = timeline.view_timeline(call.platform, caller=call.caller, lesion_id=lesion_id)
    call.audit("timeline.viewed", shown.lesion.lesion_id)
    return timeline_answer(shown, call.language)

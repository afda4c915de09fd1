"""The gallery over HTTP, for curators: parse, one call, answer."""

from chalicelib.datasets.looks import service
from chalicelib.datasets.looks.forms import (
    GalleryAnswer,
    LooksAnswer,
    LooksForm,
    LooksQuery,
    waiting_answer,
)
from chalicelib.platform.http.routes import Call, NoBody, NoQuery, Routes
from chalicelib.platform.language import Text

routes = Routes()


@routes.route(
    "/v1/looks",
    summary=Text("Снимки, которые ждут просмотра", "Images that wait for a curator's look"),
    asks=LooksQuery,
    answers=GalleryAnswer,
    refusals=("not_found", "no_preview"),
)
def list_waiting(call: Call[NoBody, LooksQuery]) -> GalleryAnswer:
    query = call.query
    found = service.waiting(call.platform, query.dataset, limit=query.limit, cursor=query.cursor)
    call.audit("looks.listed", query.dataset)
    return waiting_answer(found)


@routes.route(
    "/v1/looks",
    "POST",
    summary=Text("Записать, что видно на снимках", "Note what the images show"),
    takes=LooksForm,
    answers=LooksAnswer,
)
def note_looks(call: Call[LooksForm, NoQuery]) -> LooksAnswer:
    """The same request again notes nothing new, so it needs no Idempotency-Key."""
    noted = service.note(
        call.platform, caller=call.caller, looks=[each.taken() for each in call.body.looks]
    )
    for each in noted:
        act = f"image.looked_at.{each.taken.look.value}"
        call.audit(act, each.taken.image_id, once=True, step=each.at)
    return LooksAnswer(noted=[each.taken.image_id for each in noted if each.is_new])

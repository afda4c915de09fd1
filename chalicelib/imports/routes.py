"""Imports over HTTP: parse, one call, answer."""

from chalicelib.images.forms import ImageSlot, slot_answer
from chalicelib.imports import service
from chalicelib.imports.forms import (
    ImportAnswer,
    ImportedImageAnswer,
    ImportedImageForm,
    ImportForm,
    image_answer,
    import_answer,
)
from chalicelib.platform.http.fields import Listed, Listing
from chalicelib.platform.http.routes import Call, NoBody, NoQuery, Routes
from chalicelib.platform.language import Text

routes = Routes()


@routes.route(
    "/v1/imports",
    "POST",
    summary=Text("Завести импорт архива", "Open an import of an archive"),
    takes=ImportForm,
    answers=ImportAnswer,
    status=201,
    refusals=("idempotency_conflict",),
    creates=True,
)
def open_import(call: Call[ImportForm, NoQuery]) -> ImportAnswer:
    form = call.body
    opened = service.open_import(
        call.platform,
        caller=call.caller,
        import_id=call.creation_id("import"),
        name=form.name,
        legal_basis=form.legal_basis,
        licence=form.licence,
        attribution=form.attribution,
    )
    call.audit("import.opened", opened.import_id, once=True)
    return import_answer(opened)


@routes.route(
    "/v1/imports",
    summary=Text("Импорты архивов", "The imports of archives"),
    asks=Listed,
    answers=Listing[ImportAnswer],
)
def list_imports(call: Call[NoBody, Listed]) -> Listing[ImportAnswer]:
    page, following = service.list_imports(
        call.platform, limit=call.query.limit, cursor=call.query.cursor
    )
    call.audit("imports.listed", call.caller.account_id)
    return Listing[ImportAnswer](items=[import_answer(one) for one in page], next=following)


@routes.route(
    "/v1/imports/{import_id}",
    summary=Text("Импорт архива", "An import of an archive"),
    answers=ImportAnswer,
    refusals=("not_found",),
)
def view_import(call: Call[NoBody, NoQuery], import_id: str) -> ImportAnswer:
    found = service.view_import(call.platform, caller=call.caller, import_id=import_id)
    call.audit("import.viewed", import_id)
    return import_answer(found)


@routes.route(
    "/v1/imports/{import_id}/images",
    summary=Text("Снимки импорта", "The images of an import"),
    asks=Listed,
    answers=Listing[ImportedImageAnswer],
    refusals=("not_found",),
)
def list_images(call: Call[NoBody, Listed], import_id: str) -> Listing[ImportedImageAnswer]:
    page, following = service.list_images(
        call.platform,
        caller=call.caller,
        import_id=import_id,
        limit=call.query.limit,
        cursor=call.query.cursor,
    )
    call.audit("import.images_listed", import_id)
    return Listing[ImportedImageAnswer](
        items=[image_answer(image, call.language) for image in page], next=following
    )


@routes.route(
    "/v1/imports/{import_id}/images",
    "POST",
    summary=Text("Добавить снимок архива", "Add an image of an archive"),
    takes=ImportedImageForm,
    answers=ImageSlot,
    status=201,
    # No Idempotency-Key: the archive's own id of the image does its work, whatever client sends it.
    refusals=("not_found", "imported_otherwise", "withdrawn", "too_many"),
)
def add_image(call: Call[ImportedImageForm, NoQuery], import_id: str) -> ImageSlot:
    slot = service.add_image(
        call.platform,
        caller=call.caller,
        import_id=import_id,
        told=call.body.told(),
        trace=call.request_id,
    )
    call.audit("import.image_slot", slot.image.image_id, once=True)
    return slot_answer(slot)

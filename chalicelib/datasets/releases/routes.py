"""Releases over HTTP, for curators: parse, one call, answer."""

from chalicelib.datasets.releases import service
from chalicelib.datasets.releases.forms import (
    DeprecationForm,
    ReleaseAnswer,
    ReleaseForm,
    ReleaseView,
    RequestedAnswer,
    release_answer,
    release_view,
    requested_answer,
)
from chalicelib.platform.http.fields import Listed, Listing
from chalicelib.platform.http.routes import Call, NoBody, NoQuery, Routes
from chalicelib.platform.language import Text

routes = Routes()


@routes.route(
    "/v1/datasets/{code}/releases",
    "POST",
    summary=Text("Выпустить новую версию набора", "Release a new version of a dataset"),
    takes=ReleaseForm,
    answers=RequestedAnswer,
    status=202,
    refusals=("not_found", "being_made", "idempotency_conflict"),
    creates=True,
)
def request_release(call: Call[ReleaseForm, NoQuery], code: str) -> RequestedAnswer:
    release = service.request(
        call.platform,
        caller=call.caller,
        code=code,
        release_id=call.creation_id("release"),
        change=call.body.change,
        expected=call.body.version,
    )
    call.audit("release.requested", release.release_id, once=True)
    return requested_answer(release)


@routes.route(
    "/v1/datasets/{code}/releases",
    summary=Text("Выпуски набора", "The releases of a dataset"),
    asks=Listed,
    answers=Listing[ReleaseAnswer],
    refusals=("not_found",),
)
def list_releases(call: Call[NoBody, Listed], code: str) -> Listing[ReleaseAnswer]:
    found, following = service.list_releases(
        call.platform, code, limit=call.query.limit, cursor=call.query.cursor
    )
    call.audit("releases.listed", code)
    items = [release_answer(each, call.language) for each in found]
    return Listing[ReleaseAnswer](items=items, next=following)


@routes.route(
    "/v1/datasets/{code}/releases/{version}",
    summary=Text(
        "Выпуск и его файлы (версия, latest или номер выпуска)",
        "A release and its files (version, latest, or the release's id)",
    ),
    answers=ReleaseView,
    refusals=("not_found",),
)
def view_release(call: Call[NoBody, NoQuery], code: str, version: str) -> ReleaseView:
    release = service.view(call.platform, code, version)
    call.audit("release.viewed", release.release_id)
    return release_view(release, service.linked(call.platform, release), call.language)


@routes.route(
    "/v1/datasets/{code}/releases/{version}/deprecate",
    "POST",
    summary=Text("Не рекомендовать выпуск", "Deprecate a release"),
    takes=DeprecationForm,
    answers=ReleaseAnswer,
    refusals=("not_found", "not_published"),
)
def deprecate(call: Call[DeprecationForm, NoQuery], code: str, version: str) -> ReleaseAnswer:
    release = service.deprecate(
        call.platform,
        caller=call.caller,
        code=code,
        version=version,
        reason=call.body.reason,
        use=call.body.use,
    )
    call.audit("release.deprecated", release.release_id)
    return release_answer(release, call.language)

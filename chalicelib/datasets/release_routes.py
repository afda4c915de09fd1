"""Releases, the registry and downloads over HTTP: parse, one call, answer."""

from typing import Final

from chalicelib.datasets import downloading, release_service, searching
from chalicelib.datasets.release_forms import (
    DeprecationForm,
    DownloadAnswer,
    DownloadForm,
    GrantAnswer,
    GrantedAnswer,
    GrantForm,
    RegistryAnswer,
    RegistryPage,
    RegistryQuery,
    ReleaseAnswer,
    ReleaseForm,
    ReleaseView,
    RequestedAnswer,
    download_answer,
    entry_answer,
    grant_answer,
    granted_answer,
    registry_page_answer,
    release_answer,
    release_view,
    requested_answer,
)
from chalicelib.platform.http.fields import Listed, Listing
from chalicelib.platform.http.routes import Call, NoBody, NoQuery, Routes
from chalicelib.platform.language import Text

FILTERS: Final = (
    "purpose",
    "access",
    "modality",
    "target",
    "verification",
    "licence",
    "unit",
    "state",
)

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
    release = release_service.request(
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
    found, following = release_service.list_releases(
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
    release = release_service.view(call.platform, code, version)
    call.audit("release.viewed", release.release_id)
    return release_view(release, release_service.linked(call.platform, release), call.language)


@routes.route(
    "/v1/datasets/{code}/releases/{version}/deprecate",
    "POST",
    summary=Text("Не рекомендовать выпуск", "Deprecate a release"),
    takes=DeprecationForm,
    answers=ReleaseAnswer,
    refusals=("not_found", "not_published"),
)
def deprecate(call: Call[DeprecationForm, NoQuery], code: str, version: str) -> ReleaseAnswer:
    release = release_service.deprecate(
        call.platform,
        caller=call.caller,
        code=code,
        version=version,
        reason=call.body.reason,
        use=call.body.use,
    )
    call.audit("release.deprecated", release.release_id)
    return release_answer(release, call.language)


@routes.route(
    "/v1/datasets/{code}/grants",
    "POST",
    summary=Text(
        "Дать организации доступ к набору", "Let an organisation fetch a controlled dataset"
    ),
    takes=GrantForm,
    answers=GrantedAnswer,
    status=201,
    refusals=("not_found", "not_controlled", "too_many_grants", "idempotency_conflict"),
    creates=True,
)
def grant(call: Call[GrantForm, NoQuery], code: str) -> GrantedAnswer:
    granted = downloading.grant(
        call.platform,
        caller=call.caller,
        code=code,
        grant_id=call.creation_id("grant"),
        recipient=call.body.recipient,
        purpose=call.body.purpose,
        expires_on=call.body.expires_on,
    )
    call.audit("grant.given", granted.grant.grant_id, once=True)
    return granted_answer(granted)


@routes.route(
    "/v1/datasets/{code}/grants",
    summary=Text("Кому дан доступ к набору", "Who may fetch a controlled dataset"),
    asks=Listed,
    answers=Listing[GrantAnswer],
    refusals=("not_found",),
)
def list_grants(call: Call[NoBody, Listed], code: str) -> Listing[GrantAnswer]:
    found, following = downloading.list_grants(
        call.platform, code, limit=call.query.limit, cursor=call.query.cursor
    )
    call.audit("grants.listed", code)
    return Listing[GrantAnswer](items=[grant_answer(each) for each in found], next=following)


@routes.route(
    "/v1/datasets/{code}/grants/{grant_id}",
    "DELETE",
    summary=Text("Прекратить доступ к набору", "End a grant"),
    status=204,
    refusals=("not_found",),
)
def revoke(call: Call[NoBody, NoQuery], code: str, grant_id: str) -> None:
    downloading.revoke(call.platform, code, grant_id)
    call.audit("grant.revoked", grant_id)


@routes.route(
    "/v1/downloads",
    "POST",
    summary=Text("Ссылки на файлы выпуска", "Links to the files of a release"),
    takes=DownloadForm,
    answers=DownloadAnswer,
    refusals=("not_found", "taken_down"),
)
def download(call: Call[DownloadForm, NoQuery]) -> DownloadAnswer:
    found = downloading.download(
        call.platform,
        code=call.body.code,
        version=call.body.version,
        token=call.body.grant,
        limit=call.body.limit,
        cursor=call.body.cursor,
        request_id=call.request_id,
    )
    return download_answer(found)


@routes.route(
    "/v1/registry",
    summary=Text("Реестр наборов данных", "The registry of datasets"),
    asks=RegistryQuery,
    answers=RegistryAnswer,
)
def search_registry(call: Call[NoBody, RegistryQuery]) -> RegistryAnswer:
    query = call.query
    wanted = {name: str(value) for name in FILTERS if (value := getattr(query, name)) is not None}
    if query.class_ is not None:
        wanted["class"] = query.class_
    found, following = searching.search(
        call.platform,
        words=query.q.split(),
        filters=wanted,
        limit=query.limit,
        cursor=query.cursor,
    )
    items = [entry_answer(each) for each in found]
    return RegistryAnswer(items=items, next=following, csv=searching.registry_csv(call.platform))


@routes.route(
    "/v1/registry/{code}",
    summary=Text("Набор данных в реестре", "A dataset in the registry"),
    answers=RegistryPage,
    refusals=("not_found",),
)
def view_registry(call: Call[NoBody, NoQuery], code: str) -> RegistryPage:
    return registry_page_answer(*searching.registry_page(call.platform, code))

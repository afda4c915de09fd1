"""The registry and downloads over HTTP, for everybody, and grants: parse, one call, answer."""

from chalicelib.datasets.registry import downloading, searching
from chalicelib.datasets.registry.forms import (
    DownloadAnswer,
    DownloadForm,
    GrantAnswer,
    GrantedAnswer,
    GrantForm,
    RegistryAnswer,
    RegistryPage,
    RegistryQuery,
    download_answer,
    entry_answer,
    grant_answer,
    granted_answer,
    registry_page_answer,
)
from chalicelib.platform.http.fields import Listed, Listing
from chalicelib.platform.http.routes import Call, NoBody, NoQuery, Routes
from chalicelib.platform.language import Text

routes = Routes()


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
    found, following = searching.search(
        call.platform,
        words=query.q.split(),
        filters=query.filters(),
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

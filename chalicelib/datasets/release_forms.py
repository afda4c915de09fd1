"""What the routes of releases, the registry and downloads take and answer."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from pydantic import Field

from chalicelib.datasets.downloading import Download, Granted
from chalicelib.datasets.grants import Grant
from chalicelib.datasets.model import Access, Purpose, ReleaseState
from chalicelib.datasets.plan import Line, Passage, Word
from chalicelib.datasets.release_service import Linked
from chalicelib.datasets.releases import Release
from chalicelib.platform.clock import timestamp
from chalicelib.platform.http.fields import Answer, Day, Form, Listed
from chalicelib.platform.language import Language

VersionText = Annotated[str, Field(pattern=r"^(0|[1-9]\d{0,5})(\.(0|[1-9]\d{0,5})){2}$")]
Code = Annotated[str, Field(pattern=r"^[A-Z0-9_-]{1,100}$")]


class ReleaseForm(Form):
    change: Annotated[Passage, Field(description="What changes in this version, and why.")]
    version: Annotated[
        VersionText | None,
        Field(description="The version shown by the preview: another one is not released."),
    ] = None


class RequestedAnswer(Answer):
    """A release that is being made, or was, when the request is repeated."""

    release_id: str
    version: str | None
    state: ReleaseState


class FileAnswer(Answer):
    path: str
    bytes: int
    sha256: str
    url: Annotated[str | None, Field(description="Works for 10 minutes; null where it is erased.")]


class ProgressAnswer(Answer):
    """How many zips of images are there, and how many there will be."""

    shards: int
    of: int


class DeprecationAnswer(Answer):
    reason: str
    use: str | None
    at: str


class ReleaseAnswer(Answer):
    """One release, without its files."""

    release_id: str
    code: str
    version: str | None
    state: ReleaseState
    change: str
    requested_at: str
    progress: ProgressAnswer
    units: int
    bytes: int
    problem: Annotated[str | None, Field(description="Why it could not be made.")]
    published_at: str | None
    deprecated: DeprecationAnswer | None
    taken_down_at: str | None


class ReleaseView(ReleaseAnswer):
    """One release with its files: the first 200, the others by `POST /v1/downloads`."""

    files: list[FileAnswer]


class DeprecationForm(Form):
    reason: Annotated[Passage, Field(description="Why it should not be used any more.")]
    use: Annotated[VersionText | None, Field(description="The version to use instead.")] = None


class GrantForm(Form):
    recipient: Annotated[Line, Field(description="The organisation; no person's name.")]
    purpose: Annotated[Passage, Field(description="What it may use the data for.")]
    expires_on: Annotated[Day, Field(description="The last day on which it may fetch.")]


class GrantedAnswer(Answer):
    """A new grant; what its holder shows is told this once."""

    grant_id: str
    grant: str


class GrantAnswer(Answer):
    grant_id: str
    recipient: str
    purpose: str
    expires_on: date
    created_at: str
    revoked_at: str | None


class DownloadForm(Form):
    """Which release is wanted; without a version the latest."""

    code: Code
    version: VersionText | None = None
    grant: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 200
    cursor: Annotated[str, Field(max_length=2000)] | None = None


class DownloadAnswer(Answer):
    """Links to a release's files; `next` is the cursor of those after them, or null."""

    code: str
    version: str
    state: ReleaseState
    files: list[FileAnswer]
    next: str | None
    expires_at: str


class RegistryQuery(Listed):
    q: Annotated[str, Field(max_length=200)] = ""
    purpose: Purpose | None = None
    access: Access | None = None
    modality: Annotated[str, Field(max_length=12)] | None = None
    target: Annotated[str, Field(max_length=12)] | None = None
    class_: Annotated[
        Word | None, Field(alias="class", description="A class, or a diagnosis in one.")
    ] = None
    verification: Annotated[str, Field(max_length=10)] | None = None
    licence: Annotated[str, Field(max_length=40)] | None = None
    unit: Annotated[str, Field(max_length=10)] | None = None
    state: ReleaseState | None = None


class NameAnswer(Answer):
    ru: str
    en: str


class ClassAnswer(Answer):
    key: str
    title: NameAnswer
    diagnoses: list[str]
    icd10: list[str]
    units: int


class ToldDeprecation(Answer):
    reason: str
    use: str | None


class VersionAnswer(Answer):
    """One version of a dataset; of one that was taken down, this is all that is left."""

    version: str
    state: ReleaseState
    published_at: str | None
    units: int
    bytes: int
    deprecated: ToldDeprecation | None = None
    taken_down_at: str | None = None


class EntryAnswer(Answer):
    """A dataset in the registry, by its newest version."""

    number: int
    code: str
    name: NameAnswer
    purpose: Purpose
    purpose_name: NameAnswer
    modality: str
    organ: str
    target: str
    icd10: list[str]
    unit: str
    units: int
    bytes: int
    classes: list[ClassAnswer]
    verification: str
    access: Access
    access_name: NameAnswer
    licence: str
    keywords: list[str]
    version: str
    state: ReleaseState
    published_at: str | None
    versions: list[VersionAnswer]


class RegistryAnswer(Answer):
    """One page of the registry; it may be short, and have another after it."""

    items: list[EntryAnswer]
    next: str | None
    csv: Annotated[str, Field(description="The whole registry as a table; works for 10 minutes.")]


class RegistryPage(EntryAnswer):
    """A dataset's public page. Of a hidden set there is no more than the entry."""

    page: dict[str, Any]


def requested_answer(release: Release) -> RequestedAnswer:
    return RequestedAnswer(
        release_id=release.release_id, version=release.version, state=release.state
    )


def release_answer(release: Release, language: Language) -> ReleaseAnswer:
    return ReleaseAnswer(**_told(release, language))


def release_view(release: Release, files: Sequence[Linked], language: Language) -> ReleaseView:
    return ReleaseView(**_told(release, language), files=[_file(file) for file in files])


def granted_answer(granted: Granted) -> GrantedAnswer:
    return GrantedAnswer(grant_id=granted.grant.grant_id, grant=granted.token)


def grant_answer(grant: Grant) -> GrantAnswer:
    return GrantAnswer(
        grant_id=grant.grant_id,
        recipient=grant.recipient,
        purpose=grant.purpose,
        expires_on=grant.expires_on,
        created_at=timestamp(grant.created_at),
        revoked_at=timestamp(grant.revoked_at) if grant.revoked_at else None,
    )


def download_answer(found: Download) -> DownloadAnswer:
    return DownloadAnswer(
        code=found.release.code,
        version=found.release.version or "",
        state=found.release.state,
        files=[_file(file) for file in found.files],
        next=found.following,
        expires_at=timestamp(found.expires_at),
    )


def entry_answer(entry: dict[str, Any]) -> EntryAnswer:
    return EntryAnswer.model_validate(_named(entry))


def registry_page_answer(entry: dict[str, Any], page: Any) -> RegistryPage:
    return RegistryPage.model_validate({**_named(entry), "page": dict(page)})


def _named(entry: dict[str, Any]) -> dict[str, Any]:
    purpose, access = Purpose(entry["purpose"]).label, Access(entry["access"]).label
    return {**entry, "purpose_name": purpose._asdict(), "access_name": access._asdict()}


def _file(linked: Linked) -> FileAnswer:
    file = linked.file
    return FileAnswer(path=file.path, bytes=file.bytes, sha256=file.sha256, url=linked.url)


def _told(release: Release, language: Language) -> dict[str, Any]:
    why, published, taken = release.deprecation, release.published_at, release.taken_down_at
    return {
        "release_id": release.release_id,
        "code": release.code,
        "version": release.version,
        "state": release.state,
        "change": release.change,
        "requested_at": timestamp(release.requested_at),
        "progress": ProgressAnswer(shards=len(release.shards), of=release.shards_of_all),
        "units": release.units,
        "bytes": release.bytes,
        "problem": release.problem.in_language(language) if release.problem else None,
        "published_at": timestamp(published) if published else None,
        "deprecated": DeprecationAnswer(reason=why.reason, use=why.use, at=timestamp(why.at))
        if why
        else None,
        "taken_down_at": timestamp(taken) if taken else None,
    }

"""What the routes of the registry, of grants and of downloads take and answer."""

from datetime import date
from typing import Annotated, Any

from pydantic import Field

from chalicelib.datasets.model import Access, Purpose, ReleaseState
from chalicelib.datasets.planning.plan import Line, Passage, Word
from chalicelib.datasets.registry.downloading import Download, Granted
from chalicelib.datasets.registry.grants import Grant
from chalicelib.datasets.releases.forms import FileAnswer, VersionText, file_answer
from chalicelib.platform.clock import timestamp
from chalicelib.platform.http.fields import Answer, Day, Form, Listed

Code = Annotated[str, Field(pattern=r"^[A-Z0-9_-]{1,100}$")]


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

    def filters(self) -> dict[str, str]:
        """The values asked for, by field of an entry, and a class."""
        searching = {"q", "limit", "cursor"}
        return self.model_dump(mode="json", by_alias=True, exclude_none=True, exclude=searching)


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
        files=[file_answer(file) for file in found.files],
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

"""What the routes of releases take and answer."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import Field

from chalicelib.datasets.model import ReleaseState
from chalicelib.datasets.planning.plan import Passage
from chalicelib.datasets.releases.model import Release
from chalicelib.datasets.releases.service import Linked
from chalicelib.platform.clock import timestamp
from chalicelib.platform.http.fields import Answer, Form
from chalicelib.platform.language import Language

VersionText = Annotated[str, Field(pattern=r"^(0|[1-9]\d{0,5})(\.(0|[1-9]\d{0,5})){2}$")]


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


def requested_answer(release: Release) -> RequestedAnswer:
    return RequestedAnswer(
        release_id=release.release_id, version=release.version, state=release.state
    )


def release_answer(release: Release, language: Language) -> ReleaseAnswer:
    return ReleaseAnswer(**_told(release, language))


def release_view(release: Release, files: Sequence[Linked], language: Language) -> ReleaseView:
    return ReleaseView(**_told(release, language), files=[file_answer(file) for file in files])


def file_answer(linked: Linked) -> FileAnswer:
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

"""The file of a report: its states, what may follow what, and the values it carries.

Its life is an image's, but for one thing: while no file has been accepted, another may be announced.
Each file announced is an attempt with a place of its own in the uploads bucket, so a form given for an
earlier one disturbs nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, auto
from typing import Any, Final, Literal

from chalicelib.images.model import UPLOADS
from chalicelib.platform.clock import moment

ReportType = Literal["application/pdf", "image/jpeg", "image/png"]
SUFFIXES: Final[Mapping[ReportType, str]] = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
}
MAX_REPORT_BYTES: Final = 20 * 1024 * 1024
"""A scan of 20 pages in colour has some 10 MB."""
MAX_FILES: Final = 20
"""How many files may be announced for one report."""


class ReportState(StrEnum):
    AWAITING_UPLOAD = auto()
    RECEIVED = auto()
    ACCEPTED = auto()
    REJECTED = auto()
    ABANDONED = auto()
    WITHDRAWN = auto()


FOLLOWS: Final[Mapping[ReportState, frozenset[ReportState]]] = {
    ReportState.AWAITING_UPLOAD: frozenset(
        {
            ReportState.AWAITING_UPLOAD,  # another file was announced
            *(ReportState.RECEIVED, ReportState.ABANDONED, ReportState.WITHDRAWN),
        }
    ),
    ReportState.RECEIVED: frozenset(
        {ReportState.ACCEPTED, ReportState.REJECTED, ReportState.WITHDRAWN}
    ),
    ReportState.REJECTED: frozenset({ReportState.AWAITING_UPLOAD, ReportState.WITHDRAWN}),
    ReportState.ABANDONED: frozenset({ReportState.AWAITING_UPLOAD, ReportState.WITHDRAWN}),
    ReportState.ACCEPTED: frozenset({ReportState.WITHDRAWN}),
    ReportState.WITHDRAWN: frozenset(),
}
"""The transition table. Nothing else decides what may follow what."""

OPEN_TO_FILES: Final = frozenset(
    state for state, following in FOLLOWS.items() if ReportState.AWAITING_UPLOAD in following
)
"""States in which a file may be announced."""

_PLACE: Final = re.compile(r"report-([a-z0-9]{1,64})\.([1-9][0-9]{0,2})")


@dataclass(frozen=True, kw_only=True)
class Announced:
    """What the sender said of the file before sending it; the intake holds him to it."""

    content_type: ReportType
    bytes: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What was made of the file: where it is, and what it is like."""

    key: str
    content_type: ReportType
    bytes: int
    pages: int | None
    """Of a PDF."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """The file of one result's report."""

    histology_id: str
    state: ReportState
    attempt: int
    """The number of the file that was announced last."""
    announced: Announced
    history: tuple[Mapping[str, str], ...]
    version: str | None = None
    """The version of the upload that was pinned at first sight."""
    tries: int = 0
    """How many workers began on it."""
    kept: Kept | None = None
    problem: str | None = None
    form: Mapping[str, Any] | None = None
    trace: str = ""
    due_at: str | None = field(default=None, compare=False)

    @property
    def since(self) -> datetime:
        """When it came into its present state."""
        return moment(self.history[-1]["at"])

    @property
    def upload_key(self) -> str:
        return f"{uploads_of(self.histology_id)}.{self.attempt}"


def uploads_of(histology_id: str) -> str:
    """The beginning, up to the last dot, of every place where files of this report are awaited."""
    return f"{UPLOADS}report-{histology_id}"


def file_of(histology_id: str) -> str:
    """The name, without its ending, of the file that is kept."""
    return f"reports/{histology_id}"


def report_of_upload(key: str) -> tuple[str, int] | None:
    """The result and the attempt that an uploads key belongs to; None for one that is no report's."""
    found = _PLACE.fullmatch(key.removeprefix(UPLOADS)) if key.startswith(UPLOADS) else None
    return (found[1], int(found[2])) if found else None

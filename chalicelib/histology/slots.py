"""Forms to upload a report's file with, links to the one that is kept, and its removal."""

from dataclasses import asdict, dataclass
from typing import Any, Final

from chalicelib.histology.report_store import LostReport, ReportStore
from chalicelib.histology.reports import (
    MAX_FILES,
    MAX_REPORT_BYTES,
    Announced,
    Report,
    ReportState,
    file_of,
    uploads_of,
)
from chalicelib.images.model import LINK_LIFE, LOOK_AFTER, SLOT_LIFE
from chalicelib.images.slots import form_conditions
from chalicelib.platform.clock import timestamp
from chalicelib.platform.errors import Conflict
from chalicelib.platform.language import Text
from chalicelib.platform.objects import UploadForm
from chalicelib.platform.runtime import Platform

_ARRIVED: Final = Text(
    "Файл заключения уже получен. Если он не от этого очага, отзовите запись и внесите новую.",
    "The report's file has arrived already. If it is not of this lesion, take the entry back and make "
    "a new one.",
)
_TOO_MANY: Final = Text(
    "К этому заключению слишком много раз отправляли файл. Внесите результат без файла или "
    "обратитесь к администратору.",
    "A file was sent for this report too many times. Enter the result without one, or ask an "
    "administrator.",
)


@dataclass(frozen=True)
class ReportSlot:
    """A place for one file, and the form that opens it until `expires_at`."""

    report: Report
    form: UploadForm
    expires_at: str


def open_slot(
    platform: Platform, histology_id: str, announced: Announced, trace: str
) -> ReportSlot:
    """A form for the first file of a report; for a repeated request, the same one while it opens
    anything. One call to AWS. Raises `Conflict` for a report whose file has arrived."""
    now = platform.clock.now()
    form, expires_at = _form(platform, f"{uploads_of(histology_id)}.1", announced)
    try:
        report = ReportStore(platform.cases).announce(
            histology_id,
            announced,
            {**asdict(form), "expires_at": expires_at},
            now=now,
            trace=trace,
            due_at=now + LOOK_AFTER,
        )
    except LostReport as lost:
        raise _arrived(lost.found) from None
    kept = report.form
    if report.attempt == 1 and kept is not None and kept["expires_at"] > timestamp(now):
        return ReportSlot(report, UploadForm(kept["url"], kept["fields"]), kept["expires_at"])
    return another_slot(platform, report, announced)


def another_slot(platform: Platform, report: Report, announced: Announced) -> ReportSlot:
    """A new form while no file has been accepted, for the same file or another. One call to AWS.

    Raises `Conflict` for a report whose file has arrived, or after too many files.
    """
    now = platform.clock.now()
    reports = ReportStore(platform.cases)
    awaited = report.state is ReportState.AWAITING_UPLOAD
    try:
        if awaited and report.announced == announced:
            report = reports.await_longer(report, now + LOOK_AFTER)
            return ReportSlot(report, *_form(platform, report.upload_key, announced))
        if report.attempt >= MAX_FILES:
            raise Conflict("too_many_files", _TOO_MANY)
        place = f"{uploads_of(report.histology_id)}.{report.attempt + 1}"
        form, expires_at = _form(platform, place, announced)
        kept: dict[str, Any] = {**asdict(form), "expires_at": expires_at}
        report = reports.announce_another(report, announced, kept, now=now, due_at=now + LOOK_AFTER)
    except LostReport as lost:
        raise _arrived(lost.found) from None
    return ReportSlot(report, form, expires_at)


def link(platform: Platform, report: Report) -> str | None:
    """A link to the file that is kept, for `LINK_LIFE`; no call to AWS."""
    if report.kept is None:
        return None
    return platform.images.link(report.kept.key, seconds=int(LINK_LIFE.total_seconds()))


def discard(platform: Platform, histology_id: str) -> tuple[bool, int]:
    """Remove a report and every version of its files. Doing it again changes nothing.

    Whether there was anything, and how many versions.
    """
    before = ReportStore(platform.cases).withdraw(histology_id)
    found = before is not None and before["state"] != ReportState.WITHDRAWN.value
    uploads = list(platform.uploads.versions(uploads_of(histology_id)))
    files = list(platform.images.versions(file_of(histology_id)))
    versions = platform.uploads.erase(uploads) + platform.images.erase(files)
    return found or versions > 0, versions


def _form(platform: Platform, key: str, announced: Announced) -> tuple[UploadForm, str]:
    form = platform.uploads.upload_form(
        key,
        fields=form_conditions(announced.content_type, announced.sha256),
        max_bytes=MAX_REPORT_BYTES,
        seconds=int(SLOT_LIFE.total_seconds()),
    )
    return form, timestamp(platform.clock.now() + SLOT_LIFE)


def _arrived(found: Report | None) -> Conflict:
    state = found.state if found else ReportState.WITHDRAWN
    return Conflict("report_not_awaited", _ARRIVED, details={"state": state.value})

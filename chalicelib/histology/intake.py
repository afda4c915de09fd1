"""What the upload of a report's file sets going, and what the sweep finishes when no event came.

The steps are those of a photograph's intake, each one conditional write on the report's item. A JPEG or
PNG goes through the same gate as photographs; a PDF is made anew in a process of its own. Only event
functions reach this module.
"""

import hashlib
from dataclasses import asdict
from typing import Final

from chalicelib.classification.inference.gate import inspect
from chalicelib.classification.inference.picture import BadImage, Declared, Limits
from chalicelib.histology.problems import ReportProblem
from chalicelib.histology.report_store import LostReport, ReportStore
from chalicelib.histology.reports import (
    MAX_REPORT_BYTES,
    SUFFIXES,
    Announced,
    Kept,
    Report,
    ReportState,
    ReportType,
    file_of,
    report_of_upload,
)
from chalicelib.histology.sandbox import Refused, clean_pdf
from chalicelib.images.model import ABANDON_AFTER, MAX_ATTEMPTS, WORK_LEASE, lease_length
from chalicelib.platform import logging
from chalicelib.platform.audit import Act
from chalicelib.platform.due import overdue_at
from chalicelib.platform.metrics import count
from chalicelib.platform.runtime import Platform

LIMITS: Final = Limits(max_bytes=MAX_REPORT_BYTES)


def take_in(platform: Platform, *, key: str, version: str | None, trace: str) -> Report | None:
    """Carry one uploaded file to its end. At most 5 calls to AWS.

    Returns the report as it now stands, or None when the object is not what a report awaits.
    """
    place = report_of_upload(key)
    if place is None:
        return None
    if version is None:
        version = platform.uploads.current_version(key)
        if version is None:
            return None
    try:
        return _work(platform, _pin(platform, *place, version), trace)
    except LostReport as lost:
        return _overtaken(lost)


def resume(platform: Platform, report: Report, *, trace: str) -> Report | None:
    """Drive on an overdue report: look for a file without an event, take over from a dead worker."""
    reports, now = ReportStore(platform.cases), platform.clock.now()
    try:
        if report.state is ReportState.RECEIVED:
            leased = reports.lease(report, now=now, until=now + lease_length(report.tries))
            count("IntakeRetries")
            if leased.tries > MAX_ATTEMPTS:
                return _reject(platform, leased, ReportProblem.NOT_PROCESSED.value, trace)
            return _work(platform, leased, trace)
        if report.state is not ReportState.AWAITING_UPLOAD:
            return report
        version = platform.uploads.current_version(report.upload_key)
        if version is not None:
            return take_in(platform, key=report.upload_key, version=version, trace=trace)
        given_up_at = report.since + ABANDON_AFTER
        # A form given meanwhile has moved the deadline, and what it lets in must be looked for.
        if now < given_up_at:
            return reports.await_longer(report, given_up_at, when=overdue_at(now))
        return reports.finish(report, ReportState.ABANDONED, now=now, when=overdue_at(now))
    except LostReport as lost:
        return _overtaken(lost)


def _overtaken(lost: LostReport) -> Report | None:
    """Another worker is at it, or was first; his result stands, and ours is the same or nothing."""
    if lost.found is not None:
        logging.follow(lost.found.trace)
        logging.info("overtaken", image_id=lost.found.histology_id, state=lost.found.state)
    return lost.found


def _pin(platform: Platform, histology_id: str, attempt: int, version: str) -> Report:
    reports, now = ReportStore(platform.cases), platform.clock.now()
    try:
        return reports.pin(histology_id, attempt, version, now=now, until=now + WORK_LEASE)
    except LostReport as lost:
        found = lost.found
        same = found is not None and (found.attempt, found.version) == (attempt, version)
        if found is None or found.state is not ReportState.RECEIVED or not same:
            raise
        # The same version again: a repeated event, or the retry of a worker that died.
        leased = reports.lease(found, now=now, until=now + lease_length(found.tries))
        count("IntakeRetries")
        return leased


def _work(platform: Platform, report: Report, trace: str) -> Report:
    logging.follow(report.trace)
    stored = platform.uploads.get(report.upload_key, version=report.version)
    data = stored.data if stored is not None else b""
    try:
        clean, pages = _cleaned(data, report.announced)
    except Refused as refusal:
        return _reject(platform, report, refusal.code.value, trace)
    except BadImage as refusal:
        return _reject(platform, report, refusal.code.value, trace)
    return _accept(platform, report, clean, pages, trace)


def _cleaned(data: bytes, announced: Announced) -> tuple[bytes, int | None]:
    """The file made anew, and the number of pages of a PDF. Raises `Refused` and `BadImage`."""
    if not data:
        raise Refused(ReportProblem.EMPTY)
    if len(data) > MAX_REPORT_BYTES:
        raise Refused(ReportProblem.TOO_LARGE)
    if len(data) != announced.bytes:
        raise Refused(ReportProblem.WRONG_SIZE)
    if hashlib.sha256(data).hexdigest() != announced.sha256:
        raise Refused(ReportProblem.HASH_MISMATCH)
    if announced.content_type == "application/pdf":
        return clean_pdf(data)
    return inspect(data, declared=Declared(**asdict(announced)), limits=LIMITS).data, None


def _accept(
    platform: Platform, report: Report, data: bytes, pages: int | None, trace: str
) -> Report:
    content_type: ReportType = report.announced.content_type
    key = f"{file_of(report.histology_id)}.{SUFFIXES[content_type]}"
    file_name = f"histology.{SUFFIXES[content_type]}"
    platform.images.put(key, data, content_type=content_type, file_name=file_name)
    kept = Kept(key=key, content_type=content_type, bytes=len(data), pages=pages)
    _audit(platform, report, ReportState.ACCEPTED, trace)
    try:
        accepted = ReportStore(platform.cases).finish(
            report,
            ReportState.ACCEPTED,
            now=platform.clock.now(),
            values={"kept": {name: each for name, each in vars(kept).items() if each is not None}},
        )
    except LostReport as lost:
        if lost.found is None:  # withdrawn while we worked: nothing of it stays
            platform.images.erase(platform.images.versions(file_of(report.histology_id)))
        raise
    count("ReportsAccepted")
    return accepted


def _reject(platform: Platform, report: Report, problem: str, trace: str) -> Report:
    _audit(platform, report, ReportState.REJECTED, trace)
    rejected = ReportStore(platform.cases).finish(
        report, ReportState.REJECTED, now=platform.clock.now(), values={"problem": problem}
    )
    count("ReportsRejected")
    return rejected


def _audit(platform: Platform, report: Report, outcome: ReportState, trace: str) -> None:
    """One record for each end of each file, before the step."""
    on = f"{report.histology_id} {report.attempt}"
    act = Act("classify", "system", f"report.{outcome.value}", on)
    platform.audit.record(act, request_id=report.trace or trace, once=True)

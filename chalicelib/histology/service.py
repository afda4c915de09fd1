"""What doctors do with histology: record a result, look at a lesion's, correct one, take one back.

A result is one item, and the lesion knows it in brief. The result is written first; that it is due
finishes what a crash left between the two, and tells the lesion's images.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any, Final

from chalicelib.histology import rules, slots
from chalicelib.histology.items import read_findings
from chalicelib.histology.model import (
    MAX_CORRECTIONS,
    Correction,
    Findings,
    Histology,
    TakenBack,
)
from chalicelib.histology.report_store import ReportStore, read_report
from chalicelib.histology.reports import Announced, Report
from chalicelib.histology.slots import ReportSlot
from chalicelib.histology.spreading import announce
from chalicelib.histology.store import HistologyStore, Moved
from chalicelib.patients import service as patients
from chalicelib.patients.forwarding import BeingMerged
from chalicelib.patients.model import Lesion
from chalicelib.patients.result_store import MAX_RESULTS, ResultStore, TooManyResults, Unknown
from chalicelib.people.model import Caller
from chalicelib.platform.errors import Conflict, Invalid, NotFound, idempotency_conflict
from chalicelib.platform.http.fields import WHOLE
from chalicelib.platform.language import Text
from chalicelib.platform.runtime import Platform

_TOO_MANY: Final = Text(
    "У этого очага уже слишком много результатов гистологии. Исправьте один из них.",
    "This lesion has too many histology results already. Correct one of them.",
)
_TOO_MANY_CORRECTIONS: Final = Text(
    "Этот результат исправляли слишком много раз. Отзовите его и внесите новый.",
    "This result was corrected too many times. Take it back and enter a new one.",
)
_TAKEN_BACK: Final = Text(
    "Этот результат отозван. Внесите новый к нужному очагу.",
    "This result was taken back. Enter a new one for the right lesion.",
)
_MEANWHILE: Final = Text(
    "Этот результат только что изменил кто-то другой. Откройте его заново и повторите.",
    "Somebody else has just changed this result. Open it again and repeat.",
)
_NOTHING: Final = Text(
    "Укажите хотя бы одно значение, которое нужно исправить.",
    "Give at least one value to correct.",
)


@dataclass(frozen=True)
class Entry:
    """One result as its readers see it, with its report where there is one."""

    histology: Histology
    report: Report | None
    url: str | None
    """To the report's file, for `LINK_LIFE`."""


@dataclass(frozen=True)
class View:
    """All results of a lesion: who reported last comes first, then what was taken back."""

    lesion: Lesion
    entries: list[Entry]


def record(
    platform: Platform,
    *,
    caller: Caller,
    lesion_id: str,
    histology_id: str,
    findings: Findings,
    announced: Announced | None,
    trace: str,
) -> tuple[Histology, ReportSlot | None]:
    """Keep a result of a lesion, and open a slot for its report's file. At most 6 calls to AWS.

    A repetition (`histology_id` comes from the Idempotency-Key) gets the same result, and the same
    form while it opens anything. Raises `NotFound` for a lesion out of reach, `Invalid` for findings
    that cannot be, `Conflict` when the lesion has too many, or the repetition says something else.
    """
    lesion = patients.lesion(platform, caller, lesion_id)
    lesion = patients.note_treating(platform, caller, lesion)
    findings = findings.coded()
    _require_possible(platform, findings, lesion)
    if histology_id not in lesion.results and len(lesion.results) >= MAX_RESULTS:
        raise Conflict("too_many_results", _TOO_MANY)
    now = platform.clock.now()
    said = (json.dumps(findings.json(), sort_keys=True), *_told(announced))
    new = Histology(
        histology_id=histology_id,
        lesion_id=lesion.lesion_id,
        patient_id=lesion.patient_id,
        clinic_id=lesion.clinic_id,
        recorded_by=caller.account_id,
        recorded_at=now,
        findings=findings,
        fingerprint=platform.ids.digest("histology", lesion_id, *said).hex(),
        trace=trace,
        stirred_at=now,
    )
    try:
        there = HistologyStore(platform.cases).create(new)
    except Moved:
        raise NotFound from None
    if there.fingerprint != new.fingerprint:
        raise idempotency_conflict()
    _enter(platform, there)
    slot = None
    if announced is not None and there.taken_back is None:
        slot = slots.open_slot(platform, histology_id, announced, trace)
    return there, slot


def view(platform: Platform, *, caller: Caller, lesion_id: str) -> View:
    """All results of a lesion. Two calls to AWS. Raises `NotFound`."""
    lesion = patients.lesion(platform, caller, lesion_id)
    found: list[Histology] = []
    reports: Mapping[str, Any] = {}
    if lesion.results:
        found, reports = HistologyStore(platform.cases).with_reports(sorted(lesion.results))
    entries = []
    for one in found:
        item = reports.get(one.histology_id)
        report = read_report(item) if item is not None and "announced" in item else None
        entries.append(Entry(one, report, slots.link(platform, report) if report else None))
    entries.sort(key=lambda entry: _order(entry.histology), reverse=True)
    return View(lesion, entries)


def correct(
    platform: Platform,
    *,
    caller: Caller,
    histology_id: str,
    changes: Mapping[str, Any],
    reason: str,
) -> Entry:
    """Replace some findings, given as JSON values (None takes one away), after checking the result as
    a whole. Doing it again changes nothing more.

    Raises `NotFound`, `Invalid`, and `Conflict` for a result taken back, corrected too often, or
    changed by somebody else at the same moment.
    """
    if not changes:
        raise Invalid({WHOLE: _NOTHING})
    one = _reachable(platform, caller, histology_id)
    lesion = patients.lesion(platform, caller, one.lesion_id)
    if one.taken_back is not None:
        raise Conflict("taken_back", _TAKEN_BACK)
    kept = {**one.findings.json(), **changes}
    if changes.get("diagnosis", one.findings.diagnosis) != one.findings.diagnosis:
        kept |= {} if "icd10" in changes else {"icd10": None}  # it was the old diagnosis' code
    corrected = read_findings(kept).coded()
    _require_possible(platform, corrected, lesion)
    was = one.findings.changes(corrected)
    if was:
        if len(one.history) >= MAX_CORRECTIONS:
            raise Conflict("too_many_corrections", _TOO_MANY_CORRECTIONS)
        now = platform.clock.now()
        done = Correction(at=now, by=caller.account_id, reason=reason, was=was)
        try:
            one = HistologyStore(platform.cases).correct(one, corrected, done)
        except Moved as moved:
            raise _conflict(moved) from None
    _enter(platform, one)
    report = ReportStore(platform.cases).get(histology_id)
    return Entry(one, report, slots.link(platform, report) if report else None)


def take_back(platform: Platform, *, caller: Caller, histology_id: str, reason: str) -> None:
    """Take back a result that was entered for the wrong lesion; its report's file goes, and the lesion
    is what its other results say. Doing it again changes nothing more. Raises `NotFound`.
    """
    one = _reachable(platform, caller, histology_id)
    while one.taken_back is None:
        back = TakenBack(at=platform.clock.now(), by=caller.account_id, reason=reason)
        try:
            one = HistologyStore(platform.cases).take_back(one, back)
        except Moved as moved:
            if moved.found is None:
                raise NotFound from None
            one = moved.found
    _enter(platform, one)
    slots.discard(platform, histology_id)


def renew_slot(
    platform: Platform, *, caller: Caller, histology_id: str, announced: Announced, trace: str
) -> ReportSlot:
    """A form for the report's file while none has been accepted, for the same file or another.

    Raises `NotFound`, and `Conflict` for a result taken back, or a file that has arrived.
    """
    one = _reachable(platform, caller, histology_id)
    if one.taken_back is not None:
        raise Conflict("taken_back", _TAKEN_BACK)
    report = ReportStore(platform.cases).get(histology_id)
    if report is None:
        return slots.open_slot(platform, histology_id, announced, trace)
    return slots.another_slot(platform, report, announced)


def _enter(platform: Platform, one: Histology) -> None:
    """Let the lesion know a result, and have its images told."""
    try:
        # While the lesion is being merged nothing can be written into it; the sweep does it then.
        with suppress(BeingMerged):
            ResultStore(platform.cases).enter(one.lesion_id, one.result, now=platform.clock.now())
    except Unknown:
        raise NotFound from None
    except TooManyResults:
        raise Conflict("too_many_results", _TOO_MANY) from None
    announce(platform, one)


def _reachable(platform: Platform, caller: Caller, histology_id: str) -> Histology:
    found = HistologyStore(platform.cases).get(histology_id)
    if found is None or not caller.reaches_clinic(found.clinic_id):
        raise NotFound
    return found


def _require_possible(platform: Platform, findings: Findings, lesion: Lesion) -> None:
    wrong = rules.faults(findings, lesion, platform.today())
    if wrong:
        raise Invalid(wrong)


def _told(announced: Announced | None) -> tuple[str, ...]:
    return tuple(map(str, asdict(announced).values())) if announced else ()


def _order(one: Histology) -> tuple[bool, str, str]:
    return (
        one.taken_back is None,
        one.findings.reported_on.isoformat(),
        one.recorded_at.isoformat(),
    )


def _conflict(moved: Moved) -> Conflict:
    if moved.found is not None and moved.found.taken_back is not None:
        return Conflict("taken_back", _TAKEN_BACK)
    return Conflict("changed_meanwhile", _MEANWHILE)

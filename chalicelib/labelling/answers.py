"""What readers and curators are answered. What a reader gets tells of no model, no other reading and
no patient."""

from datetime import datetime
from typing import Any

from chalicelib.images.model import Kind, State
from chalicelib.labelling.ballots import Quality
from chalicelib.labelling.model import Assignment, Case, CaseState, Outlines, Round
from chalicelib.labelling.protocols import Protocol
from chalicelib.labelling.report import AgreementReport, ExpertFigures, Pause
from chalicelib.labelling.service import HandItem
from chalicelib.labelling.verdict import Rule, Verdict, Verification
from chalicelib.patients.choices import Sex, Site
from chalicelib.people.model import Account, Role
from chalicelib.platform.clock import timestamp
from chalicelib.platform.http.fields import Answer
from chalicelib.platform.language import Text
from chalicelib.platform.lesion_classes import LesionClass


class Opinion(Answer):
    """What one of the first readers said, as the senior is shown it."""

    diagnosis: LesionClass
    differential: list[LesionClass]
    confidence: int | None
    image_quality: Quality
    outline: list[tuple[float, float]] | None
    comment: str | None


class AssignmentAnswer(Answer):
    """One image to be read blind."""

    assignment_id: str
    round: Round
    kind: Kind
    site: Site | None
    age: int | None
    sex: Sex | None
    image_url: str
    leased_until: str


class ArbitrationAnswer(AssignmentAnswer):
    """One image on which two readers do not agree."""

    readings: list[Opinion]


class ReadingAnswer(Answer):
    reading_id: str
    undo_until: str


class LeaseAnswer(Answer):
    leased_until: str


class VerdictAnswer(Answer):
    """What a case comes to; `diagnosis` is null where it is disputed."""

    diagnosis: LesionClass | None
    rule: Rule
    verification: Verification


class CaseReading(Opinion):
    """One reading of a case whose verdict it entered, or may enter."""

    reading_id: str
    account_id: str | None
    """Told to the curator only."""
    round: Round
    at: str
    seconds: float | None
    protocol: int
    final: bool


class OutlinesAnswer(Answer):
    """The outlines of the first two readers: how far they overlap, and what they make together."""

    dice: float
    merged: list[tuple[float, float]] | None


class SentAnswer(Answer):
    """An image on its way to its readers."""

    image_id: str
    state: State


class CaseBrief(Answer):
    """How a case stands."""

    image_id: str
    state: CaseState
    since: str
    created_at: str
    waited_seconds: float
    priority: float
    readings_made: int
    no_reader_since: str | None
    gold: bool
    kind: Kind | None
    site: Site | None
    clinic_id: str
    verdict: VerdictAnswer | None


class CaseAnswer(CaseBrief):
    readings: list[CaseReading]
    by_readings: VerdictAnswer | None
    """What the readings alone come to."""
    outlines: OutlinesAnswer | None
    outline: list[tuple[float, float]] | None
    """The lesion's border: what two close outlines make together, else the senior's."""


class AgreementAnswer(AgreementReport):
    """The figures as they were computed last, and how many unfinished cases stood how."""

    age_seconds: float
    standing: dict[str, int]


class OwnFiguresAnswer(Answer):
    """The caller's own work, told of so many closed cases at a time that it tells nothing of a single
    one."""

    cases: int
    planned_readings: int | None
    agreement: float | None
    median_seconds: float | None


class BilingualAnswer(Answer):
    ru: str
    en: str


class ProtocolAnswer(Answer):
    """One version of what experts read by."""

    version: int
    title: BilingualAnswer
    instruction: BilingualAnswer
    signs: dict[LesionClass, list[BilingualAnswer]]
    changes: BilingualAnswer | None
    published_at: str | None


class OwnProtocol(ProtocolAnswer):
    examples: dict[LesionClass, list[str]]
    """Links to images that show the signs; they work for 10 minutes."""
    accepted: bool
    """Whether the caller has accepted this version."""


class ReaderAnswer(Answer):
    """A reader, and what is planned of him."""

    account_id: str
    login: str
    role: Role
    qualified_since: int | None
    hand_size: int
    protocol: int
    planned_readings: int | None
    readings: int | None
    """First readings of closed cases, as the figures say; null where they do not name him."""
    paused_because: str | None
    suggest_pause: Pause | None


def assignment_answer(item: HandItem) -> AssignmentAnswer:
    assignment, facts = item.assignment, item.assignment.facts
    told: dict[str, Any] = {
        "assignment_id": assignment.assignment_id,
        "round": assignment.round,
        "kind": Kind(facts.kind),
        "site": Site(facts.site) if facts.site else None,
        "age": facts.age,
        "sex": Sex(facts.sex) if facts.sex else None,
        "image_url": item.image_url,
        "leased_until": timestamp(assignment.leased_until),
    }
    if assignment.round is Round.FIRST:
        return AssignmentAnswer(**told)
    readings = [opinion(dict(each)) for each in assignment.readings]
    return ArbitrationAnswer(**told, readings=readings)


def opinion(told: dict[str, Any]) -> Opinion:
    return Opinion(
        diagnosis=LesionClass(told["diagnosis"]),
        differential=[LesionClass(each) for each in told["differential"]],
        confidence=told.get("confidence"),
        image_quality=Quality(told["quality"]),
        outline=told.get("outline"),
        comment=told.get("comment"),
    )


def case_brief(case: Case, found: Verdict | None, now: datetime) -> dict[str, Any]:
    """The values of a `CaseBrief`."""
    since = case.since or case.created_at
    return {
        "image_id": case.image_id,
        "state": case.state,
        "since": timestamp(since),
        "created_at": timestamp(case.created_at),
        "waited_seconds": (now - since).total_seconds(),
        "priority": round(case.priority, 4),
        "readings_made": sum(slot.reading is not None for slot in case.slots.values()),
        "no_reader_since": timestamp(case.no_reader_since) if case.no_reader_since else None,
        "gold": case.gold,
        "kind": Kind(case.facts.kind) if case.facts.kind else None,
        "site": Site(case.facts.site) if case.facts.site else None,
        "clinic_id": case.clinic_id,
        "verdict": verdict_answer(found),
    }


def verdict_answer(found: Verdict | None) -> VerdictAnswer | None:
    return VerdictAnswer.model_validate(found.written) if found else None


def outlines_answer(outlines: Outlines | None) -> OutlinesAnswer | None:
    if outlines is None:
        return None
    merged = list(outlines.merged) if outlines.merged else None
    return OutlinesAnswer(dice=outlines.dice, merged=merged)


def case_reading(held: Assignment, *, named: bool) -> CaseReading:
    reading = held.reading
    if reading is None:
        raise ValueError("nothing was read")
    return CaseReading(
        reading_id=reading.reading_id,
        account_id=held.account_id if named else None,
        round=held.round,
        diagnosis=reading.diagnosis,
        differential=list(reading.differential),
        confidence=reading.confidence,
        image_quality=reading.quality,
        outline=list(reading.outline) if reading.outline else None,
        comment=reading.comment,
        at=timestamp(reading.at),
        seconds=reading.seconds,
        protocol=held.protocol,
        final=held.state == "final",
    )


def protocol_values(protocol: Protocol) -> dict[str, Any]:
    """The values of a `ProtocolAnswer`."""
    return {
        "version": protocol.version,
        "title": _both(protocol.title),
        "instruction": _both(protocol.instruction),
        "signs": {each: [_both(sign) for sign in signs] for each, signs in protocol.signs.items()},
        "changes": _both(protocol.changes) if protocol.changes else None,
        "published_at": timestamp(protocol.published_at) if protocol.published_at else None,
    }


def reader_answer(account: Account, figures: ExpertFigures | None) -> ReaderAnswer:
    return ReaderAnswer(
        account_id=account.account_id,
        login=account.login,
        role=account.role,
        qualified_since=account.qualified_since,
        hand_size=account.hand_size,
        protocol=account.protocol,
        planned_readings=account.planned_readings,
        readings=figures.readings if figures else None,
        paused_because=account.paused_because,
        suggest_pause=figures.suggest_pause if figures else None,
    )


def _both(text: Text) -> BilingualAnswer:
    return BilingualAnswer(ru=text.ru, en=text.en)

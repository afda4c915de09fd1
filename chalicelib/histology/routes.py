"""Histology over HTTP: parse, one call, answer."""

from chalicelib.histology import service, waiting
from chalicelib.histology.forms import (
    NOT_COVERED,
    CorrectedAnswer,
    CorrectionForm,
    HistologyAnswer,
    HistologyForm,
    HistologyRecorded,
    LesionHistology,
    NewReport,
    ReportAnswer,
    ReportProblemAnswer,
    ReportSlotAnswer,
    ReportStep,
    TakenBackAnswer,
    TakingBackForm,
    WaitingAnswer,
)
from chalicelib.histology.model import Findings
from chalicelib.histology.problems import sentence
from chalicelib.histology.service import Entry
from chalicelib.histology.slots import ReportSlot
from chalicelib.images.forms import Upload
from chalicelib.patients.model import survey_id
from chalicelib.patients.routes import confirmed_answer
from chalicelib.platform.errors import Invalid
from chalicelib.platform.http.fields import Listed, Listing
from chalicelib.platform.http.routes import Call, NoBody, NoQuery, Routes
from chalicelib.platform.language import Language, Text

routes = Routes()


@routes.route(
    "/v1/lesions/{lesion_id}/histology",
    "POST",
    summary=Text("Внести результат гистологии", "Record a histology result"),
    takes=HistologyForm,
    answers=HistologyRecorded,
    status=201,
    refusals=("not_found", "idempotency_conflict", "too_many_results", "report_not_awaited"),
    creates=True,
)
def record(call: Call[HistologyForm, NoQuery], lesion_id: str) -> HistologyRecorded:
    form = call.body
    if form.report is not None and not form.names_covered:
        raise Invalid({"names_covered": NOT_COVERED})
    recorded, slot = service.record(
        call.platform,
        caller=call.caller,
        lesion_id=lesion_id,
        histology_id=call.creation_id("histology"),
        findings=form.findings(),
        announced=form.report.announced() if form.report else None,
        trace=call.request_id,
    )
    call.audit("histology.recorded", recorded.histology_id, once=True)
    return HistologyRecorded(
        histology_id=recorded.histology_id, upload=_upload(slot) if slot else None
    )


@routes.route(
    "/v1/lesions/{lesion_id}/histology",
    summary=Text("Гистология очага", "The histology of a lesion"),
    answers=LesionHistology,
    refusals=("not_found",),
)
def view(call: Call[NoBody, NoQuery], lesion_id: str) -> LesionHistology:
    seen = service.view(call.platform, caller=call.caller, lesion_id=lesion_id)
    call.audit("histology.viewed", seen.lesion.lesion_id)
    return LesionHistology(
        lesion_id=seen.lesion.lesion_id,
        confirmed=confirmed_answer(seen.lesion),
        results=[_answer(entry, call.language) for entry in seen.entries],
    )


@routes.route(
    "/v1/histology/due",
    summary=Text("Очаги, ожидающие гистологии", "Lesions that wait for histology"),
    asks=Listed,
    answers=Listing[WaitingAnswer],
)
def due(call: Call[NoBody, Listed]) -> Listing[WaitingAnswer]:
    page, following = waiting.due(
        call.platform, caller=call.caller, limit=call.query.limit, cursor=call.query.cursor
    )
    call.audit("histology.due_listed", call.caller.clinic_id)
    return Listing[WaitingAnswer](
        items=[
            WaitingAnswer(
                survey_id=survey_id(one.lesion.lesion_id, one.survey.suffix),
                lesion_id=one.lesion.lesion_id,
                patient_id=one.lesion.patient_id,
                site=one.lesion.site,
                examined_on=one.survey.answers.examined_on,
                asked_at=one.survey.created_at,
                waiting_days=one.days,
                overdue=one.is_overdue,
            )
            for one in page
        ],
        next=following,
    )


@routes.route(
    "/v1/histology/{histology_id}",
    "PATCH",
    summary=Text("Исправить результат гистологии", "Correct a histology result"),
    takes=CorrectionForm,
    answers=HistologyAnswer,
    refusals=("not_found", "taken_back", "changed_meanwhile", "too_many_corrections"),
)
def correct(call: Call[CorrectionForm, NoQuery], histology_id: str) -> HistologyAnswer:
    entry = service.correct(
        call.platform,
        caller=call.caller,
        histology_id=histology_id,
        changes=call.body.changes(),
        reason=call.body.reason,
    )
    call.audit("histology.corrected", histology_id)
    return _answer(entry, call.language)


@routes.route(
    "/v1/histology/{histology_id}",
    "DELETE",
    summary=Text(
        "Отозвать результат, внесённый не к тому очагу", "Take back a result entered wrongly"
    ),
    takes=TakingBackForm,
    status=204,
    refusals=("not_found",),
)
def take_back(call: Call[TakingBackForm, NoQuery], histology_id: str) -> None:
    service.take_back(
        call.platform, caller=call.caller, histology_id=histology_id, reason=call.body.reason
    )
    call.audit("histology.taken_back", histology_id, once=True)


@routes.route(
    "/v1/histology/{histology_id}/report",
    "POST",
    summary=Text("Ссылка для загрузки заключения", "A form to upload the report with"),
    takes=NewReport,
    answers=ReportSlotAnswer,
    status=201,
    # No Idempotency-Key: while it is awaited, the same file again gets a form for the same place.
    refusals=("not_found", "taken_back", "report_not_awaited", "too_many_files"),
)
def renew_slot(call: Call[NewReport, NoQuery], histology_id: str) -> ReportSlotAnswer:
    slot = service.renew_slot(
        call.platform,
        caller=call.caller,
        histology_id=histology_id,
        announced=call.body.announced(),
        trace=call.request_id,
    )
    call.audit("histology.report_slot", histology_id)
    return ReportSlotAnswer(
        histology_id=histology_id, state=slot.report.state, upload=_upload(slot)
    )


def _upload(slot: ReportSlot) -> Upload:
    return Upload(url=slot.form.url, fields=slot.form.fields, expires_at=slot.expires_at)


def _answer(entry: Entry, language: Language) -> HistologyAnswer:
    one, back = entry.histology, entry.histology.taken_back
    found = {name: getattr(one.findings, name) for name in Findings.__dataclass_fields__}
    return HistologyAnswer(
        histology_id=one.histology_id,
        **found,
        recorded_at=one.recorded_at,
        recorded_by=one.recorded_by,
        history=[
            CorrectedAnswer(at=done.at, by=done.by, reason=done.reason, was=dict(done.was))
            for done in one.history
        ],
        taken_back=TakenBackAnswer(at=back.at, by=back.by, reason=back.reason) if back else None,
        report=_report_answer(entry, language),
    )


def _report_answer(entry: Entry, language: Language) -> ReportAnswer | None:
    report = entry.report
    if report is None:
        return None
    problem = None
    if report.problem is not None:
        message = sentence(report.problem).in_language(language)
        problem = ReportProblemAnswer(code=report.problem, message=message)
    return ReportAnswer(
        state=report.state,
        content_type=report.announced.content_type,
        pages=report.kept.pages if report.kept else None,
        url=entry.url,
        problem=problem,
        history=[ReportStep.model_validate(dict(step)) for step in report.history],
    )

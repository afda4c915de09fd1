"""Patients over HTTP: parse, one call, answer."""

from collections.abc import Sequence
from datetime import date

from chalicelib.patients import course_routes, lesion_routes, referral_routes, service
from chalicelib.patients.correction import correct_survey
from chalicelib.patients.course import in_order
from chalicelib.patients.course_forms import in_brief
from chalicelib.patients.forms import (
    CodeForm,
    ConfirmedAnswer,
    ConsentAnswer,
    CorrectionAnswer,
    LatestImage,
    LesionAnswer,
    MergeAnswer,
    NewSurvey,
    PatientAnswer,
    PatientFound,
    PatientSummary,
    SurveyAnswer,
    SurveyRecorded,
    Vocabularies,
)
from chalicelib.patients.intake import NewIds, record_survey
from chalicelib.patients.model import (
    Lesion,
    Merged,
    Patient,
    RecordedSurvey,
    answers_json,
    survey_id,
)
from chalicelib.patients.referral_forms import referral_in_brief
from chalicelib.patients.same_person import SamePerson
from chalicelib.patients.spot_forms import spot_answer
from chalicelib.patients.survey import SurveyCorrection
from chalicelib.patients.vocabulary import vocabularies
from chalicelib.platform.errors import NotFound
from chalicelib.platform.http.fields import Form, Listed, Listing
from chalicelib.platform.http.routes import Call, NoBody, NoQuery, Routes
from chalicelib.platform.language import Text

routes = Routes()
routes.include(lesion_routes.routes)
routes.include(course_routes.routes)
routes.include(referral_routes.routes)


@routes.route(
    "/v1/vocabularies",
    summary=Text("Поля и варианты анкеты, классы", "The survey's fields and choices, the classes"),
    answers=Vocabularies,
)
def vocabulary(call: Call[NoBody, NoQuery]) -> Vocabularies:
    return vocabularies()


@routes.route(
    "/v1/surveys",
    "POST",
    summary=Text("Внести анкету", "Enter a survey"),
    takes=NewSurvey,
    answers=SurveyRecorded,
    status=201,
    refusals=(
        "same_person",
        "not_found",
        "idempotency_conflict",
        "too_many_surveys",
        "too_many_patients",
        "too_many",
        "consent_withdrawn",
        "being_merged",
    ),
    creates=True,
)
def enter_survey(call: Call[NewSurvey, NoQuery]) -> SurveyRecorded:
    ids = NewIds(
        lesion_id=call.creation_id("lesion"),
        suffix=call.creation_id("survey"),
        repeatable=call.idempotency_key is not None,
    )
    try:
        lesion, survey = record_survey(call.platform, caller=call.caller, form=call.body, ids=ids)
    except SamePerson as found:
        call.audit("patient.candidates_shown", " ".join(found.patient_ids))
        raise
    entered = survey_id(lesion.lesion_id, survey.suffix)
    call.audit("survey.created", entered, once=True)
    return SurveyRecorded(
        survey_id=entered, patient_id=lesion.patient_id, lesion_id=lesion.lesion_id
    )


@routes.route(
    "/v1/surveys/{survey_id}",
    "PATCH",
    summary=Text("Исправить анкету", "Correct a survey"),
    takes=SurveyCorrection,
    answers=SurveyAnswer,
    refusals=("not_found", "changed_meanwhile", "too_many_corrections", "being_merged"),
)
def amend_survey(call: Call[Form, NoQuery], survey_id: str) -> SurveyAnswer:
    lesion, survey = correct_survey(
        call.platform,
        caller=call.caller,
        survey_id=survey_id,
        changes=call.body.model_dump(mode="json", exclude_unset=True),
    )
    call.audit("survey.corrected", survey_id)
    return _survey_answer(lesion, survey)


@routes.route(
    "/v1/patients/lookup",
    "POST",
    summary=Text("Найти пациента своей клиники по коду", "Find a patient of the clinic by code"),
    takes=CodeForm,
    answers=PatientFound,
    refusals=("not_found", "same_person", "too_many"),
)
def look_up_patient(call: Call[CodeForm, NoQuery]) -> PatientFound:
    try:
        patient_id = service.look_up_patient(
            call.platform, caller=call.caller, typed_code=call.body.patient_code
        )
    except SamePerson as found:
        call.audit("patient.candidates_shown", " ".join(found.patient_ids))
        raise
    except NotFound:
        call.audit("patient.looked_up_in_vain", call.caller.clinic_id)
        raise
    call.audit("patient.looked_up", patient_id)
    return PatientFound(patient_id=patient_id)


@routes.route(
    "/v1/patients",
    summary=Text("Пациенты своей клиники", "The clinic's patients"),
    asks=Listed,
    answers=Listing[PatientSummary],
)
def list_patients(call: Call[NoBody, Listed]) -> Listing[PatientSummary]:
    patients, following = service.list_patients(
        call.platform, caller=call.caller, limit=call.query.limit, cursor=call.query.cursor
    )
    call.audit("patients.listed", call.caller.clinic_id)
    return Listing[PatientSummary](
        items=[PatientSummary(**_listed(each)) for each in patients], next=following
    )


@routes.route(
    "/v1/patients/{patient_id}",
    summary=Text("Пациент: анкеты, очаги, снимки", "A patient: surveys, lesions, images"),
    answers=PatientAnswer,
    refusals=("not_found",),
)
def view_patient(call: Call[NoBody, NoQuery], patient_id: str) -> PatientAnswer:
    view = service.view_patient(call.platform, caller=call.caller, patient_id=patient_id)
    call.audit("patient.viewed", view.patient.patient_id)
    consent = view.patient.consent
    return PatientAnswer(
        **_summary(view.patient, view.visits, referred=view.referred),
        # Of who is another clinic's, not who else he was taken for there.
        merges=[] if view.referred else _merges(view.patient.merges),
        account_since=None if view.referred else min(view.patient.logins.values(), default=None),
        referrals=[referral_in_brief(referral) for referral in view.referrals],
        consent=ConsentAnswer(
            research=consent.research,
            publication=consent.publication,
            given_on=consent.given_at.date(),
        ),
        surveys=_surveys(view.lesions),
        lesions=[
            LesionAnswer(
                lesion_id=lesion.lesion_id,
                site=lesion.site,
                spot=spot_answer(lesion.spot),
                name=lesion.name,
                note=lesion.note,
                created_at=lesion.created_at,
                merges=_merges(lesion.merges),
                treatments=[in_brief(lesion, each) for each in in_order(lesion)],
                confirmed=confirmed_answer(lesion),
                images=[
                    LatestImage.model_validate(service.image_in_brief(item))
                    for item in view.images.get(lesion.lesion_id, ())
                ],
            )
            for lesion in view.lesions
        ],
    )


def _listed(listed: service.Listed) -> dict[str, object]:
    visits = () if listed.referred else (listed.patient.first_visit, listed.patient.last_visit)
    return _summary(listed.patient, visits, referred=listed.referred)


def _summary(patient: Patient, visits: Sequence[date], *, referred: bool) -> dict[str, object]:
    return {
        "patient_id": patient.patient_id,
        "sex": patient.sex,
        "birth_year": patient.birth_year,
        "first_visit": min(visits, default=None),
        "last_visit": max(visits, default=None),
        "referred": referred,
    }


def confirmed_answer(lesion: Lesion) -> ConfirmedAnswer | None:
    """What histology says a lesion is."""
    result = lesion.confirmed
    if result is None:
        return None
    return ConfirmedAnswer(
        histology_id=result.histology_id,
        diagnosis=result.diagnosis,
        reported_on=result.reported_on,
    )


def _merges(merges: tuple[Merged, ...]) -> list[MergeAnswer]:
    return [
        MergeAnswer(at=done.at, by=done.by, duplicate_id=done.duplicate_id, reason=done.reason)
        for done in merges
    ]


def _surveys(lesions: list[Lesion]) -> list[SurveyAnswer]:
    every = [(lesion, survey) for lesion in lesions for survey in lesion.surveys.values()]
    every.sort(key=lambda pair: (pair[1].answers.examined_on, pair[1].created_at), reverse=True)
    return [_survey_answer(lesion, survey) for lesion, survey in every]


def _survey_answer(lesion: Lesion, survey: RecordedSurvey) -> SurveyAnswer:
    return SurveyAnswer.model_validate(
        {
            **answers_json(survey.answers),
            "survey_id": survey_id(lesion.lesion_id, survey.suffix),
            "patient_id": lesion.patient_id,
            "lesion_id": lesion.lesion_id,
            "created_at": survey.created_at,
            "history": [
                CorrectionAnswer(at=done.at, by=done.by, was=dict(done.was))
                for done in survey.history
            ],
        }
    )

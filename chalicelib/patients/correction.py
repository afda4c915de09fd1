"""Correcting a survey: the answers are replaced, the old ones stay in its history."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from chalicelib.patients.choices import Sex
from chalicelib.patients.faults import faults_by_year
from chalicelib.patients.lesion_store import LesionStore, Refused
from chalicelib.patients.model import (
    MAX_CORRECTIONS,
    Correction,
    Lesion,
    RecordedSurvey,
    answers_json,
)
from chalicelib.patients.register import Register
from chalicelib.patients.store import ATTEMPTS, Contended, PatientStore
from chalicelib.patients.survey import Survey
from chalicelib.people.model import Caller
from chalicelib.platform.errors import Conflict, Invalid, NotFound
from chalicelib.platform.http.fields import WHOLE, read_form
from chalicelib.platform.language import Text
from chalicelib.platform.runtime import Platform
from chalicelib.platform.table import ConditionFailed

_NOTHING: Final = Text(
    "Укажите хотя бы одно поле анкеты, которое нужно исправить.",
    "Give at least one field of the survey to correct.",
)
_MEANWHILE: Final = Text(
    "Анкету только что исправил кто-то другой. Откройте её заново и повторите.",
    "Somebody else has just corrected this survey. Open it again and repeat.",
)
_TOO_MANY: Final = Text(
    "Анкеты этого очага исправляли слишком много раз. Обратитесь к администратору.",
    "The surveys of this lesion were corrected too many times. Ask an administrator.",
)


def correct_survey(
    platform: Platform, *, caller: Caller, survey_id: str, changes: Mapping[str, Any]
) -> tuple[Lesion, RecordedSurvey]:
    """Replace some answers, given as JSON values, after checking the survey as a whole.

    Doing it again changes nothing more. Raises `NotFound`, `Invalid`, or `Conflict` when somebody
    else corrected the survey at the same moment.
    """
    if not changes:
        raise Invalid({WHOLE: _NOTHING})
    lesions = LesionStore(platform.cases)
    lesion_id, _, suffix = survey_id.rpartition(".")
    lesion = lesions.get(lesion_id)
    if lesion is None or not caller.reaches_clinic(lesion.clinic_id):
        raise NotFound
    survey = lesion.surveys.get(suffix)
    if survey is None:
        raise NotFound
    corrected = read_form(Survey, {**answers_json(survey.answers), **changes})
    faults = faults_by_year(corrected, lesion.birth_year, platform.today())
    if faults:
        raise Invalid(faults)
    was = survey.changes(corrected)
    if was:
        done = Correction(at=platform.clock.now(), by=caller.account_id, was=was)
        try:
            lesion = lesions.correct(lesion, survey, answers_json(corrected), done)
        except Refused as refused:
            raise _conflict(refused.found) from None
    # Also when nothing changed: an earlier attempt may have been cut short before this.
    if "sex" in changes:
        _follow(platform, lesion, sex=corrected.sex)
    elif "examined_on" in changes:
        _follow(platform, lesion, sex=None)
    return lesion, lesion.surveys[suffix]


def _conflict(lesion: Lesion | None) -> Conflict:
    if lesion is not None and lesion.corrections >= MAX_CORRECTIONS:
        return Conflict("too_many_corrections", _TOO_MANY)
    return Conflict("changed_meanwhile", _MEANWHILE)


def _follow(platform: Platform, lesion: Lesion, *, sex: Sex | None) -> None:
    """Let the patient follow a corrected survey: his visits, and his sex if that was corrected,
    on himself, on his other lesions and in the register of codes."""
    patients = PatientStore(platform.cases)
    for _ in range(ATTEMPTS):
        patient = patients.get(lesion.patient_id)
        if patient is None:
            return  # his first survey was cut short; what finishes it reads the corrected one
        lesions = patients.lesions(patient.patient_id)
        days = [
            survey.answers.examined_on
            for each in {
                lesion.lesion_id: lesion,
                **{one.lesion_id: one for one in lesions},
            }.values()
            for survey in each.surveys.values()
        ]
        after = replace(
            patient, sex=sex or patient.sex, first_visit=min(days), last_visit=max(days)
        )
        try:
            if after != patient:
                patients.replace(patient, after)
        except ConditionFailed:
            continue
        if sex is not None:
            for other in lesions:
                if other.sex is not sex:
                    LesionStore(platform.cases).set_sex(other, sex)
            codes = tuple(sorted(patient.codes))
            Register(platform.cases, patient.clinic_id, codes).move(patient.patient_id, sex)
        return
    raise Contended

"""What is told and answered of the course of treatment."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from chalicelib.patients.choices import Outcome, TreatmentKind
from chalicelib.patients.forms import CorrectionAnswer, TreatmentBrief
from chalicelib.patients.model import Lesion, RecordedTreatment, treatment_id
from chalicelib.platform.http.fields import Answer


class TreatmentRecorded(Answer):
    treatment_id: str


class TreatmentAnswer(Answer):
    """A treatment as it stands."""

    treatment_id: str
    lesion_id: str
    what: TreatmentKind
    done_on: date
    outcome: Outcome | None
    outcome_on: date | None
    note: str | None
    created_at: datetime
    by: Annotated[str, Field(description="The account that recorded it.")]
    clinic_id: Annotated[str, Field(description="The clinic of whoever recorded it.")]
    history: Annotated[list[CorrectionAnswer], Field(description="Corrections, oldest first.")]


def treatment_answer(lesion: Lesion, treatment: RecordedTreatment) -> TreatmentAnswer:
    told = treatment.told
    return TreatmentAnswer(
        treatment_id=treatment_id(lesion.lesion_id, treatment.suffix),
        lesion_id=lesion.lesion_id,
        what=told.what,
        done_on=told.done_on,
        outcome=told.outcome,
        outcome_on=told.outcome_on,
        note=told.note,
        created_at=treatment.created_at,
        by=treatment.by,
        clinic_id=treatment.clinic_id,
        history=[
            CorrectionAnswer(at=done.at, by=done.by, was=dict(done.was))
            for done in treatment.history
        ],
    )


def in_brief(lesion: Lesion, treatment: RecordedTreatment) -> TreatmentBrief:
    """A treatment on its patient's page."""
    told = treatment.told
    return TreatmentBrief(
        treatment_id=treatment_id(lesion.lesion_id, treatment.suffix),
        what=told.what,
        done_on=told.done_on,
        outcome=told.outcome,
        outcome_on=told.outcome_on,
    )

"""What the merging part takes and answers over HTTP."""

from typing import Annotated

from pydantic import Field

from chalicelib.patients.forms import Id
from chalicelib.platform.http.fields import Answer, Form, Reason


class MoveForm(Form):
    """The lesion that an image belongs to."""

    lesion_id: Annotated[Id, Field(description="The right lesion, of the same clinic.")]
    reason: Reason


class LesionMergeForm(Form):
    """Two lesions that are one."""

    lesion_id: Annotated[Id, Field(description="The lesion that stays.")]
    duplicate_id: Annotated[Id, Field(description="The lesion that is merged into it.")]
    reason: Reason


class PatientMergeForm(Form):
    """Two patients who are one person."""

    patient_id: Annotated[Id, Field(description="The patient who stays.")]
    duplicate_id: Annotated[Id, Field(description="The patient who is merged into him.")]
    reason: Reason


class LesionMerged(Answer):
    lesion_id: str
    patient_id: str


class PatientMerged(Answer):
    patient_id: str

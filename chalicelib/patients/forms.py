"""What the patients' part takes and answers over HTTP."""

from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

from pydantic import Field, field_validator

from chalicelib.patients.choices import Outcome, Sex, Site, TreatmentKind
from chalicelib.patients.referral import ReferralState
from chalicelib.patients.spot_forms import SpotAnswer, SpotForm
from chalicelib.patients.survey import Survey
from chalicelib.platform.http.fields import Answer, Form, fault
from chalicelib.platform.language import Text
from chalicelib.platform.lesion_classes import LesionClass

NO_CONSENT: Final = Text(
    "Без согласия пациента на участие в исследовании анкету сохранить нельзя.",
    "Without the patient's consent to research the survey cannot be kept.",
)
EITHER: Final = Text(
    "Укажите либо известного пациента или очаг, либо new_patient, но не вместе.",
    "Name a known patient or lesion, or say new_patient, not both.",
)

Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
TypedCode = Annotated[
    str,
    Field(
        max_length=40,
        description="Last 4 digits of the SNILS and the date of birth as DDMMYYYY: 12 digits. "
        "It finds the patient and is not kept.",
        examples=["010229031975"],
    ),
]


class ConsentForm(Form):
    """What the patient agreed to."""

    research: Annotated[bool, Field(description="Must be true: nothing is kept otherwise.")]
    publication: Annotated[bool, Field(description="Agrees that images are published.")]

    @field_validator("research")
    @classmethod
    def _required(cls, agreed: bool) -> bool:
        if not agreed:
            raise fault(NO_CONSENT)
        return agreed


class NewSurvey(Survey):
    """A survey, whose it is, and what the patient agreed to."""

    patient_code: TypedCode
    consent: ConsentForm
    lesion_id: Annotated[
        Id | None, Field(description="For a further survey of a known lesion.")
    ] = None
    patient_id: Annotated[
        Id | None, Field(description="After `same_person`: the candidate who it is.")
    ] = None
    new_patient: Annotated[
        bool, Field(description="After `same_person`: true when it is none of the candidates.")
    ] = False

    spot: Annotated[
        SpotForm | None, Field(description="Where on the body; of a first survey of a lesion.")
    ] = None

    @field_validator("new_patient")
    @classmethod
    def _not_also_known(cls, new: bool, info: Any) -> bool:
        if new and (info.data.get("lesion_id") or info.data.get("patient_id")):
            raise fault(EITHER)
        return new


class SurveyRecorded(Answer):
    survey_id: str
    patient_id: str
    lesion_id: str


class CorrectionAnswer(Answer):
    """One correction: what stood there before it."""

    at: datetime
    by: Annotated[str, Field(description="The account that corrected.")]
    was: Annotated[dict[str, Any], Field(description="The answers replaced, by field.")]


class SurveyAnswer(Survey):
    """A survey as it stands."""

    survey_id: str
    patient_id: str
    lesion_id: str
    created_at: datetime
    history: Annotated[list[CorrectionAnswer], Field(description="Corrections, oldest first.")]


class CodeForm(Form):
    """A patient code to look up. It travels in the body, so that no log of addresses has it."""

    patient_code: TypedCode


class PatientFound(Answer):
    patient_id: str


class PatientSummary(Answer):
    """One line of a clinic's list."""

    patient_id: str
    sex: Sex
    birth_year: int
    first_visit: Annotated[
        date | None, Field(description="Null where no visit is known to the asking clinic.")
    ]
    last_visit: Annotated[
        date | None, Field(description="Null where no visit is known to the asking clinic.")
    ]
    referred: Annotated[bool, Field(description="Another clinic's, who was referred to this one.")]


class ConsentAnswer(Answer):
    research: bool
    publication: bool
    given_on: date


class LatestImage(Answer):
    """An image of a lesion in brief; `GET /v1/images/{image_id}` tells the rest."""

    image_id: str
    kind: str
    state: str
    created_at: datetime
    taken_on: date | None
    top: Annotated[LesionClass | None, Field(description="The model's opinion, if it has one.")]
    label: Annotated[dict[str, Any] | None, Field(description="The verdict, once there is one.")]


class MergeAnswer(Answer):
    """A record that was merged into this one."""

    at: datetime
    by: Annotated[str, Field(description="The account that merged.")]
    duplicate_id: Annotated[str, Field(description="The id that was given up; it forwards here.")]
    reason: str


class TreatmentBrief(Answer):
    """What was done to a lesion in brief; `GET /v1/lesions/{lesion_id}/treatments` tells the rest."""

    treatment_id: str
    what: TreatmentKind
    done_on: date
    outcome: Outcome | None
    outcome_on: date | None


class ConfirmedAnswer(Answer):
    """The histology result that says what a lesion is."""

    histology_id: str
    diagnosis: LesionClass
    reported_on: date
    verification: Literal["high"] = "high"


class LesionAnswer(Answer):
    lesion_id: str
    site: Site
    spot: SpotAnswer | None
    name: Annotated[str | None, Field(description="What the patient calls it.")]
    note: str | None
    created_at: datetime
    images: Annotated[list[LatestImage], Field(description="The latest images, newest first.")]
    treatments: Annotated[list[TreatmentBrief], Field(description="The earliest first.")]
    merges: Annotated[list[MergeAnswer], Field(description="Lesions merged into this one.")]
    confirmed: Annotated[
        ConfirmedAnswer | None, Field(description="By histology, where there is one.")
    ]


class ReferralBrief(Answer):
    """A referral by which another clinic sees, or may come to see, something of the patient."""

    referral_id: str
    from_clinic_id: str
    to_clinic_id: str
    state: ReferralState
    all_lesions: Annotated[bool, Field(description="All of the patient, future ones too.")]
    lesion_ids: Annotated[list[str], Field(description="Otherwise these.")]


class PatientAnswer(PatientSummary):
    """A patient with everything the clinic knows of him; of a referred one, what is covered."""

    consent: ConsentAnswer
    account_since: Annotated[
        datetime | None, Field(description="Since when he has an account; null: none, or not told.")
    ]
    surveys: Annotated[list[SurveyAnswer], Field(description="Latest examination first.")]
    lesions: Annotated[list[LesionAnswer], Field(description="In the order they were made.")]
    merges: Annotated[list[MergeAnswer], Field(description="Patients merged into this one.")]
    referrals: Annotated[
        list[ReferralBrief],
        Field(description="Open ones; for another clinic, those by which it sees the patient."),
    ]


class Labels(Answer):
    """One word in both languages."""

    ru: str
    en: str


class ChoiceAnswer(Answer):
    """One choice of a field."""

    key: str
    labels: Labels
    hint: Labels | None
    icd10: Annotated[list[str], Field(description="ICD-10 codes, the usual one first.")]
    isic: Annotated[
        list[str], Field(description="Paths in the ISIC Archive; each stands for all below it.")
    ]


class FieldAnswer(Answer):
    """One field of the survey form, in the form's order."""

    key: str
    kind: Literal["integer", "boolean", "date", "choice", "choices"]
    required: bool
    labels: Labels
    hint: Labels | None
    minimum: int | None
    maximum: int | None
    choices: list[ChoiceAnswer]


class ScaleObjectAnswer(Answer):
    """A thing of known size to lay beside a mole."""

    key: str
    labels: Labels
    diameter_mm: float
    source: Annotated[Labels, Field(description="Who says that it has this size.")]


class Vocabularies(Answer):
    """Every word that the forms and answers of the platform use."""

    fields: Annotated[list[FieldAnswer], Field(description="The survey form.")]
    classes: Annotated[
        list[ChoiceAnswer], Field(description="The nine classes of the model and the experts.")
    ]
    treatments: Annotated[list[ChoiceAnswer], Field(description="What may be done to a lesion.")]
    outcomes: Annotated[list[ChoiceAnswer], Field(description="What may come of a treatment.")]
    histology: Annotated[
        list[FieldAnswer], Field(description="The choices of a pathologist's report.")
    ]
    views: Annotated[list[ChoiceAnswer], Field(description="Drawings in which spots stand.")]
    scale_objects: Annotated[
        list[ScaleObjectAnswer], Field(description="Coins that tell a mole's size.")
    ]

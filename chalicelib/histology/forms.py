"""What the histology's routes take and answer."""

from datetime import date, datetime
from typing import Annotated, Any, Final

from pydantic import Field, field_validator

from chalicelib.histology.model import Findings
from chalicelib.histology.reports import MAX_REPORT_BYTES, Announced, ReportState, ReportType
from chalicelib.images.forms import Sha256, Upload
from chalicelib.patients.choices import Site
from chalicelib.patients.forms import ConfirmedAnswer
from chalicelib.patients.icd10 import CODE
from chalicelib.patients.pathology import ClarkLevel, Margins, Method, Stage
from chalicelib.platform.http.fields import Answer, Day, Form, Reason, fault
from chalicelib.platform.language import Text
from chalicelib.platform.lesion_classes import LesionClass

NOT_COVERED: Final = Text(
    "Закройте в заключении имя и другие личные данные и подтвердите это: names_covered должно быть true.",
    "Cover the name and other personal data in the report, and confirm it: names_covered must be true.",
)

Diagnosis = Annotated[
    LesionClass,
    Field(description="`unknown`: inconclusive, or another disease; it labels nothing."),
]
ReportedOn = Annotated[Day, Field(description="Day of the report, not in the future.")]
Icd10 = Annotated[str, Field(pattern=CODE, description="ICD-10; by default that of the diagnosis.")]
Breslow = Annotated[
    float,
    Field(ge=0.01, le=100, allow_inf_nan=False, description="Thickness in mm; invasive melanoma."),
]
Mitoses = Annotated[
    int, Field(ge=0, le=500, description="Mitoses a square millimetre; invasive melanoma.")
]


def _covered(value: bool) -> bool:
    if not value:
        raise fault(NOT_COVERED)
    return value


class ReportForm(Form):
    """The file of a report, as its sender knows it."""

    content_type: ReportType
    bytes: Annotated[int, Field(gt=0, le=MAX_REPORT_BYTES, description="Size of the file.")]
    sha256: Annotated[Sha256, Field(description="SHA-256 of the file, in lower-case hex.")]

    def announced(self) -> Announced:
        return Announced(content_type=self.content_type, bytes=self.bytes, sha256=self.sha256)


class NewReport(ReportForm):
    """A file for a report that awaits one."""

    names_covered: Annotated[bool, Field(description="Must be true: no name can be read in it.")]

    @field_validator("names_covered")
    @classmethod
    def _confirmed(cls, value: bool) -> bool:
        return _covered(value)


class HistologyForm(Form):
    """What a pathologist reported of a lesion."""

    diagnosis: Diagnosis
    reported_on: ReportedOn
    icd10: Icd10 | None = None
    method: Annotated[Method | None, Field(description="How the tissue was taken.")] = None
    margins: Annotated[Margins | None, Field(description="Of an excision or a shave.")] = None
    breslow_mm: Breslow | None = None
    clark_level: Annotated[ClarkLevel | None, Field(description="Melanoma.")] = None
    ulceration: Annotated[bool | None, Field(description="Invasive melanoma.")] = None
    mitotic_rate: Mitoses | None = None
    pt_stage: Annotated[Stage | None, Field(description="Melanoma; AJCC, 8th edition.")] = None
    report: ReportForm | None = None
    names_covered: Annotated[
        bool | None,
        Field(description="Must be true with a report: no name can be read in it."),
    ] = None

    def findings(self) -> Findings:
        return Findings(**{name: getattr(self, name) for name in Findings.__dataclass_fields__})


class CorrectionForm(Form):
    """Values to correct, and why; null takes one away, what is left out stays as it was."""

    reason: Reason
    diagnosis: Diagnosis | None = None
    reported_on: ReportedOn | None = None
    icd10: Icd10 | None = None
    method: Method | None = None
    margins: Margins | None = None
    breslow_mm: Breslow | None = None
    clark_level: ClarkLevel | None = None
    ulceration: bool | None = None
    mitotic_rate: Mitoses | None = None
    pt_stage: Stage | None = None

    @field_validator("diagnosis", "reported_on")
    @classmethod
    def _stays(cls, value: Any) -> Any:
        if value is None:
            raise fault(Text("Это значение обязательно.", "This value is required."))
        return value

    def changes(self) -> dict[str, Any]:
        """The values told, as JSON values."""
        return self.model_dump(mode="json", exclude_unset=True, exclude={"reason"})


class TakingBackForm(Form):
    """Why a result is taken back."""

    reason: Reason


class HistologyRecorded(Answer):
    histology_id: str
    upload: Upload | None = None


class ReportSlotAnswer(Answer):
    histology_id: str
    state: ReportState
    upload: Upload


class CorrectedAnswer(Answer):
    """One correction: what stood there before it."""

    at: datetime
    by: Annotated[str, Field(description="The account that corrected.")]
    reason: str
    was: Annotated[
        dict[str, Any], Field(description="The values replaced; null where nothing stood.")
    ]


class TakenBackAnswer(Answer):
    at: datetime
    by: str
    reason: str


class ReportProblemAnswer(Answer):
    """Why the file was refused, and what its sender can do."""

    code: str
    message: str


class ReportStep(Answer):
    state: ReportState
    at: datetime


class ReportAnswer(Answer):
    """The file of the report."""

    state: ReportState
    content_type: ReportType
    pages: Annotated[int | None, Field(description="Of a PDF that was accepted.")]
    url: Annotated[str | None, Field(description="A link for 10 minutes, once it was accepted.")]
    problem: ReportProblemAnswer | None
    history: list[ReportStep]


class HistologyAnswer(Answer):
    """One result, as it stands."""

    histology_id: str
    diagnosis: LesionClass
    reported_on: date
    icd10: str | None
    method: Method | None
    margins: Margins | None
    breslow_mm: float | None
    clark_level: ClarkLevel | None
    ulceration: bool | None
    mitotic_rate: int | None
    pt_stage: Stage | None
    recorded_at: datetime
    recorded_by: str
    history: Annotated[list[CorrectedAnswer], Field(description="Corrections, oldest first.")]
    taken_back: TakenBackAnswer | None
    report: ReportAnswer | None


class LesionHistology(Answer):
    """What histology says of a lesion."""

    lesion_id: str
    confirmed: Annotated[
        ConfirmedAnswer | None, Field(description="The result that labels the lesion.")
    ]
    results: Annotated[
        list[HistologyAnswer], Field(description="Reported last first; taken back at the end.")
    ]


class WaitingAnswer(Answer):
    """A survey that asked for histology, and has none."""

    survey_id: str
    lesion_id: str
    patient_id: str
    site: Site
    examined_on: date
    asked_at: datetime
    waiting_days: Annotated[int, Field(description="Whole days since the survey was entered.")]
    overdue: Annotated[bool, Field(description="It was asked for 30 days ago or earlier.")]

"""The plan of a dataset, as a working group writes it: the one source of validation, API document and README.

After Section "Planning" of the second paper (the method of MosMedData): the clinical task and its use,
what the unit and the features are, how labels are verified, where data come from, criteria, the balance of
classes and how many units.
"""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.datasets.model import Access, Purpose
from chalicelib.images.model import Kind
from chalicelib.platform.http.fields import Form
from chalicelib.platform.lesion_classes import LesionClass

Passage = Annotated[
    str, Field(min_length=1, max_length=4000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]+$")
]
Line = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
CodePart = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{1,11}$")]


class Both(Form):
    """A passage in both languages."""

    ru: Passage
    en: Passage


class Task(StrEnum):
    """Who sits in the working group."""

    CLINICIAN = "clinician"
    DATA_SCIENTIST = "data_scientist"
    ENGINEER = "engineer"
    ADMINISTRATOR = "administrator"


class Member(Form):
    """One of the working group; authors of the dataset, who agreed to be named."""

    name: Line
    task: Task
    affiliation: Line | None = None
    orcid: Annotated[str, Field(pattern=r"^\d{4}-\d{4}-\d{4}-\d{3}[\dX]$")] | None = None


class Operator(StrEnum):
    IS = "is"
    IS_NOT = "is_not"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    IS_RECORDED = "is_recorded"
    IS_NOT_RECORDED = "is_not_recorded"


class Condition(Form):
    """One criterion: a field of the survey, the image, its quality or its label, and what it must be.

    `value` is one choice or number, or several of which any will do; the last two operators take none.
    """

    field: Word
    operator: Operator
    value: str | int | float | bool | list[str | int | float] | None = None


class Role(StrEnum):
    """What a class is to the planned test."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    DEFECT = "defect"


class PlannedClass(Form):
    """A label class of the dataset: one or more of the nine, or technical defects."""

    key: Word
    title: Both
    diagnoses: Annotated[list[LesionClass], Field(max_length=9)]
    role: Role
    units: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    requirements: Both


class Split(Form):
    name: Word
    share: Annotated[float, Field(gt=0, le=1)]


class PlannedTest(Form):
    """The test whose power is computed: whether an AUC lies above the threshold (Hanley & McNeil 1982)."""

    expected_auc: Annotated[float, Field(gt=0.5, lt=1)] = 0.9
    threshold_auc: Annotated[float, Field(ge=0.5, lt=1)] = 0.81
    significance: Annotated[float, Field(gt=0, lt=0.5)] = 0.05


class UnitOfData(StrEnum):
    IMAGE = "image"
    LESION = "lesion"
    """One image of each lesion: the first that meets the criteria, by chance from the seed."""
    PATIENT = "patient"
    SERIES = "series"
    """All images of a lesion of which there are at least two."""


class Licence(StrEnum):
    """SPDX identifiers, from free to restricted."""

    CC0 = "CC0-1.0"
    CC_BY = "CC-BY-4.0"
    CC_BY_NC = "CC-BY-NC-4.0"
    CC_BY_NC_ND = "CC-BY-NC-ND-4.0"
    AGREEMENT = "LicenseRef-Agreement"
    """Under an agreement with whoever gets it."""


class Plan(Form):
    """Everything that is decided before data are chosen."""

    name: Both
    abstract: Both
    clinical_task: Both
    clinical_use: Both
    """How clinicians are helped by a solution of the task."""
    data_security: Both
    """What is done to keep the data secure."""
    features: Annotated[list[Both], Field(min_length=1, max_length=20)]
    """What a service is to determine."""
    working_group: Annotated[list[Member], Field(min_length=1, max_length=30)]
    keywords: Annotated[list[Line], Field(max_length=20, default_factory=list)]
    language: Literal["ru", "en", "ru, en"] = "ru, en"
    funding: Passage | None = None
    conflicts_of_interest: Passage | None = None
    special_prohibitions: Both | None = None

    purpose: Purpose
    access: Access
    licence: Licence
    modality: CodePart = "DSC"
    """Dermatoscopy; `MAC` for photographs. Parts of the code."""
    organ: CodePart = "SKIN"
    target: CodePart
    repeated: bool = False
    """Whether it is for repeated tests (FT-II, KlT-II) rather than first ones."""

    kinds: Annotated[list[Kind], Field(min_length=1, default_factory=lambda: [Kind.DERMOSCOPIC])]
    unit: UnitOfData = UnitOfData.IMAGE
    classes: Annotated[list[PlannedClass], Field(min_length=1, max_length=10)]
    verification: Literal["low", "medium", "high"] = "medium"
    """The lowest level that a label may have."""
    sources: Annotated[list[Line], Field(max_length=200, default_factory=list)]
    """Clinics (`clinic id`) and imports (`import id`); none: all."""
    inclusion: Annotated[list[Condition], Field(max_length=30, default_factory=list)]
    """All must hold."""
    non_inclusion: Annotated[list[Condition], Field(max_length=30, default_factory=list)]
    """Of who is eligible by inclusion, none may hold."""
    exclusion: Annotated[list[Condition], Field(max_length=30, default_factory=list)]
    """None may hold; technical as a rule."""
    units: Annotated[int, Field(ge=1, le=1_000_000)]
    """How many are planned at most."""
    most_of_one_device: Annotated[float, Field(gt=0, le=1)] | None = None
    """No make and model may have a larger share of the units, where it is told."""
    splits: Annotated[list[Split], Field(max_length=10, default_factory=list)]
    """Shares that make one; none: a single split named `all`."""
    test: PlannedTest | None = None
    seed: Annotated[str, Field(min_length=1, max_length=64)]

    def written(self) -> dict[str, Any]:
        """As it is stored, and copied into a manifest."""
        return self.model_dump(mode="json")

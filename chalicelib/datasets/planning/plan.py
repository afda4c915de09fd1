"""The plan of a dataset, as a working group writes it: the one source of validation, API document and README.

After Section "Planning" of the second paper (the method of MosMedData): the clinical task and its use,
what the unit and the features are, how labels are verified, where data come from, criteria, the balance of
classes and how many units. What one field may hold stands here; what fields may say together stands in
`contradictions`.
"""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from chalicelib.datasets.model import Access, Purpose
from chalicelib.images.model import Kind
from chalicelib.platform.http.fields import Form, fault
from chalicelib.platform.labelled import Labelled
from chalicelib.platform.language import Text
from chalicelib.platform.lesion_classes import LesionClass

Passage = Annotated[
    str, Field(min_length=1, max_length=4000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]+$")
]
Line = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
CodePart = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{1,11}$")]
Orcid = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X]$")]

MISTYPED: Text = Text(
    "В этом ORCID опечатка: контрольная цифра не сходится.",
    "This ORCID was mistyped: its check digit does not agree.",
)


class Both(Form):
    """A passage in both languages."""

    ru: Passage
    en: Passage

    @property
    def text(self) -> Text:
        return Text(self.ru, self.en)


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
    orcid: Orcid | None = None

    @field_validator("orcid")
    @classmethod
    def _check_digit(cls, orcid: str | None) -> str | None:
        """ISO/IEC 7064, MOD 11-2, as ORCID describes it."""
        if orcid is not None:
            digits, total = orcid.replace("-", ""), 0
            for digit in digits[:-1]:
                total = (total + int(digit)) * 2
            if "0123456789X"[(12 - total % 11) % 11] != digits[-1]:
                raise fault(MISTYPED)
        return orcid


class Operator(Labelled):
    IS = "is", "одно из", "is one of"
    IS_NOT = "is_not", "ни одно из", "is none of"
    AT_LEAST = "at_least", "не меньше", "at least"
    AT_MOST = "at_most", "не больше", "at most"
    IS_RECORDED = "is_recorded", "указано", "is recorded"
    IS_NOT_RECORDED = "is_not_recorded", "не указано", "is not recorded"


class Condition(Form):
    """One criterion: a field of the survey, the image, its quality or its label, and what it must be.

    `value` is one choice or number, or several of which any will do; the last two operators take none.
    """

    field: Annotated[Word, Field(description="One of `GET /v1/datasets/fields`.")]
    operator: Operator
    value: Annotated[
        str | int | float | bool | Annotated[list[str | int | float], Field(max_length=50)] | None,
        Field(description="One value or, of `is` and `is_not`, several."),
    ] = None


class ClassRole(Labelled):
    """What a class is to the planned test."""

    POSITIVE = "positive", "положительный", "positive"
    NEGATIVE = "negative", "отрицательный", "negative"
    DEFECT = "defect", "технический дефект", "technical defect"


Role = ClassRole
"""Short, where nobody takes it for a person's; in the API document that one is called `Role`."""


class PlannedClass(Form):
    """A label class of the dataset: one or more of the nine, or technical defects."""

    key: Annotated[Word, Field(description="Its name in files.")]
    title: Both
    diagnoses: Annotated[
        list[LesionClass],
        Field(max_length=9, description="None of a class of technical defects."),
    ]
    role: ClassRole
    units: Annotated[
        int | None, Field(ge=1, le=1_000_000, description="How many are wanted; null: no matter.")
    ] = None
    requirements: Annotated[
        Both, Field(description="The signs by which a unit is put into this class.")
    ]


class Split(Form):
    """A part of the dataset that is used for one thing; no patient is in two."""

    name: Word
    share: Annotated[float, Field(ge=0.001, le=1, description="Of the units.")]


class PlannedTest(Form):
    """The test whose power is computed: whether an AUC lies above the threshold (Hanley & McNeil 1982)."""

    expected_auc: Annotated[float, Field(gt=0.5, le=0.999)] = 0.9
    threshold_auc: Annotated[float, Field(ge=0.5, le=0.999)] = 0.81
    significance: Annotated[float, Field(ge=0.0001, lt=0.5, description="One-sided.")] = 0.05


class UnitOfData(Labelled):
    IMAGE = "image", "снимок", "image"
    LESION = "lesion", "новообразование (один его снимок)", "lesion (one image of it)"
    """One image of each lesion: the first that meets the criteria, by chance from the seed."""
    PATIENT = "patient", "пациент (один его снимок)", "patient (one image of his)"
    SERIES = "series", "серия снимков новообразования", "series of images of a lesion"
    """All images of a lesion of which there are at least two."""


class Licence(StrEnum):
    """SPDX identifiers, from free to restricted."""

    CC0 = "CC0-1.0"
    CC_BY = "CC-BY-4.0"
    CC_BY_NC = "CC-BY-NC-4.0"
    CC_BY_NC_ND = "CC-BY-NC-ND-4.0"
    AGREEMENT = "LicenseRef-Agreement"
    """Under an agreement with whoever gets it."""


Criteria = Annotated[list[Condition], Field(max_length=30, default_factory=list)]


class Plan(Form):
    """Everything that is decided before data are chosen."""

    name: Both
    abstract: Annotated[Both, Field(description="One or two sentences.")]
    clinical_task: Both
    clinical_use: Annotated[
        Both, Field(description="How clinicians are helped by a solution of the task.")
    ]
    data_security: Annotated[Both, Field(description="What is done to keep the data secure.")]
    features: Annotated[
        list[Both],
        Field(min_length=1, max_length=20, description="What a service is to determine."),
    ]
    working_group: Annotated[
        list[Member],
        Field(min_length=1, max_length=30, description="The authors, who agreed to be named."),
    ]
    keywords: Annotated[list[Line], Field(max_length=20, default_factory=list)]
    language: Annotated[Literal["ru", "en", "ru, en"], Field(description="Of the documents.")] = (
        "ru, en"
    )
    funding: Passage | None = None
    conflicts_of_interest: Passage | None = None
    special_prohibitions: Both | None = None

    purpose: Purpose
    access: Access
    licence: Licence
    modality: Annotated[
        CodePart,
        Field(description="`DSC` is dermatoscopy, `MAC` photographs. A part of the code."),
    ] = "DSC"
    organ: Annotated[CodePart, Field(description="A part of the code.")] = "SKIN"
    target: Annotated[CodePart, Field(description="The pathology: a part of the code.")]
    repeated: Annotated[
        bool, Field(description="For repeated tests (FT-II, KlT-II) rather than first ones.")
    ] = False

    kinds: Annotated[
        list[Kind],
        Field(min_length=1, max_length=2, default_factory=lambda: [Kind.DERMOSCOPIC]),
    ]
    unit: Annotated[UnitOfData, Field(description="The unit of data.")] = UnitOfData.IMAGE
    classes: Annotated[list[PlannedClass], Field(min_length=1, max_length=10)]
    verification: Annotated[
        Literal["low", "medium", "high"],
        Field(description="The lowest level that a label may have."),
    ] = "medium"
    sources: Annotated[
        list[Line],
        Field(
            max_length=200,
            default_factory=list,
            description="Ids of clinics and of imports; none: all.",
        ),
    ]
    inclusion: Annotated[Criteria, Field(description="All must hold.")]
    non_inclusion: Annotated[
        Criteria, Field(description="Of who is eligible by inclusion, none may hold.")
    ]
    exclusion: Annotated[Criteria, Field(description="None may hold; technical as a rule.")]
    units: Annotated[int, Field(ge=1, le=1_000_000, description="How many at most.")]
    most_of_one_device: Annotated[
        float | None,
        Field(
            ge=0.001,
            le=1,
            description="No make and model may have a larger share of the units, where it is told.",
        ),
    ] = None
    splits: Annotated[
        list[Split],
        Field(
            max_length=10,
            default_factory=list,
            description="Shares that make one; none: a single split named `all`.",
        ),
    ]
    test: Annotated[
        PlannedTest | None, Field(description="The planned test; its power is computed.")
    ] = None
    seed: Annotated[
        str,
        Field(
            min_length=1,
            max_length=64,
            pattern=r"^[^\x00-\x1f\x7f]+$",
            description="Whatever is left to chance follows from it.",
        ),
    ]

    def written(self) -> dict[str, Any]:
        """As it is stored, and copied into a manifest."""
        return self.model_dump(mode="json")

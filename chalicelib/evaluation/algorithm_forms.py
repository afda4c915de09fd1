"""What vendors say of their algorithms, and what they are answered."""

from typing import Annotated

from pydantic import Field, model_validator

from chalicelib.evaluation.algorithms import Described
from chalicelib.evaluation.model import Algorithm
from chalicelib.platform.clock import timestamp
from chalicelib.platform.http.fields import Answer, Form, OwnWords, fault
from chalicelib.platform.language import Text
from chalicelib.platform.lesion_classes import LesionClass

NOT_ITS_OWN = Text(
    "Находки и показатели по классам называют только классы алгоритма.",
    "Finds and claims by class name classes of the algorithm only.",
)
TWICE = Text("Класс указан дважды. Оставьте один.", "A class is named twice. Leave one.")
NOTHING_ELSE = Text(
    "Хотя бы один класс должен не быть находкой.", "One class at least must not be a find."
)

Line = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
VersionText = Annotated[str, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z.+_-]{0,39}$")]
Share = Annotated[float, Field(ge=0, le=1)]


class BothLanguages(Form):
    """A passage in both languages."""

    ru: OwnWords
    en: OwnWords


class Claims(Form):
    """What the vendor claims; a calibration test compares it with what was measured."""

    auc: Annotated[Share, Field(description="Of finds against all else.")]
    sensitivity: Annotated[Share, Field(description="At the threshold.")]
    specificity: Annotated[Share, Field(description="At the threshold.")]
    threshold: Annotated[
        Share, Field(description="From which on the summed probability of finds is a find.")
    ]
    seconds: Annotated[
        float | None, Field(gt=0, le=86_400, description="For one unit, at most.")
    ] = None
    by_class: Annotated[
        dict[LesionClass, Share],
        Field(
            max_length=9, default_factory=dict, description="AUC of each class against all else."
        ),
    ]


class AlgorithmForm(Form):
    """One version of a service. A new version is registered anew."""

    name: Annotated[Line, Field(description="The service's; the same for all its versions.")]
    version: VersionText
    vendor: Annotated[Line, Field(description="Who develops it, as reports name it.")]
    description: Annotated[BothLanguages, Field(description="What it does.")]
    classes: Annotated[
        list[LesionClass],
        Field(min_length=2, max_length=9, description="Each result gives a probability of each."),
    ]
    positive: Annotated[
        list[LesionClass], Field(min_length=1, max_length=8, description="Which of them are finds.")
    ]
    claimed: Claims
    model_sha256: Annotated[
        str | None,
        Field(
            pattern=r"^[0-9a-f]{64}$",
            description="Of a model of this platform, which a passed calibration test admits.",
        ),
    ] = None

    @model_validator(mode="after")
    def _agree(self) -> "AlgorithmForm":
        for named in (self.classes, self.positive):
            if len(set(named)) < len(named):
                raise fault(TWICE)
        if not set(self.positive) | set(self.claimed.by_class) <= set(self.classes):
            raise fault(NOT_ITS_OWN)
        if set(self.positive) == set(self.classes):
            raise fault(NOTHING_ELSE)
        return self


class AlgorithmAnswer(Answer):
    """A version of a service as it was registered."""

    algorithm_id: str
    vendor_id: Annotated[str, Field(description="The account that registered it.")]
    name: str
    version: str
    vendor: str
    description: dict[str, str]
    classes: list[LesionClass]
    positive: list[LesionClass]
    claimed: Claims
    model_sha256: str | None
    created_at: str


def described(form: AlgorithmForm) -> Described:
    """The form as `algorithms.register` takes it."""
    return Described(
        name=form.name,
        version=form.version,
        vendor=form.vendor,
        description={"ru": form.description.ru, "en": form.description.en},
        classes=[one.value for one in form.classes],
        positive=[one.value for one in form.positive],
        claimed=form.claimed.model_dump(mode="json", exclude_none=True),
        model_sha256=form.model_sha256,
    )


def algorithm_answer(algorithm: Algorithm) -> AlgorithmAnswer:
    return AlgorithmAnswer(
        algorithm_id=algorithm.algorithm_id,
        vendor_id=algorithm.vendor_id,
        name=algorithm.name,
        version=algorithm.version,
        vendor=algorithm.vendor,
        description=dict(algorithm.description),
        classes=[LesionClass(one) for one in algorithm.classes],
        positive=[LesionClass(one) for one in algorithm.positive],
        claimed=Claims.model_validate(algorithm.claimed),
        model_sha256=algorithm.model_sha256,
        created_at=timestamp(algorithm.created_at),
    )

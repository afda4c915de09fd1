"""What criteria may speak of: the survey's own fields, the image, its quality and its label.

Those of the survey come from its schema (`patients.vocabulary`), so a field that is added to the form can be
a criterion at once. Only the form's `diagnosis`, what the examining doctor took the lesion for, is called
`clinical_diagnosis` here, since `diagnosis` is the label's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Literal

from chalicelib.datasets.planning.plan import Operator
from chalicelib.images.model import Kind
from chalicelib.imports.model import Confirmation
from chalicelib.labelling.ballots import Quality
from chalicelib.labelling.verdict import Rule, Verification
from chalicelib.patients.vocabulary import vocabularies
from chalicelib.platform.language import Text
from chalicelib.platform.lesion_classes import LesionClass

FieldKind = Literal["integer", "number", "boolean", "date", "choice", "choices", "text"]
Group = Literal["survey", "image", "quality", "label"]

RECORDED: Final = (Operator.IS_RECORDED, Operator.IS_NOT_RECORDED)
EQUAL: Final = (Operator.IS, Operator.IS_NOT)
BOUND: Final = (Operator.AT_LEAST, Operator.AT_MOST)
OPERATORS: Final[Mapping[FieldKind, tuple[Operator, ...]]] = {
    "integer": (*EQUAL, *BOUND, *RECORDED),
    "number": (*BOUND, *RECORDED),
    "boolean": (*EQUAL, *RECORDED),
    "date": (*EQUAL, *BOUND, *RECORDED),
    "choice": (*EQUAL, *RECORDED),
    "choices": (*EQUAL, *RECORDED),
    "text": (*EQUAL, *RECORDED),
}
LONGEST_TEXT: Final = 80
"""As of the make and model of a device (`images.forms`)."""


@dataclass(frozen=True, kw_only=True)
class ConditionField:
    """One field that a condition may name."""

    key: str
    group: Group
    label: Text
    kind: FieldKind
    choices: Mapping[str, Text] = field(default_factory=dict)
    """In their order, which counts where the field is `ordered`: from the least up."""
    ordered: bool = False
    minimum: float | None = None
    maximum: float | None = None

    @property
    def operators(self) -> tuple[Operator, ...]:
        return (*EQUAL, *BOUND, *RECORDED) if self.ordered else OPERATORS[self.kind]

    def rank(self, choice: str) -> int:
        """The place of a choice among all, from 0. Raises ValueError for one that there is not."""
        return list(self.choices).index(choice)


_ORDERED: Final = frozenset({"skin_type", "mole_count", "large_moles"})
"""Of the survey: their choices go from less to more."""


def _survey() -> Iterable[ConditionField]:
    for told in vocabularies().fields:
        yield ConditionField(
            key="clinical_diagnosis" if told.key == "diagnosis" else told.key,
            group="survey",
            label=Text("Диагноз врача", "Doctor's diagnosis")
            if told.key == "diagnosis"
            else Text(told.labels.ru, told.labels.en),
            kind=told.kind,
            choices={one.key: Text(one.labels.ru, one.labels.en) for one in told.choices},
            ordered=told.key in _ORDERED,
            minimum=told.minimum,
            maximum=told.maximum,
        )


def _others() -> Iterable[ConditionField]:
    def of(
        group: Group,
        key: str,
        ru: str,
        en: str,
        kind: FieldKind,
        choices: Mapping[StrEnum, tuple[str, str]] | None = None,
        *,
        ordered: bool = False,
        most: float | None = None,
    ) -> ConditionField:
        words = {str(choice): Text(*label) for choice, label in (choices or {}).items()}
        return ConditionField(
            key=key,
            group=group,
            label=Text(ru, en),
            kind=kind,
            choices=words,
            ordered=ordered,
            minimum=None if most is None else 0,
            maximum=most,
        )

    kinds: Mapping[StrEnum, tuple[str, str]] = {
        Kind.DERMOSCOPIC: ("дерматоскопический", "dermoscopic"),
        Kind.MACROSCOPIC: ("макроскопический", "macroscopic"),
    }
    qualities: Mapping[StrEnum, tuple[str, str]] = {
        Quality.UNUSABLE: ("непригодное", "unusable"),
        Quality.POOR: ("плохое", "poor"),
        Quality.GOOD: ("хорошее", "good"),
    }
    levels: Mapping[StrEnum, tuple[str, str]] = {
        Verification.LOW: ("низкий", "low"),
        Verification.MEDIUM: ("средний", "medium"),
        Verification.HIGH: ("высокий", "high"),
    }
    yield of("image", "kind", "Вид снимка", "Kind of image", "choice", kinds)
    yield of("image", "width", "Ширина (пикселей)", "Width (pixels)", "integer", most=65_535)
    yield of("image", "height", "Высота (пикселей)", "Height (pixels)", "integer", most=65_535)
    yield of("image", "device_make", "Марка устройства", "Make of the device", "text")
    yield of("image", "device_model", "Модель устройства", "Model of the device", "text")
    yield of("image", "polarized", "Поляризованный свет", "Polarised light", "boolean")
    yield of("image", "contact", "Контакт с кожей", "Lens touching the skin", "boolean")
    yield of(
        "image",
        *("pixel_spacing_mm", "Размер пикселя (мм)", "Pixel spacing (mm)", "number"),
        most=1,
    )
    yield of(
        "quality",
        *("image_quality", "Качество снимка", "Image quality", "choice", qualities),
        ordered=True,
    )
    diagnoses: Mapping[StrEnum, tuple[str, str]] = {
        one: (one.label.ru, one.label.en) for one in LesionClass
    }
    yield of("label", "diagnosis", "Диагноз", "Diagnosis", "choice", diagnoses)
    yield of(
        "label",
        *("verification", "Уровень верификации", "Level of verification", "choice", levels),
        ordered=True,
    )
    yield of("label", "rule", "Правило вердикта", "Rule of the verdict", "choice", _RULES)
    yield of("label", "retrospective", "Ретроспективная метка", "Retrospective label", "boolean")
    yield of(
        "label",
        *("confirmed_by", "Чем подтверждено в архиве", "Confirmed in the archive by"),
        "choice",
        _CONFIRMED,
    )


_RULES: Final[Mapping[StrEnum, tuple[str, str]]] = {
    Rule.TWO_AGREE: ("двое согласны", "two agree"),
    Rule.ARBITRATION: ("арбитраж", "arbitration"),
    Rule.HISTOLOGY: ("гистология", "histology"),
    Rule.FOLLOW_UP: ("наблюдение", "follow-up"),
    Rule.DOCUMENT: ("документ", "document"),
}
_CONFIRMED: Final[Mapping[StrEnum, tuple[str, str]]] = {
    Confirmation.HISTOLOGY: ("гистология", "histology"),
    Confirmation.CONFOCAL: ("конфокальная микроскопия", "confocal microscopy"),
    Confirmation.FOLLOW_UP: ("наблюдение", "follow-up"),
    Confirmation.CONSENSUS: ("консенсус экспертов", "consensus of experts"),
    Confirmation.DOCUMENT: ("документ", "document"),
}

FIELDS: Final[Mapping[str, ConditionField]] = {one.key: one for one in (*_survey(), *_others())}
"""By key: the survey's in the form's order, then the image's, its quality, its label's."""

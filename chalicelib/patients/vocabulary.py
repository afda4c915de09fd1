"""The vocabulary in words: the survey form and the nine classes, with ICD-10 and ISIC equivalents,
treatments and their outcomes."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, Final, Literal, get_args, get_origin

from annotated_types import Ge, Le
from pydantic.fields import FieldInfo

from chalicelib.patients import icd10, isic
from chalicelib.patients.choices import Outcome, TreatmentKind
from chalicelib.patients.forms import (
    ChoiceAnswer,
    FieldAnswer,
    Labels,
    ScaleObjectAnswer,
    Vocabularies,
)
from chalicelib.patients.pathology import ClarkLevel, Margins, Method, Stage
from chalicelib.patients.scale_objects import ScaleObject
from chalicelib.patients.spot import View
from chalicelib.patients.survey import Printed, Survey, printed_fields
from chalicelib.platform.labelled import Labelled
from chalicelib.platform.language import Text
from chalicelib.platform.lesion_classes import LesionClass

_ICD10: Final[Mapping[Any, Sequence[str]]] = {**icd10.OF_DIAGNOSIS}
_ISIC: Final[Mapping[Any, Sequence[str]]] = {**isic.OF_DIAGNOSIS, **isic.OF_SITE}

Kind = Literal["integer", "boolean", "date", "choice", "choices"]
_KINDS: Final[Mapping[type, Kind]] = {int: "integer", bool: "boolean", date: "date"}


@cache
def vocabularies() -> Vocabularies:
    """All words, made once a process."""
    return Vocabularies(
        fields=[_field(name, printed) for name, printed in printed_fields()],
        classes=[_choice(each, icd10.OF_CLASS[each], isic.OF_CLASS[each]) for each in LesionClass],
        treatments=[_choice(each, (), ()) for each in TreatmentKind],
        outcomes=[_choice(each, (), ()) for each in Outcome],
        histology=[_reported(*each) for each in _REPORTED],
        views=[_choice(each, (), ()) for each in View],
        scale_objects=[_scale_object(each) for each in ScaleObject],
    )


_REPORTED: Final[Sequence[tuple[str, Text, type[Labelled]]]] = (
    ("method", Text("Способ взятия материала", "How the tissue was taken"), Method),
    ("margins", Text("Края резекции", "Excision margins"), Margins),
    ("clark_level", Text("Уровень инвазии по Кларку", "Clark level"), ClarkLevel),
    ("pt_stage", Text("Категория pT", "pT category"), Stage),
)


def _reported(key: str, label: Text, words: type[Labelled]) -> FieldAnswer:
    return FieldAnswer(
        key=key,
        kind="choice",
        required=False,
        labels=_labels(label),
        hint=None,
        minimum=None,
        maximum=None,
        choices=[_choice(word, (), ()) for word in words],
    )


def _field(name: str, printed: Printed) -> FieldAnswer:
    field = Survey.model_fields[name]
    kind, words = _kind(field.annotation)
    return FieldAnswer(
        key=name,
        kind=kind,
        required=field.is_required(),
        labels=_labels(printed.label),
        hint=_labels(printed.hint) if printed.hint else None,
        minimum=_bound(field, Ge, "ge"),
        maximum=_bound(field, Le, "le"),
        choices=[_choice(word, _ICD10.get(word, ()), _ISIC.get(word, ())) for word in words],
    )


def _kind(annotation: Any) -> tuple[Kind, Sequence[Labelled]]:
    """What a field holds, and its words if it is a choice."""
    inner = [part for part in get_args(annotation) if part is not type(None)]
    if get_origin(annotation) is list:
        return "choices", list(inner[0])
    plain = inner[0] if inner else annotation
    if issubclass(plain, Labelled):
        return "choice", list(plain)
    return _KINDS[plain], ()


def _bound(field: FieldInfo, kind: type, name: str) -> int | None:
    return next((getattr(mark, name) for mark in field.metadata if isinstance(mark, kind)), None)


def _choice(word: Labelled, codes: Sequence[str], paths: Sequence[str]) -> ChoiceAnswer:
    return ChoiceAnswer(
        key=str(word),
        labels=_labels(word.label),
        hint=_labels(word.hint) if word.hint else None,
        icd10=list(codes),
        isic=list(paths),
    )


def _scale_object(coin: ScaleObject) -> ScaleObjectAnswer:
    return ScaleObjectAnswer(
        key=str(coin),
        labels=_labels(coin.label),
        diameter_mm=coin.diameter_mm,
        source=_labels(coin.hint or coin.label),
    )


def _labels(text: Text) -> Labels:
    return Labels(ru=text.ru, en=text.en)

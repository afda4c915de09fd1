"""What fields of a plan may not say together: every contradiction, by the path of a field, in a sentence.

They are looked for when a plan is written or changed, not when a stored one is read.
"""

from collections.abc import Iterator, Sequence
from math import isclose
from typing import Final

from chalicelib.datasets.model import Access, Purpose
from chalicelib.datasets.planning.conditions import faults
from chalicelib.datasets.planning.plan import Licence, Plan, Role, UnitOfData
from chalicelib.datasets.planning.satisfiable import unmeetable
from chalicelib.images.model import Kind
from chalicelib.platform.http.fields import WHOLE
from chalicelib.platform.language import Text

Found = Iterator[tuple[str, Text]]

LONGEST: Final = 128_000
"""Bytes of a plan as JSON: a dataset's item holds it beside its history and its releases."""

TESTS: Final = (Purpose.SELF_TEST, Purpose.CLINICAL_TEST)
TRAININGS: Final = (Purpose.TRAINING, Purpose.ADDITIONAL_TRAINING)
WITH_DEFECTS: Final = (Purpose.SELF_TEST, Purpose.TECHNICAL_DEFECTS)


def contradictions(plan: Plan) -> dict[str, Text]:
    """All contradictions of a plan, by path as in `classes.1.diagnoses`; empty when there is none."""
    found: dict[str, Text] = {}
    for check in (
        _length,
        _purpose,
        _licence,
        _lists,
        _classes,
        _roles,
        _numbers,
        _splits,
        _criteria,
    ):
        for path, text in check(plan):
            found.setdefault(path, text)
    if not any(path.startswith(CRITERIA) for path in found):
        found |= unmeetable(plan)
    return found


CRITERIA: Final = ("inclusion.", "non_inclusion.", "exclusion.")


def _length(plan: Plan) -> Found:
    if len(plan.model_dump_json().encode()) > LONGEST:
        yield WHOLE, TOO_LONG.filled(most=LONGEST // 1000)


def _purpose(plan: Plan) -> Found:
    if plan.purpose in TESTS and plan.access is not Access.HIDDEN:
        yield "access", HIDDEN
    if plan.purpose in TRAININGS and plan.access is Access.HIDDEN:
        yield "access", SHOWN
    if plan.repeated and plan.purpose not in TESTS:
        yield "repeated", REPEATED
    if plan.purpose is Purpose.DYNAMIC and plan.unit is not UnitOfData.SERIES:
        yield "unit", SERIES
    for modality, kind in (("DSC", Kind.DERMOSCOPIC), ("MAC", Kind.MACROSCOPIC)):
        if plan.modality == modality and kind not in plan.kinds:
            yield "modality", MODALITY


def _licence(plan: Plan) -> Found:
    by_agreement = plan.licence is Licence.AGREEMENT
    if plan.access is Access.PUBLIC and by_agreement:
        yield "licence", OPEN_LICENCE
    if plan.access is Access.CONTROLLED and not by_agreement:
        yield "licence", AGREEMENT


def _lists(plan: Plan) -> Found:
    lists: dict[str, Sequence[str]] = {
        "kinds": plan.kinds,
        "keywords": plan.keywords,
        "sources": plan.sources,
    }
    for name, values in lists.items():
        if len(set(values)) < len(values):
            yield name, TWICE


def _classes(plan: Plan) -> Found:
    keys: set[str] = set()
    owners: dict[str, str] = {}
    for place, one in enumerate(plan.classes):
        if one.key in keys:
            yield f"classes.{place}.key", SAME_KEY
        keys.add(one.key)
        if len(set(one.diagnoses)) < len(one.diagnoses):
            yield f"classes.{place}.diagnoses", TWICE
        for diagnosis in one.diagnoses:
            if (owner := owners.setdefault(diagnosis, one.key)) != one.key:
                ru, en = diagnosis.label
                yield (
                    f"classes.{place}.diagnoses",
                    Text(
                        SHARED.ru.format(diagnosis=ru, owner=owner),
                        SHARED.en.format(diagnosis=en, owner=owner),
                    ),
                )
        if one.role is Role.DEFECT and one.diagnoses:
            yield f"classes.{place}.diagnoses", NO_DIAGNOSES
        if one.role is not Role.DEFECT and not one.diagnoses:
            yield f"classes.{place}.diagnoses", DIAGNOSES


def _roles(plan: Plan) -> Found:
    roles = [one.role for one in plan.classes]
    needs_both = plan.purpose is Purpose.CLINICAL_TEST or plan.test is not None
    if needs_both and not {Role.POSITIVE, Role.NEGATIVE} <= set(roles):
        yield "classes", BOTH_ROLES
    defects = [place for place, role in enumerate(roles) if role is Role.DEFECT]
    if defects and plan.purpose not in WITH_DEFECTS:
        yield f"classes.{defects[0]}.role", NO_DEFECTS
    if len(defects) > 1:
        yield f"classes.{defects[1]}.role", ONE_DEFECT
    if not defects and plan.purpose is Purpose.TECHNICAL_DEFECTS:
        yield "classes", DEFECTS


def _numbers(plan: Plan) -> Found:
    for place, one in enumerate(plan.classes):
        if one.units is not None and one.units > plan.units:
            yield f"classes.{place}.units", MORE_THAN_ALL.filled(units=plan.units)
    total = sum(one.units or 0 for one in plan.classes)
    if total > plan.units:
        yield "units", TOO_FEW.filled(total=total)
    if plan.test is not None and plan.test.expected_auc <= plan.test.threshold_auc:
        yield "test.expected_auc", ABOVE_THRESHOLD


def _splits(plan: Plan) -> Found:
    names = [one.name for one in plan.splits]
    if len(set(names)) < len(names):
        yield "splits", SAME_SPLIT
    total = sum(one.share for one in plan.splits)
    if plan.splits and not isclose(total, 1, abs_tol=1e-6):
        yield "splits", SHARES.filled(total=f"{total:.6g}")
    if len(names) > plan.units:
        yield "splits", MORE_SPLITS


def _criteria(plan: Plan) -> Found:
    groups = zip(CRITERIA, (plan.inclusion, plan.non_inclusion, plan.exclusion), strict=True)
    for name, conditions in groups:
        for place, condition in enumerate(conditions):
            for field, text in faults(condition).items():
                yield f"{name}{place}.{field}", text


TOO_LONG: Final = Text(
    "План длиннее {most} КБ: сократите тексты.",
    "The plan is longer than {most} KB: shorten its texts.",
)
HIDDEN: Final = Text(
    "Набор для тестирования должен быть скрытым (hidden): испытание на том, что все видели, не независимо.",
    "A set for tests must be hidden: a test on what everybody has seen is not independent.",
)
SHOWN: Final = Text(
    "На скрытом наборе нельзя учить: выберите public или controlled.",
    "Nobody can learn from a hidden set: choose public or controlled.",
)
REPEATED: Final = Text(
    "Повторными бывают только испытания: self_test и clinical_test.",
    "Only tests are repeated: self_test and clinical_test.",
)
SERIES: Final = Text(
    "Для динамического наблюдения единица данных — серия (series).",
    "Change over time needs series as its unit of data.",
)
MODALITY: Final = Text(
    "Модальность не отвечает видам снимков: DSC — dermoscopic, MAC — macroscopic.",
    "The modality does not agree with the kinds of images: DSC is dermoscopic, MAC macroscopic.",
)
OPEN_LICENCE: Final = Text(
    "Открытому набору нужна открытая лицензия, а не соглашение.",
    "A public dataset needs an open licence, not an agreement.",
)
AGREEMENT: Final = Text(
    "Открытая лицензия позволяет передать набор кому угодно. Для доступа по соглашению выберите LicenseRef-Agreement.",
    "An open licence lets anybody pass the dataset on. For controlled access choose LicenseRef-Agreement.",
)
TWICE: Final = Text("Каждое значение указывайте один раз.", "Give each value once.")
SAME_KEY: Final = Text("Этот ключ уже у другого класса.", "Another class has this key already.")
SHARED: Final = Text(
    "Диагноз «{diagnosis}» уже в классе {owner}: единица не может быть в двух классах.",
    "“{diagnosis}” is in the class {owner} already: no unit can be in two classes.",
)
NO_DIAGNOSES: Final = Text(
    "У класса технических дефектов диагнозов нет.", "A class of technical defects has no diagnoses."
)
DIAGNOSES: Final = Text("Укажите диагнозы этого класса.", "Give the diagnoses of this class.")
BOTH_ROLES: Final = Text(
    "Для клинического испытания нужны положительный и отрицательный классы: на одном не измерить AUC.",
    "A clinical test needs a positive and a negative class: there is no AUC on one.",
)
NO_DEFECTS: Final = Text(
    "Класс технических дефектов бывает только в self_test и technical_defects.",
    "A class of technical defects belongs in self_test and technical_defects only.",
)
ONE_DEFECT: Final = Text(
    "Класс технических дефектов один.", "There is one class of technical defects."
)
DEFECTS: Final = Text(
    "Набору технических дефектов нужен их класс (роль defect).",
    "A dataset of technical defects needs a class of them (the role defect).",
)
MORE_THAN_ALL: Final = Text(
    "Это больше, чем единиц во всём наборе ({units}).",
    "That is more than the whole dataset has ({units}).",
)
TOO_FEW: Final = Text(
    "Классам вместе нужно {total}: увеличьте число единиц или уменьшите классы.",
    "The classes need {total} together: plan more units, or fewer in the classes.",
)
ABOVE_THRESHOLD: Final = Text(
    "Ожидаемая AUC должна быть выше порога.", "The expected AUC must be above the threshold."
)
SAME_SPLIT: Final = Text(
    "Названия частей должны различаться.", "The names of splits must be different."
)
SHARES: Final = Text(
    "Доли вместе дают {total}, а должны дать 1.", "The shares make {total} together, not 1."
)
MORE_SPLITS: Final = Text("Частей больше, чем единиц.", "There are more splits than units.")

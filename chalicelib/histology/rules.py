"""What a report may say: each value only where it makes sense, and all of them together."""

from datetime import date, timedelta
from typing import Final

from chalicelib.histology.model import Findings
from chalicelib.patients import icd10
from chalicelib.patients.model import Lesion
from chalicelib.patients.pathology import ClarkLevel, Method, Stage
from chalicelib.platform.errors import NOT_YET
from chalicelib.platform.language import Text
from chalicelib.platform.lesion_classes import LesionClass

BEFORE_FIRST: Final = timedelta(days=5 * 366)
"""How long before the first examination here a lesion may have been reported on elsewhere."""
CUT_OUT: Final = frozenset({Method.EXCISION, Method.SHAVE})
"""Ways that take the lesion out, so that there are margins to look at."""
THICKEST: Final = ((1.0, "pT1"), (2.0, "pT2"), (4.0, "pT3"), (float("inf"), "pT4"))
"""Breslow thickness in mm up to which a melanoma has this category (AJCC, 8th edition, 2017; the
limits of the 6th and 7th are the same)."""

_TOO_EARLY: Final = Text(
    "Заключение на 5 с лишним лет раньше первого осмотра этого очага. Проверьте дату и очаг.",
    "The report is over 5 years before this lesion was first examined. Check the date and the lesion.",
)
_BEFORE_BIRTH: Final = Text(
    "Заключение раньше рождения пациента. Проверьте дату и пациента.",
    "The report is before the patient's birth. Check the date and the patient.",
)
_OTHER_CODE: Final = Text(
    "Этот код МКБ-10 обозначает другую болезнь. Исправьте код или диагноз либо уберите код.",
    "This ICD-10 code names another disease. Correct the code or the diagnosis, or leave the code out.",
)
_MELANOMA_ONLY: Final = Text(
    "Указывается только при меланоме. Уберите это значение или исправьте диагноз.",
    "It is given for melanoma only. Remove it, or correct the diagnosis.",
)
_INVASIVE_ONLY: Final = Text(
    "При меланоме in situ (D03, pTis, уровень I по Кларку) не указывается. Уберите это значение или "
    "исправьте код.",
    "It is not given for melanoma in situ (D03, pTis, Clark level I). Remove it, or correct the code.",
)
_ONLY_IN_SITU: Final = Text(
    "Код D03 означает меланому in situ: возможны только уровень I по Кларку и pTis.",
    "The code D03 means melanoma in situ: only Clark level I and pTis go with it.",
)
_NOT_IN_SITU: Final = Text(
    "Уровень I по Кларку и pTis означают меланому in situ. Укажите код D03 или другое значение.",
    "Clark level I and pTis mean melanoma in situ. Give the code D03, or another value.",
)
_NO_METHOD: Final = Text(
    "Укажите и способ взятия материала: края оценивают при иссечении и бритвенной эксцизии.",
    "Give the method too: margins are assessed of an excision or a shave.",
)
_NO_MARGINS: Final = Text(
    "При таком способе взятия материала краёв резекции нет. Уберите это значение.",
    "Tissue taken in this way has no margins. Remove this value.",
)
_THICKNESS: Final = Text(
    "Категория pT не согласуется с толщиной по Бреслоу. Проверьте оба значения.",
    "The pT category does not agree with the Breslow thickness. Check both.",
)
_ULCERATION: Final = Text(
    "Категория pT не согласуется с изъязвлением: a означает без него, b с ним.",
    "The pT category does not agree with the ulceration: a means without, b means with it.",
)


def faults(found: Findings, lesion: Lesion, today: date) -> dict[str, Text]:
    """What in a report cannot be, a sentence for each field; empty when all is well.

    `found` has its code (`Findings.coded`).
    """
    wrong = _of_date(found.reported_on, lesion, today)
    if found.icd10 is not None and not icd10.names(found.icd10, found.diagnosis):
        wrong["icd10"] = _OTHER_CODE
    wrong |= _of_margins(found)
    wrong |= _of_melanoma(found)
    if not wrong and found.pt_stage is not None:
        wrong |= _of_stage(found, found.pt_stage)
    return wrong


def _of_date(reported_on: date, lesion: Lesion, today: date) -> dict[str, Text]:
    days = [survey.answers.examined_on for survey in lesion.surveys.values()]
    first = min(days, default=lesion.created_at.date())
    if reported_on > today:
        return {"reported_on": NOT_YET}
    if reported_on.year < lesion.birth_year:
        return {"reported_on": _BEFORE_BIRTH}
    return {"reported_on": _TOO_EARLY} if reported_on < first - BEFORE_FIRST else {}


def _of_margins(found: Findings) -> dict[str, Text]:
    if found.margins is None or found.method in CUT_OUT:
        return {}
    return {"margins": _NO_MARGINS if found.method else _NO_METHOD}


def _of_melanoma(found: Findings) -> dict[str, Text]:
    depth: dict[str, object] = {
        "breslow_mm": found.breslow_mm,
        "ulceration": found.ulceration,
        "mitotic_rate": found.mitotic_rate,
    }
    spread: dict[str, object] = {"clark_level": found.clark_level, "pt_stage": found.pt_stage}
    if found.diagnosis is not LesionClass.MELANOMA:
        return dict.fromkeys(_given(depth | spread), _MELANOMA_ONLY)
    of_in_situ = {name for name, value in spread.items() if value in (ClarkLevel.I, Stage.TIS)}
    if found.in_situ:
        others = [name for name in _given(spread) if name not in of_in_situ]
        return dict.fromkeys(_given(depth), _INVASIVE_ONLY) | dict.fromkeys(others, _ONLY_IN_SITU)
    return dict.fromkeys(of_in_situ, _NOT_IN_SITU)


def _given(values: dict[str, object]) -> list[str]:
    return [name for name, value in values.items() if value is not None]


def _of_stage(found: Findings, stage: Stage) -> dict[str, Text]:
    number, letter = stage.value[:3], stage.value[3:]
    if found.breslow_mm is not None and number.startswith("pT") and number[2].isdigit():
        # Thickness is rounded to a tenth since the 8th edition, and was not before.
        possible = {_by_thickness(found.breslow_mm), _by_thickness(round(found.breslow_mm, 1))}
        if number not in possible:
            return {"pt_stage": _THICKNESS}
    # The letters of pT1 meant other things in other editions.
    lettered = found.ulceration is not None and letter and number != "pT1"
    if lettered and (letter == "b") is not found.ulceration:
        return {"pt_stage": _ULCERATION}
    return {}


def _by_thickness(breslow_mm: float) -> str:
    return next(number for most, number in THICKEST if breslow_mm <= most)

"""Figures as each language writes them: a comma or a point, thin groups of thousands, words that agree."""

import math
from collections.abc import Callable
from datetime import datetime
from typing import Final

from chalicelib.platform.language import Language

NARROW: Final = "\u202f"
"""Narrow no-break space: between thousands."""
FIXED: Final = "\u00a0"
"""No-break space: before a unit."""
DASH: Final = "—"
"""In place of a figure that there is none of."""
MONTHS: Final = {
    "ru": (
        "января", "февраля", "марта", "апреля", "мая", "июня",
        "июля", "августа", "сентября", "октября", "ноября", "декабря",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip

Say = Callable[[str, str], str]
"""Takes a sentence in Russian and in English, gives the one that is read."""


def tongue(language: Language) -> Say:
    """`say("да", "yes")` in one language."""

    def say(ru: str, en: str) -> str:
        return ru if language == "ru" else en

    return say


def whole(number: int) -> str:
    """12 345: groups of three from five digits on, as both languages' standards have it."""
    text = f"{number:,}".replace(",", NARROW)
    return text if abs(number) >= 10_000 else text.replace(NARROW, "")


def decimal(number: float | None, places: int, language: Language, *, down: bool = False) -> str:
    """`down`: what is below a threshold never reads as if it were on it."""
    if number is None:
        return DASH
    if down:
        number = math.floor(number * 10**places + 1e-5) / 10**places
    text = f"{number:.{places}f}"
    return text.replace(".", ",") if language == "ru" else text


def percent(share: float | None, language: Language, places: int = 0, *, down: bool = False) -> str:
    """A share of one as a percentage."""
    if share is None:
        return DASH
    sign = f"{FIXED}%" if language == "ru" else "%"
    return decimal(share * 100, places, language, down=down) + sign


def between(low: float, high: float, places: int, language: Language) -> str:
    """An interval, in words' order: from, to."""
    return f"{decimal(low, places, language)}–{decimal(high, places, language)}"


def megabytes(size: int, language: Language) -> str:
    """A size in decimal units, with three digits that matter."""
    units = ("Б", "кБ", "МБ", "ГБ") if language == "ru" else ("B", "kB", "MB", "GB")
    value, unit = float(size), 0
    while value >= 999.5 and unit < len(units) - 1:
        value, unit = value / 1000, unit + 1
    places = 0 if unit == 0 or value >= 99.95 else 1
    return f"{decimal(value, places, language)}{FIXED}{units[unit]}"


def counted(number: int, ru: tuple[str, str, str], en: tuple[str, str], language: Language) -> str:
    """A number with the word that agrees: («снимок», «снимка», «снимков»), ("image", "images")."""
    if language == "en":
        word = en[0] if number == 1 else en[1]
    elif number % 10 == 1 and number % 100 != 11:
        word = ru[0]
    elif 2 <= number % 10 <= 4 and not 12 <= number % 100 <= 14:
        word = ru[1]
    else:
        word = ru[2]
    return f"{whole(number)}{FIXED}{word}"


def units(number: int, language: Language) -> str:
    return counted(number, ("единица", "единицы", "единиц"), ("unit", "units"), language)


def images(number: int, language: Language) -> str:
    return counted(number, ("снимок", "снимка", "снимков"), ("image", "images"), language)


def patients(number: int, language: Language) -> str:
    return counted(number, ("пациент", "пациента", "пациентов"), ("patient", "patients"), language)


def lesions(number: int, language: Language) -> str:
    return counted(number, ("очаг", "очага", "очагов"), ("lesion", "lesions"), language)


def day(moment: str, language: Language) -> str:
    """26 ноября 2026 г., 26 November 2026."""
    at = datetime.fromisoformat(moment)
    text = f"{at.day}{FIXED}{MONTHS[language][at.month - 1]} {at.year}"
    return f"{text}{FIXED}г." if language == "ru" else text

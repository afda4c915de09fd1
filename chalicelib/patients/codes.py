"""The patient code: the last 4 digits of the SNILS and the date of birth, DDMMYYYY.

It finds a patient and is kept nowhere; neither is the date of birth in it.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from chalicelib.patients.survey import OLDEST
from chalicelib.platform.language import Text

_DIGITS: Final = re.compile(r"[0-9]{12}")

_SHAPE: Final = Text(
    "Код пациента — 12 цифр: последние 4 цифры СНИЛС и дата рождения ДДММГГГГ, "
    "например 010229031975.",
    "A patient code is 12 digits: the last 4 of the SNILS and the date of birth as DDMMYYYY, "
    "for example 010229031975.",
)
_NO_SUCH_DAY: Final = Text(
    "Такой даты рождения нет в календаре. Проверьте последние 8 цифр кода (ДДММГГГГ).",
    "There is no such date of birth. Check the last 8 digits of the code (DDMMYYYY).",
)
_FUTURE: Final = Text(
    "Дата рождения в коде ещё не наступила. Проверьте последние 8 цифр кода (ДДММГГГГ).",
    "The date of birth in the code is in the future. Check its last 8 digits (DDMMYYYY).",
)
_TOO_OLD: Final = Text(
    f"По дате рождения в коде пациенту больше {OLDEST} лет. Проверьте последние 8 цифр кода.",
    f"By the date of birth in the code the patient is over {OLDEST}. Check its last 8 digits.",
)


class BadCode(ValueError):
    """What was typed is no patient code; `text` says what to do, and never quotes it."""

    def __init__(self, text: Text) -> None:
        super().__init__("not a patient code")
        self.text = text


@dataclass(frozen=True)
class PatientCode:
    """A code that can be right. Its parts are kept out of any representation."""

    digits: str = field(repr=False)
    born_on: date = field(repr=False)


def read_code(typed: str, today: date) -> PatientCode:
    """The code in what was typed; spaces around it do not matter, leading zeros do.

    Raises `BadCode` unless it is 12 ASCII digits that end in a date of birth at most 120 years ago.
    """
    digits = typed.strip()
    if not _DIGITS.fullmatch(digits):
        raise BadCode(_SHAPE)
    try:
        born_on = date(int(digits[8:]), int(digits[6:8]), int(digits[4:6]))
    except ValueError:
        raise BadCode(_NO_SUCH_DAY) from None
    if born_on > today:
        raise BadCode(_FUTURE)
    if completed_years(born_on, today) > OLDEST:
        raise BadCode(_TOO_OLD)
    return PatientCode(digits, born_on)


def completed_years(born_on: date, on: date) -> int:
    """Age in whole years on a day; negative before birth."""
    had_no_birthday_yet = (on.month, on.day) < (born_on.month, born_on.day)
    return on.year - born_on.year - had_no_birthday_yet

"""What in a survey cannot be, beside what is known of its patient's birth."""

from datetime import date
from typing import Final

from chalicelib.patients.codes import PatientCode, completed_years
from chalicelib.patients.survey import Survey
from chalicelib.platform.errors import NOT_YET
from chalicelib.platform.language import Text

AGE_TOLERANCE: Final = 1
"""Years by which the age told may differ from the age reckoned."""
_BEFORE_BIRTH: Final = Text(
    "Осмотр раньше даты рождения пациента. Проверьте дату осмотра и код пациента.",
    "The examination is before the patient's birth. Check its date and the patient code.",
)
_AGE: Final = Text(
    "Возраст не согласуется с датой рождения и датой осмотра. Проверьте возраст, дату и код.",
    "The age does not agree with the dates of birth and examination. Check age, date and code.",
)


def faults_by_code(survey: Survey, code: PatientCode, today: date) -> dict[str, Text]:
    """What in a new survey cannot be, by the date of birth in its code; a sentence for each field."""
    if survey.examined_on > today:
        return {"examined_on": NOT_YET}
    if survey.examined_on < code.born_on:
        return {"examined_on": _BEFORE_BIRTH}
    reckoned = completed_years(code.born_on, survey.examined_on)
    return {} if abs(survey.age - reckoned) <= AGE_TOLERANCE else {"age": _AGE}


def faults_by_year(survey: Survey, birth_year: int, today: date) -> dict[str, Text]:
    """What in a corrected survey cannot be; only the year of birth is kept, so it decides."""
    if survey.examined_on > today:
        return {"examined_on": NOT_YET}
    if survey.examined_on.year < birth_year:
        return {"examined_on": _BEFORE_BIRTH}
    turned = survey.examined_on.year - birth_year
    possible = range(turned - 1 - AGE_TOLERANCE, turned + AGE_TOLERANCE + 1)
    return {} if survey.age in possible else {"age": _AGE}

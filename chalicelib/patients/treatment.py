"""Treatments: what was done to a lesion, when, and what came of it."""

from datetime import date
from typing import Annotated, Any, Final

from pydantic import Field, field_validator

from chalicelib.patients.choices import Outcome, TreatmentKind
from chalicelib.platform.errors import NOT_YET
from chalicelib.platform.http.fields import Day, Form, correction_of, fault
from chalicelib.platform.language import Text

MAX_TREATMENTS: Final = 40
"""Of one lesion."""
MAX_AMENDMENTS: Final = 80
"""Corrections of one lesion's treatments. With surveys and theirs the item stays below 400 KB."""

_BEFORE_BIRTH: Final = Text(
    "Эта дата раньше года рождения пациента. Проверьте её.",
    "This date is before the year of the patient's birth. Check it.",
)
_NO_OUTCOME: Final = Text(
    "Укажите исход или уберите его дату.", "Give the outcome, or leave its date out."
)
_TOO_EARLY: Final = Text(
    "Исход не может быть раньше лечения. Проверьте обе даты.",
    "The outcome cannot be before the treatment. Check both dates.",
)


class Treatment(Form):
    """What was done to a lesion and, once it is known, what came of it."""

    what: Annotated[TreatmentKind, Field(description="What was done.")]
    done_on: Annotated[Day, Field(description="Day it was done, or began; not in the future.")]
    outcome: Annotated[Outcome | None, Field(description="What came of it, once known.")] = None
    outcome_on: Annotated[
        Day | None, Field(description="Day the outcome was seen, not before `done_on`.")
    ] = None
    note: Annotated[
        str | None,
        Field(max_length=500, description="In the doctor's own words; never exported."),
    ] = None

    @field_validator("outcome_on")
    @classmethod
    def _of_an_outcome(cls, day: date | None, info: Any) -> date | None:
        if day is None:
            return None
        if "outcome" in info.data and info.data["outcome"] is None:
            raise fault(_NO_OUTCOME)
        if "done_on" in info.data and day < info.data["done_on"]:
            raise fault(_TOO_EARLY)
        return day


def treatment_json(treatment: Treatment) -> dict[str, Any]:
    """A treatment as JSON values; what is not known is None."""
    return treatment.model_dump(mode="json", include=set(Treatment.model_fields))


def faults_of_days(treatment: Treatment, birth_year: int, today: date) -> dict[str, Text]:
    """Which days of a treatment cannot be, a sentence for each; of birth only the year is known."""
    faults: dict[str, Text] = {}
    for name in ("done_on", "outcome_on"):
        day: date | None = getattr(treatment, name)
        if day is not None and day > today:
            faults[name] = NOT_YET
        elif day is not None and day.year < birth_year:
            faults[name] = _BEFORE_BIRTH
    return faults


TreatmentCorrection: Final = correction_of(
    Treatment,
    "TreatmentCorrection",
    "Any of a treatment's fields; what is left out stays, null takes an answer back.",
)

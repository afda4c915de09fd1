"""What tells a doctor whether his clinic knows a patient code, and how often he may be told.

A code has few possible values, so whoever may try many of them can search for a person. A look-up
answers it, and so do the refusals of a survey: `same_person`, and a patient or lesion that belongs
to another code. All draw on one allowance. A survey that is simply entered tells nothing and is not
counted.
"""

from datetime import timedelta
from typing import Final

from chalicelib.people.model import Caller
from chalicelib.platform import limits
from chalicelib.platform.language import Text
from chalicelib.platform.runtime import Platform

LOOKUPS: Final = limits.Limit(
    what="patient_lookup",
    times=60,
    each=timedelta(hours=1),
    text=Text(
        "Слишком много поисков по коду за последний час. Повторите позже.",
        "Too many look-ups by code within an hour. Try again later.",
    ),
)


def count_disclosure(platform: Platform, caller: Caller) -> None:
    """Count one answer about a code. One call to AWS. Raises `TooMany` beyond `LOOKUPS`."""
    limits.count(platform.people, platform.clock, caller.account_id, LOOKUPS)

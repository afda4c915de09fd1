"""Accounts of patients: a login that the system makes up, and nothing else that could name a person."""

import re
from typing import Final

from chalicelib.people.logins import Logins
from chalicelib.people.model import Account, AccountState, Role
from chalicelib.people.store import PeopleStore
from chalicelib.platform.language import Text
from chalicelib.platform.runtime import Platform

PASSWORD_LENGTH: Final = 12
"""What the user pool asks of a password (`UserPool` in infra/resources.yaml); the pool has the last word."""
PASSWORD_PARTS: Final = tuple(
    map(re.compile, (r"[a-z]", r"[A-Z]", r"[0-9]", r"[\^$*.\[\]{}()?\"!@#%&/\\,><':;|_~`=+\-]"))
)
"""Cognito counts these signs as special ones and no others."""
WEAK: Final = Text(
    f"Пароль — не короче {PASSWORD_LENGTH} знаков, в нём есть строчная и заглавная латинские буквы, "
    "цифра и знак, например дефис.",
    f"A password has at least {PASSWORD_LENGTH} characters, among them a lower-case and a capital "
    "Latin letter, a digit and a sign, for example a hyphen.",
)
_GROUPS: Final = 3


def login_of(platform: Platform, patient_id: str) -> str:
    """The login that belongs to a patient: 60 bits that only this system can derive, so that it is found
    again when nothing else of him is left. No letters that look alike."""
    letters = platform.ids.derived("login", patient_id).translate(_CLEAR)
    groups = (letters[start : start + 4] for start in range(0, 4 * _GROUPS, 4))
    return "m-" + "-".join(groups)


_CLEAR: Final = str.maketrans("lo", "89")
"""An id has the letters a to z and the digits 2 to 7."""


def is_strong(password: str) -> bool:
    """Whether the user pool will take a password, as far as its policy says."""
    long_enough = PASSWORD_LENGTH <= len(password) <= 256
    return long_enough and all(part.search(password) for part in PASSWORD_PARTS)


def open_patient_account(
    platform: Platform, *, patient_id: str, clinic_id: str, login: str, password: str
) -> Account:
    """The open account of a patient with this login and password, made now or before.

    May be done again. Three calls to AWS. Raises `WeakPassword`.
    """
    store, logins = PeopleStore(platform.people), Logins(platform)
    # Replaced at once; it only keeps everybody out until then.
    made = logins.make(login, "R1-" + platform.ids.new())
    logins.set_password(login, password, permanent=True)
    return store.open_account(
        Account(
            account_id=made.account_id,
            login=login,
            role=Role.PATIENT,
            clinic_id=clinic_id,
            state=AccountState.OPEN,
            opened_at=platform.clock.now(),
            patient_id=patient_id,
            opened_by=platform.ids.derived("patient_account", login),
        )
    )


def find_patient_account(platform: Platform, login: str) -> Account | None:
    """The account of a login, open or closed; None where there is none. At most two calls to AWS."""
    account_id = Logins(platform).find(login)
    return PeopleStore(platform.people).account(account_id) if account_id else None


def remove_patient_account(platform: Platform, account_id: str, login: str) -> None:
    """Remove a patient's account and its login for good; may be done again.

    The account goes first: whoever is signed in is refused from then on.
    """
    PeopleStore(platform.people).remove(account_id)
    if login:
        Logins(platform).delete(login)

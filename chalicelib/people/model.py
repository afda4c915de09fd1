"""Who people are to the platform: roles, the state of an account, and the caller of a request."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto
from typing import Final

from chalicelib.platform.language import Text


class Role(StrEnum):
    DOCTOR = auto()
    EXPERT = auto()
    SENIOR_EXPERT = auto()
    CURATOR = auto()
    VENDOR = auto()
    PATIENT = auto()
    ADMIN = auto()


READERS = frozenset({Role.EXPERT, Role.SENIOR_EXPERT})
CLINICAL = frozenset({Role.DOCTOR})
"""Roles that belong to a clinic and see its patients."""
STAFF = frozenset(Role) - {Role.PATIENT}
"""Roles an administrator gives. A patient's account is opened with a code from his doctor."""
LOGIN: Final = re.compile(r"[a-z0-9][a-z0-9._-]{2,31}")
"""What a login looks like: no room for a name in full, none for an e-mail address."""
HAND_SIZE: Final = 20
"""How many cases a reader holds at once, unless his account says otherwise."""


class AccountState(StrEnum):
    OPEN = auto()
    CLOSED = auto()


class Reach(StrEnum):
    """Which objects of a route a role may act on: the relation it needs to them."""

    ANY = auto()
    OWN_CLINIC = auto()
    OWN = auto()
    """Only what is the caller's own: his hand, his account."""


@dataclass(frozen=True)
class Caller:
    """An admitted person, as the authorizer knows him, with the reach of his role on this route."""

    account_id: str
    role: Role
    clinic_id: str
    reach: Reach
    patient_id: str = ""
    """Whose account it is, of a patient's; empty for everybody else."""

    def reaches_clinic(self, clinic_id: str) -> bool:
        """Whether an object of this clinic is within reach."""
        return self.reach is Reach.ANY or (
            self.reach is Reach.OWN_CLINIC and clinic_id == self.clinic_id != ""
        )


@dataclass(frozen=True)
class Clinic:
    clinic_id: str
    name: Text
    city: str
    closed: bool = False
    """Its doctors are refused, nobody is referred to it, and no account is given it."""
    writer: str = ""
    """The token of the last write, by which a change knows that none came between."""


@dataclass(frozen=True)
class Account:
    """One person's account. No name is kept: the login is all that others see."""

    account_id: str
    """The `sub` of his tokens."""
    login: str
    role: Role
    clinic_id: str
    """Empty for people of no clinic."""
    state: AccountState
    opened_at: datetime
    valid_after: datetime | None = None
    """Who signed in before this moment has to sign in again."""
    qualified_since: int | None = None
    """The year in which he began to practise."""
    hand_size: int = HAND_SIZE
    protocol: int = 0
    """Of a reader: the newest version of the labelling protocol that he has accepted."""
    planned_readings: int | None = None
    """Of a reader: how much he is to read, as the curator plans it."""
    paused_because: str | None = None
    """Of a reader whom the curator gives no new cases for a while: why."""
    patient_id: str = ""
    """Of a patient's account: who he is among the clinic's patients. A patient merged since forwards."""
    opened_by: str = ""
    """The request that opened the account; a repetition of it is known by this."""
    writer: str = ""
    """The token of the last write, by which a change knows that none came between."""

    @property
    def is_open(self) -> bool:
        return self.state is AccountState.OPEN

    def is_qualified(self, year: int, more_than: int) -> bool:
        """Whether he has practised for more than so many years."""
        return self.qualified_since is not None and year - self.qualified_since > more_than

    @property
    def administers(self) -> bool:
        return self.is_open and self.role is Role.ADMIN

    def admits(self, sign_in_began: datetime) -> bool:
        """Whether a session that began then may go on."""
        return self.is_open and (self.valid_after is None or sign_in_began >= self.valid_after)


def takes_away(before: Account, after: Account) -> bool:
    """Whether a change takes any right from the person, so that his sessions must end.

    Of all changes of role only one gives and takes nothing: an expert who becomes a senior one.
    """
    raised = (before.role, after.role) == (Role.EXPERT, Role.SENIOR_EXPERT)
    return (
        (before.is_open and not after.is_open)
        or (before.role is not after.role and not raised)
        or before.clinic_id != after.clinic_id
    )

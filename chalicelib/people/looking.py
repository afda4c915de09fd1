"""What an administrator sees of accounts: lists of them, and one with its login."""

from dataclasses import dataclass
from typing import Final

from chalicelib.people import service
from chalicelib.people.logins import Logins, Standing
from chalicelib.people.model import Account, AccountState, Clinic, Role
from chalicelib.people.store import PeopleStore
from chalicelib.platform.runtime import Platform
from chalicelib.platform.table import Item

ROLE_ORDER: Final = tuple(Role)
"""The order in which a list of all accounts walks through the roles."""
MOST_READS: Final = 2 * len(ROLE_ORDER)
"""Queries for one page of them: each role's list, and as many again where few of it are wanted."""


@dataclass(frozen=True)
class Seen:
    """An account as an administrator sees it."""

    account: Account
    clinic: Clinic | None
    login: Standing | None


def look_at_account(platform: Platform, account_id: str) -> Seen:
    """An account with its clinic and what the pool says of its login. Three calls at most.

    Raises `NotFound`.
    """
    account = service.view_account(platform, account_id)
    clinic = service.view_clinic(platform, account.clinic_id) if account.clinic_id else None
    return Seen(account, clinic, Logins(platform).standing(account.login))


def list_accounts(
    platform: Platform,
    *,
    role: Role | None,
    limit: int,
    after: Item | None,
    clinic_id: str | None = None,
    state: AccountState | None = None,
) -> tuple[list[Account], Item | None]:
    """A page of the accounts of one role, or of all of them role by role; and where to go on.

    Of one clinic or state alone, `MOST_READS` queries are made at most, so a page may be short, or
    empty, and have another after it.
    """
    store = PeopleStore(platform.people)
    place = after or {"role": (role or ROLE_ORDER[0]).value}
    found: list[Account] = []
    for _ in range(MOST_READS):
        here = Role(place["role"])
        accounts, last = store.accounts_of(here, limit=limit - len(found), start=place.get("from"))
        found += [
            account
            for account in accounts
            if clinic_id in (None, account.clinic_id) and state in (None, account.state)
        ]
        later = ROLE_ORDER[ROLE_ORDER.index(here) + 1 :]
        if last is not None:
            place = {"role": here.value, "from": last}
        elif role is None and later:
            place = {"role": later[0].value}
        else:
            return found, None
        if len(found) >= limit:
            break
    return found, place

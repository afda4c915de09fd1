"""Readers among the accounts: who may be given cases, by which protocol, and how many."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from chalicelib.people.model import READERS, Account
from chalicelib.people.store import PeopleStore
from chalicelib.platform.errors import NotFound
from chalicelib.platform.runtime import Platform
from chalicelib.platform.table import ConditionFailed

ATTEMPTS: Final = 5


def readers(platform: Platform) -> list[Account]:
    """Every open account of a reader. One query a role."""
    store = PeopleStore(platform.people)
    accounts = (account for role in sorted(READERS) for account in store.every_account_of(role))
    return [account for account in accounts if account.is_open]


def reader(platform: Platform, account_id: str) -> Account:
    """The open account of a reader. Raises `NotFound`."""
    account = PeopleStore(platform.people).account(account_id)
    if account is None or not account.is_open or account.role not in READERS:
        raise NotFound
    return account


def accept_protocol(platform: Platform, account_id: str, version: int) -> Account:
    """Note that a reader has read and accepted a version of the labelling protocol."""
    return _changed(platform, account_id, lambda a: replace(a, protocol=max(a.protocol, version)))


def plan(
    platform: Platform, account_id: str, *, planned: int | None, paused_because: str | None
) -> Account:
    """Set how much a reader is to read, and whether he is given cases. Raises `NotFound`."""
    return _changed(
        platform,
        account_id,
        lambda a: replace(a, planned_readings=planned, paused_because=paused_because),
    )


def _changed(platform: Platform, account_id: str, change: Callable[[Account], Account]) -> Account:
    for _ in range(ATTEMPTS):
        account = reader(platform, account_id)
        try:
            return PeopleStore(platform.people).save(account, change(account))
        except ConditionFailed:
            continue
    raise ConditionFailed(None)

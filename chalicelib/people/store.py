"""Accounts and clinics in the `people` table."""

from dataclasses import dataclass
from typing import Any, Final

from boto3.dynamodb.conditions import Attr
from boto3.dynamodb.conditions import Key as Where

from chalicelib.people.model import HAND_SIZE, Account, AccountState, Clinic, Role
from chalicelib.platform import keys
from chalicelib.platform.clock import moment, timestamp
from chalicelib.platform.language import Text
from chalicelib.platform.table import Change, ConditionFailed, Item, Table

INDEX: Final = "listing"
ATTEMPTS: Final = 5


class LoginTaken(Exception):
    """The account exists and another request opened it."""


class OtherRequest(Exception):
    """A request of this id asked for something else before."""


class LastAdministrator(Exception):
    """Nobody would be left who may open an account."""


@dataclass(frozen=True)
class PeopleStore:
    """Reads and writes accounts, clinics and the roster of administrators."""

    table: Table

    def account(self, account_id: str) -> Account | None:
        item = self.table.get(keys.account(account_id))
        return read_account(item) if item else None

    def remember_request(self, request_id: str, fingerprint: str) -> None:
        """Note what a request asks for, before anything is done. Raises `OtherRequest`."""
        try:
            self.table.insert(keys.opening(request_id), {"fingerprint": fingerprint})
        except ConditionFailed as error:
            if error.found is None or error.found["fingerprint"] != fingerprint:
                raise OtherRequest from None

    def open_account(self, account: Account) -> Account:
        """Put a new account, or answer the one this same request put. Raises `LoginTaken`."""
        try:
            item = self.table.insert(keys.account(account.account_id), _written(account))
        except ConditionFailed as error:
            if error.found is None or error.found["opened_by"] != account.opened_by:
                raise LoginTaken from None
            item = error.found
        return read_account(item)

    def remove(self, account_id: str) -> None:
        """Take an account out of the table; its tokens admit to nothing from then on."""
        self.table.delete(keys.account(account_id))

    def save(self, before: Account, after: Account) -> Account:
        """Write what changed. Raises `ConditionFailed` when `before` no longer stands there."""
        old, new = _written(before), _written(after)
        changed = {name: value for name, value in new.items() if old.get(name) != value}
        gone = sorted(set(old) - set(new))
        if not changed and not gone:
            return before
        item = self.table.update(
            keys.account(before.account_id),
            Change(set=changed, remove=gone),
            when=Attr("writer").eq(before.writer),
        )
        return read_account(item)

    def accounts_of(
        self, role: Role, *, limit: int, start: Item | None
    ) -> tuple[list[Account], Item | None]:
        """A page of one role's accounts by login, open and closed; and where to go on."""
        page = self.table.query(_listed(f"role#{role}"), index=INDEX, limit=limit, start=start)
        return [read_account(item) for item in page.items], page.last

    def every_account_of(self, role: Role) -> list[Account]:
        items = self.table.query_all(_listed(f"role#{role}"), index=INDEX)
        return [read_account(item) for item in items]

    def clinic(self, clinic_id: str) -> Clinic | None:
        item = self.table.get(keys.clinic(clinic_id))
        return _read_clinic(item) if item else None

    def open_clinic(self, clinic: Clinic) -> Clinic:
        """Put a new clinic, or answer the same one put before, as it is by now. Raises `OtherRequest`."""
        asked = {"name": clinic.name._asdict(), "city": clinic.city}
        try:
            item = self.table.insert(
                keys.clinic(clinic.clinic_id), {**_written_clinic(clinic), "asked": asked}
            )
        except ConditionFailed as error:
            there = error.found or {}
            if there.get("asked", {name: there.get(name) for name in asked}) != asked:
                raise OtherRequest from None
            item = there
        return _read_clinic(item)

    def save_clinic(self, before: Clinic, after: Clinic) -> Clinic:
        """Write a clinic over what was seen. Raises `ConditionFailed` when that no longer stands there."""
        if before == after:
            return before
        change = Change(set=_written_clinic(after), remove=() if after.closed else ("closed",))
        key = keys.clinic(before.clinic_id)
        return _read_clinic(self.table.update(key, change, when=Attr("writer").eq(before.writer)))

    def clinics(self, *, limit: int, start: Item | None) -> tuple[list[Clinic], Item | None]:
        """A page of the clinics by city and name; and where to go on."""
        page = self.table.query(_listed("clinics"), index=INDEX, limit=limit, start=start)
        return [_read_clinic(item) for item in page.items], page.last

    def join_administrators(self, account_id: str) -> None:
        """Enter an administrator into the roster, after his account says that he is one."""
        self.table.update(keys.administrators(), Change(add={"members": {account_id}}), when=None)

    def leave_administrators(self, account_id: str) -> None:
        """Strike one out, before his account says that he is none. Raises `LastAdministrator`.

        One item decides, so that of two administrators who close each other only one succeeds. A
        crash between roster and account leaves the roster the shorter one, which errs to refusal.
        """
        key = keys.administrators()
        for _ in range(ATTEMPTS):
            members = (self.table.get(key) or {}).get("members", set())
            others = members - {account_id}
            if not others:
                raise LastAdministrator
            if others == members:
                return
            try:
                self.table.update(
                    key, Change(set={"members": others}), when=Attr("members").eq(members)
                )
            except ConditionFailed:
                continue
            return
        raise LastAdministrator


def _listed(listing: str) -> Any:
    return Where("listing").eq(listing)


def _written(account: Account) -> Item:
    values: Item = {
        "account_id": account.account_id,
        "login": account.login,
        "role": account.role.value,
        "clinic_id": account.clinic_id,
        "state": account.state.value,
        "opened_at": timestamp(account.opened_at),
        "valid_after": timestamp(account.valid_after) if account.valid_after else None,
        "qualified_since": account.qualified_since,
        "hand_size": account.hand_size,
        "protocol": account.protocol or None,
        "planned_readings": account.planned_readings,
        "paused_because": account.paused_because,
        "patient_id": account.patient_id or None,
        "opened_by": account.opened_by,
        "listing": f"role#{account.role}",
        "listing_order": account.login,
    }
    return {name: value for name, value in values.items() if value is not None}


def read_account(item: Item) -> Account:
    """The account in an item of the table."""
    valid_after = item.get("valid_after")
    return Account(
        account_id=item["account_id"],
        login=item["login"],
        role=Role(item["role"]),
        clinic_id=item["clinic_id"],
        state=AccountState(item["state"]),
        opened_at=moment(item["opened_at"]),
        valid_after=moment(valid_after) if valid_after else None,
        qualified_since=item.get("qualified_since"),
        hand_size=item.get("hand_size", HAND_SIZE),
        protocol=item.get("protocol", 0),
        planned_readings=item.get("planned_readings"),
        paused_because=item.get("paused_because"),
        patient_id=item.get("patient_id", ""),
        opened_by=item["opened_by"],
        writer=item["writer"],
    )


def _written_clinic(clinic: Clinic) -> Item:
    values: Item = {
        "clinic_id": clinic.clinic_id,
        "name": clinic.name._asdict(),
        "city": clinic.city,
        "listing": "clinics",
        "listing_order": f"{clinic.city}#{clinic.name.ru}#{clinic.clinic_id}",
    }
    return values | ({"closed": True} if clinic.closed else {})


def _read_clinic(item: Item) -> Clinic:
    return Clinic(
        clinic_id=item["clinic_id"],
        name=Text(**item["name"]),
        city=item["city"],
        closed=item.get("closed", False),
        writer=item["writer"],
    )

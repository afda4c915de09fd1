"""Grants: who may fetch a controlled dataset, for what, until when. A secret is told once and kept as a hash."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from boto3.dynamodb.conditions import Attr

from chalicelib.platform import keys
from chalicelib.platform.clock import moment, timestamp
from chalicelib.platform.ids import Ids
from chalicelib.platform.table import PRESENT, Change, ConditionFailed, Item, Table

MOST: Final = 500
"""Grants of one dataset; their ids stand on its item."""


@dataclass(frozen=True, kw_only=True)
class Grant:
    """A recipient's leave to fetch one dataset."""

    grant_id: str
    code: str
    recipient: str
    purpose: str
    expires_on: date
    created_at: datetime
    created_by: str
    secret_hash: str
    fingerprint: str
    revoked_at: datetime | None = None

    def admits(self, secret: str, code: str, today: date) -> bool:
        """Whether whoever shows this secret may fetch this dataset today."""
        right = hmac.compare_digest(hash_of(secret), self.secret_hash)
        return right and self.code == code and self.revoked_at is None and today <= self.expires_on


def secret_of(ids: Ids, grant_id: str) -> str:
    """The secret of a grant: 32 bytes that follow from its id and the system's signing key, so that a
    repeated request is told the same."""
    return base64.urlsafe_b64encode(ids.digest("grant-secret", grant_id)).decode().rstrip("=")


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def parts_of(token: str) -> tuple[str, str]:
    """Id and secret of what a researcher shows: `<grant id>.<secret>`."""
    grant_id, _, secret = token.partition(".")
    return grant_id, secret


@dataclass(frozen=True)
class GrantStore:
    """Grants in the `catalogue` table; which a dataset has stands on its item."""

    table: Table

    def get(self, grant_id: str) -> Grant | None:
        item = self.table.get(keys.grant(grant_id))
        return _read(item) if item else None

    def ids_of(self, code: str) -> list[str]:
        item = self.table.get(keys.dataset(code))
        return sorted(item.get("grants", ())) if item else []

    def several(self, grant_ids: Sequence[str]) -> list[Grant]:
        found = self.table.get_many([keys.grant(each) for each in grant_ids])
        return [_read(item) for item in found]

    def create(self, grant: Grant) -> Grant | None:
        """Put a grant, and its id on its dataset; the one that is there for a repetition.

        None when the dataset has as many as it may have.
        """
        item: dict[str, Any] = {
            "grant_id": grant.grant_id,
            "code": grant.code,
            "recipient": grant.recipient,
            "purpose": grant.purpose,
            "expires_on": grant.expires_on.isoformat(),
            "created_at": timestamp(grant.created_at),
            "created_by": grant.created_by,
            "secret_hash": grant.secret_hash,
            "fingerprint": grant.fingerprint,
        }
        try:
            there = _read(self.table.insert(keys.grant(grant.grant_id), item))
        except ConditionFailed as error:
            if error.found is None:
                raise
            there = _read(error.found)
        if there.fingerprint == grant.fingerprint:
            room = Attr("grants").not_exists() | Attr("grants").size().lt(MOST)
            room |= Attr("grants").contains(grant.grant_id)
            try:
                change = Change(add={"grants": {grant.grant_id}})
                self.table.update(keys.dataset(grant.code), change, when=PRESENT & room)
            except ConditionFailed:
                return None
        return there

    def revoke(self, grant_id: str, code: str, *, now: datetime) -> bool:
        """End a grant; whether there is such a one. Doing it again changes nothing."""
        change = Change(set_once={"revoked_at": timestamp(now)})
        try:
            self.table.update(keys.grant(grant_id), change, when=Attr("code").eq(code))
        except ConditionFailed:
            return False
        return True


def _read(item: Item) -> Grant:
    return Grant(
        grant_id=item["grant_id"],
        code=item["code"],
        recipient=item["recipient"],
        purpose=item["purpose"],
        expires_on=date.fromisoformat(item["expires_on"]),
        created_at=moment(item["created_at"]),
        created_by=item["created_by"],
        secret_hash=item["secret_hash"],
        fingerprint=item["fingerprint"],
        revoked_at=moment(item["revoked_at"]) if "revoked_at" in item else None,
    )

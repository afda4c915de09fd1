"""Referrals in the lists of clinics: small entries that say whose patient to look at.

What a referral says, and whether it opens anything, stands on the patient alone; an entry that the
patient does not confirm shows nothing. Entries are written before the patient and tidied up after
him. The one that arrives at the other clinic is held due until everything has followed.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto
from typing import Any, Final

from boto3.dynamodb.conditions import Attr
from boto3.dynamodb.conditions import Key as Where

from chalicelib.patients.referral import Referral
from chalicelib.platform import keys
from chalicelib.platform.clock import timestamp
from chalicelib.platform.due import ATTRIBUTES as DUE
from chalicelib.platform.due import due
from chalicelib.platform.table import PRESENT, Change, ConditionFailed, Item, Page, Table


class EntryList(StrEnum):
    """The list in which an entry stands."""

    INCOMING = auto()
    OUTGOING = auto()
    LISTED = auto()
    """The other clinic's list of patients, while the referral is accepted."""


class OtherRequest(Exception):
    """Another request has made a referral of this id."""


@dataclass(frozen=True)
class Entry:
    """The entry of a referral among those that a clinic received."""

    referral_id: str
    patient_id: str
    from_clinic: str
    to_clinic: str
    writer: str
    """The token of its last write: what was seen to be done is noted only if none came after."""


_COPIED: Final = ("referral_id", "patient_id", "from_clinic", "to_clinic")


@dataclass(frozen=True)
class ReferralStore:
    """Reads, writes and removes the entries of referrals."""

    table: Table

    def enter(self, referral: Referral, patient_id: str) -> None:
        """Put a new referral into both clinics' lists; doing it again changes nothing. Two calls.

        Raises `OtherRequest` when its id was used for another one.
        """
        for name, clinic in (
            (EntryList.INCOMING, referral.to_clinic),
            (EntryList.OUTGOING, referral.from_clinic),
        ):
            key = keys.referral(referral.referral_id, name)
            order = f"{timestamp(referral.offered_at)}#{referral.referral_id}"
            item: dict[str, Any] = _entry(referral, patient_id) | {
                "fingerprint": referral.fingerprint,
                "clinic_id": _list_of(name, clinic),
                "clinic_order": order,
            }
            if name is EntryList.INCOMING:
                item |= due(key, referral.expires_at)
            try:
                self.table.insert(key, item)
            except ConditionFailed as refusal:
                if (refusal.found or {}).get("fingerprint") != referral.fingerprint:
                    raise OtherRequest from None

    def hold(self, referral_id: str, *, clinic_id: str, until: datetime) -> Entry | None:
        """Hold a referral of this clinic, in or out, due while it takes a step. One call.

        None where there is none, or it is other clinics'.
        """
        key = keys.referral(referral_id, EntryList.INCOMING)
        ours = Attr("to_clinic").eq(clinic_id) | Attr("from_clinic").eq(clinic_id)
        try:
            return read_entry(self.table.update(key, Change(set=due(key, until)), when=ours))
        except ConditionFailed:
            return None

    def settle(self, entry: Entry, due_at: datetime | None) -> None:
        """Everything has followed: look again at `due_at`, or never. Nothing happens when another
        step has begun."""
        key = keys.referral(entry.referral_id, EntryList.INCOMING)
        change = Change(set=due(key, due_at)) if due_at else Change(remove=DUE)
        with suppress(ConditionFailed):
            self.table.update(key, change, when=PRESENT & Attr("writer").eq(entry.writer))

    def list_patient(self, referral: Referral, patient_id: str) -> None:
        """Let the other clinic's list of patients show who was referred."""
        accepted = timestamp(referral.history[-1].at)
        values = _entry(referral, patient_id) | {
            "clinic_id": referral.to_clinic,
            "clinic_order": f"{accepted[:10]}#{accepted}#{referral.referral_id}",
        }
        key = keys.referral(referral.referral_id, EntryList.LISTED)
        self.table.update(key, Change(set=values), when=None)

    def unlist_patient(self, referral_id: str) -> None:
        self.table.delete(keys.referral(referral_id, EntryList.LISTED))

    def remove(self, referral_id: str) -> None:
        """Take a referral out of every list; doing it again changes nothing."""
        for name in EntryList:
            self.table.delete(keys.referral(referral_id, name))

    def refile(self, item: Item, *, was: str, patient_id: str) -> None:
        """Let an entry of the patient `was` lead to whom he was merged into."""
        change = Change(set={"patient_id": patient_id})
        with suppress(ConditionFailed):
            self.table.update((item["pk"], item["sk"]), change, when=Attr("patient_id").eq(was))

    def page(self, name: EntryList, clinic_id: str, *, limit: int, start: Item | None) -> Page:
        """A page of the referrals that a clinic received or made, the latest first."""
        where = Where("clinic_id").eq(_list_of(name, clinic_id))
        return self.table.query(
            where, index="by_clinic", limit=limit, start=start, newest_first=True
        )


def _entry(referral: Referral, patient_id: str) -> dict[str, Any]:
    """What every entry has; in the index `by_patient` a merge and an erasure find it."""
    values = (referral.referral_id, patient_id, referral.from_clinic, referral.to_clinic)
    order = f"referral#{timestamp(referral.offered_at)}#{referral.referral_id}"
    return dict(zip(_COPIED, values, strict=True)) | {"patient_order": order}


def _list_of(name: EntryList, clinic_id: str) -> str:
    """The index partition of a clinic's list; no clinic has such an id."""
    return f"{name.value}#{clinic_id}"


def read_entry(item: Item) -> Entry:
    return Entry(**{name: item[name] for name in (*_COPIED, "writer")})


def is_entry(item: Item) -> bool:
    """Whether an item is an entry of a referral."""
    return item["sk"] in set(EntryList)

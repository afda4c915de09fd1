"""One-time codes as they are stored: on the patient which one is good, and beside it whose a code is.

The patient's item decides. A code's own item, in the table of people, only finds him, and goes by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from boto3.dynamodb.conditions import Attr

from chalicelib.access.model import Used, used_item
from chalicelib.patients.forwarding import BeingMerged, current, merged_into
from chalicelib.patients.items import read_patient
from chalicelib.patients.model import ConsentWithdrawn, Patient
from chalicelib.platform import keys
from chalicelib.platform.clock import moment, timestamp
from chalicelib.platform.runtime import Platform
from chalicelib.platform.table import Change, ConditionFailed, Item

_KEPT: Final = timedelta(days=1)
"""For so long after its end the item of a code may still answer a repetition."""
POINTER: Final = frozenset({"patient_id", "issued_at", "until", "expires_at"})
"""What the item of a code holds."""
_WRITABLE: Final = (
    Attr("consent").exists() & Attr("frozen").not_exists() & Attr("merged_into").not_exists()
)


class OtherCode(Exception):
    """The code belongs to another patient: its Idempotency-Key was used before."""


@dataclass(frozen=True)
class Pointer:
    """Whose a code is, when it was given, and until when it is good."""

    patient_id: str
    issued_at: datetime
    until: datetime
    repeated: bool = False
    """Whether the code was noted before this request."""


@dataclass(frozen=True)
class Found:
    """A patient with his `access` as it stands."""

    patient: Patient
    access: Mapping[str, Any]


@dataclass(frozen=True)
class AccessStore:
    """Gives codes, finds whose they are, and uses them up."""

    platform: Platform

    def point(self, mac: str, pointer: Pointer) -> Pointer:
        """Note whose a code is; of a repetition, as it was noted first. Raises `OtherCode`."""
        item = {
            "patient_id": pointer.patient_id,
            "issued_at": timestamp(pointer.issued_at),
            "until": timestamp(pointer.until),
            "expires_at": int((pointer.until + _KEPT).timestamp()),
        }
        try:
            self.platform.people.insert(keys.access(mac), item)
        except ConditionFailed as refusal:
            first = _pointer(refusal.found or {})
            if first.patient_id != pointer.patient_id:
                raise OtherCode from None
            return replace(first, repeated=True)
        return pointer

    def give(self, mac: str, pointer: Pointer, *, by: str) -> None:
        """Let this be its patient's good code. A repetition changes nothing where a newer code has taken its
        place, or it was used.

        Raises `BeingMerged`, and `ConsentWithdrawn` for a patient who is no more.
        """
        issued = timestamp(pointer.issued_at)
        when = _WRITABLE
        if pointer.repeated:
            when &= Attr("access").not_exists() | Attr("access.issued_at").lt(issued)
        access = {"code": mac, "issued_at": issued, "until": timestamp(pointer.until), "by": by}
        change = Change(set={"access": access})
        try:
            self.platform.cases.update(keys.patient(pointer.patient_id), change, when=when)
        except ConditionFailed as refusal:
            if merged_into(refusal.found) is not None:
                raise BeingMerged from None  # this moment: the doctor asks again
            if "consent" not in (refusal.found or {}):
                raise ConsentWithdrawn from None

    def find(self, mac: str, *, otherwise: str) -> Found | None:
        """The patient whose code this is. Two calls, also for a code that is nobody's: then the patient
        `otherwise`, who does not exist, is looked for."""
        item = self.platform.people.get(keys.access(mac))
        pointer = _pointer(item) if item else None
        named = pointer.patient_id if pointer else otherwise
        found = current(self.platform.cases, keys.patient, named)
        if pointer is None or found is None or "consent" not in found or "import_id" in found:
            return None
        return Found(read_patient(found), found.get("access", {}))

    def use(self, found: Found, used: Used) -> bool:
        """Use up the good code, and note the login on the patient as his only one; whether this call did.

        Raises `BeingMerged` for a moment.
        """
        patient = found.patient
        logins = {used.login: timestamp(patient.logins.get(used.login, used.at))}
        access = {**used_item(used), "issued_at": found.access["issued_at"]}
        same = Attr("access.code").eq(used.mac) & Attr("revision").eq(patient.revision)
        change = Change(set={"access": access, "logins": logins}, add={"revision": 1})
        try:
            self.platform.cases.update(
                keys.patient(patient.patient_id), change, when=_WRITABLE & same
            )
        except ConditionFailed as refusal:
            merged_into(refusal.found)
            return False
        return True

    def give_back(self, found: Found, used: Used) -> None:
        """The password was none that the pool takes: the code is good again."""
        change = Change(set={"access": dict(found.access)})
        when = _WRITABLE & Attr("access.used").eq(used.mac)
        try:
            self.platform.cases.update(keys.patient(found.patient.patient_id), change, when=when)
        except ConditionFailed:
            return  # he is being merged, or gone: his doctor gives another code


def _pointer(item: Item) -> Pointer:
    return Pointer(item["patient_id"], moment(item["issued_at"]), moment(item["until"]))

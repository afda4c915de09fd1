"""Patients in the `cases` table: one item each, one conditional write a step."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from boto3.dynamodb.conditions import Attr
from boto3.dynamodb.conditions import Key as Where

from chalicelib.patients.forwarding import BeingMerged, current, merged_into
from chalicelib.patients.items import (
    clinic_order,
    consent_item,
    patient_change,
    read_lesion,
    read_patient,
    read_standing,
)
from chalicelib.patients.model import (
    ConsentWithdrawn,
    Lesion,
    Patient,
    Standing,
    Visit,
    Withdrawal,
)
from chalicelib.platform import keys
from chalicelib.platform.clock import timestamp
from chalicelib.platform.due import due
from chalicelib.platform.errors import NotFound
from chalicelib.platform.table import ABSENT, Change, ConditionFailed, Item, Page, Table
from chalicelib.platform.tombstones import kept, strip

_WRITABLE: Final = Attr("frozen").not_exists() & Attr("merged_into").not_exists()

ATTEMPTS: Final = 8
"""How often a change is tried again on what another writer left."""
TOMBSTONE: Final = frozenset({"patient_id", "clinic_id", "withdrawn_at", "erased_at"})
"""What stays of a patient in the end."""


class Contended(Exception):
    """Others changed the same item all the time; nothing was written."""


@dataclass(frozen=True)
class PatientStore:
    """Reads patients and writes what visits say about them."""

    table: Table

    def get(self, patient_id: str) -> Patient | None:
        """The patient of this id; of a merged one, whom he was merged into. None also for one who
        took the consent back, and for one who came with an import: he is nobody's patient here."""
        item = current(self.table, keys.patient, patient_id)
        return _known(item)

    def agreeing(self, patient_id: str, *, reaches: Callable[[str], bool]) -> Patient:
        """The patient of this id, whose consent stands; of a merged one, whom he was merged into. One call.

        `reaches` says whether a clinic is within reach. Raises `NotFound`, and `ConsentWithdrawn` for one who
        took the consent back.
        """
        item = current(self.table, keys.patient, patient_id)
        if item is None or not reaches(item.get("clinic_id", "")):
            raise NotFound
        if "withdrawn_at" in item:
            raise ConsentWithdrawn
        patient = _known(item)
        if patient is None:
            raise NotFound
        return patient

    def several(self, patient_ids: Iterable[str]) -> dict[str, Patient]:
        """Those of the patients whom `get` has, by the ids asked for. One call for a hundred, and
        more for merged ones."""
        ids = list(dict.fromkeys(patient_ids))
        items = self.table.get_many([keys.patient(patient_id) for patient_id in ids])
        by_key = {item["pk"]: item for item in items}
        found: dict[str, Patient] = {}
        for patient_id in ids:
            item = by_key.get(keys.patient(patient_id)[0])
            merged = item is not None and "merged_into" in item
            patient = self.get(patient_id) if merged else _known(item)
            if patient is not None:
                found[patient_id] = patient
        return found

    def standing(self, patient_id: str) -> Standing | None:
        """Whose a patient is and whether he took the consent back; None where there is none.

        Of a merged one, whom he was merged into.
        """
        item = current(self.table, keys.patient, patient_id)
        return read_standing(item) if item else None

    def withdraw(self, patient_id: str, *, by: Withdrawal, due_at: datetime) -> Standing | None:
        """Note that the consent was taken back, and drop all that was known but the codes, which
        the register still knows him by, the logins of his accounts, and who was merged into him. Done already, it stays as it
        was first done.

        Returns how he stands then; None where there is no such patient. Raises `BeingMerged` for a
        moment.
        """
        key = keys.patient(patient_id)

        def tombstone(item: Item) -> Item:
            if "withdrawn_at" in item:
                return item
            if "merging" in item:
                raise BeingMerged
            return kept(item, TOMBSTONE | {"codes", "absorbed", "logins"}) | {
                "withdrawn_at": timestamp(by.at),
                "withdrawn_by": by.account_id,
                "withdrawn_as": by.role,
                **due(key, due_at),
            }

        before = strip(self.table, key, tombstone)
        return read_standing(tombstone(before)) if before else None

    def look_again(self, patient_id: str, due_at: datetime) -> None:
        """Give an erasure that goes on another deadline."""
        key = keys.patient(patient_id)
        gone = Attr("withdrawn_at").exists()
        self.table.update(key, Change(set=due(key, due_at)), when=gone)

    def settle(self, patient_id: str, erased_at: datetime) -> None:
        """Nothing is left of the patient but his tombstone, and nothing to do for it."""
        values = {"erased_at": timestamp(erased_at)}
        strip(self.table, keys.patient(patient_id), lambda item: kept(item, TOMBSTONE) | values)

    def visit(self, visit: Visit) -> Patient:
        """Write a visit into its patient, who is made if need be; doing it again changes nothing.

        One call, unless the visit is older than what is known or changes the consent. The visit of
        a merged patient goes to whom he was merged into. Raises `BeingMerged` for a moment before,
        and `ConsentWithdrawn`.
        """
        day, given = visit.examined_on.isoformat(), visit.consent
        change = Change(
            set={
                "last_visit": day,
                "clinic_order": clinic_order(visit.examined_on, given.given_at, visit.patient_id),
                "confirmed_at": timestamp(given.given_at),
            },
            set_once={
                "patient_id": visit.patient_id,
                "clinic_id": visit.clinic_id,
                "sex": str(visit.sex),
                "birth_year": visit.birth_year,
                "first_visit": day,
                "consent": consent_item(given),
                "past_consents": [],
            },
            add={"revision": 1, "codes": {visit.mac}},
        )
        as_usual = (
            Attr("last_visit").lte(day)
            & Attr("confirmed_at").lte(timestamp(given.given_at))
            & Attr("consent.publication").eq(given.publication)
            & _WRITABLE
        )
        try:
            item = self.table.update(keys.patient(visit.patient_id), change, when=ABSENT | as_usual)
        except ConditionFailed as refusal:
            if refusal.found is None:
                raise
            return self._reconcile(refusal.found, visit)
        return read_patient(item)

    def _reconcile(self, found: Item, visit: Visit) -> Patient:
        for _ in range(ATTEMPTS):
            if "withdrawn_at" in found:
                raise ConsentWithdrawn
            if (elsewhere := merged_into(found)) is not None:
                return self.visit(replace(visit, patient_id=elsewhere))
            patient = read_patient(found)
            seen = patient.seen(visit)
            if seen == patient:
                return patient
            try:
                return self.replace(patient, seen)
            except ConditionFailed as refusal:
                if refusal.found is None:
                    raise
                found = refusal.found
        raise Contended

    def replace(self, before: Patient, after: Patient) -> Patient:
        """Write `after` over `before`. Raises `ConditionFailed` when it has changed meanwhile, and
        `BeingMerged`."""
        unchanged = Attr("revision").eq(before.revision) & _WRITABLE
        try:
            item = self.table.update(
                keys.patient(before.patient_id), patient_change(after), when=unchanged
            )
        except ConditionFailed as refusal:
            merged_into(refusal.found)
            raise
        return read_patient(item)

    def change(self, patient_id: str, to: Callable[[Patient], Patient]) -> Patient:
        """Make of a patient what `to` makes of him, on whatever other writers left. Two calls; one
        when nothing changes. Raises `NotFound` where he is not, or no longer, and `BeingMerged`."""
        for _ in range(ATTEMPTS):
            before = self.get(patient_id)
            if before is None:
                raise NotFound
            after = to(before)
            if after == before:
                return before
            try:
                return self.replace(before, after)
            except ConditionFailed:
                continue
        raise Contended

    def of_clinic(self, clinic_id: str, *, limit: int, start: Item | None) -> Page:
        """A page of a clinic's list, the last seen first: its own patients' items, and entries of
        referred ones among them (`referral_store`)."""
        # Their orders begin with a day; whatever else of the clinic is listed has one with a word.
        where = Where("clinic_id").eq(clinic_id) & Where("clinic_order").lt("a")
        return self.table.query(
            where, index="by_clinic", limit=limit, start=start, newest_first=True
        )

    def items(self, patient_id: str) -> list[Item]:
        """Everything of a patient's, as the index has it. One call for each megabyte."""
        return self.table.query_all(Where("patient_id").eq(patient_id), index="by_patient")

    def belongings(self, patient_id: str) -> tuple[list[Lesion], list[Item]]:
        """A patient's lesions, the oldest first, and his image items in order of lesion and time."""
        items = self.items(patient_id)
        lesions = [read_lesion(item) for item in items if item["sk"] == "lesion"]
        return lesions, [item for item in items if item["sk"] == "image" and "deletion" not in item]

    def everything(self, patient_id: str, *, limit: int) -> list[Item]:
        """The first of a patient's lesion, image and histology items, deleted images among them, as
        the index has them; what was stripped leaves it."""
        where = Where("patient_id").eq(patient_id)
        return self.table.query(where, index="by_patient", limit=limit).items

    def lesions(self, patient_id: str) -> list[Lesion]:
        """A patient's lesions, the oldest first, each read afresh: the index may lag behind."""
        where = Where("patient_id").eq(patient_id) & Where("patient_order").begins_with("lesion#")
        found = self.table.query_all(where, index="by_patient")
        items = (self.table.get(keys.lesion(item["lesion_id"])) for item in found)
        return [read_lesion(item) for item in items if item and "patient_id" in item]


def _known(item: Item | None) -> Patient | None:
    known = item is not None and not {"withdrawn_at", "import_id"} & item.keys()
    return read_patient(item) if item and known else None

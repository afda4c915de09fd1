"""Patients in the `cases` table: one item each, one conditional write a step."""

from dataclasses import dataclass, replace
from typing import Final

from boto3.dynamodb.conditions import Attr
from boto3.dynamodb.conditions import Key as Where

from chalicelib.patients.forwarding import current, merged_into
from chalicelib.patients.items import (
    clinic_order,
    consent_item,
    read_lesion,
    read_patient,
)
from chalicelib.patients.model import (
    Lesion,
    Patient,
    Visit,
)
from chalicelib.platform import keys
from chalicelib.platform.clock import timestamp
from chalicelib.platform.table import ABSENT, Change, ConditionFailed, Item, Page, Table

_WRITABLE: Final = Attr("frozen").not_exists() & Attr("merged_into").not_exists()

ATTEMPTS: Final = 8
"""How often a change is tried again on what another writer left."""


class Contended(Exception):
    """Others changed the same item all the time; nothing was written."""


@dataclass(frozen=True)
class PatientStore:
    """Reads patients and writes what visits say about them."""

    table: Table

    def get(self, patient_id: str) -> Patient | None:
        """The patient of this id; of a merged one, whom he was merged into."""
        item = current(self.table, keys.patient, patient_id)
        return read_patient(item) if item else None

    def visit(self, visit: Visit) -> Patient:
        """Write a visit into its patient, who is made if need be; doing it again changes nothing.

        One call, unless the visit is older than what is known or changes the consent. The visit of
        a merged patient goes to whom he was merged into. Raises `BeingMerged` for a moment before.
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
        change = Change(
            set={
                "sex": str(after.sex),
                "first_visit": after.first_visit.isoformat(),
                "last_visit": after.last_visit.isoformat(),
                "clinic_order": clinic_order(
                    after.last_visit, after.confirmed_at, after.patient_id
                ),
                "consent": consent_item(after.consent),
                "confirmed_at": timestamp(after.confirmed_at),
                "past_consents": [consent_item(consent) for consent in after.past_consents],
                "codes": set(after.codes),
            },
            add={"revision": 1},
        )
        unchanged = Attr("revision").eq(before.revision) & _WRITABLE
        try:
            item = self.table.update(keys.patient(before.patient_id), change, when=unchanged)
        except ConditionFailed as refusal:
            merged_into(refusal.found)
            raise
        return read_patient(item)

    def of_clinic(self, clinic_id: str, *, limit: int, start: Item | None) -> Page:
        """A page of a clinic's patient items, the last seen first."""
        where = Where("clinic_id").eq(clinic_id)
        return self.table.query(
            where, index="by_clinic", limit=limit, start=start, newest_first=True
        )

    def belongings(self, patient_id: str) -> tuple[list[Lesion], list[Item]]:
        """A patient's lesions, the oldest first, and his image items in order of lesion and time."""
        items = self.table.query_all(Where("patient_id").eq(patient_id), index="by_patient")
        lesions = [read_lesion(item) for item in items if item["sk"] == "lesion"]
        return lesions, [item for item in items if item["sk"] == "image"]

    def lesions(self, patient_id: str) -> list[Lesion]:
        """A patient's lesions, the oldest first, each read afresh: the index may lag behind."""
        where = Where("patient_id").eq(patient_id) & Where("patient_order").begins_with("lesion#")
        found = self.table.query_all(where, index="by_patient")
        items = (self.table.get(keys.lesion(item["lesion_id"])) for item in found)
        return [read_lesion(item) for item in items if item]

"""Imports, and the patients and lesions that come with them, in the `cases` table."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from boto3.dynamodb.conditions import Key as Where

from chalicelib.imports.model import DerivedIds, Import, Told, clinic_of
from chalicelib.platform import keys
from chalicelib.platform.clock import moment, timestamp
from chalicelib.platform.table import ConditionFailed, Item, Table

LISTED: Final = "imports"
"""Under what clinic the imports themselves stand in the index `by_clinic`."""


class Withdrawn(Exception):
    """The patient took the consent back: nothing of his is taken in again."""


@dataclass(frozen=True)
class ImportStore:
    """Opens imports and lists them; enters whose the images are."""

    table: Table

    def get(self, import_id: str) -> Import | None:
        item = self.table.get(keys.import_(import_id))
        return _read(item) if item else None

    def create(self, new: Import) -> Import:
        """Put a new import; if it is there already, the one that is there."""
        item = {
            "import_id": new.import_id,
            "name": new.name,
            "legal_basis": new.legal_basis,
            "licence": new.licence,
            "attribution": new.attribution,
            "created_at": timestamp(new.created_at),
            "created_by": new.created_by,
            "fingerprint": new.fingerprint,
            "clinic_id": LISTED,
            "clinic_order": f"{timestamp(new.created_at)}#{new.import_id}",
        }
        try:
            return _read(self.table.insert(keys.import_(new.import_id), item))
        except ConditionFailed as error:
            if error.found is None:
                raise
            return _read(error.found)

    def list(self, *, limit: int, start: Item | None) -> tuple[list[Import], Item | None]:
        """A page of the imports, the latest first, and the key that the next one starts after."""
        where = Where("clinic_id").eq(LISTED)
        page = self.table.query(
            where, index="by_clinic", limit=limit, start=start, newest_first=True
        )
        return [_read(item) for item in page.items], page.last

    def enter_patient_and_lesion(
        self, import_id: str, ids: DerivedIds, told: Told, *, by: str, at: datetime
    ) -> None:
        """Put the patient and the lesion of an image where they are not there yet. Two calls.

        Raises `Withdrawn` when the patient took the consent back.

        They are smaller than those of a clinic, since an archive records less, and stand under the
        same keys and in the same index, so that all of a patient is found in one place.
        """
        both: dict[str, Any] = {
            "import_id": import_id,
            "patient_id": ids.patient_id,
            "clinic_id": clinic_of(import_id),
            "created_at": timestamp(at),
            "created_by": by,
        }
        self._once(
            keys.patient(ids.patient_id),
            {
                **both,
                "external_patient_id": told.external.patient,
                "sex": told.survey.get("sex"),
            },
        )
        self._once(
            keys.lesion(ids.lesion_id),
            {
                **both,
                "lesion_id": ids.lesion_id,
                "external_lesion_id": told.external.lesion,
                "site": told.survey.get("site"),
                "patient_order": f"lesion#{both['created_at']}#{ids.lesion_id}",
            },
        )

    def _once(self, key: tuple[str, str], item: Item) -> None:
        try:
            self.table.insert(key, item)
        except ConditionFailed as error:  # another image of the same, or a repetition
            if error.found is not None and "withdrawn_at" in error.found:
                raise Withdrawn from None


def _read(item: Item) -> Import:
    return Import(
        import_id=item["import_id"],
        name=item["name"],
        legal_basis=item["legal_basis"],
        licence=item["licence"],
        attribution=item["attribution"],
        created_at=moment(item["created_at"]),
        created_by=item["created_by"],
        fingerprint=item["fingerprint"],
    )

"""Treatments in the items of their lesions, one conditional write a step."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from boto3.dynamodb.conditions import Attr

from chalicelib.patients.items import answers_item, correction_item, treatment_item
from chalicelib.patients.lesion_store import STANDS, LesionStore, Refused
from chalicelib.patients.model import Correction, Lesion, RecordedTreatment
from chalicelib.patients.treatment import MAX_AMENDMENTS, MAX_TREATMENTS
from chalicelib.platform import keys
from chalicelib.platform.table import Change, ConditionFailed


@dataclass(frozen=True)
class TreatmentStore:
    """Adds treatments to lesions, and corrects them."""

    lesions: LesionStore

    def add(self, lesion_id: str, treatment: RecordedTreatment) -> Lesion:
        """Add a treatment. Raises `Refused` when it is there, or `MAX_TREATMENTS` are."""
        path = f"treatments.{treatment.suffix}"
        change = Change(set={path: treatment_item(treatment)})
        room = Attr("treatments").exists() & Attr("treatments").size().lt(MAX_TREATMENTS)
        new = Attr(path).not_exists() & room
        try:
            return self.lesions.write(lesion_id, change, new)
        except Refused as refused:
            if refused.found is None or refused.found.treatments:
                raise
            # A lesion of before there were treatments has no map to put one into.
            self.make_room(refused.found.lesion_id)
            return self.lesions.write(lesion_id, change, new)

    def make_room(self, lesion_id: str) -> None:
        """Let a lesion have treatments, if it cannot yet."""
        with suppress(ConditionFailed):
            change = Change(set_once={"treatments": {}, "amendments": 0})
            self.lesions.table.update(keys.lesion(lesion_id), change, when=STANDS)

    def amend(
        self,
        lesion: Lesion,
        treatment: RecordedTreatment,
        corrected: Mapping[str, Any],
        done: Correction,
    ) -> Lesion:
        """Replace what was told of a treatment, and keep what was there in its history.

        Raises `Refused` when somebody did so meanwhile, or `MAX_AMENDMENTS` are made.
        """
        path = f"treatments.{treatment.suffix}"
        change = Change(
            set={
                f"{path}.told": answers_item(corrected),
                f"{path}.revision": treatment.revision + 1,
            },
            append={f"{path}.history": [correction_item(done)]},
            add={"amendments": 1},
        )
        untouched = Attr(f"{path}.revision").eq(treatment.revision) & (
            Attr("amendments").lt(MAX_AMENDMENTS) | Attr("amendments").not_exists()
        )
        return self.lesions.write(lesion.lesion_id, change, untouched)

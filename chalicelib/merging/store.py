"""Merges as they stand on the items of patients and lesions.

Both records of a merge are locked, in the order of their ids, before anything is changed: so of two
merges that would make a cycle one finds the other's lock. The duplicate is frozen besides: nothing is
written into what is about to be copied.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from boto3.dynamodb.conditions import Attr, ConditionBase

from chalicelib.merging.model import Merge, merge_item
from chalicelib.patients.forwarding import BeingMerged
from chalicelib.platform.clock import moment, timestamp
from chalicelib.platform.due import ATTRIBUTES as DUE
from chalicelib.platform.due import due
from chalicelib.platform.table import Change, ConditionFailed, Item, Key, Table

REMAINS: Final = frozenset(
    # The fingerprint, a keyed hash, tells the repetition of the request that once made the record.
    {"pk", "sk", "writer", "lesion_id", "merged_into", "merged_at", "merged_by", "fingerprint"}
    | {"patient_id"}
)
"""What stays of a patient who was merged; of a lesion the same, without its patient."""


@dataclass(frozen=True)
class MergeStore:
    """The records of one kind, patients or lesions, on their way into one another."""

    table: Table
    key_of: Callable[[str], Key]

    def item(self, record_id: str) -> Item | None:
        """The item under its own id, merged or not."""
        return self.table.get(self.key_of(record_id))

    def lock(self, merge: Merge, *, due_at: datetime) -> None:
        """Keep other merges off both records. Raises `BeingMerged`, and then has locked neither."""
        ours = {"merging": merge_item(merge)}
        free: ConditionBase = (
            Attr("patient_id").exists()
            & Attr("merged_into").not_exists()
            & Attr("withdrawn_at").not_exists()
            & (Attr("merging").not_exists() | self._held(merge))
        )
        for record_id in sorted((merge.kept, merge.duplicate)):
            key = self.key_of(record_id)
            frozen = {"frozen": True} if record_id == merge.duplicate else {}
            try:
                self.table.update(
                    key, Change(set={**ours, **frozen, **due(key, due_at)}), when=free
                )
            except ConditionFailed:
                self.unlock(merge, merge.kept)
                self.unlock(merge, merge.duplicate)
                raise BeingMerged from None

    def unlock(self, merge: Merge, record_id: str) -> None:
        """Let go of a record that this merge holds; of any other, nothing changes."""
        key, loose = self.key_of(record_id), ["merging", "frozen"]
        held = self._held(merge) & Attr("withdrawn_at").not_exists()
        try:
            nothing_else = held & Attr("overdue_at").not_exists()
            self.table.update(key, Change(remove=[*loose, *DUE]), when=nothing_else)
        except ConditionFailed as refusal:
            # A lesion that waits for histology has a deadline of its own to go back to.
            if (waits_until := (refusal.found or {}).get("overdue_at")) is None:
                return
            back = Change(set=due(key, moment(waits_until)), remove=loose)
            with suppress(ConditionFailed):
                self.table.update(key, back, when=held & Attr("overdue_at").eq(waits_until))

    def absorb(
        self, merge: Merge, duplicate: Item, change: Change, *, when: ConditionBase | None = None
    ) -> None:
        """Write into the kept record what comes from the duplicate, its own merges too, once.

        Raises `ConditionFailed` when that was done before, or `when` does not hold.
        """
        once = self._held(merge) & ~Attr("absorbed").contains(merge.duplicate)
        merged = {**vars(merge.merged), "at": timestamp(merge.at)}
        full = Change(
            set=change.set,
            set_once=change.set_once,
            add={
                **change.add,
                "absorbed": {merge.duplicate, *duplicate.get("absorbed", ())},
            },
            append={"merges": [*duplicate.get("merges", ()), merged]},
        )
        self.table.update(self.key_of(merge.kept), full, when=once & when if when else once)

    def forward(self, merge: Merge, *, due_at: datetime) -> None:
        """Let the duplicate's id stand for the kept record; it leaves the lists."""
        key = self.key_of(merge.duplicate)
        change = Change(
            set={
                "merged_into": merge.kept,
                "merged_at": timestamp(merge.at),
                "merged_by": merge.by,
                "merge": merge_item(merge),
                **due(key, due_at),
            },
            remove=["merging", "frozen", "clinic_order", "patient_order"],
        )
        with suppress(ConditionFailed):
            self.table.update(key, change, when=self._held(merge))

    def postpone(self, duplicate_id: str, due_at: datetime) -> None:
        """Look again at `due_at` for what is still filed under the duplicate."""
        key = self.key_of(duplicate_id)
        open_still = Attr("merge").exists()
        with suppress(ConditionFailed):
            self.table.update(key, Change(set=due(key, due_at)), when=open_still)

    def close(self, item: Item) -> None:
        """Leave of a duplicate no more than forwards its id."""
        kept = REMAINS - {"patient_id"} if item["sk"] == "lesion" else REMAINS
        with suppress(ConditionFailed):
            self.table.update(
                (item["pk"], item["sk"]),
                Change(remove=sorted(set(item) - kept)),
                when=Attr("merge").exists(),
            )

    def _held(self, merge: Merge) -> ConditionBase:
        return Attr("merging").eq(merge_item(merge))

"""Cases in the `labelling` table."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from boto3.dynamodb.conditions import Attr, ConditionBase
from boto3.dynamodb.conditions import Key as Where

from chalicelib.labelling.items import (
    SHARDS,
    read_case,
    waiting_for,
    written_case,
    written_reading,
)
from chalicelib.labelling.model import Assignment, Case, CaseState, Round
from chalicelib.labelling.reading import Reading
from chalicelib.platform import keys
from chalicelib.platform.clock import timestamp
from chalicelib.platform.due import ATTRIBUTES as DUE
from chalicelib.platform.due import due
from chalicelib.platform.table import PRESENT, Change, ConditionFailed, Item, Table
from chalicelib.platform.tombstones import kept, strip

CASE_TOMBSTONE: Final = frozenset({"image_id", "state", "created_at"})
"""What stays of a case whose image was taken back."""


class LostClaim(Exception):
    """The case moved on meanwhile; `found` is the case as it stands."""

    def __init__(self, found: Case) -> None:
        super().__init__("the case is in another state")
        self.found = found


@dataclass(frozen=True)
class CaseStore:
    """Cases: opened once, then changed as a whole by who has seen them as they stand."""

    table: Table

    def get(self, image_id: str) -> Case | None:
        item = self.table.get(keys.case(image_id))
        return read_case(item) if item else None

    def open(self, case: Case, *, due_at: datetime | None) -> Case:
        """Put a new case; if it is there already, the one that is there."""
        key = keys.case(case.image_id)
        item = {
            "image_id": case.image_id,
            "created_at": timestamp(case.created_at),
            "priority": case.priority,
            "clean_key": case.clean_key,
            "clinic_id": case.clinic_id,
            "aspect": case.aspect,
            "opinion": case.opinion,
            "trace": case.trace,
            "probes": {},
            **written_case(case)[0],
            **(due(key, due_at) if due_at else {}),
        }
        try:
            return read_case(self.table.insert(key, item))
        except ConditionFailed as error:
            if error.found is None:
                raise
            return read_case(error.found)

    def replace(self, case: Case, after: Case, *, due_at: datetime | None) -> Case:
        """Write `after` over `case` as it was seen, with its next deadline, if there is any.

        Raises `LostClaim` when the case has changed meanwhile.
        """
        key = keys.case(case.image_id)
        values, without = written_case(after)
        given = [
            {"account": account, "assignment_id": slot.assignment_id}
            for account, slot in after.slots.items()
            if account not in case.slots
        ]
        change = Change(
            set={**values, **(due(key, due_at) if due_at else {})},
            append={"handed": given} if given else {},
            remove=[*without, *(() if due_at else DUE)],
        )
        return self._update(case, change)

    def postpone(self, case: Case, due_at: datetime | None) -> Case:
        """Look at the case again at `due_at`, or never. Raises `LostClaim` when it has changed."""
        key = keys.case(case.image_id)
        change = Change(set=due(key, due_at)) if due_at else Change(remove=DUE)
        return self._update(case, change)

    def _update(self, case: Case, change: Change) -> Case:
        seen = PRESENT & Attr("writer").eq(case.writer)
        try:
            return read_case(self.table.update(keys.case(case.image_id), change, when=seen))
        except ConditionFailed as error:
            raise LostClaim(read_case(error.found) if error.found else case) from None

    def note_reading(self, assignment: Assignment, reading: Reading) -> Case | None:
        """Enter a reading of an assignment; doing it again changes nothing more.

        The case as it stands then; None where the assignment has no place in it, or what was read
        is final there already.
        """
        slot = f"slots.{assignment.account_id}"
        change = Change(set={f"{slot}.reading": written_reading(reading)})
        open_yet = _held(assignment) & Attr(f"{slot}.final").eq(False)
        try:
            item = self.table.update(keys.case(assignment.image_id), change, when=open_yet)
        except ConditionFailed:
            return None
        return read_case(item)

    def drop_reading(self, assignment: Assignment, reading: Reading) -> None:
        """Take back what `note_reading` entered, unless it is final or another one by now."""
        slot = f"slots.{assignment.account_id}"
        this_one = (
            _held(assignment)
            & Attr(f"{slot}.final").eq(False)
            & Attr(f"{slot}.reading.reading_id").eq(reading.reading_id)
        )
        with suppress(ConditionFailed):
            self.table.update(
                keys.case(assignment.image_id), Change(remove=[f"{slot}.reading"]), when=this_one
            )

    def note_lease(self, assignment: Assignment) -> None:
        """Let the place in the case last as long as the assignment."""
        lease = {f"slots.{assignment.account_id}.leased_until": timestamp(assignment.leased_until)}
        with suppress(ConditionFailed):
            self.table.update(
                keys.case(assignment.image_id), Change(set=lease), when=_held(assignment)
            )

    def note_probe(self, assignment: Assignment, reading: Reading | None) -> None:
        """Enter what was read in a probe, or take it back. It enters no verdict."""
        path = f"probes.{assignment.assignment_id}"
        if reading is None:
            change = Change(remove=[path])
        else:
            told = written_reading(reading)
            told = {name: told[name] for name in ("diagnosis", "quality", "at", "seconds")}
            told |= {"account": assignment.account_id, "probe": assignment.probe}
            change = Change(set={path: told})
        alive = PRESENT & Attr("state").ne(CaseState.WITHDRAWN.value)
        with suppress(ConditionFailed):
            self.table.update(keys.case(assignment.image_id), change, when=alive)

    def lend(self, case: Case, account_id: str, assignment_id: str) -> Case:
        """Note that a reader is given the case as a probe. Raises `LostClaim`."""
        values, _ = written_case(replace(case, probed=case.probed | {account_id}))
        given = {"account": account_id, "assignment_id": assignment_id}
        return self._update(case, Change(set=values, append={"handed": [given]}))

    def waiting(self, round_: Round, *, limit: int) -> list[Case]:
        """Cases that want a reader for this round, the most urgent of each shard, at most `limit`
        a shard."""
        return self._first_of((waiting_for(round_, False, shard) for shard in range(SHARDS)), limit)

    def gold(self, *, limit: int) -> list[Case]:
        """Gold cases, those least used first, at most `limit` a shard."""
        return self._first_of((waiting_for(None, True, shard) for shard in range(SHARDS)), limit)

    def _first_of(self, shards: Iterable[str], limit: int) -> list[Case]:
        return [
            read_case(item)
            for shard in shards
            for item in self.table.query(
                Where("wait_shard").eq(shard), index="waiting", limit=limit
            ).items
        ]

    def withdraw(self, image_id: str, now: datetime) -> list[tuple[str, str]]:
        """Leave a tombstone of an image's case, whether there was one or not, so that none can be
        opened; account and assignment id of every reader it was ever given to.
        """

        def tombstone(item: Item) -> Item:
            left = kept(item, CASE_TOMBSTONE | {"handed"})
            if item["state"] != CaseState.WITHDRAWN.value:
                # Who holds a slot of a case from before `handed` was kept stands in the slots only.
                held = [
                    {"account": account, "assignment_id": slot["assignment_id"]}
                    for account, slot in item["slots"].items()
                ]
                handed = item.get("handed", [])
                left["handed"] = handed + [one for one in held if one not in handed]
            return left | {"state": CaseState.WITHDRAWN.value}

        key = keys.case(image_id)
        before = strip(self.table, key, tombstone)
        if before is None:
            state = CaseState.WITHDRAWN.value
            new = {"image_id": image_id, "state": state, "created_at": timestamp(now)}
            try:
                before = self.table.insert(key, new)
            except ConditionFailed:
                before = strip(self.table, key, tombstone) or new
        return [
            (one["account"], one["assignment_id"]) for one in tombstone(before).get("handed", [])
        ]

    def forget_readers(self, image_id: str) -> None:
        """Drop from a tombstone to whom the case was given."""
        strip(self.table, keys.case(image_id), lambda item: kept(item, CASE_TOMBSTONE))


def _held(assignment: Assignment) -> ConditionBase:
    """That the assignment has its place in the case."""
    return Attr(f"slots.{assignment.account_id}.assignment_id").eq(assignment.assignment_id)

"""Cases and assignments in the `labelling` table."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Final

from boto3.dynamodb.conditions import Attr, ConditionBase
from boto3.dynamodb.conditions import Key as Where

from chalicelib.labelling.items import (
    WAIT_SHARDS,
    read_assignment,
    read_case,
    waiting_order,
    written_slot,
)
from chalicelib.labelling.model import (
    CASE_FOLLOWS,
    Assignment,
    AssignmentState,
    Case,
    CaseState,
    Facts,
    Slot,
)
from chalicelib.platform import keys
from chalicelib.platform.clock import timestamp
from chalicelib.platform.due import due
from chalicelib.platform.table import PRESENT, Change, ConditionFailed, Item, Table
from chalicelib.platform.tombstones import kept, strip

WAITING: Final = ("wait_shard", "wait_order")
HAND: Final = ("hand", "hand_order")
CASE_TOMBSTONE: Final = frozenset({"image_id", "state", "created_at"})
ASSIGNMENT_TOMBSTONE: Final = frozenset({"assignment_id", "account_id", "image_id", "state"})
"""What stays of a case and of an assignment whose image was taken back."""


class LostClaim(Exception):
    """The case moved on meanwhile; `found` is the case as it stands."""

    def __init__(self, found: Case) -> None:
        super().__init__("the case is in another state")
        self.found = found


@dataclass(frozen=True)
class CaseStore:
    """Cases: opened once, their slots claimed and given back by conditional writes."""

    table: Table

    def get(self, image_id: str) -> Case | None:
        item = self.table.get(keys.case(image_id))
        return read_case(item) if item else None

    def open(self, case: Case, *, due_at: datetime) -> Case:
        """Put a new case; if it is there already, the one that is there."""
        key = keys.case(case.image_id)
        item = {
            "image_id": case.image_id,
            "state": case.state.value,
            "created_at": timestamp(case.created_at),
            "priority": case.priority,
            "clean_key": case.clean_key,
            "facts": asdict(case.facts),
            "excluded": sorted(case.excluded),
            "lapsed": [],
            "slots": {},
            "trace": case.trace,
            **waiting_order(case),
            **due(key, due_at),
        }
        try:
            return read_case(self.table.insert(key, item))
        except ConditionFailed as error:
            if error.found is None:
                raise
            return read_case(error.found)

    def put_slots(
        self,
        case: Case,
        slots: Mapping[str, Slot],
        *,
        due_at: datetime,
        lapsed: frozenset[str] | None = None,
    ) -> Case:
        """Replace the slots of `case` as it was seen; the state follows from how many there are.

        Raises `LostClaim` when the slots have changed meanwhile.
        """
        given = [
            {"account": account, "assignment_id": slot.assignment_id}
            for account, slot in slots.items()
            if case.slots.get(account) != slot
        ]
        after = replace(case, slots=slots)
        state = CaseState.WAITING if after.open_slots > 0 else CaseState.READING
        if state is not case.state and state not in CASE_FOLLOWS[case.state]:
            raise LostClaim(case)
        key = keys.case(case.image_id)
        change = Change(
            set={
                "state": state.value,
                "slots": {account: written_slot(slot) for account, slot in slots.items()},
                **({"lapsed": sorted(lapsed)} if lapsed is not None else {}),
                **(waiting_order(case) if state is CaseState.WAITING else {}),
                **due(key, due_at),
            },
            append={"handed": given} if given else {},
            remove=WAITING if state is CaseState.READING else (),
        )
        return self._update(case, change)

    def amend(self, case: Case, after: Case, *, due_at: datetime) -> Case:
        """Write the facts, exclusions and slots of `after` over `case` as it was seen.

        Raises `LostClaim` when the case has changed meanwhile.
        """
        state = CaseState.WAITING if after.open_slots > 0 else CaseState.READING
        change = Change(
            set={
                "state": state.value,
                "facts": asdict(after.facts),
                "excluded": sorted(after.excluded),
                "slots": {account: written_slot(slot) for account, slot in after.slots.items()},
                **(waiting_order(case) if state is CaseState.WAITING else {}),
                **due(keys.case(case.image_id), due_at),
            },
            remove=WAITING if state is CaseState.READING else (),
        )
        return self._update(case, change)

    def _update(self, case: Case, change: Change) -> Case:
        # With the exclusions: nobody is given a slot by who has not seen that he is excluded.
        unchanged: ConditionBase = (
            Attr("state").eq(case.state.value)
            & Attr("facts").eq(asdict(case.facts))
            & Attr("excluded").eq(sorted(case.excluded))
            & Attr("slots").eq(
                {account: written_slot(slot) for account, slot in case.slots.items()}
            )
        )
        try:
            return read_case(self.table.update(keys.case(case.image_id), change, when=unchanged))
        except ConditionFailed as error:
            raise LostClaim(read_case(error.found) if error.found else case) from None

    def postpone(self, case: Case, due_at: datetime) -> None:
        """Look at the case again at `due_at`, unless it is withdrawn."""
        key = keys.case(case.image_id)
        with suppress(ConditionFailed):
            alive = Attr("state").ne(CaseState.WITHDRAWN.value) & PRESENT
            self.table.update(key, Change(set=due(key, due_at)), when=alive)

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

    def waiting(self, *, limit: int) -> list[Case]:
        """Cases with an open slot, the most urgent of each shard, at most `limit` a shard."""
        return [
            read_case(item)
            for shard in range(WAIT_SHARDS)
            for item in self.table.query(
                Where("wait_shard").eq(f"waiting#{shard}"), index="waiting", limit=limit
            ).items
        ]


@dataclass(frozen=True)
class AssignmentStore:
    """Assignments, each under its reader; the open ones are his hand."""

    table: Table

    def place(self, assignment: Assignment) -> None:
        """Put an assignment into its reader's hand; nothing changes when it is there already."""
        is_open = assignment.state is AssignmentState.OPEN
        in_hand = {"hand": f"hand#{assignment.account_id}", "hand_order": assignment.assignment_id}
        item = {**asdict(assignment), "leased_until": timestamp(assignment.leased_until)}
        key = keys.assignment(assignment.account_id, assignment.assignment_id)
        with suppress(ConditionFailed):
            self.table.insert(key, {**item, **(in_hand if is_open else {})})

    def is_placed(self, account_id: str, assignment_id: str) -> bool:
        """Whether an assignment was put, whatever became of it since."""
        return self.table.get(keys.assignment(account_id, assignment_id)) is not None

    def get(self, account_id: str, assignment_id: str) -> Assignment | None:
        """An assignment; None where there is none, or only its tombstone."""
        item = self.table.get(keys.assignment(account_id, assignment_id))
        return read_assignment(item) if item and "facts" in item else None

    def withdraw(self, account_id: str, assignment_id: str, image_id: str) -> bool:
        """Leave a tombstone of an assignment, whether it was there or not: then a reader who is
        just being given it gets nothing. Whether anything was there to take away."""
        key = keys.assignment(account_id, assignment_id)
        tombstone = {
            "assignment_id": assignment_id,
            "account_id": account_id,
            "image_id": image_id,
            "state": AssignmentState.WITHDRAWN.value,
        }
        before = strip(self.table, key, lambda _: tombstone)
        if before is None:
            try:
                self.table.insert(key, tombstone)
                return False
            except ConditionFailed:
                before = strip(self.table, key, lambda _: tombstone) or tombstone
        return bool(before["state"] != AssignmentState.WITHDRAWN.value)

    def hand(self, account_id: str) -> list[Assignment]:
        """The open assignments of one reader."""
        items = self.table.query_all(Where("hand").eq(f"hand#{account_id}"), index="hand")
        return [read_assignment(item) for item in items]

    def expire(self, account_id: str, assignment_id: str) -> bool:
        """End an open assignment; False when it is not open (any more)."""
        try:
            self.table.update(
                keys.assignment(account_id, assignment_id),
                Change(set={"state": AssignmentState.EXPIRED.value}, remove=HAND),
                when=Attr("state").eq(AssignmentState.OPEN.value),
            )
        except ConditionFailed:
            return False
        return True

    def tell(self, assignment: Assignment, facts: Facts) -> None:
        """Replace what the reader of an open assignment is told."""
        with suppress(ConditionFailed):
            self.table.update(
                keys.assignment(assignment.account_id, assignment.assignment_id),
                Change(set={"facts": asdict(facts)}),
                when=Attr("state").eq(AssignmentState.OPEN.value),
            )

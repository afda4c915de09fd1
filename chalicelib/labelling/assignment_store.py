"""Assignments in the `labelling` table: each under its reader, the open ones in his hand.

What becomes of an assignment is decided by its own item alone: reading, undoing, declining and the
end of a lease are one conditional write here, and the case follows.
"""

from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from boto3.dynamodb.conditions import Attr, ConditionBase
from boto3.dynamodb.conditions import Key as Where

from chalicelib.labelling.items import HAND, read_assignment, written_assignment, written_reading
from chalicelib.labelling.model import (
    ASSIGNMENT_FOLLOWS,
    PLACING,
    Assignment,
    AssignmentState,
    Facts,
)
from chalicelib.labelling.reading import Reading
from chalicelib.platform import keys
from chalicelib.platform.clock import timestamp
from chalicelib.platform.due import ATTRIBUTES as DUE
from chalicelib.platform.due import due
from chalicelib.platform.table import Change, ConditionFailed, Item, Table
from chalicelib.platform.tombstones import strip

ASSIGNMENT_TOMBSTONE: Final = frozenset({"assignment_id", "account_id", "image_id", "state"})
"""What stays of an assignment whose image was taken back."""


class LostAssignment(Exception):
    """The assignment is not where this step starts from; `found` is as it stands, None if gone."""

    def __init__(self, found: Assignment | None) -> None:
        super().__init__("the assignment is in another state")
        self.found = found


@dataclass(frozen=True)
class AssignmentStore:
    """Puts assignments into hands, and takes them from state to state."""

    table: Table

    def place(self, assignment: Assignment) -> None:
        """Put an assignment into its reader's hand; nothing changes when it is there already.

        No case holds a probe, so that it stands in the `due` index itself.
        """
        key = keys.assignment(assignment.account_id, assignment.assignment_id)
        item = written_assignment(assignment)
        if assignment.state is AssignmentState.OPEN:
            item |= _in_hand(assignment)
            item |= due(key, assignment.leased_until) if assignment.probe else {}
        with suppress(ConditionFailed):
            self.table.insert(key, item)

    def is_placed(self, account_id: str, assignment_id: str) -> bool:
        """Whether an assignment was put, whatever became of it since."""
        return self.table.get(keys.assignment(account_id, assignment_id)) is not None

    def get(self, account_id: str, assignment_id: str) -> Assignment | None:
        """An assignment; None where there is none, or only its tombstone."""
        return _assignment(self.table.get(keys.assignment(account_id, assignment_id)))

    def of_slots(self, slots: list[tuple[str, str]]) -> list[Assignment]:
        """The assignments by account and id, as far as they are there. One call."""
        found = self.table.get_many([keys.assignment(*each) for each in slots])
        return [each for each in map(_assignment, found) if each is not None]

    def hand(self, account_id: str) -> list[Assignment]:
        """The open assignments of one reader."""
        items = self.table.query_all(Where("hand").eq(f"hand#{account_id}"), index="hand")
        return [read_assignment(item) for item in items]

    def read_before(self, account_id: str, moment: datetime, *, limit: int) -> list[Assignment]:
        """What a reader read before then, the latest first, at most `limit`."""
        where = Where("hand").eq(f"read#{account_id}") & Where("hand_order").lt(timestamp(moment))
        page = self.table.query(where, index="hand", limit=limit, newest_first=True)
        return [read_assignment(item) for item in page.items]

    def submit(self, account_id: str, assignment_id: str, reading: Reading) -> Assignment:
        """Keep what was read of an open assignment. Raises `LostAssignment`."""
        key = keys.assignment(account_id, assignment_id)
        outline = {"outline": [list(point) for point in reading.outline or ()]}
        values = {"reading": written_reading(reading), **(outline if reading.outline else {})}
        # The case follows at once; the deadline is for when it did not.
        values |= due(key, reading.undo_until + PLACING)
        return self._step(key, AssignmentState.OPEN, AssignmentState.READ, values, remove=HAND)

    def undo(self, assignment: Assignment) -> Assignment:
        """Put a reading that is not final back into the hand, as if unread. Raises `LostAssignment`."""
        key = keys.assignment(assignment.account_id, assignment.assignment_id)
        deadline = due(key, assignment.leased_until) if assignment.probe else {}
        return self._step(
            key,
            AssignmentState.READ,
            AssignmentState.OPEN,
            {**_in_hand(assignment), **deadline},
            remove=["reading", "outline", *(() if deadline else DUE)],
            when=_reading_is(assignment),
        )

    def finalize(self, assignment: Assignment) -> Assignment | None:
        """Let a reading stand for good; the assignment as it stands, None if gone.

        It keeps its deadline until the case has followed.
        """
        key = keys.assignment(assignment.account_id, assignment.assignment_id)
        order = f"{timestamp(_read(assignment).at)}#{assignment.assignment_id}"
        values = {"hand": f"read#{assignment.account_id}", "hand_order": order}
        return self._moved(
            key,
            AssignmentState.READ,
            AssignmentState.FINAL,
            values,
            remove=(),
            when=_reading_is(assignment),
        )

    def decline(
        self, account_id: str, assignment_id: str, reason: str, *, now: datetime
    ) -> Assignment:
        """Give an open assignment back. Raises `LostAssignment`."""
        key = keys.assignment(account_id, assignment_id)
        values = {"reason": reason, **due(key, now + PLACING)}
        return self._step(key, AssignmentState.OPEN, AssignmentState.DECLINED, values, remove=HAND)

    def renew(self, assignment: Assignment, until: datetime) -> Assignment:
        """Let an open assignment last until then. Raises `LostAssignment`."""
        key = keys.assignment(assignment.account_id, assignment.assignment_id)
        values = {"leased_until": timestamp(until)}
        values |= due(key, until) if assignment.probe else {}
        is_open = Attr("state").eq(AssignmentState.OPEN.value)
        return self._update(key, Change(set=values), is_open)

    def expire(self, assignment: Assignment, *, now: datetime) -> Assignment | None:
        """End an open assignment whose lease is over; as it stands then, None if gone."""
        key = keys.assignment(assignment.account_id, assignment.assignment_id)
        return self._moved(
            key,
            AssignmentState.OPEN,
            AssignmentState.EXPIRED,
            {},
            remove=[*HAND, *DUE],
            when=Attr("leased_until").lte(timestamp(now)),
        )

    def annul(self, account_id: str, assignment_id: str) -> bool:
        """End an assignment that its reader must not have, read or not; False where there is none."""
        held = (AssignmentState.OPEN, AssignmentState.READ, AssignmentState.FINAL)
        change = Change(set={"state": AssignmentState.EXPIRED.value}, remove=[*HAND, *DUE])
        try:
            self.table.update(
                keys.assignment(account_id, assignment_id),
                change,
                when=Attr("state").is_in([state.value for state in held]),
            )
        except ConditionFailed as error:
            return error.found is not None
        return True

    def followed(self, account_id: str, assignment_id: str) -> None:
        """The case has followed: an assignment that is final, or was given back, is done with."""
        over = (AssignmentState.FINAL, AssignmentState.DECLINED)
        with suppress(ConditionFailed):
            self.table.update(
                keys.assignment(account_id, assignment_id),
                Change(remove=DUE),
                when=Attr("state").is_in([state.value for state in over]),
            )

    def tell(self, assignment: Assignment, facts: Facts) -> None:
        """Replace what the reader of an open assignment is told."""
        with suppress(ConditionFailed):
            self.table.update(
                keys.assignment(assignment.account_id, assignment.assignment_id),
                Change(set={"facts": asdict(facts)}),
                when=Attr("state").eq(AssignmentState.OPEN.value),
            )

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

    def _step(
        self,
        key: tuple[str, str],
        before: AssignmentState,
        after: AssignmentState,
        values: Item,
        *,
        remove: Any,
        when: ConditionBase | None = None,
    ) -> Assignment:
        if after not in ASSIGNMENT_FOLLOWS[before]:
            raise ValueError(f"{before} → {after}")
        condition: ConditionBase = Attr("state").eq(before.value)
        change = Change(set={**values, "state": after.value}, remove=list(remove))
        return self._update(key, change, condition & when if when else condition)

    def _moved(self, *step: Any, **options: Any) -> Assignment | None:
        """Take the step, or see what became of the assignment instead."""
        try:
            return self._step(*step, **options)
        except LostAssignment as lost:
            return lost.found

    def _update(self, key: tuple[str, str], change: Change, when: ConditionBase) -> Assignment:
        try:
            return read_assignment(self.table.update(key, change, when=when))
        except ConditionFailed as error:
            raise LostAssignment(_assignment(error.found)) from None


def _assignment(item: Item | None) -> Assignment | None:
    return read_assignment(item) if item and "facts" in item else None


def _in_hand(assignment: Assignment) -> Item:
    return {"hand": f"hand#{assignment.account_id}", "hand_order": assignment.assignment_id}


def _reading_is(assignment: Assignment) -> ConditionBase:
    # The same request sent again after an undo makes a reading of the same id.
    read = _read(assignment)
    return Attr("reading.reading_id").eq(read.reading_id) & Attr("reading.at").eq(
        timestamp(read.at)
    )


def _read(assignment: Assignment) -> Reading:
    if assignment.reading is None:
        raise ValueError("nothing was read")
    return assignment.reading

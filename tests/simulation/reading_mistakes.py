"""Mistakes of labelling in place of what the platform does: each gets the original and its arguments."""

from contextlib import suppress
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from chalicelib.labelling.assignment_store import AssignmentStore, LostAssignment
from chalicelib.labelling.items import written_reading
from chalicelib.labelling.model import Assignment, AssignmentState, Case, Round
from chalicelib.labelling.store import CaseStore
from chalicelib.platform import keys
from chalicelib.platform.table import PRESENT, Change, Table
from tests.simulation.mistakes import AWS_FAILED, in_place_of


def unconditional(original: Any, self: Any, *args: Any, **how: Any) -> Any:
    def anyhow(update: Any, table: Table, key: Any, change: Change, **_: Any) -> Any:
        return update(table, key, change, when=PRESENT)

    with patch.object(Table, "update", in_place_of(Table.update, anyhow)):
        return original(self, *args, **how)


def expired_unwritten(
    original: Any, self: AssignmentStore, assignment: Assignment, **how: Any
) -> Any:
    return replace(assignment, state=AssignmentState.EXPIRED)


def renewed_unwritten(
    original: Any, self: AssignmentStore, assignment: Assignment, until: Any
) -> Any:
    return replace(assignment, leased_until=until)


def submitted_unwritten(original: Any, self: AssignmentStore, *args: Any) -> Any:
    """The reader is thanked; one reading of eight is forgotten."""
    held = self.get(args[0], args[1])
    if held is None or held.state is not AssignmentState.OPEN or args[2].reading_id[-1] > "b":
        return original(self, *args)
    return replace(held, reading=args[2])


def declined_unwritten(original: Any, self: AssignmentStore, *args: Any, **how: Any) -> Any:
    held = self.get(args[0], args[1])
    if held is None or held.state is not AssignmentState.OPEN:
        return original(self, *args, **how)
    return replace(held, state=AssignmentState.DECLINED)


def final_at_once(original: Any, platform: Any, case: Case, account_id: str, slot: Any) -> Any:
    held = original(platform, case, account_id, slot)
    if held is not None and held.state is AssignmentState.READ:
        return AssignmentStore(platform.labelling).finalize(held)
    return held


def undone_at_any_time(original: Any, platform: Any, account_id: str, assignment_id: str) -> None:
    assignments = AssignmentStore(platform.labelling)
    held = assignments.get(account_id, assignment_id)
    if held is None or held.reading is None or held.state is not AssignmentState.READ:
        original(platform, account_id, assignment_id)
        return
    with suppress(LostAssignment):
        assignments.undo(held)


def lapsed_kept(original: Any, platform: Any, case: Case, account_id: str, slot: Any) -> Any:
    held = original(platform, case, account_id, slot)
    return None if held and held.state is AssignmentState.EXPIRED else held


def declined_unseen(original: Any, platform: Any, case: Case, account_id: str, slot: Any) -> Any:
    held = original(platform, case, account_id, slot)
    return None if held and held.state is AssignmentState.DECLINED else held


def no_probe_at_all(
    original: Any, platform: Any, case: Case, account_id: str, slot: Any, _: Any
) -> Any:
    from chalicelib.labelling.placing import place

    place(platform, case, account_id, slot)


def probe_into_verdict(original: Any, self: CaseStore, assignment: Assignment, reading: Any) -> Any:
    original(self, assignment, reading)
    path = f"slots.{assignment.account_id}.reading"
    with suppress(*AWS_FAILED):
        change = Change(set={path: written_reading(reading)}) if reading else Change(remove=[path])
        self.table.update(keys.case(assignment.image_id), change)


def first_readers_settle(original: Any, self: Case, account_id: str) -> bool:
    if self.wants is Round.ARBITRATION:
        return account_id not in self.excluded
    return bool(original(self, account_id))


def told_of_others(original: Any, item: Any) -> Any:
    shown = replace(item, assignment=replace(item.assignment, round=Round.ARBITRATION))
    return original(shown).model_copy(update={"round": Round.FIRST})


def same_word(original: Any, one: Any, other: Any) -> bool:
    return bool(one.diagnosis is other.diagnosis)

"""A case follows its assignments.

What became of an assignment is decided on its own item; here a case is brought to what follows from all
of its own. It may be done at any time, any number of times, by several workers at once.
"""

from dataclasses import replace
from datetime import datetime

from chalicelib.labelling.assignment_store import AssignmentStore
from chalicelib.labelling.model import (
    BUSY_LOOK,
    CASE_FOLLOWS,
    FIRST_READERS,
    PLACING,
    UNFINISHED,
    WAITING_LOOK,
    Assignment,
    AssignmentState,
    Case,
    CaseState,
    Outlines,
    Round,
    Slot,
)
from chalicelib.labelling.outlines import dice
from chalicelib.labelling.placing import place, take_back
from chalicelib.labelling.reading import Point
from chalicelib.labelling.store import CaseStore, LostClaim
from chalicelib.labelling.verdict import standing
from chalicelib.platform.metrics import count
from chalicelib.platform.runtime import Platform


class ForbiddenStep(Exception):
    """A step that the transition table does not have; a mistake of ours, never of a user."""


def follow(platform: Platform, case: Case) -> Case:
    """The case as it stands once it has followed its assignments."""
    while case.state in UNFINISHED:
        after = _as_assignments_say(platform, case)
        after = stepped(platform, _outlines_compared(platform, after))
        if after == case:
            return case
        try:
            due_at = platform.clock.now() + PLACING
            followed = CaseStore(platform.labelling).replace(case, after, due_at=due_at)
        except LostClaim as lost:
            case = lost.found
            continue
        _done_with(platform, case, followed)
        case = followed
    return case


def _done_with(platform: Platform, before: Case, case: Case) -> None:
    """The case knows now of readings that are final; nothing of them is left to be finished."""
    known = {account for account, slot in before.slots.items() if slot.final}
    for account_id, slot in case.slots.items():
        if slot.final and account_id not in known:
            AssignmentStore(platform.labelling).followed(account_id, slot.assignment_id)


def stepped(platform: Platform, case: Case) -> Case:
    """The case in the state that follows from its slots. Raises `ForbiddenStep`."""
    state = standing(case)
    if state is case.state:
        return case
    if state not in CASE_FOLLOWS[case.state]:
        raise ForbiddenStep(f"{case.state} → {state}")
    return replace(case, state=state, since=platform.clock.now(), no_reader_since=None)


def deadline(case: Case, now: datetime) -> datetime | None:
    """When an unfinished case is looked at again; None for one that waits for nothing."""
    ends = [
        slot.leased_until if slot.reading is None else slot.reading.undo_until + PLACING
        for slot in case.slots.values()
        if not slot.final
    ]
    if case.wants is not None:
        ends.append(now + (WAITING_LOOK if case.no_reader_since else BUSY_LOOK))
    return max(min(ends), now) if ends and case.state in UNFINISHED else None


def _as_assignments_say(platform: Platform, case: Case) -> Case:
    slots: dict[str, Slot] = {}
    lapsed, declined = set(case.lapsed), set(case.declined)
    for account_id, slot in case.slots.items():
        if account_id in case.excluded:
            take_back(platform, case, account_id)
            continue
        held = None if slot.final else _moved_on(platform, case, account_id, slot)
        if held is None:
            slots[account_id] = slot
        elif held.state is AssignmentState.DECLINED:
            declined.add(account_id)
        elif held.state in {AssignmentState.EXPIRED, AssignmentState.WITHDRAWN}:
            lapsed.add(account_id)
        else:
            slots[account_id] = _slot(slot, held)
    after = replace(case, slots=slots, lapsed=frozenset(lapsed), declined=frozenset(declined))
    return after if after.first.keys() == case.first.keys() else _read_anew(platform, after)


def _read_anew(platform: Platform, case: Case) -> Case:
    """The case after it has lost a first reader: what was made of his reading is made again."""
    for account_id, slot in case.slots.items():
        if slot.round is Round.ARBITRATION:
            take_back(platform, case, account_id)
    return replace(case, slots=case.first, outlines=None)


def _slot(slot: Slot, held: Assignment) -> Slot:
    return replace(
        slot,
        leased_until=held.leased_until,
        reading=replace(held.reading, outline=None) if held.reading else None,
        final=held.state is AssignmentState.FINAL,
    )


def _moved_on(platform: Platform, case: Case, account_id: str, slot: Slot) -> Assignment | None:
    """The assignment of a slot, moved on by the clock: a lease ends, a reading becomes final.

    It is placed where it is missing: another worker claimed, and may have died since. None while
    there is nothing to follow.
    """
    assignments, now = AssignmentStore(platform.labelling), platform.clock.now()
    held = assignments.get(account_id, slot.assignment_id)
    if held is None:
        if not assignments.is_placed(account_id, slot.assignment_id):
            place(platform, case, account_id, slot)
        return None
    if held.state is AssignmentState.OPEN and held.leased_until <= now:
        count("LeasesEnded")
        return assignments.expire(held, now=now)
    if held.reading and held.state is AssignmentState.READ and held.reading.undo_until <= now:
        return assignments.finalize(held)
    return held


def _outlines_compared(platform: Platform, case: Case) -> Case:
    """With the outlines of the first two compared, once both are final and both have drawn one."""
    first = case.first.values()
    if case.state is not CaseState.READING or case.outlines is not None:
        return case
    if len(first) < FIRST_READERS or not all(slot.final for slot in first):
        return case
    one, other = outlines_of(platform, case)
    return replace(case, outlines=Outlines(dice=dice(one, other))) if one and other else case


def outlines_of(platform: Platform, case: Case) -> list[tuple[Point, ...]]:
    """What the first readers have drawn, empty for who has drawn nothing. One call."""
    slots = [(account, slot.assignment_id) for account, slot in case.first.items()]
    held = AssignmentStore(platform.labelling).of_slots(slots)
    return [each.reading.outline or () if each.reading else () for each in held]

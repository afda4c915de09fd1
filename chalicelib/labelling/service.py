"""What a reader does: look at his hand, read, take a reading back, decline, ask for more time.

Each is decided by one conditional write on the assignment. The case follows by an idempotent write, or
by a message; the assignment's deadline in the `due` index finishes what a crash left between.
"""

from dataclasses import dataclass
from typing import Final

from chalicelib.images.model import LINK_LIFE
from chalicelib.labelling import refusals
from chalicelib.labelling.assignment_store import AssignmentStore, LostAssignment
from chalicelib.labelling.finding import lease_end
from chalicelib.labelling.model import LONGEST_LEASE, Assignment, AssignmentState, Case
from chalicelib.labelling.reading import UNDO, Reading
from chalicelib.labelling.store import CaseStore
from chalicelib.platform.errors import Conflict, NotFound
from chalicelib.platform.metrics import count, seconds
from chalicelib.platform.runtime import Platform

SETTLED: Final = int(UNDO.total_seconds()) + 1
"""Seconds after which the last reading of a case is final, and its verdict falls."""


@dataclass(frozen=True)
class HandItem:
    """An assignment as its reader sees it."""

    assignment: Assignment
    image_url: str


def hand(
    platform: Platform, account_id: str, *, limit: int, cursor: str | None
) -> tuple[list[HandItem], str | None]:
    """A page of a reader's open assignments, in an order of his own that tells nothing, and the
    cursor of the next page. One call. Raises `Invalid` for a cursor of another list."""
    scope = f"assignments {account_id}"
    start = platform.cursors.open(cursor, scope=scope)
    now = platform.clock.now()
    held = {
        platform.ids.digest("order", account_id, assignment.assignment_id).hex(): assignment
        for assignment in AssignmentStore(platform.labelling).hand(account_id)
        if assignment.leased_until > now
    }
    places = sorted(place for place in held if start is None or place > start["after"])
    page = places[:limit]
    last = {"after": page[-1]} if len(places) > limit else None
    life = int(LINK_LIFE.total_seconds())
    items = [
        HandItem(held[place], platform.images.link(held[place].image_key, seconds=life))
        for place in page
    ]
    return items, platform.cursors.seal(last, scope=scope)


def submit(platform: Platform, account_id: str, assignment_id: str, told: Reading) -> Reading:
    """Keep a reading, without telling anything of others. Three calls.

    Sent again, the same reading is answered as it stands. Raises `NotFound`, or `Conflict` for an assignment that is
    not open: read otherwise, declined, or its lease has ended.
    """
    assignments = AssignmentStore(platform.labelling)
    try:
        held = assignments.submit(account_id, assignment_id, told)
    except LostAssignment as lost:
        return _repeated(platform, lost.found, told)
    case = _note(platform, held)
    seconds("ReadingTime", _reading(held).seconds or 0)
    messages, after = [{"reader_id": account_id}], [0]
    if case is not None and _is_complete(case):
        messages, after = [*messages, {"case_id": case.image_id}], [0, SETTLED]
    platform.labelling_queue.send_all(messages, after=after)
    return _reading(held)


def undo(platform: Platform, account_id: str, assignment_id: str) -> None:
    """Take a reading back within its minute; the assignment is in the hand again. Three calls.

    Of an assignment that is open, nothing changes. Raises `NotFound`, or `Conflict` when the minute is
    over or there is no reading any more.
    """
    assignments, now = AssignmentStore(platform.labelling), platform.clock.now()
    held = assignments.get(account_id, assignment_id)
    if held is None:
        raise NotFound
    if held.state is AssignmentState.OPEN:
        return
    if held.state not in {AssignmentState.READ, AssignmentState.FINAL}:
        raise _not_open(held)
    if held.state is AssignmentState.FINAL or now >= _reading(held).undo_until:
        raise Conflict("reading_final", refusals.FINAL)
    # The case lets go first: what a crash leaves between is a reading, and that has a deadline.
    if held.probe is None:
        CaseStore(platform.labelling).drop_reading(held, _reading(held))
    else:
        CaseStore(platform.labelling).note_probe(held, None)
    try:
        assignments.undo(held)
    except LostAssignment:
        raise Conflict("reading_final", refusals.FINAL) from None
    count("ReadingsUndone")


def decline(platform: Platform, account_id: str, assignment_id: str, reason: str) -> None:
    """Give a case back, so that another reader is found. Two calls.

    Doing it again changes nothing more. Raises `NotFound`, or `Conflict` for an assignment that is
    not open.
    """
    assignments = AssignmentStore(platform.labelling)
    try:
        held = assignments.decline(account_id, assignment_id, reason, now=platform.clock.now())
    except LostAssignment as lost:
        if lost.found is None:
            raise NotFound from None
        if lost.found.state is AssignmentState.DECLINED:
            return
        raise _not_open(lost.found) from None
    count("AssignmentsDeclined")
    platform.labelling_queue.send_all([{"reader_id": account_id}, {"case_id": held.image_id}])


def renew(platform: Platform, account_id: str, assignment_id: str) -> Assignment:
    """Give a reader who is at work more time. At most three calls.

    Raises `NotFound`, or `Conflict` for an assignment that is not open, or had all the time there is.
    """
    assignments, now = AssignmentStore(platform.labelling), platform.clock.now()
    held = assignments.get(account_id, assignment_id)
    if held is None:
        raise NotFound
    until = min(lease_end(now), lease_end(held.placed_at, LONGEST_LEASE))
    if held.state is not AssignmentState.OPEN or held.leased_until <= now:
        raise _not_open(held)
    if until <= held.leased_until:
        return held
    try:
        held = assignments.renew(held, until)
    except LostAssignment as lost:
        if lost.found is None:
            raise NotFound from None
        raise _not_open(lost.found) from None
    if held.probe is None:
        CaseStore(platform.labelling).note_lease(held)
    return held


def _note(platform: Platform, held: Assignment) -> Case | None:
    """Enter the reading where it belongs; a probe takes one write too, so that time tells nothing."""
    if held.probe is None:
        return CaseStore(platform.labelling).note_reading(held, _reading(held))
    CaseStore(platform.labelling).note_probe(held, _reading(held))
    return None


def _reading(held: Assignment) -> Reading:
    if held.reading is None:
        raise ValueError("nothing was read")
    return held.reading


def _repeated(platform: Platform, found: Assignment | None, told: Reading) -> Reading:
    """The reading that stands already, of a request that came twice or whose answer was lost."""
    if found is None:
        raise NotFound
    submitted = found.state in {AssignmentState.READ, AssignmentState.FINAL}
    if not submitted or found.reading is None:
        raise _not_open(found)
    if not found.reading.repeats(told):
        raise Conflict("already_read", refusals.ALREADY_READ)
    if found.state is AssignmentState.READ:
        _note(platform, found)
    return found.reading


def _is_complete(case: Case) -> bool:
    """Whether nobody is left who has the case in hand and has not read it."""
    return case.wants is None and all(slot.reading for slot in case.slots.values())


def _not_open(found: Assignment) -> Conflict:
    match found.state:
        case AssignmentState.READ | AssignmentState.FINAL:
            return Conflict("already_read", refusals.ALREADY_READ)
        case AssignmentState.DECLINED:
            return Conflict("declined", refusals.DECLINED)
    return Conflict("lease_ended", refusals.LEASE_ENDED)

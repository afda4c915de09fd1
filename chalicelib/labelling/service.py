"""How cases find their readers, and what a reader sees of them.

A queue message names an image, or a reader with room in his hand. Both ways end in one conditional
write on the case (`claim`), so that two messages, or the same one twice, never give a slot twice.
The copy of the image and the assignment follow the claim; the case's deadline in the `due` index
finishes what a crash left between.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chalicelib.images.model import LINK_LIFE, Image, Kind, State
from chalicelib.images.store import ImageStore, LostStep
from chalicelib.labelling.model import (
    LEASE,
    PLACING,
    WAITING_LOOK,
    Assignment,
    AssignmentState,
    Case,
    CaseState,
    Facts,
    Round,
    Slot,
    half_by_priority,
    priority,
)
from chalicelib.labelling.store import AssignmentStore, CaseStore, LostClaim
from chalicelib.people import service as people
from chalicelib.people.model import Account, Role
from chalicelib.platform.metrics import count
from chalicelib.platform.runtime import Platform

SEVERAL: Final = 20
"""How many waiting cases of each shard are looked at when a hand is filled."""


@dataclass(frozen=True)
class HandItem:
    """An assignment as its reader sees it."""

    assignment: Assignment
    image_url: str


def assign_case(platform: Platform, image_id: str) -> Case | None:
    """Open the case of a classified image and find its readers; None when it is not to be read."""
    images = ImageStore(platform.cases)
    image = images.get(image_id)
    if image is None or not _to_be_read(image):
        return None
    now = platform.clock.now()
    case = CaseStore(platform.labelling).open(_case_of(image, now), due_at=now + PLACING)
    if image.state is State.CLASSIFIED:
        try:
            images.step(image, State.IN_LABELLING, now=now)
        except LostStep:
            count("ImagesOvertaken")  # the same message was here before, or consent was taken back
    return find_readers(platform, case)


def find_readers(platform: Platform, case: Case) -> Case:
    """Fill the open slots of a case from readers with room, in random order."""
    for reader in _readers_in_random_order(platform, case):
        if case.open_slots == 0:
            break
        if _room(platform, reader) > 0:
            case = claim(platform, case, reader.account_id)
    if case.open_slots > 0:
        count("CasesWithoutReader")
    _settle(platform, case)
    return case


def fill_hand(platform: Platform, account_id: str) -> int:
    """Fill a reader's hand from the waiting cases; how many he was given."""
    reader = next((r for r in _first_readers(platform) if r.account_id == account_id), None)
    if reader is None:
        return 0
    cases = CaseStore(platform.labelling)
    waiting = [case for case in cases.waiting(limit=SEVERAL) if case.may_be_read_by(account_id)]
    given = 0
    for case in half_by_priority(waiting, _room(platform, reader), platform.draw):
        claimed = claim(platform, case, account_id)
        if account_id in claimed.slots:
            given += 1
            _settle(platform, claimed)
    return given


def claim(platform: Platform, case: Case, account_id: str) -> Case:
    """Give a slot of `case` to a reader, and the assignment into his hand.

    Returns the case as it stands afterwards; the reader is in its slots when the claim was his.
    """
    now = platform.clock.now()
    cases = CaseStore(platform.labelling)
    # To the hour, so that the end of a lease does not tell two readers that they share a case.
    until = (now + LEASE).replace(minute=0, second=0, microsecond=0)
    slot = Slot(assignment_id=platform.ids.new(), leased_until=until)
    while case.open_slots > 0 and case.may_be_read_by(account_id):
        try:
            slots = {**case.slots, account_id: slot}
            case = cases.put_slots(case, slots, due_at=now + PLACING)
        except LostClaim as error:
            case = error.found
            continue
        _place(platform, case, account_id, slot)
        count("AssignmentsMade")
        break
    return case


def drive_on(platform: Platform, case: Case) -> Case:
    """What the sweep does with an overdue case: mend, end leases, look for readers again."""
    now = platform.clock.now()
    assignments = AssignmentStore(platform.labelling)
    ended = {account for account, slot in case.slots.items() if slot.leased_until <= now}
    _mend(platform, case)
    for account_id in sorted(ended):
        assignments.expire(account_id, case.slots[account_id].assignment_id)
        count("LeasesEnded")
    if ended:
        kept = {account: slot for account, slot in case.slots.items() if account not in ended}
        try:
            case = CaseStore(platform.labelling).put_slots(
                case, kept, due_at=now + PLACING, lapsed=case.lapsed | ended
            )
        except LostClaim as error:
            return error.found
    return find_readers(platform, case)


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
    seconds = int(LINK_LIFE.total_seconds())
    items = [
        HandItem(held[place], platform.images.link(held[place].image_key, seconds=seconds))
        for place in page
    ]
    return items, platform.cursors.seal(last, scope=scope)


def _to_be_read(image: Image) -> bool:
    return (
        image.state in {State.CLASSIFIED, State.IN_LABELLING}
        and image.kind is Kind.DERMOSCOPIC
        and image.intake is not None
    )


def _case_of(image: Image, now: datetime) -> Case:
    if image.intake is None:
        raise ValueError("an image without a clean picture has no case")
    return Case(
        image_id=image.image_id,
        state=CaseState.WAITING,
        created_at=now,
        priority=priority(image.classification),
        clean_key=image.intake.clean_key,
        facts=Facts(
            kind=image.kind.value,
            site=image.subject.site,
            age=image.subject.age,
            sex=image.subject.sex,
        ),
        excluded=frozenset({image.uploaded_by, *image.subject.treated_by}),
    )


def _first_readers(platform: Platform) -> list[Account]:
    """Experts read first; senior experts are kept for arbitration."""
    return [reader for reader in people.readers(platform) if reader.role is Role.EXPERT]


def _readers_in_random_order(platform: Platform, case: Case) -> list[Account]:
    """Readers who may read `case`; those who let its lease end come last."""
    readers = [r for r in _first_readers(platform) if case.may_be_read_by(r.account_id)]
    platform.draw.shuffle(readers)
    return sorted(readers, key=lambda reader: reader.account_id in case.lapsed)


def _room(platform: Platform, reader: Account) -> int:
    held = AssignmentStore(platform.labelling).hand(reader.account_id)
    return max(reader.hand_size - len(held), 0)


def _place(platform: Platform, case: Case, account_id: str, slot: Slot) -> None:
    """Copy the image for this assignment and put the assignment into the reader's hand."""
    suffix = case.clean_key.rpartition(".")[2]
    image_key = f"assigned/{slot.assignment_id}.{suffix}"
    platform.images.copy(case.clean_key, image_key)
    AssignmentStore(platform.labelling).place(
        Assignment(
            assignment_id=slot.assignment_id,
            account_id=account_id,
            image_id=case.image_id,
            round=Round.FIRST,
            state=AssignmentState.OPEN,
            leased_until=slot.leased_until,
            facts=case.facts,
            image_key=image_key,
        )
    )


def _mend(platform: Platform, case: Case) -> None:
    """Place the assignments that are missing: another worker claimed, and may have died since."""
    assignments = AssignmentStore(platform.labelling)
    for account_id, slot in case.slots.items():
        if assignments.get(account_id, slot.assignment_id) is None:
            _place(platform, case, account_id, slot)


def _settle(platform: Platform, case: Case) -> None:
    """Set the case's next deadline: its earliest lease, or soon while it lacks readers.

    That may be days away, so nothing must be left undone before it.
    """
    _mend(platform, case)
    soon = platform.clock.now() + WAITING_LOOK
    leases = [slot.leased_until for slot in case.slots.values()]
    deadline = min([soon, *leases] if case.open_slots > 0 else leases)
    CaseStore(platform.labelling).postpone(case, deadline)

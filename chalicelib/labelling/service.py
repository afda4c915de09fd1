"""How cases find their readers, and what a reader sees of them.

A queue message names an image, or a reader with room in his hand. Both ways end in one conditional
write on the case (`claim`), so that two messages, or the same one twice, never give a slot twice.
The copy of the image and the assignment follow the claim; the case's deadline in the `due` index
finishes what a crash left between.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from chalicelib.images.model import LINK_LIFE, Image, State
from chalicelib.images.store import ImageStore, LostStep
from chalicelib.labelling.model import (
    LEASE,
    PLACING,
    WAITING_LOOK,
    Assignment,
    Case,
    CaseState,
    Facts,
    Slot,
    half_by_priority,
    priority,
)
from chalicelib.labelling.placing import mend, place, take_back, tell
from chalicelib.labelling.store import AssignmentStore, CaseStore, LostClaim
from chalicelib.people import service as people
from chalicelib.people.model import Account, Role
from chalicelib.platform import logging
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
    logging.follow(image.trace)
    now = platform.clock.now()
    case = CaseStore(platform.labelling).open(_case_of(image, now), due_at=now + PLACING)
    if case.state is CaseState.WITHDRAWN:
        return None
    if image.state is State.CLASSIFIED:
        try:
            image = images.step(image, State.IN_LABELLING, now=now)
            count("CasesOpened")
        except LostStep as lost:
            count("ImagesOvertaken")  # the same message was here before, or the image was moved
            if lost.found is None or not _to_be_read(lost.found):
                return None  # consent was taken back, and the erasure closes the case
            image = lost.found
    if _told_otherwise(case, image):  # it was moved between the reading of it and this
        return follow_image(platform, image_id)
    return find_readers(platform, case)


def follow_image(platform: Platform, image_id: str) -> Case | None:
    """Let the case of a moved image follow it; None when it has none yet. Doing it again changes
    nothing more.

    Its facts and exclusions become the image's. A reader who is excluded now loses the assignment,
    and another one is looked for; the other readers are told the new facts.
    """
    cases = CaseStore(platform.labelling)
    case = cases.get(image_id)
    while case is not None:
        # Read after the case, whose condition then keeps an older move from undoing a newer one.
        image = ImageStore(platform.cases).get(image_id)
        if image is None or not _to_be_read(image):
            return case
        barred = _excluded(image) & set(case.slots)
        for account_id in barred:
            take_back(platform, case, account_id)
        after = replace(
            case,
            facts=_facts(image),
            excluded=_excluded(image),
            slots={a: slot for a, slot in case.slots.items() if a not in barred},
        )
        try:
            if after != case:
                due_at = platform.clock.now() + PLACING
                case = cases.amend(case, after, due_at=due_at)
        except LostClaim as lost:
            case = lost.found
            continue
        mend(platform, case)
        tell(platform, case)
        return find_readers(platform, case)
    return None


def find_readers(platform: Platform, case: Case) -> Case:
    """Fill the open slots of a case from readers with room, in random order."""
    for reader in _readers_in_random_order(platform, case):
        if case.open_slots == 0:
            break
        if _room(platform, reader) > 0:
            case = claim(platform, case, reader.account_id)
    if case.state is CaseState.WITHDRAWN:
        return case
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
    logging.follow(case.trace)
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
        place(platform, case, account_id, slot)
        count("AssignmentsMade")
        break
    return case


def drive_on(platform: Platform, case: Case) -> Case:
    """What the sweep does with an overdue case: mend, end leases, look for readers again."""
    now = platform.clock.now()
    assignments = AssignmentStore(platform.labelling)
    ended = {account for account, slot in case.slots.items() if slot.leased_until <= now}
    mend(platform, case)
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
        and image.goes_to_readers
        and image.intake is not None
    )


def _excluded(image: Image) -> frozenset[str]:
    """Who must not read the image blind: who uploaded it, and who treats the patient."""
    return frozenset({image.uploaded_by, *image.subject.treated_by})


def _facts(image: Image) -> Facts:
    return Facts(
        kind=image.kind.value,
        site=image.subject.site,
        age=image.subject.age,
        sex=image.subject.sex,
    )


def _told_otherwise(case: Case, image: Image) -> bool:
    return case.facts != _facts(image) or case.excluded != _excluded(image)


def _case_of(image: Image, now: datetime) -> Case:
    if image.intake is None:
        raise ValueError("an image without a clean picture has no case")
    return Case(
        image_id=image.image_id,
        state=CaseState.WAITING,
        created_at=now,
        priority=priority(image.classification),
        clean_key=image.intake.clean_key,
        facts=_facts(image),
        excluded=_excluded(image),
        trace=image.trace,
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


def _settle(platform: Platform, case: Case) -> None:
    """Set the case's next deadline: its earliest lease, or soon while it lacks readers.

    That may be days away, so nothing must be left undone before it.
    """
    mend(platform, case)
    soon = platform.clock.now() + WAITING_LOOK
    leases = [slot.leased_until for slot in case.slots.values()]
    deadline = min([soon, *leases] if case.open_slots > 0 else leases)
    CaseStore(platform.labelling).postpone(case, deadline)

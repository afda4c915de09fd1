"""Assignments follow the slots of a case: into a reader's hand, or out of it.

The slot on the case is what counts. What is here can be repeated, so that a crash between the two is
mended by the case's next deadline.
"""

from dataclasses import replace

from chalicelib.labelling.model import Assignment, AssignmentState, Case, Round, Slot
from chalicelib.labelling.store import AssignmentStore
from chalicelib.platform.metrics import count
from chalicelib.platform.runtime import Platform


def place(platform: Platform, case: Case, account_id: str, slot: Slot) -> None:
    """Copy the image for this assignment and put the assignment into the reader's hand."""
    assignment = _assignment(case, account_id, slot)
    platform.images.copy(case.clean_key, assignment.image_key)
    AssignmentStore(platform.labelling).place(assignment)


def mend(platform: Platform, case: Case) -> None:
    """Place the assignments that are missing: another worker claimed, and may have died since."""
    assignments = AssignmentStore(platform.labelling)
    for account_id, slot in case.slots.items():
        if not assignments.is_placed(account_id, slot.assignment_id):
            place(platform, case, account_id, slot)


def take_back(platform: Platform, case: Case, account_id: str) -> None:
    """End the assignment of a reader who may not have it, also one that is still on its way: an
    ended one is put where it would come, and its worker finds the place taken."""
    assignments, slot = AssignmentStore(platform.labelling), case.slots[account_id]
    if not assignments.expire(account_id, slot.assignment_id):
        ended = replace(_assignment(case, account_id, slot), state=AssignmentState.EXPIRED)
        assignments.place(ended)
        assignments.expire(account_id, slot.assignment_id)  # it may have come just before that
    count("AssignmentsTakenBack")


def tell(platform: Platform, case: Case) -> None:
    """Tell the readers of a case its facts, where they were told others."""
    assignments = AssignmentStore(platform.labelling)
    for account_id, slot in case.slots.items():
        held = assignments.get(account_id, slot.assignment_id)
        if held is not None and held.facts != case.facts:
            assignments.tell(held, case.facts)


def _assignment(case: Case, account_id: str, slot: Slot) -> Assignment:
    suffix = case.clean_key.rpartition(".")[2]
    return Assignment(
        assignment_id=slot.assignment_id,
        account_id=account_id,
        image_id=case.image_id,
        round=Round.FIRST,
        state=AssignmentState.OPEN,
        leased_until=slot.leased_until,
        facts=case.facts,
        image_key=f"assigned/{slot.assignment_id}.{suffix}",
    )

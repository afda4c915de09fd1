"""Assignments follow the slots of a case: into a reader's hand, or out of it.

The slot on the case is what counts when a case is given; once the assignment lies in the hand, its
own item decides what becomes of it, and the case follows (`following.py`). What is here can be
repeated, so that a crash between the two is mended by the case's next deadline.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chalicelib.labelling.assignment_store import AssignmentStore
from chalicelib.labelling.ballots import Probe
from chalicelib.labelling.items import written_reading
from chalicelib.labelling.model import Assignment, AssignmentState, Case, Round, Slot
from chalicelib.platform.metrics import count
from chalicelib.platform.runtime import Platform


def place(platform: Platform, case: Case, account_id: str, slot: Slot) -> None:
    """Copy the image for this assignment and put the assignment into the reader's hand."""
    _put(platform, case, _assignment(platform, case, account_id, slot))


def place_probe(platform: Platform, case: Case, account_id: str, slot: Slot, probe: Probe) -> None:
    """Put a case into a hand whose verdict its reader does not share in; it looks like any other."""
    _put(platform, case, replace(_assignment(platform, case, account_id, slot), probe=probe))


def take_back(platform: Platform, case: Case, account_id: str) -> None:
    """End the assignment of a reader who may not have it, also one that is still on its way: an
    ended one is put where it would come, and its worker finds the place taken."""
    assignments, slot = AssignmentStore(platform.labelling), case.slots[account_id]
    if not assignments.annul(account_id, slot.assignment_id):
        ended = _assignment(platform, case, account_id, slot)
        assignments.place(replace(ended, state=AssignmentState.EXPIRED))
        assignments.annul(account_id, slot.assignment_id)  # it may have come just before that
    count("AssignmentsTakenBack")


def tell(platform: Platform, case: Case) -> None:
    """Tell the readers of a case its facts, where they were told others."""
    assignments = AssignmentStore(platform.labelling)
    for account_id, slot in case.slots.items():
        if slot.final:
            continue
        held = assignments.get(account_id, slot.assignment_id)
        if held is not None and held.facts != case.facts:
            assignments.tell(held, case.facts)


def _put(platform: Platform, case: Case, assignment: Assignment) -> None:
    platform.images.copy(case.clean_key, assignment.image_key)
    AssignmentStore(platform.labelling).place(assignment)


def _assignment(platform: Platform, case: Case, account_id: str, slot: Slot) -> Assignment:
    suffix = case.clean_key.rpartition(".")[2]
    return Assignment(
        assignment_id=slot.assignment_id,
        account_id=account_id,
        image_id=case.image_id,
        round=slot.round,
        state=AssignmentState.OPEN,
        leased_until=slot.leased_until,
        facts=case.facts,
        image_key=f"assigned/{slot.assignment_id}.{suffix}",
        placed_at=platform.clock.now(),
        protocol=slot.protocol,
        readings=_first_readings(platform, case) if slot.round is Round.ARBITRATION else (),
    )


def _first_readings(platform: Platform, case: Case) -> tuple[Mapping[str, Any], ...]:
    """What the first two said, as the senior is shown it: without names, in random order."""
    slots = [(account, slot.assignment_id) for account, slot in case.first.items()]
    held = AssignmentStore(platform.labelling).of_slots(slots)
    told = [
        {
            **{
                name: value
                for name, value in written_reading(each.reading).items()
                if name in {"diagnosis", "differential", "confidence", "quality", "comment"}
            },
            "outline": [list(point) for point in each.reading.outline or ()] or None,
        }
        for each in held
        if each.reading is not None
    ]
    return tuple(platform.draw.sample(told, len(told)))

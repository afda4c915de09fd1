"""Cases and assignments as items of the `labelling` table, and back."""

import hashlib
from typing import Any, Final

from chalicelib.labelling.model import (
    Assignment,
    AssignmentState,
    Case,
    CaseState,
    Facts,
    Round,
    Slot,
)
from chalicelib.platform.clock import moment, timestamp
from chalicelib.platform.table import Item

WAIT_SHARDS: Final = 4
_NO_FACTS: Final = {"kind": "", "site": "", "age": None, "sex": None}


def waiting_order(case: Case) -> dict[str, Any]:
    """The attributes that put a case into the waiting index, the most urgent first."""
    shard = hashlib.sha256(case.image_id.encode()).digest()[0] % WAIT_SHARDS
    urgency = f"{1 - case.priority:.6f}"
    return {
        "wait_shard": f"waiting#{shard}",
        "wait_order": f"{urgency}#{timestamp(case.created_at)}#{case.image_id}",
    }


def written_slot(slot: Slot) -> dict[str, str]:
    """A reader's place as it stands in a case's item."""
    return {"assignment_id": slot.assignment_id, "leased_until": timestamp(slot.leased_until)}


def read_case(item: Item) -> Case:
    """The case in an item of the table; of a tombstone, a case without slots or facts."""
    return Case(
        image_id=item["image_id"],
        state=CaseState(item["state"]),
        created_at=moment(item["created_at"]),
        priority=item.get("priority", 0),
        clean_key=item.get("clean_key", ""),
        facts=Facts(**item.get("facts", _NO_FACTS)),
        excluded=frozenset(item.get("excluded", ())),
        lapsed=frozenset(item.get("lapsed", ())),
        slots={
            account: Slot(
                assignment_id=slot["assignment_id"], leased_until=moment(slot["leased_until"])
            )
            for account, slot in item.get("slots", {}).items()
        },
        trace=item.get("trace", ""),
    )


def read_assignment(item: Item) -> Assignment:
    """The assignment in an item of the table."""
    return Assignment(
        assignment_id=item["assignment_id"],
        account_id=item["account_id"],
        image_id=item["image_id"],
        round=Round(item["round"]),
        state=AssignmentState(item["state"]),
        leased_until=moment(item["leased_until"]),
        facts=Facts(**item["facts"]),
        image_key=item["image_key"],
    )

"""Cases and assignments as items of the `labelling` table, and back."""

import hashlib
from dataclasses import asdict, replace
from typing import Any, Final

from chalicelib.labelling.ballots import Probe, Quality
from chalicelib.labelling.model import (
    Assignment,
    AssignmentState,
    Case,
    CaseState,
    Facts,
    Outlines,
    Round,
    Slot,
)
from chalicelib.labelling.proof import Proof, Truth
from chalicelib.labelling.reading import Reading
from chalicelib.labelling.urgency import read_by
from chalicelib.platform.clock import moment, timestamp
from chalicelib.platform.lesion_classes import LesionClass
from chalicelib.platform.table import Item

SHARDS: Final = 4
WAITING: Final = ("wait_shard", "wait_order")
STANDING: Final = ("standing_shard", "standing_order")
HAND: Final = ("hand", "hand_order")
NO_READER: Final = "no_reader"
"""Where cases are listed that nobody is left for, whatever their state."""
_NO_FACTS: Final = {"kind": "", "site": "", "age": None, "sex": None}


def shard_of(image_id: str) -> int:
    """Which part of an index a case stands in."""
    return hashlib.sha256(image_id.encode()).digest()[0] % SHARDS


def waiting_for(round_: Round | None, gold: bool, shard: int) -> str:
    """The partition of the waiting index of cases that want a reader, or that probe one."""
    return f"{'gold' if round_ is None and gold else round_}#{shard}"


def written_case(case: Case) -> tuple[Item, list[str]]:
    """What may change of a case as attributes of its item, and the attributes that it must not have."""
    item: Item = {
        "state": case.state.value,
        "facts": asdict(case.facts),
        "excluded": sorted(case.excluded),
        "lapsed": sorted(case.lapsed),
        "declined": sorted(case.declined),
        "announced": sorted(case.announced),
        "probed": sorted(case.probed),
        "slots": {account: written_slot(slot) for account, slot in case.slots.items()},
        "since": timestamp(case.since or case.created_at),
        "outlines": _written_outlines(case.outlines),
        "truth": _written_truth(case.truth),
        "no_reader_since": timestamp(case.no_reader_since) if case.no_reader_since else None,
        "gold": True if case.gold else None,
    }
    item |= _listed(case) | _waiting(case)
    present = {name: value for name, value in item.items() if value is not None}
    return present, [name for name in (*item, *WAITING) if name not in present]


def _listed(case: Case) -> Item:
    """Where the case stands in the lists by state, the oldest first."""
    listed = NO_READER if case.no_reader_since else case.state.value
    return {
        "standing_shard": f"{listed}#{shard_of(case.image_id)}",
        "standing_order": f"{timestamp(case.since or case.created_at)}#{case.image_id}",
    }


def _waiting(case: Case) -> Item:
    if case.wants is None and not case.gold:
        return {}
    # Of gold cases, those that were used least come first.
    order = timestamp(read_by(case)) if case.wants else f"{len(case.probed):06}"
    return {
        "wait_shard": waiting_for(case.wants, case.gold, shard_of(case.image_id)),
        "wait_order": f"{order}#{case.image_id}",
    }


def written_slot(slot: Slot) -> Item:
    """A reader's place as it stands in a case's item."""
    written: Item = {
        "assignment_id": slot.assignment_id,
        "leased_until": timestamp(slot.leased_until),
        "round": slot.round.value,
        "protocol": slot.protocol,
        "final": slot.final,
    }
    return written | ({"reading": written_reading(slot.reading)} if slot.reading else {})


def written_reading(reading: Reading) -> Item:
    """A reading as it stands in an item. Its outline stays with the assignment only."""
    item: Item = {
        "reading_id": reading.reading_id,
        "diagnosis": reading.diagnosis.value,
        "at": timestamp(reading.at),
        "seconds": reading.seconds,
        "differential": [each.value for each in reading.differential],
        "confidence": reading.confidence,
        "quality": reading.quality.value,
        "comment": reading.comment,
    }
    return {name: value for name, value in item.items() if value is not None}


def read_reading(item: Item, outline: Any = None) -> Reading:
    return Reading(
        reading_id=item["reading_id"],
        diagnosis=LesionClass(item["diagnosis"]),
        at=moment(item["at"]),
        seconds=item.get("seconds"),
        differential=tuple(map(LesionClass, item["differential"])),
        confidence=item.get("confidence"),
        quality=Quality(item["quality"]),
        outline=_points(outline),
        comment=item.get("comment"),
    )


def read_slot(item: Item) -> Slot:
    return Slot(
        assignment_id=item["assignment_id"],
        leased_until=moment(item["leased_until"]),
        round=Round(item["round"]),
        protocol=item["protocol"],
        reading=read_reading(item["reading"]) if "reading" in item else None,
        final=item.get("final", False),
    )


def read_case(item: Item) -> Case:
    """The case in an item of the table; of a tombstone, a case without slots or facts."""
    return Case(
        image_id=item["image_id"],
        state=CaseState(item["state"]),
        created_at=moment(item["created_at"]),
        since=moment(item["since"] if "since" in item else item["created_at"]),
        priority=item.get("priority", 0),
        clean_key=item.get("clean_key", ""),
        clinic_id=item.get("clinic_id", ""),
        aspect=item.get("aspect", 1.0),
        opinion=item.get("opinion"),
        facts=Facts(**item.get("facts", _NO_FACTS)),
        excluded=frozenset(item.get("excluded", ())),
        lapsed=frozenset(item.get("lapsed", ())),
        declined=frozenset(item.get("declined", ())),
        slots={account: read_slot(slot) for account, slot in item.get("slots", {}).items()},
        outlines=_read_outlines(item.get("outlines")),
        truth=_read_truth(item.get("truth")),
        no_reader_since=moment(item["no_reader_since"]) if "no_reader_since" in item else None,
        gold=item.get("gold", False),
        probed=frozenset(item.get("probed", ())),
        announced=frozenset(item.get("announced", ())),
        trace=item.get("trace", ""),
        writer=item.get("writer", ""),
    )


def written_assignment(assignment: Assignment) -> Item:
    """The item of a new assignment, without its keys."""
    item = asdict(assignment)
    item["leased_until"] = timestamp(assignment.leased_until)
    item["placed_at"] = timestamp(assignment.placed_at)
    item["readings"] = list(assignment.readings) or None
    return item


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
        placed_at=moment(item["placed_at"]),
        protocol=item["protocol"],
        probe=Probe(item["probe"]) if "probe" in item else None,
        readings=tuple(item.get("readings", ())),
        reading=_timed_reading(item) if "reading" in item else None,
        reason=item.get("reason"),
    )


def _timed_reading(item: Item) -> Reading:
    """With the time it took: as the reader's client measured it, and no longer than he had the image."""
    reading = read_reading(item["reading"], item.get("outline"))
    had = max((reading.at - moment(item["placed_at"])).total_seconds(), 0.0)
    measured = had if reading.seconds is None else min(reading.seconds, had)
    return replace(reading, seconds=round(measured, 1))


def _points(points: Any) -> tuple[tuple[float, float], ...] | None:
    return tuple((x, y) for x, y in points) if points else None


def _written_outlines(outlines: Outlines | None) -> Item | None:
    if outlines is None:
        return None
    merged = {"merged": [list(point) for point in outlines.merged]} if outlines.merged else {}
    return {"dice": outlines.dice, **merged}


def _read_outlines(item: Item | None) -> Outlines | None:
    return Outlines(dice=item["dice"], merged=_points(item.get("merged"))) if item else None


def _written_truth(truth: Truth | None) -> Item | None:
    if truth is None:
        return None
    return {
        "diagnosis": truth.diagnosis.value,
        "by": truth.by.value,
        "record_id": truth.record_id,
        "at": timestamp(truth.at),
    }


def _read_truth(item: Item | None) -> Truth | None:
    if item is None:
        return None
    return Truth(
        diagnosis=LesionClass(item["diagnosis"]),
        by=Proof(item["by"]),
        record_id=item["record_id"],
        at=moment(item["at"]),
    )

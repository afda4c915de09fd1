"""Promise 7: what a reader was told is kept is kept, counts once, and does not change any more."""

from collections.abc import Iterator
from typing import Any, Final

from chalicelib.labelling.model import (
    ASSIGNMENT_FOLLOWS,
    CASE_FOLLOWS,
    Assignment,
    AssignmentState,
    CaseState,
)
from chalicelib.platform.clock import moment
from tests.simulation.evidence import Evidence
from tests.simulation.history import Deed, Work

MINUTE: Final = 60


def acknowledged_readings_count(seen: Evidence) -> Iterator[str]:
    """A reading that was acknowledged and not undone is in its case, or among its probes; what was
    undone or declined is not."""
    assigned = {each.assignment_id: each for each in seen.tables.assignments}
    for work in seen.history.work.values():
        if work.stands is not None:
            yield from _kept(seen, work, work.stands, assigned[work.assignment_id])


def _kept(seen: Evidence, work: Work, deed: Deed, held: Assignment) -> Iterator[str]:
    name = f"{work.account_id}'s {work.assignment_id}"
    if deed.act == "decline":
        if held.state is not AssignmentState.DECLINED:
            yield f"{name} was declined, and is {held.state}"
    elif deed.act == "undo":
        if held.reading is not None:
            yield f"{name} was undone, and reads {held.reading.diagnosis}"
    elif held.state is not AssignmentState.FINAL or held.reading is None:
        yield f"{name} was read, and is {held.state}"
    elif (held.reading.diagnosis, held.reading.confidence) != (
        deed.said["diagnosis"],
        deed.said.get("confidence"),
    ):
        yield f"{name} was read as {deed.said}, and reads {held.reading.diagnosis}"
    elif held.probe is not None:
        told = seen.tables.case_rows[held.image_id]["probes"].get(work.assignment_id, {})
        if told.get("diagnosis") != held.reading.diagnosis:
            yield f"{name} is a probe, and its case was told {told}"
    else:
        slot = seen.tables.cases[held.image_id].slots.get(work.account_id)
        counted = slot.reading if slot and slot.assignment_id == held.assignment_id else None
        if counted is None or counted.diagnosis != held.reading.diagnosis:
            yield f"{name} was read, and does not count"


def a_case_is_as_its_assignments(seen: Evidence) -> Iterator[str]:
    """At rest the places of a case say what its assignments say."""
    for image_id, case in seen.tables.cases.items():
        held = {each.account_id: each for each in seen.tables.counting.get(image_id, [])}
        if set(held) != set(case.slots):
            yield f"case {image_id}: places of {sorted(case.slots)}, held by {sorted(held)}"
            continue
        for account_id, slot in case.slots.items():
            own = held[account_id]
            mine = own.reading and (own.reading.reading_id, own.reading.diagnosis, own.reading.at)
            its = slot.reading and (
                slot.reading.reading_id,
                slot.reading.diagnosis,
                slot.reading.at,
            )
            if (mine, own.state == "final") != (its, slot.final):
                yield f"case {image_id} has {its} of {account_id}, who is {own.state} with {mine}"
    yield from _probes(seen)


def _probes(seen: Evidence) -> Iterator[str]:
    """At rest a case knows of each probe what its assignment says."""
    read = {
        each.assignment_id: (each.image_id, str(each.reading.diagnosis))
        for each in seen.tables.assignments
        if each.probe is not None and each.reading is not None
    }
    told = {
        assignment_id: (image_id, said["diagnosis"])
        for image_id, row in seen.tables.case_rows.items()
        for assignment_id, said in row["probes"].items()
    }
    if read != told:
        yield f"probes read are {read}, cases were told {told}"


def a_final_reading_stays(seen: Evidence) -> Iterator[str]:
    """Nothing is final before its minute is over, and what is final never changes."""
    final: dict[str, Any] = {}
    for write in seen.stage.writes:
        item = write.item
        if item["sk"]["S"].startswith("assignment#"):
            finals = {item["pk"]["S"] + item["sk"]["S"]: item} if _is(item, "final") else {}
        elif item["sk"]["S"] == "case":
            finals = {
                f"{item['pk']['S']} {account} {slot['M']['assignment_id']['S']}": slot["M"]
                for account, slot in item["slots"]["M"].items()
                if slot["M"]["final"]["BOOL"]
            }
        else:
            continue
        for name, held in finals.items():
            if "reading" not in held:
                yield f"{name} is final and says nothing"
                continue
            says = _as_written(held["reading"]["M"])
            if name not in final:
                final[name] = says
                age = (write.at - moment(says["at"]["S"])).total_seconds()
                if age < MINUTE:
                    yield f"{name} was final after {age:.0f} s"
            if says != final[name]:
                yield f"{name} was final as {final[name]}, and says {says} now"


def _as_written(reading: dict[str, Any]) -> dict[str, Any]:
    """Numbers that are the same are written in several ways."""
    return {name: float(value["N"]) if "N" in value else value for name, value in reading.items()}


def steps_follow_the_tables(seen: Evidence) -> Iterator[str]:
    """Each write takes an assignment or a case where its transition table allows."""
    states: dict[str, str] = {}
    for write in seen.stage.writes:
        kind = write.item["sk"]["S"]
        if kind != "case" and not kind.startswith("assignment#"):
            continue
        name, after = write.item["pk"]["S"] + kind, write.item["state"]["S"]
        before = states.get(name, after)
        states[name] = after
        if before != after and after not in _following(kind, before):
            yield f"{name} went from {before} to {after}"


def _following(kind: str, before: str) -> frozenset[Any]:
    if kind == "case":
        return CASE_FOLLOWS[CaseState(before)]
    return ASSIGNMENT_FOLLOWS[AssignmentState(before)]


def an_undo_is_within_its_minute(seen: Evidence) -> Iterator[str]:
    """Nobody took back a reading that he was told is final by now."""
    for work in seen.history.work.values():
        until = ""
        for deed in work.deeds:
            if deed.act == "read" and deed.well and deed.answer is not None:
                until = deed.answer.body["undo_until"]
            if _takes_back(work, deed) and until and deed.at >= moment(until):
                yield f"{work.account_id}'s {work.assignment_id} was undone after its minute"


def _takes_back(work: Work, deed: Deed) -> bool:
    """Whether a reading was undone by this; doing that again changes nothing."""
    if deed.act != "undo" or not deed.well or not deed.alone:
        return False
    before = work.deeds[: work.deeds.index(deed)]
    last = next((d for d in reversed(before) if d.act in {"read", "undo"}), None)
    return last is not None and last.act == "read"


def _is(item: dict[str, Any], state: str) -> bool:
    return bool(item["state"]["S"] == state)

"""Promises 5 and 7: whose readings make a verdict, and that it is what they come to.

The rules are written here once more, from docs and papers, on what lies in the tables: nothing of
`chalicelib.labelling.verdict` is asked.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.images.model import Image, State
from chalicelib.labelling.model import Assignment, Case
from tests.simulation.evidence import Evidence

CLOSED: Final = {"agreed", "arbitrated", "disputed", "confirmed", "overridden"}


@dataclass(frozen=True)
class Outcome:
    """Where a case must stand, and what its readings come to: None, or rule and diagnosis."""

    state: str
    verdict: tuple[str, str | None] | None = None


def recomputed(held: Sequence[Assignment], truth: str | None) -> Outcome:
    """What follows from the assignments of a case that count, and from what has proved true."""
    first = [each for each in held if each.round == "first"]
    senior = next((each for each in held if each.round == "arbitration"), None)
    if len(first) != 2:
        return Outcome("waiting" if len(first) < 2 else "read by too many")
    if any(each.state != "final" for each in first):
        return Outcome("reading")
    one, other = map(_says, first)
    if one == other and one is not None:
        return _closed("agreed", ("two_agree", one), truth)
    if senior is None:
        return Outcome("awaiting_senior") if truth is None else Outcome("overridden")
    if senior.state != "final":
        return Outcome("arbitration")
    third = _says(senior)
    if third is not None and third in (one, other):
        return _closed("arbitrated", ("arbitration", third), truth)
    return _closed("disputed", ("disputed", None), truth)


def _says(held: Assignment) -> str | None:
    """The diagnosis; None for one who does not know, or cannot see."""
    assert held.reading is not None
    blind = held.reading.diagnosis == "unknown" or held.reading.quality == "unusable"
    return None if blind else str(held.reading.diagnosis)


def _closed(state: str, verdict: tuple[str, str | None], truth: str | None) -> Outcome:
    if truth is None:
        return Outcome(state, verdict)
    return Outcome("confirmed" if verdict[1] == truth else "overridden", verdict)


def every_verdict_is_its_recomputation(seen: Evidence) -> Iterator[str]:
    """At rest each case stands where its final readings put it, and its image is labelled so."""
    counting = seen.tables.counting
    for image_id, case in seen.tables.cases.items():
        if case.state == "overridden" and not case.slots and case.truth is not None:
            continue  # it is mixed into hands only; nobody was to read it
        truth = str(case.truth.diagnosis) if case.truth is not None else None
        outcome = recomputed(counting.get(image_id, []), truth)
        if case.state != outcome.state:
            yield f"case {image_id} is {case.state}, its readings make it {outcome.state}"
        yield from _labelled(seen.tables.images[image_id], case, outcome)
    yield from _as_shown(seen)


def _labelled(image: Image, case: Case, outcome: Outcome) -> Iterator[str]:
    label = image.label or {}
    found = label.get("rule"), label.get("diagnosis"), label.get("verification")
    if case.truth is not None:
        expected: tuple[Any, ...] = str(case.truth.by), str(case.truth.diagnosis), "high"
        state = State.LABELLED
    elif outcome.verdict is None:
        expected, state = (None, None, None), State.IN_LABELLING
    else:
        rule, diagnosis = outcome.verdict
        expected = (rule, diagnosis, "medium") if diagnosis else (None, None, None)
        state = State.LABELLED if diagnosis else State.DISPUTED
    if (found, image.state) != (expected, state):
        yield f"image {image.image_id} is {image.state} as {found}, not {state} as {expected}"


def _as_shown(seen: Evidence) -> Iterator[str]:
    """What the readings came to, once shown, is never anything else."""
    counting = seen.tables.counting
    for shown in seen.history.cases_shown:
        said = shown["by_readings"]
        if shown["state"] not in CLOSED or said is None:
            continue
        verdict = recomputed(counting.get(shown["image_id"], []), None).verdict
        if verdict != (said["rule"], said["diagnosis"]):
            yield f"case {shown['image_id']} was shown as {said}, and comes to {verdict}"


def truth_outranks_readings(seen: Evidence) -> Iterator[str]:
    """What a report said last is the label of the image, and its case knows it."""
    for image_id, truths in seen.history.truths.items():
        image, case = seen.tables.images[image_id], seen.tables.cases.get(image_id)
        last = max(truths, key=lambda truth: truth.at)
        if image.intake is None:
            continue  # rejected, or never uploaded: there is nothing to label
        if (image.label or {}).get("record_id") != last.record_id:
            yield f"image {image_id} is labelled {image.label}, not by {last.record_id}"
        if case is not None and case.truth != last:
            yield f"case {image_id} takes {case.truth} for the truth, not {last.record_id}"


def the_senior_was_neither(seen: Evidence) -> Iterator[str]:
    """A senior settles nothing that he has read as one of the first, and has practised for years."""
    for image_id, held in seen.tables.counting.items():
        seniors = [each for each in held if each.round == "arbitration"]
        if len(seniors) > 1:
            yield f"case {image_id} has {len(seniors)} seniors"
        for senior in seniors:
            account = seen.tables.accounts[senior.account_id]
            if account["role"] != "senior_expert" or 2026 - account["qualified_since"] <= 5:
                yield f"case {image_id} is settled by {senior.account_id}"
    read = {
        (each.image_id, each.account_id)
        for each in seen.tables.assignments
        if each.round == "first" and each.probe is None and each.reading is not None
    }
    for each in seen.tables.assignments:
        if each.round == "arbitration" and (each.image_id, each.account_id) in read:
            yield f"{each.account_id} read {each.image_id} before he was to settle it"

"""What follows from the state that a case has come into. It may be done again."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from chalicelib.images.labels import decide
from chalicelib.labelling.following import deadline, outlines_of
from chalicelib.labelling.model import CLOSED, PLACING, Case, CaseState
from chalicelib.labelling.reading import Point
from chalicelib.labelling.store import CaseStore
from chalicelib.labelling.verdict import by_readings
from chalicelib.platform.announcing import Happening, announce
from chalicelib.platform.clock import timestamp
from chalicelib.platform.metrics import count
from chalicelib.platform.runtime import Platform


class Merge(Protocol):
    """Makes one outline of several; numeric work that HTTP functions cannot do."""

    def __call__(
        self, outlines: Sequence[Sequence[Point]], *, aspect: float
    ) -> list[list[float]]: ...


def conclude(platform: Platform, case: Case, merge: Merge | None = None) -> Case:
    """Label the image of a closed case, tell those outside, and set the case's next deadline.

    Without `merge`, outlines that are to be merged leave the case due. Raises `LostClaim` when the
    case has moved on meanwhile.
    """
    case = _announced(platform, case)
    if case.state in CLOSED:
        _label(platform, case)
    due_at = deadline(case, platform.clock.now())
    outlines = case.outlines
    if outlines is not None and outlines.close and outlines.merged is None:
        if merge is None:
            return CaseStore(platform.labelling).postpone(case, platform.clock.now())
        drawn = outlines_of(platform, case)
        merged = tuple((x, y) for x, y in merge(drawn, aspect=case.aspect))
        after = replace(case, outlines=replace(outlines, merged=merged))
        return CaseStore(platform.labelling).replace(case, after, due_at=due_at)
    return CaseStore(platform.labelling).postpone(case, due_at)


def _label(platform: Platform, case: Case) -> None:
    """The verdict of the readings; where more is known of the image, that stays its label."""
    found, label = by_readings(case), None
    if found is not None and found.diagnosis is not None:
        since = timestamp(case.since or case.created_at)
        label = {**found.written, "retrospective": False, "at": since}
    decide(platform, case.image_id, label)


def _announced(platform: Platform, case: Case) -> Case:
    """Tell others once of what concerns them; at times, twice."""
    for happening, revision in _happenings(case):
        told = f"{happening.value} {revision}"
        if told in case.announced:
            continue
        announce(platform, happening, case.image_id, revision=revision)
        if happening is Happening.LABEL_COMPLETED:
            count("CasesClosed", state=case.state.value)
        due_at = platform.clock.now() + PLACING
        after = replace(case, announced=case.announced | {told})
        case = CaseStore(platform.labelling).replace(case, after, due_at=due_at)
    return case


def _happenings(case: Case) -> Iterator[tuple[Happening, str]]:
    """What others are told of the case as it stands, and what tells this time from another."""
    read = " ".join(sorted(s.reading.reading_id for s in case.first.values() if s.reading))
    if case.state in {CaseState.AWAITING_SENIOR, CaseState.ARBITRATION}:
        yield Happening.ARBITRATION_NEEDED, read
    if case.state in CLOSED and case.since is not None:
        yield Happening.LABEL_COMPLETED, f"{case.state} {timestamp(case.since)}"
    if case.no_reader_since is not None:
        yield Happening.NO_READER_LEFT, timestamp(case.no_reader_since)

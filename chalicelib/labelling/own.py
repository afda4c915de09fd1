"""What a reader is told of his own work, so that it does not tell him a colleague's answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from typing import Final

from chalicelib.labelling.ballots import Ballot, Quality, Vote
from chalicelib.platform.lesion_classes import LesionClass

BLOCK: Final = 20
"""Over so many closed cases at a time agreement is told: each block as a whole, or not at all, since
the difference between two figures would tell what a single case came to."""


@dataclass(frozen=True)
class OwnFigures:
    """`agreement` is the share of the first `cases` closed ones whose verdict was his own answer."""

    readings: int = 0
    median_seconds: float | None = None
    cases: int = 0
    agreement: float | None = None


def own_figures(ballots: Iterable[Ballot]) -> dict[str, OwnFigures]:
    """By account of the first readers and of those who were probed."""
    read: dict[str, list[Vote]] = {}
    closed: dict[str, list[bool]] = {}
    for ballot in sorted(ballots, key=lambda ballot: ballot.closed_at):
        for vote in ballot.votes:
            read.setdefault(vote.account_id, []).append(vote)
            if vote.probe is None and not vote.arbitration:
                said = _says(vote)
                closed.setdefault(vote.account_id, []).append(
                    said is not None and said is ballot.verdict
                )
    return {
        account_id: _figures(votes, closed.get(account_id, []))
        for account_id, votes in read.items()
    }


def _figures(votes: list[Vote], closed: list[bool]) -> OwnFigures:
    told = closed[: len(closed) // BLOCK * BLOCK]
    times = [vote.seconds for vote in votes if vote.seconds is not None]
    return OwnFigures(
        readings=len(votes),
        median_seconds=round(median(times), 1) if times else None,
        cases=len(told),
        agreement=round(sum(told) / len(told), 3) if told else None,
    )


def _says(vote: Vote) -> LesionClass | None:
    unsure = vote.diagnosis is LesionClass.UNKNOWN or vote.quality is Quality.UNUSABLE
    return None if unsure else vote.diagnosis

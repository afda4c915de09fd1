"""What a reader is told of his own work, so that it does not tell him a colleague's answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from typing import Final

from chalicelib.labelling.ballots import Ballot

BLOCK: Final = 20
"""Over so many closed cases at a time figures are told: each block as a whole, or not at all, since the
difference between two figures would tell what a single case came to."""


@dataclass(frozen=True)
class OwnFigures:
    """About the first `cases` closed cases that he read, a multiple of `BLOCK`; when a single one was
    closed would tell him too whether a senior had to be asked."""

    cases: int = 0
    agreement: float | None = None
    """The share whose verdict was his own answer."""
    median_seconds: float | None = None


def own_figures(ballots: Iterable[Ballot]) -> dict[str, OwnFigures]:
    """By account of the first readers."""
    closed: dict[str, list[tuple[bool, float | None]]] = {}
    for ballot in sorted(ballots, key=lambda ballot: (ballot.closed_at, ballot.image_id)):
        for vote in ballot.votes:
            if vote.probe is None and not vote.arbitration:
                own = vote.says is not None and vote.says is ballot.verdict
                closed.setdefault(vote.account_id, []).append((own, vote.seconds))
    return {account_id: _figures(cases) for account_id, cases in closed.items()}


def _figures(closed: list[tuple[bool, float | None]]) -> OwnFigures:
    told = closed[: len(closed) // BLOCK * BLOCK]
    if not told:
        return OwnFigures()
    times = [seconds for _, seconds in told if seconds is not None]
    return OwnFigures(
        cases=len(told),
        agreement=round(sum(own for own, _ in told) / len(told), 3),
        median_seconds=round(median(times), 1) if times else None,
    )

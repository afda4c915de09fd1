"""How well readers agree, computed in the background and stored for whoever asks.

What is asked over HTTP is the figures as they were computed last; the numeric work needs a layer that
HTTP functions do not carry.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from boto3.dynamodb.conditions import Key as Where

from chalicelib.labelling.ballots import Ballot, Probe, Quality, Vote
from chalicelib.labelling.items import NO_READER, SHARDS, read_case
from chalicelib.labelling.model import CLOSED, UNFINISHED, Case, Round
from chalicelib.labelling.own import OwnFigures, own_figures
from chalicelib.labelling.report import AgreementReport, ExpertFigures
from chalicelib.labelling.verdict import by_readings
from chalicelib.platform import keys
from chalicelib.platform.clock import moment, timestamp
from chalicelib.platform.errors import Conflict
from chalicelib.platform.language import Text
from chalicelib.platform.lesion_classes import LesionClass
from chalicelib.platform.metrics import count
from chalicelib.platform.runtime import Platform
from chalicelib.platform.table import Change, Item

AT_LATEST: Final = timedelta(hours=1)
"""Figures are computed anew after this time, also when no case was closed."""
PACE: Final = timedelta(seconds=0.18)
"""For each case that is read, so long passes before all are read again: what the figures cost in an
hour does not grow with the number of cases, and few cases are never figures of yesterday."""
NOT_YET: Final = Text(
    "Показатели ещё не посчитаны. Они появятся через несколько минут.",
    "The figures have not been computed yet. They will be there in a few minutes.",
)


@dataclass(frozen=True)
class Measured:
    """The figures as they were computed last, and how many cases stood how."""

    report: AgreementReport
    standing: dict[str, int]
    computed_at: datetime


class Reporting(Protocol):
    """Makes the report of ballots; numeric work that HTTP functions cannot do."""

    def __call__(
        self, ballots: Iterable[Ballot], *, now: datetime, draw: int
    ) -> AgreementReport: ...


def measure(platform: Platform, report: Reporting, *, seed: int = 0) -> bool:
    """Compute the figures, unless nothing has changed since; whether they were computed."""
    newest = _newest(platform)
    before = platform.labelling.get(keys.agreement("report"))
    now = platform.clock.now()
    if before is not None:
        age = now - moment(before["at"])
        pace = min(AT_LATEST, PACE * before["cases"])
        if age < pace or (age < AT_LATEST and before["newest"] == newest):
            return False
    closed: Counter[str] = Counter()
    ballots = list(_ballots(platform, closed))
    made = report(ballots, now=now, draw=seed)
    change = Change(
        set={
            "report": made.model_dump_json(),
            "standing": _standing(platform),
            "closed": dict(closed),
            "newest": newest,
            "cases": len(ballots),
            "at": timestamp(now),
        }
    )
    platform.labelling.update(keys.agreement("report"), change, when=None)
    for account_id, figures in own_figures(ballots).items():
        _keep(platform, account_id, figures)
    count("FiguresComputed")
    return True


def measured(platform: Platform) -> Measured:
    """The figures as they were computed last. One call. Raises `Conflict` before the first time."""
    item = platform.labelling.get(keys.agreement("report"))
    if item is None:
        raise Conflict("not_computed", NOT_YET)
    return Measured(
        report=AgreementReport.model_validate_json(item["report"]),
        standing=item["standing"],
        computed_at=moment(item["at"]),
    )


def closed_by_state(platform: Platform) -> Mapping[str, int]:
    """How many closed cases stood how, as the figures were computed last. One call."""
    item = platform.labelling.get(keys.agreement("report"))
    return item.get("closed", {}) if item else {}


def of_experts(platform: Platform) -> dict[str, ExpertFigures]:
    """What the figures say of readers, by account; none before they are computed. One call."""
    item = platform.labelling.get(keys.agreement("report"))
    if item is None:
        return {}
    report = AgreementReport.model_validate_json(item["report"])
    return {each.account_id: each for each in report.by_expert}


def own(platform: Platform, account_id: str) -> OwnFigures:
    """A reader's own figures, as far as they do not tell him a colleague's answer. One call."""
    item = platform.labelling.get(keys.own_figures(account_id))
    return OwnFigures(**item["figures"]) if item else OwnFigures()


def ballot_of(item: Item) -> Ballot:
    """What a closed case says to the statistics."""
    case = read_case(item)
    found = by_readings(case)
    opinion = case.opinion or {}
    return Ballot(
        image_id=case.image_id,
        clinic_id=case.clinic_id,
        opened_at=case.created_at,
        closed_at=case.since or case.created_at,
        votes=(*_votes(case), *_probes(item.get("probes", {}))),
        verdict=found.diagnosis if found else None,
        rule=found.rule.value if found else "",
        truth=case.truth.diagnosis if case.truth else None,
        probabilities=opinion.get("probabilities"),
        abstained=opinion.get("abstained", False),
        model=(said["name"], said["version"]) if (said := opinion.get("model")) else None,
    )


def _votes(case: Case) -> Iterator[Vote]:
    for account_id, slot in case.slots.items():
        if slot.final and slot.reading:
            yield Vote(
                account_id=account_id,
                diagnosis=slot.reading.diagnosis,
                quality=slot.reading.quality,
                at=slot.reading.at,
                seconds=slot.reading.seconds,
                arbitration=slot.round is Round.ARBITRATION,
            )


def _probes(probes: dict[str, Any]) -> Iterator[Vote]:
    for told in probes.values():
        yield Vote(
            account_id=told["account"],
            diagnosis=LesionClass(told["diagnosis"]),
            quality=Quality(told["quality"]),
            at=moment(told["at"]),
            seconds=told.get("seconds"),
            probe=Probe(told["probe"]),
        )


def _ballots(platform: Platform, closed: Counter[str]) -> Iterator[Ballot]:
    """What each closed case says; `closed` counts them by state."""
    for shard in _shards(state.value for state in sorted(CLOSED)):
        where = Where("standing_shard").eq(shard)
        for item in platform.labelling.query_each(where, index="standing"):
            closed[item["state"]] += 1
            yield ballot_of(item)


def _newest(platform: Platform) -> list[str]:
    """Which case came last into each part of the lists: any change of a closed one changes this."""
    pages = (
        platform.labelling.query(
            Where("standing_shard").eq(shard),
            index="standing",
            limit=1,
            newest_first=True,
            only=("standing_order",),
        )
        for shard in _shards(state.value for state in sorted(CLOSED))
    )
    return [page.items[0]["standing_order"] if page.items else "" for page in pages]


def _standing(platform: Platform) -> dict[str, int]:
    """How many unfinished cases stand how; with `no_reader`, how many nobody is left for."""
    return {
        listed: sum(_how_many(platform, shard) for shard in _shards([listed]))
        for listed in (*(state.value for state in sorted(UNFINISHED)), NO_READER)
    }


def _how_many(platform: Platform, shard: str) -> int:
    found = platform.labelling.query_each(Where("standing_shard").eq(shard), index="standing")
    return sum(1 for _ in found)


def _shards(listed: Any) -> Iterator[str]:
    return (f"{each}#{shard}" for each in listed for shard in range(SHARDS))


def _keep(platform: Platform, account_id: str, figures: OwnFigures) -> None:
    kept = {"figures": vars(figures)}
    before = platform.labelling.get(keys.own_figures(account_id))
    if before is None or before["figures"] != kept["figures"]:
        platform.labelling.update(keys.own_figures(account_id), Change(set=kept), when=None)

"""The day's overview: counted in the background, and stored for whoever asks.

Nothing is scanned. What tells that a human is needed is counted within five minutes, each count up to a bound;
what is read whole (`slow_counts`) is counted less often the more there is, so that an overview costs no more
an hour when the platform grows.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from boto3.dynamodb.conditions import Key as Where

from chalicelib.datasets.model import ReleaseState
from chalicelib.duplicates.model import Standing
from chalicelib.duplicates.store import LISTS as PAIRS
from chalicelib.evaluation.model import RunState
from chalicelib.labelling.items import NO_READER
from chalicelib.labelling.items import SHARDS as CASE_SHARDS
from chalicelib.labelling.model import CaseState
from chalicelib.oversight.attention import attention, together
from chalicelib.oversight.dead_queue import QUEUES, DeadQueue
from chalicelib.oversight.report import (
    Counted,
    DeadCount,
    OverdueCount,
    Overview,
    ReleaseCount,
    SlowCounts,
)
from chalicelib.oversight.slow_counts import slow_counts
from chalicelib.platform import due, keys
from chalicelib.platform.clock import moment, timestamp
from chalicelib.platform.errors import Conflict
from chalicelib.platform.language import Text
from chalicelib.platform.metrics import count
from chalicelib.platform.runtime import Platform
from chalicelib.platform.table import Change, Table

EVERY: Final = timedelta(seconds=50)
"""A small house is counted at each run, a minute after the one before."""
AT_LATEST: Final = timedelta(minutes=5)
SLOW_AT_LATEST: Final = timedelta(hours=6)
PACE: Final = timedelta(seconds=0.02)
"""For each image and open case that was read, so long passes before all are read again."""
STUCK_AFTER: Final = timedelta(minutes=15)
"""The sweep drives on what is overdue each minute; what is overdue by so much, it did not get on."""
LATE_AFTER: Final = 2
"""A report is computed within minutes; this often the sweep has asked again after half an hour."""
MOST: Final = 200
"""Items of one part of a list that are counted."""
MOST_PAIRS: Final = 1_000
NOT_YET: Final = Text(
    "Сводка ещё не посчитана. Она появится через несколько минут.",
    "The overview has not been counted yet. It will be there in a few minutes.",
)


def count_up(platform: Platform) -> bool:
    """Count, unless it was done a moment ago; whether it was done now."""
    now = platform.clock.now()
    item = platform.labelling.get(keys.overview())
    counts: SlowCounts | None = None
    if item is not None:
        counts = Overview.model_validate_json(item["overview"]).counts
        pace = max(EVERY, PACE * (sum(counts.images.by_state.values()) + counts.cases.open))
        if now - moment(item["at"]) < min(pace, AT_LATEST):
            return False
        if now - moment(counts.counted_at) >= min(pace, SLOW_AT_LATEST):
            counts = None
    counts = counts or slow_counts(platform, now)
    made = overview(platform, counts, now)
    change = Change(set={"overview": made.model_dump_json(), "at": timestamp(now)})
    platform.labelling.update(keys.overview(), change, when=None)
    count("OverviewCounted")
    return True


def counted(platform: Platform) -> Overview:
    """The overview as it was counted last. One call. Raises `Conflict` before the first time."""
    item = platform.labelling.get(keys.overview())
    if item is None:
        raise Conflict("not_computed", NOT_YET)
    return Overview.model_validate_json(item["overview"])


def overview(platform: Platform, counts: SlowCounts, now: datetime) -> Overview:
    """Everything that is counted each time, with `counts`."""
    releases = _Releases.of(platform)
    reports = _Reports.of(platform)
    checked = platform.audit_check.checked()
    rounds = (each for one in checked for each in (one.last, one.present) if each)
    made = Overview(
        computed_at=timestamp(now),
        attention=[],
        counts=counts,
        cases_without_reader=_cases(platform, NO_READER),
        cases_disputed=_cases(platform, CaseState.DISPUTED.value),
        overdue=list(_stuck(platform, now)),
        duplicates_undecided=_pairs(platform),
        releases_being_made=releases.being_made,
        releases_failed=releases.failed,
        evaluations_awaiting_report=_of(reports.awaited),
        reports_late=_of(reports.late),
        dead_letters=[
            DeadCount(queue=name, count=DeadQueue(platform, name).count()) for name in QUEUES
        ],
        audit_faults=len({fault for each in rounds for fault in each.faults}),
    )
    return made.model_copy(update={"attention": attention(made)})


def _of(moments: Iterable[str]) -> Counted:
    known = list(moments)
    return Counted(count=len(known), since=min(known, default=None))


def _cases(platform: Platform, listed: str) -> Counted:
    pages = [
        platform.labelling.query(
            Where("standing_shard").eq(f"{listed}#{shard}"),
            index="standing",
            limit=MOST,
            only=("standing_order",),
        )
        for shard in range(CASE_SHARDS)
    ]
    found = _of(item["standing_order"].split("#")[0] for page in pages for item in page.items)
    return found.model_copy(update={"more": any(page.last for page in pages)})


def _stuck(platform: Platform, now: datetime) -> Iterator[OverdueCount]:
    """What is overdue by kind of record, that of the longest first."""
    found: dict[str, list[Counted]] = defaultdict(list)
    for table in (platform.cases, platform.labelling, platform.catalogue):
        for shard in range(due.SHARDS):
            for kind, one in _stuck_of(table, shard, now).items():
                found[kind].append(one)
    kinds = {kind: together(several) for kind, several in found.items()}
    for kind, one in sorted(kinds.items(), key=lambda each: each[1].since or ""):
        yield OverdueCount(kind=kind, count=one.count, more=one.more, since=one.since)


def _stuck_of(table: Table, shard: int, now: datetime) -> dict[str, Counted]:
    where = Where("due_shard").eq(f"due#{shard}") & Where("due_at").lte(
        timestamp(now - STUCK_AFTER)
    )
    page = table.query(where, index=due.INDEX, limit=MOST, only=("sk", "due_at"))
    moments: dict[str, list[str]] = defaultdict(list)
    for item in page.items:
        moments[_kind(item["sk"])].append(item["due_at"])
    return {
        kind: _of(several).model_copy(update={"more": page.last is not None})
        for kind, several in moments.items()
    }


def _kind(sort_key: str) -> str:
    if sort_key.startswith("assignment#"):
        return "assignment"
    return "referral" if sort_key in ("incoming", "outgoing", "listed") else sort_key


def _pairs(platform: Platform) -> Counted:
    where = Where("clinic_id").eq(PAIRS[Standing.OPEN])
    page = platform.cases.query(where, index="by_clinic", limit=MOST_PAIRS, only=("clinic_order",))
    found = _of(item["clinic_order"].split("#")[0] for item in page.items)
    return found.model_copy(update={"more": page.last is not None})


@dataclass(frozen=True)
class _Releases:
    """Of all datasets: what is being made, and whose last release failed."""

    being_made: list[ReleaseCount]
    failed: list[ReleaseCount]

    @classmethod
    def of(cls, platform: Platform) -> "_Releases":
        where, only = Where("pk").eq(keys.dataset("")[0]), ("code", "unfinished", "failed")
        datasets = list(platform.catalogue.query_each(where, only=only))
        ids = [each["unfinished"] for each in datasets if "unfinished" in each]
        several = platform.catalogue.get_many(
            [keys.release(each) for each in ids],
            only=("code", "release_id", "state", "requested_at"),
        )
        return cls(
            being_made=[
                ReleaseCount(
                    code=each["code"],
                    release_id=each["release_id"],
                    state=each["state"],
                    since=each["requested_at"],
                )
                for each in several
            ],
            failed=[
                ReleaseCount(
                    code=each["code"],
                    release_id=each["failed"]["release_id"],
                    state=ReleaseState.FAILED.value,
                    since=each["failed"]["at"],
                )
                for each in datasets
                if "failed" in each
            ],
        )


@dataclass(frozen=True)
class _Reports:
    """Tests that wait for their report, by when they ended."""

    awaited: list[str]
    late: list[str]

    @classmethod
    def of(cls, platform: Platform) -> "_Reports":
        waiting = [
            item
            for shard in range(due.SHARDS)
            for item in platform.catalogue.query_each(
                Where("due_shard").eq(f"due#{shard}"),
                index=due.INDEX,
                only=("sk", "state", "ended_at", "attempts"),
            )
            if item["sk"] == "evaluation" and item["state"] == RunState.COMPUTING.value
        ]
        return cls(
            awaited=[item["ended_at"] for item in waiting],
            late=[item["ended_at"] for item in waiting if item["attempts"] >= LATE_AFTER],
        )

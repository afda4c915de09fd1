"""The counts that take many reads: every accepted image, every open case, every clinic's waiting lesions and
questions."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from statistics import median
from typing import Any, Final

from boto3.dynamodb.conditions import Key as Where

from chalicelib.advice.items import OVERDUE, clinic_list
from chalicelib.images import selectable
from chalicelib.images.model import UNCLASSIFIED
from chalicelib.labelling import measuring
from chalicelib.labelling.items import NO_READER
from chalicelib.labelling.items import SHARDS as CASE_SHARDS
from chalicelib.labelling.model import UNFINISHED
from chalicelib.oversight.attention import together
from chalicelib.oversight.report import CasesCount, Counted, ImagesCount, LooksCount, SlowCounts
from chalicelib.patients.result_store import ORDER as WAITS_FOR_HISTOLOGY
from chalicelib.patients.result_store import OVERDUE_AFTER
from chalicelib.people.store import PeopleStore
from chalicelib.platform import due, keys
from chalicelib.platform.clock import moment, timestamp
from chalicelib.platform.runtime import Platform
from chalicelib.platform.table import Item

MOST: Final = 200
"""Of one clinic's list."""
CLINICS: Final = 100


def slow_counts(platform: Platform, now: datetime) -> SlowCounts:
    """All of them. A query for each shard and megabyte, and two for each clinic."""
    clinics = list(_clinics(platform))
    return SlowCounts(
        counted_at=timestamp(now),
        images=_images(platform),
        cases=_cases(platform, now),
        histology_overdue=together(_histology(platform, each, now) for each in clinics),
        questions_overdue=together(_questions(platform, each) for each in clinics),
        looks=list(_looks(platform)),
    )


def _images(platform: Platform) -> ImagesCount:
    by_state: Counter[str] = Counter()
    unlooked = 0
    for number in range(selectable.SHARDS):
        where = Where("selectable_shard").eq(f"selectable#{number}")
        for item in platform.cases.query_each(
            where, index=selectable.INDEX, only=("state", "look")
        ):
            by_state[item["state"]] += 1
            unlooked += "look" not in item
    for shard in range(due.SHARDS):
        where = Where("due_shard").eq(f"due#{shard}")
        for item in platform.cases.query_each(where, index=due.INDEX, only=("sk", "state")):
            if item["sk"] == "image" and item["state"] in UNCLASSIFIED:
                by_state[item["state"]] += 1
    return ImagesCount(by_state=dict(by_state), without_look=unlooked)


def _cases(platform: Platform, now: datetime) -> CasesCount:
    by_state: Counter[str] = Counter()
    waited: list[float] = []
    for listed in (*(state.value for state in sorted(UNFINISHED)), NO_READER):
        for shard in range(CASE_SHARDS):
            where = Where("standing_shard").eq(f"{listed}#{shard}")
            for item in platform.labelling.query_each(
                where, index="standing", only=("state", "created_at")
            ):
                by_state[item["state"]] += 1
                waited.append((now - moment(item["created_at"])).total_seconds())
    closed = {state: int(count) for state, count in measuring.closed_by_state(platform).items()}
    return CasesCount(
        by_state={**by_state, **closed},
        open=len(waited),
        median_waited_seconds=round(median(waited), 1) if waited else None,
        longest_waited_seconds=round(max(waited), 1) if waited else None,
    )


def _clinics(platform: Platform) -> Iterator[str]:
    start: Item | None = None
    while True:
        clinics, start = PeopleStore(platform.people).clinics(limit=CLINICS, start=start)
        yield from (clinic.clinic_id for clinic in clinics)
        if start is None:
            return


def _of_a_clinic(
    platform: Platform, partition: str, first: str, last: str, *, since: int
) -> Counted:
    """What stands between two places of a clinic's list; the moment is the part `since` of a place."""
    where = Where("clinic_id").eq(partition) & Where("clinic_order").between(first, last)
    page = platform.cases.query(where, index="by_clinic", limit=MOST, only=("clinic_order",))
    moments = [item["clinic_order"].split("#")[since] for item in page.items]
    return Counted(count=len(moments), more=page.last is not None, since=min(moments, default=None))


def _histology(platform: Platform, clinic_id: str, now: datetime) -> Counted:
    """Lesions that have waited for histology too long."""
    last = f"{WAITS_FOR_HISTOLOGY}{timestamp(now - OVERDUE_AFTER)}"
    return _of_a_clinic(platform, clinic_id, WAITS_FOR_HISTOLOGY, last, since=1)


def _questions(platform: Platform, clinic_id: str) -> Counted:
    """Patients' questions that the clinic was reminded of; since when they should have been answered."""
    return _of_a_clinic(platform, clinic_list(clinic_id), OVERDUE, f"{OVERDUE}~", since=3)


def _looks(platform: Platform) -> Iterator[LooksCount]:
    """What the last preview of each dataset left to be looked at."""
    where = Where("pk").eq(keys.dataset("")[0])
    codes = [item["sk"] for item in platform.catalogue.query_each(where, only=("sk",))]
    previews = platform.catalogue.get_many(
        [keys.preview(code) for code in codes], only=("code", "computed_at", "result")
    )
    for preview in previews:
        found: dict[str, Any] = json.loads(preview.get("result") or "{}")
        if found.get("waiting"):
            yield LooksCount(
                code=preview["code"],
                waiting=found["waiting"],
                computed_at=preview["computed_at"],
            )

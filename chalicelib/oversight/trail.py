"""Searching the audit trail: what was done to something, by somebody, on some days; newest first.

Three indexes answer it, and no scan. With an object or an actor its own records are read, over any time;
without, those of the days that were asked for. A kind of act is looked for among them, so one page reads
`MOST_READ` records at most and may be short, or empty, and have another after it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from heapq import merge
from typing import Final

from boto3.dynamodb.conditions import Key as Where

from chalicelib.platform.audit import SHARDS, day_shard
from chalicelib.platform.errors import Invalid
from chalicelib.platform.keys import audit_record
from chalicelib.platform.language import Text
from chalicelib.platform.runtime import Platform
from chalicelib.platform.table import Item, Table

MOST_DAYS: Final = 31
"""Of a search for no object and no actor."""
BY_DEFAULT: Final = 7
MOST_READ: Final = 1_000
PAGE: Final = 100
_TOO_LONG: Final = Text(
    "Без объекта и исполнителя можно искать не больше чем за {most} дней. Сузьте период.",
    "Without an object or an actor a search spans {most} days at most. Narrow the period.",
)
_BACKWARDS: Final = Text(
    "Период кончается раньше, чем начинается.", "The period ends before it begins."
)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Whose acts, which, on what and when; None: any. The days are in UTC, both included."""

    actor: str | None = None
    object: str | None = None
    act: str | None = None
    since: date | None = None
    until: date | None = None

    def fits(self, record: Item) -> bool:
        return self.actor in (None, record["actor"]) and self.act in (None, record["act"])

    @property
    def named(self) -> str:
        """All of it as one word, for cursors."""
        told = (self.actor, self.object, self.act, self.since, self.until)
        return " ".join(str(each) for each in told)


@dataclass(frozen=True)
class _Part:
    """Partitions of one index that are read together; a search goes through several, newest first."""

    index: str
    attribute: str
    partitions: tuple[str, ...]


def search(
    platform: Platform, wanted: Wanted, *, limit: int, cursor: str | None
) -> tuple[list[Item], str | None]:
    """A page of the records, newest first, and the cursor of the next one. Raises `Invalid` for a period
    that is too long, and for a cursor of another search."""
    scope = f"audit {wanted.named}"
    parts = _parts(wanted, platform.clock.now().date())
    place = platform.cursors.open(cursor, scope=scope) or {"part": 0, "after": {}}
    number, after = int(place["part"]), dict(place["after"])
    found: list[Item] = []
    read = 0
    while number < len(parts):
        part = parts[number]
        for partition, record in _newest(platform.records, part, wanted, after):
            if len(found) == limit or read >= MOST_READ:
                following = {"part": number, "after": after}
                return found, platform.cursors.seal(following, scope=scope)
            after[partition] = [record["at"], record["record_id"]]
            read += 1
            if wanted.fits(record):
                found.append(record)
        number, after = number + 1, {}
        read += 1  # an empty day is a query, too
    return found, None


def _parts(wanted: Wanted, today: date) -> list[_Part]:
    if wanted.since and wanted.until and wanted.until < wanted.since:
        raise Invalid({"to": _BACKWARDS})
    if wanted.object is not None:
        return [_Part("by_object", "on", (wanted.object,))]
    if wanted.actor is not None:
        return [_Part("by_actor", "actor", (wanted.actor,))]
    until = wanted.until or max(today, wanted.since or today)
    since = wanted.since or until - timedelta(days=BY_DEFAULT - 1)
    days = (until - since).days + 1
    if days > MOST_DAYS:
        raise Invalid({"from": _TOO_LONG.filled(most=MOST_DAYS)})
    return [
        _Part("by_day", "day_shard", tuple(day_shard(day, shard) for shard in range(SHARDS)))
        for day in (until - timedelta(days=back) for back in range(days))
    ]


def _newest(
    table: Table, part: _Part, wanted: Wanted, after: dict[str, list[str]]
) -> Iterator[tuple[str, Item]]:
    """The records of a part, newest first, each with its partition, from behind `after`."""
    # Moments begin with their day, and "~" is behind everything that may follow it.
    first = wanted.since.isoformat() if wanted.since else "0"
    last = f"{wanted.until.isoformat() if wanted.until else ''}~"
    starts = dict(after)

    def each(partition: str) -> Iterator[tuple[str, Item]]:
        where = Where(part.attribute).eq(partition) & Where("at").between(first, last)
        start = _start(part, partition, starts.get(partition))
        while True:
            page = table.query(where, index=part.index, limit=PAGE, start=start, newest_first=True)
            for record in page.items:
                yield partition, record
            if (start := page.last) is None:
                return

    lists = map(each, part.partitions)
    return merge(*lists, key=lambda one: (one[1]["at"], one[1]["record_id"]), reverse=True)


def _start(part: _Part, partition: str, place: list[str] | None) -> Item | None:
    if place is None:
        return None
    at, record_id = place
    pk, sk = audit_record(record_id)
    return {"pk": pk, "sk": sk, part.attribute: partition, "at": at}

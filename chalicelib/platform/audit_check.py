"""The chains of the audit trail are verified in rounds, some blocks at each run, and what was found is kept.

Whoever asks whether the trail is whole is told of the last round: to read it all would take longer than an
answer may. A round goes through every block that is there when it comes to it, and begins a day after the one
before began.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from boto3.dynamodb.conditions import Attr, ConditionBase
from boto3.dynamodb.conditions import Key as Where

from chalicelib.platform import keys
from chalicelib.platform.audit import BEGINNING, SHARDS, Link, faults_of
from chalicelib.platform.clock import Clock, moment, timestamp
from chalicelib.platform.table import ABSENT, Change, ConditionFailed, Item, Table

EVERY: Final = timedelta(days=1)
BLOCKS_A_RUN: Final = 10
"""Of each shard: a thousand records, so that a run takes seconds and a day suffices for over a million
records."""
MOST_FAULTS: Final = 20
"""Sentences that are kept of one shard; the first ones tell where to look."""
MOST_UNSEALED: Final = 1_000
"""Records of one shard that are counted."""


@dataclass(frozen=True, kw_only=True)
class Round:
    """A round through one shard's chain, complete or not."""

    began_at: datetime
    link: Link = BEGINNING
    """The last block that was verified."""
    records: int = 0
    faults: Sequence[str] = ()
    ended_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What is known of one shard: the last complete round and the one that goes on."""

    last: Round | None = None
    present: Round | None = None
    writer: str = field(default="", compare=False)

    def due(self, now: datetime) -> Round | None:
        """The round to go on with; None when none is to be begun yet."""
        if self.present is not None:
            return self.present
        if self.last is not None and now < self.last.began_at + EVERY:
            return None
        return Round(began_at=now)


@dataclass(frozen=True)
class Unsealed:
    """Records that no block holds yet."""

    count: int
    more: bool
    """There are more: counting stopped."""
    since: datetime | None
    """Of the oldest: everything before it is sealed."""


class Check:
    """Verifies the chains, and tells what was found."""

    def __init__(self, table: Table, clock: Clock) -> None:
        self._table = table
        self._clock = clock

    def go_on(self) -> int:
        """Verify some blocks more of each shard; how many faults were found. Safe to run twice."""
        return sum(self._go_on(shard) for shard in range(SHARDS))

    def checked(self) -> list[Checked]:
        """What is known of each shard. One call."""
        items = self._table.get_many([keys.audit_check(shard) for shard in range(SHARDS)])
        known = {item["pk"]: _read(item) for item in items}
        return [known.get(keys.audit_check(shard)[0], Checked()) for shard in range(SHARDS)]

    def unsealed(self) -> Unsealed:
        """How many records are unsealed, and since when. One call a shard."""
        pages = [
            self._table.query(
                Where("unsealed_shard").eq(f"unsealed#{shard}"),
                index="unsealed",
                limit=MOST_UNSEALED,
                only=("at",),
            )
            for shard in range(SHARDS)
        ]
        oldest = [page.items[0]["at"] for page in pages if page.items]
        return Unsealed(
            count=sum(len(page.items) for page in pages),
            more=any(page.last is not None for page in pages),
            since=moment(min(oldest)) if oldest else None,
        )

    def _go_on(self, shard: int) -> int:
        item = self._table.get(keys.audit_check(shard))
        before = _read(item) if item else Checked()
        begun = before.due(self._clock.now())
        if begun is None:
            return 0
        after = self._walked(shard, begun)
        change = (
            Change(set={"present": _written(after)})
            if after.ended_at is None
            else Change(set={"last": _written(after)}, remove=["present"])
        )
        same: ConditionBase = Attr("writer").eq(before.writer) if item else ABSENT
        try:
            self._table.update(keys.audit_check(shard), change, when=same)
        except ConditionFailed:
            return 0  # another run was first, and found the same
        return len(after.faults) - len(begun.faults)

    def _walked(self, shard: int, begun: Round) -> Round:
        chain, name = keys.audit_block(shard, begun.link.sequence)
        link, records, faults = begun.link, begun.records, list(begun.faults)
        page = self._table.query(Where("pk").eq(chain) & Where("sk").gt(name), limit=BLOCKS_A_RUN)
        for block in page.items:
            room = max(0, MOST_FAULTS - len(faults))
            faults += islice(faults_of(self._table, block, link), room)
            link = Link(block["sequence"], block["hash"])
            records += len(block["records"])
        return Round(
            began_at=begun.began_at,
            link=link,
            records=records,
            faults=tuple(faults),
            ended_at=None if page.last is not None else self._clock.now(),
        )


def _written(told: Round) -> dict[str, Any]:
    return {
        "began_at": timestamp(told.began_at),
        "sequence": told.link.sequence,
        "hash": told.link.hash,
        "records": told.records,
        "faults": list(told.faults),
        "ended_at": timestamp(told.ended_at) if told.ended_at else "",
    }


def _read(item: Item) -> Checked:
    last, present = item.get("last"), item.get("present")
    return Checked(
        last=_round(last) if last else None,
        present=_round(present) if present else None,
        writer=item["writer"],
    )


def _round(told: dict[str, Any]) -> Round:
    return Round(
        began_at=moment(told["began_at"]),
        link=Link(int(told["sequence"]), told["hash"]),
        records=int(told["records"]),
        faults=tuple(told["faults"]),
        ended_at=moment(told["ended_at"]) if told["ended_at"] else None,
    )

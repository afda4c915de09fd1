"""The audit trail: one record an act, written before the answer, sealed into chains of hashes.

A record is put once and never changed but for the number of the block that sealed it. A scheduled
sealer gathers the unsealed records of a shard into blocks; each block names the hash of the one
before, so that a record changed, removed or slipped in later breaks the chain (`verify`).
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from boto3.dynamodb.conditions import Attr
from boto3.dynamodb.conditions import Key as Where

from chalicelib.platform import keys
from chalicelib.platform.clock import Clock, timestamp
from chalicelib.platform.ids import Ids
from chalicelib.platform.table import Change, ConditionFailed, Item, Table

SHARDS: Final = 4
BLOCK_RECORDS: Final = 100
SETTLING: Final = timedelta(seconds=30)
"""A record younger than this waits for the next run: its index entry may still be on its way."""

NOTHING: Final = "-"
"""What an act was done to, of one that was done to nothing: an index takes no empty key."""

_SIGNED = ("record_id", "at", "actor", "role", "act", "on", "request_id")


@dataclass(frozen=True)
class Act:
    """Who did what to what; ids only, no personal data."""

    actor: str
    role: str
    act: str
    on: str


class Audit:
    """Writes records, seals them and verifies the chains."""

    def __init__(self, table: Table, clock: Clock, ids: Ids) -> None:
        self._table = table
        self._clock = clock
        self._ids = ids

    def record(self, act: Act, *, request_id: str, once: bool = False, step: str = "") -> None:
        """Write one record. With `once`, an act that may be repeated after a crash has one in all.

        `step` tells apart acts that are done to the same thing once each.
        """
        told = ("audit", act.actor, act.act, act.on, *([step] if step else ()))
        record_id = self._ids.derived(*told) if once else self._ids.new()
        shard = _shard(record_id)
        try:
            self._table.insert(
                keys.audit_record(record_id),
                {
                    "record_id": record_id,
                    "at": timestamp(self._clock.now()),
                    "actor": act.actor,
                    "role": act.role,
                    "act": act.act,
                    "on": act.on or NOTHING,
                    "request_id": request_id,
                    "unsealed_shard": f"unsealed#{shard}",
                    "day_shard": day_shard(self._clock.now().date(), shard),
                },
            )
        except ConditionFailed:
            if not once:
                raise

    def seal(self) -> int:
        """Seal every settled record; returns how many. Safe to run twice or at the same time."""
        return sum(self._seal_shard(shard) for shard in range(SHARDS))

    def verify(self) -> list[str]:
        """What is wrong with the chains, a sentence each; empty when they are whole."""
        return [fault for shard in range(SHARDS) for fault in self._faults(shard)]

    def _seal_shard(self, shard: int) -> int:
        last = self._last_block(shard)
        if last is not None and "marked" not in last:
            self._mark(last)  # a crash has left this half done
        sealed = 0
        settled = timestamp(self._clock.now() - SETTLING)
        where = Where("unsealed_shard").eq(f"unsealed#{shard}") & Where("at").lte(settled)
        while True:
            page = self._table.query(where, index="unsealed", limit=BLOCK_RECORDS)
            # The index may lag behind a seal; the item itself decides.
            found = self._table.get_many([(item["pk"], item["sk"]) for item in page.items])
            records = [record for record in found if "block" not in record]
            if not records:
                return sealed
            sequence = last["sequence"] + 1 if last else 1
            block = {
                "shard": shard,
                "sequence": sequence,
                "previous": last["hash"] if last else "",
                "records": [record["record_id"] for record in records],
            }
            block["hash"] = _block_hash(block, [_record_hash(record) for record in records])
            try:
                last = self._table.insert(keys.audit_block(shard, sequence), block)
            except ConditionFailed:
                return sealed  # another sealer was first, and goes on from there
            self._mark(last)
            sealed += len(records)

    def _mark(self, block: Item) -> None:
        for record_id in block["records"]:
            try:
                self._table.update(
                    keys.audit_record(record_id),
                    Change(set={"block": block["sequence"]}, remove=["unsealed_shard"]),
                    when=Attr("unsealed_shard").exists(),
                )
            except ConditionFailed:
                continue  # marked before, or gone: verify() tells the difference
        # Outside what the hash covers: only so that the next run need not look at each record again.
        self._table.update(
            keys.audit_block(block["shard"], block["sequence"]), Change(set={"marked": True})
        )

    def _last_block(self, shard: int) -> Item | None:
        where = Where("pk").eq(keys.audit_block(shard, 0)[0])
        blocks = self._table.query(where, limit=1, newest_first=True).items
        return blocks[0] if blocks else None

    def _faults(self, shard: int) -> Iterator[str]:
        link = BEGINNING
        for block in self._table.query_all(Where("pk").eq(keys.audit_block(shard, 0)[0])):
            yield from faults_of(self._table, block, link)
            link = Link(block["sequence"], block["hash"])


@dataclass(frozen=True)
class Link:
    """How far a chain was verified: the last block's number and hash."""

    sequence: int = 0
    hash: str = ""


BEGINNING: Final = Link()
"""Before the first block."""


def faults_of(table: Table, block: Item, before: Link) -> Iterator[str]:
    """What is wrong with a block that should follow `before`, a sentence each. One call."""
    name = f"shard {block['shard']}, block {before.sequence + 1}"
    if block["sequence"] != before.sequence + 1 or block["previous"] != before.hash:
        yield f"{name}: does not follow the block before it"
    hashes = []
    kept = table.get_many([keys.audit_record(it) for it in block["records"]])
    found = {record["record_id"]: record for record in kept}
    for record_id in block["records"]:
        record = found.get(record_id)
        if record is None:
            yield f"{name}: record {record_id} is missing"
        hashes.append(_record_hash(record) if record else "")
    if _block_hash(block, hashes) != block["hash"]:
        yield f"{name}: a record or the block itself was changed"


def day_shard(day: date, shard: int) -> str:
    """The partition of the index `by_day` that holds a part of one day's records."""
    return f"day#{day.isoformat()}#{shard}"


def _shard(record_id: str) -> int:
    return hashlib.sha256(record_id.encode()).digest()[0] % SHARDS


def _record_hash(record: Item) -> str:
    return _hash({name: record.get(name) for name in _SIGNED})


def _block_hash(block: Item, record_hashes: list[str]) -> str:
    content = {name: block[name] for name in ("shard", "sequence", "previous", "records")}
    return _hash(content | {"record_hashes": record_hashes})


def _hash(content: dict[str, Any]) -> str:
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()

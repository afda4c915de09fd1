"""The `due` index: everything unfinished stands in it with its deadline.

Queues and events make things fast; this index makes them certain. An item whose step is not the
last carries `due_shard` and `due_at`; the step that finishes it removes both.
"""

import hashlib
from collections import deque
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from boto3.dynamodb.conditions import Attr, ConditionBase
from boto3.dynamodb.conditions import Key as Where

from chalicelib.platform.clock import timestamp
from chalicelib.platform.table import Item, Key, Table

SHARDS: Final = 8
INDEX: Final = "due"
PAGE: Final = 25
ATTRIBUTES: Final = ("due_shard", "due_at")
"""What the last step removes."""


def due(key: Key, at: datetime) -> dict[str, Any]:
    """The attributes that put the item at `key` into the index until `at`."""
    shard = hashlib.sha256(key[0].encode() + b"/" + key[1].encode()).digest()[0] % SHARDS
    return {"due_shard": f"due#{shard}", "due_at": timestamp(at)}


def overdue(*tables: Table, now: datetime) -> Iterator[Item]:
    """Items of the tables whose deadline has passed: one of each shard in turn, its oldest first.

    A shard is read as far as its items are taken: one query, and one more after each `PAGE`.
    """
    waiting = deque(
        table.query_each(
            Where("due_shard").eq(f"due#{shard}") & Where("due_at").lte(timestamp(now)),
            index=INDEX,
            page_size=PAGE,
        )
        for table in tables
        for shard in range(SHARDS)
    )
    while waiting:
        items = waiting.popleft()
        for item in items:
            yield item
            waiting.append(items)
            break


def overdue_at(now: datetime) -> ConditionBase:
    """The condition that an item is still overdue: nobody has given it another deadline meanwhile."""
    return Attr("due_at").lte(timestamp(now))

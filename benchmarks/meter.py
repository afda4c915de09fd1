"""What AWS would count of the calls made in a world: operations, request units, and time away.

Items are looked at in moto before and after each write, so that the units of tables and indexes
follow from what was really stored.
"""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import thread_time
from typing import Any, NamedTuple
from unittest.mock import patch

import boto3
from moto.core.botocore_stubber import BotocoreStubber
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType

from infra.cost.units import (
    STORED_OVERHEAD,
    index_entry,
    index_write_units,
    item_bytes,
    read_units,
    write_units,
)
from infra.local.straight_moto import the_long_way
from infra.provision import ACCOUNT_ID
from tests.world import REGION

WRITES = frozenset({"PutItem", "UpdateItem", "DeleteItem"})


@dataclass
class Counts:
    """What was counted. Names of places are short: `cases`, `cases.due`, `images/clean`."""

    calls: Counter[str] = field(default_factory=Counter)
    """By `service.Operation place`."""
    write_units: Counter[str] = field(default_factory=Counter)
    """By table and by `table.index`."""
    read_units: dict[str, float] = field(default_factory=dict)
    stored_bytes: Counter[str] = field(default_factory=Counter)
    """By how much tables and indexes grew, DynamoDB's overhead included."""
    seconds_away: float = 0.0
    """Of this thread inside moto, where our functions would wait for AWS, and of the meter itself."""


class Meter:
    """Counts the calls of a platform; `counts` may be replaced to begin anew."""

    def __init__(self) -> None:
        self.counts = Counts()

    def addressed(self, params: Any, context: Any, **_: Any) -> None:
        """botocore's `before-parameter-build` of S3: remember bucket and prefix."""
        if "Key" in params:  # a form is signed for a bucket and calls nobody
            context["object"] = f"{_bucket(params['Bucket'])}/{params['Key'].split('/', 1)[0]}"

    def before(self, model: Any, params: Any, context: Any, **_: Any) -> None:
        """botocore's `before-call`: remember the item that a write will touch."""
        is_table = model.service_model.service_name == "dynamodb"
        with self._own_work():
            context["asked"] = asked = json.loads(params["body"]) if is_table else {}
            if is_table and model.name in WRITES:
                key = asked.get("Key") or asked["Item"]
                context["item_before"] = _item(asked["TableName"], key)

    def after(self, model: Any, parsed: Any, context: Any, **_: Any) -> None:
        """botocore's `after-call`: count the call, and the units of what it touched."""
        service, operation = model.service_model.service_name, model.name
        if service == "dynamodb":
            with self._own_work():
                self._table(operation, context["asked"], parsed, context.get("item_before"))
        elif service == "s3":
            self.counts.calls[f"s3.{operation} {context['object']}"] += 1
        else:
            self.counts.calls[f"{service}.{operation}"] += 1

    def answered(self, seconds: float) -> None:
        """moto took so long for an answer."""
        self.counts.seconds_away += seconds

    @contextmanager
    def _own_work(self) -> Iterator[None]:
        """Of the meter: nobody else's."""
        began = thread_time()
        try:
            yield
        finally:
            self.counts.seconds_away += thread_time() - began

    def _table(self, operation: str, asked: Any, parsed: Any, before: Any) -> None:
        wanted = asked.get("RequestItems") or {asked["TableName"]: {}}
        (table,) = wanted
        place = ".".join([_short(table), *([asked["IndexName"]] if "IndexName" in asked else [])])
        self.counts.calls[f"dynamodb.{operation} {place}"] += 1
        consistent = bool(asked.get("ConsistentRead"))
        if operation in WRITES:
            self._write(table, asked, before, refused="Error" in parsed)
        elif operation == "GetItem":
            self._read(place, [_size(table, asked["Key"])], consistent=consistent)
        elif operation == "Query":
            sizes = [_size(table, item, asked.get("IndexName")) for item in parsed["Items"]]
            self._read(place, sizes, consistent=consistent)
        elif operation == "BatchGetItem":  # each item is charged as if it had been asked for alone
            for key in wanted[table]["Keys"]:
                alone = bool(wanted[table].get("ConsistentRead"))
                self._read(place, [_size(table, key)], consistent=alone)
        else:
            raise LookupError(f"nobody has said what {operation} costs")

    def _write(self, table: str, asked: Any, before: Any, *, refused: bool) -> None:
        name, counts = _short(table), self.counts
        after = _item(table, asked.get("Key") or asked["Item"])
        counts.write_units[name] += write_units(before, after)
        if refused:  # by its condition: the table counts it, the indexes never hear of it
            return
        counts.stored_bytes[name] += _stored(after) - _stored(before)
        for index in _indexes(table):
            place = f"{name}.{index.name}"
            if units := index_write_units(before, after, index.keys, index.projected):
                counts.write_units[place] += units
            old, new = (index_entry(item, index.keys, index.projected) for item in (before, after))
            if grown := _stored(new) - _stored(old):
                counts.stored_bytes[place] += grown

    def _read(self, place: str, sizes: list[int], *, consistent: bool) -> None:
        units = read_units(sizes, consistent=consistent)
        self.counts.read_units[place] = self.counts.read_units.get(place, 0) + units


@contextmanager
def metered(session: boto3.Session) -> Iterator[Meter]:
    """A meter on the clients that `session` makes from now on."""
    meter = Meter()
    events = session.events
    events.register("before-parameter-build.s3", meter.addressed)
    events.register("before-call", meter.before)
    events.register("after-call", meter.after)
    answer = BotocoreStubber.__call__

    def timed(stubber: Any, *args: Any, **named: Any) -> Any:
        began = thread_time()
        try:
            return answer(stubber, *args, **named)
        finally:
            meter.answered(thread_time() - began)

    with the_long_way(), patch.object(BotocoreStubber, "__call__", timed):
        yield meter


def _stored(item: Any) -> int:
    """Bytes that an item takes in its table, or that an entry takes in its index."""
    return item_bytes(item) + STORED_OVERHEAD if item else 0


def table_in_moto(name: str) -> Any:
    """The table of the open world, to look into or to fill past the meter."""
    return dynamodb_backends[ACCOUNT_ID][REGION].tables[name]


def _item(table: str, key: Any) -> Any:
    """The item with the keys that stand in `key`, typed as DynamoDB has it; None without one."""
    of_key = table_in_moto(table).items.get(DynamoType(key["pk"]), {})
    found = of_key.get(DynamoType(key["sk"]))
    return typed_item(found) if found else None


def typed_item(found: Any) -> Any:
    """An item of moto's, typed as DynamoDB has it."""
    return _plain(found.to_json()["Attributes"])


def _plain(value: Any) -> Any:
    """moto's values without the objects in which it keeps their parts."""
    return json.loads(json.dumps(value, default=_part))


def _part(part: Any) -> Any:
    # Bytes as text of the same length, since only their size is asked for.
    return part.decode("latin-1") if isinstance(part, bytes) else part.to_json()


def _size(table: str, key: Any, index: str | None = None) -> int:
    """Of the whole item, or its entry in an index, also where a query wanted a part of it only."""
    found = _item(table, key) if "pk" in key else _with(table, key)
    if index is not None:
        (of_name,) = (each for each in _indexes(table) if each.name == index)
        found = index_entry(found, of_name.keys, of_name.projected)
    return item_bytes(found) if found else 0


def _with(table: str, part: Any) -> Any:
    """The item with these attributes, none of which need be its key. Raises `StopIteration`."""
    items = map(typed_item, table_in_moto(table).all_items())
    return next(
        item for item in items if all(item.get(name) == value for name, value in part.items())
    )


class _Index(NamedTuple):
    name: str
    keys: list[str]
    projected: list[str] | None
    """The names that it holds beside the keys; None where it holds everything."""


def _indexes(table: str) -> list[_Index]:
    return [
        _Index(
            index.name,
            [key["AttributeName"] for key in index.schema],
            index.projection.get("NonKeyAttributes")
            if index.projection["ProjectionType"] == "INCLUDE"
            else None,
        )
        for index in table_in_moto(table).global_indexes
    ]


def _short(table: str) -> str:
    """`cases` of `rodinka-test-cases`."""
    return table.rsplit("-", 1)[-1]


def _bucket(name: str) -> str:
    """`images` of `rodinka-test-images-123456789012`."""
    return name.split("-")[2]

"""moto's DynamoDB tables with their items in the order of keys and indexes, kept as they change.

moto looks through a whole table for each query, and sorts a whole partition for its first few items.
Here each index knows its partitions, in order, and moto is handed the items of one page. What it makes
of them, and answers, stays its own.
"""

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from inspect import signature
from typing import Any, Final

from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table

Key = tuple[str, str]
Order = tuple[str, str, str]
"""Where an item stands in a partition: its range key, then its key in the table."""

_KEPT: Final = "kept_in_order"
"""The attribute of a table that holds its partitions by the names of their keys."""


def keep_in_order() -> None:
    """Put this into moto, for this process."""
    put, delete = Table.put_item, Table.delete_item
    update, query = DynamoDBBackend.update_item, Table.query
    parameters = signature(query)

    def put_item(table: Any, item_attrs: Any, *args: Any, **options: Any) -> Any:
        item = put(table, item_attrs, *args, **options)
        _note(table, item.hash_key, item.range_key)
        return item

    def delete_item(table: Any, hash_key: Any, range_key: Any) -> Any:
        item = delete(table, hash_key, range_key)
        _note(table, hash_key, range_key)
        return item

    def update_item(backend: Any, table_name: str, key: Any, *args: Any, **options: Any) -> Any:
        try:
            return update(backend, table_name, key, *args, **options)
        finally:  # moto changes an item in place, also where it refuses in the middle of it
            table = backend.tables.get(table_name)
            if table is not None and {table.hash_key_attr, table.range_key_attr} <= set(key):
                _note(table, *backend.get_keys_value(table, key))

    def of_one_page(table: Any, *args: Any, **options: Any) -> Any:
        asked = parameters.bind(table, *args, **options).arguments
        page = _page(table, asked)
        if page is None:
            return query(table, *args, **options)
        with _handing(table, page):
            return query(table, *args, **options)

    patched: Any = Table
    patched.put_item, patched.delete_item, patched.query = put_item, delete_item, of_one_page
    patched = DynamoDBBackend
    patched.update_item = update_item


def forget_order(table: Any) -> None:
    """Items have been put into a table past moto: look at all of them at the next query."""
    vars(table).pop(_KEPT, None)


class _Partitions:
    """The items of one index by partition key, each partition in its order."""

    def __init__(self, hash_name: str, range_name: str) -> None:
        self._hash_name, self._range_name = hash_name, range_name
        self._parts: dict[str, list[Order]] = defaultdict(list)
        self._places: dict[Key, tuple[str, Order]] = {}

    def note(self, key: Key, attributes: Any) -> None:
        """An item with this key has these attributes now, or is gone (None)."""
        place = self._place(key, attributes) if attributes is not None else None
        before = self._places.pop(key, None)
        if before is not None and before != place:
            part = self._parts[before[0]]
            del part[bisect_left(part, before[1])]
        if place is not None:
            self._places[key] = place
            if before != place:
                insort(self._parts[place[0]], place[1])

    def _place(self, key: Key, attributes: Any) -> tuple[str, Order] | None:
        of_hash = _text(attributes.get(self._hash_name))
        of_range = _text(attributes.get(self._range_name))
        return None if of_hash is None or of_range is None else (of_hash, (of_range, *key))

    def page(
        self,
        partition: str,
        *,
        start: Order | None,
        limit: int | None,
        forward: bool,
        compared: tuple[str, list[Any]] | None,
    ) -> list[Order]:
        """The places of one page in ascending order, and the next one where the page is full: moto
        tells by it that there is more."""
        part = self._parts.get(partition, [])
        low, high = _run(part, *compared) if compared else (0, len(part))
        if start is not None and forward:
            low = max(low, bisect_right(part, start))
        elif start is not None:
            high = min(high, bisect_left(part, start))
        if limit is not None and limit <= high - low:
            low, high = (low, low + limit + 1) if forward else (max(0, high - limit - 1), high)
        return part[low:high]


def _run(part: list[Order], comparison: str, values: list[Any]) -> tuple[int, int]:
    """From where to where in a partition the range keys compare so."""
    first, last = values[0], values[-1]
    match comparison:
        case "<":
            return 0, bisect_left(part, first, key=_range_key)
        case "<=":
            return 0, bisect_right(part, first, key=_range_key)
        case ">":
            return bisect_right(part, first, key=_range_key), len(part)
        case ">=":
            return bisect_left(part, first, key=_range_key), len(part)
        case "BEGINS_WITH":
            end = bisect_right(part, first, key=lambda order: order[0][: len(first)])
            return bisect_left(part, first, key=_range_key), end
    # "=" and "BETWEEN"
    low = bisect_left(part, first, key=_range_key)
    return low, max(low, bisect_right(part, last, key=_range_key))


def _range_key(order: Order) -> str:
    return order[0]


def _note(table: Any, hash_key: Any, range_key: Any) -> None:
    """Something may have become of the item with these keys."""
    if kept := vars(table).get(_KEPT):
        item = table.get_item(hash_key, range_key)
        for partitions in kept.values():
            partitions.note((hash_key.value, range_key.value), None if item is None else item.attrs)


def _page(table: Any, asked: dict[str, Any]) -> list[Any] | None:
    """The items of one page, all that moto needs for a query; None for a query that is left to it."""
    names = _names(table, asked.get("index_name"))
    start, compared = asked["exclusive_start_key"], asked["range_comparison"]
    partition, values = _text(asked["hash_key"]), list(map(_text, asked["range_objs"]))
    if names is None or partition is None or None in values or asked.get("filter_kwargs"):
        return None
    keys = (names[1], table.hash_key_attr, table.range_key_attr)
    after = [start.get(name, {}).get("S") for name in keys] if start else []
    if None in after or len(asked.get("range_key_conditions") or ()) > 1:
        return None
    places = _kept(table, names).page(
        partition,
        start=tuple(after) or None,
        limit=asked["limit"],
        forward=asked["scan_index_forward"] is not False,
        compared=(compared, values) if compared else None,
    )
    return [table.items[DynamoType({"S": pk})][DynamoType({"S": sk})] for _, pk, sk in places]


def _names(table: Any, index: str | None) -> tuple[str, str] | None:
    """Partition and sort key of an index, or of the table; None where they are not two texts."""
    found = next((each for each in table.all_indexes() if each.name == index), None)
    if index and found is None:
        return None
    schema = found.schema if found else table.schema
    names = [key["AttributeName"] for key in sorted(schema, key=lambda key: key["KeyType"])]
    kinds = {each["AttributeName"]: each["AttributeType"] for each in table.attr}
    wanted = [*names, table.hash_key_attr, table.range_key_attr]
    if len(names) != 2 or any(kinds.get(name) != "S" for name in wanted):
        return None
    return names[0], names[1]


def _kept(table: Any, names: tuple[str, str]) -> _Partitions:
    """The partitions of an index, gathered when they are first asked for."""
    kept: dict[tuple[str, str], _Partitions] = vars(table).setdefault(_KEPT, {})
    if names not in kept:
        kept[names] = made = _Partitions(*names)
        for hash_key, under in table.items.items():
            for range_key, item in under.items():
                made.note((hash_key.value, range_key.value), item.attrs)
    return kept[names]


@contextmanager
def _handing(table: Any, page: list[Any]) -> Iterator[None]:
    """Let moto find these items in the table, and in order already."""
    table.all_items = lambda: page
    table.sorted_items = lambda hash_attrs, range_attrs, items: items
    try:
        yield
    finally:
        del table.all_items, table.sorted_items


def _text(value: Any) -> str | None:
    return value.value if value is not None and value.type == "S" else None

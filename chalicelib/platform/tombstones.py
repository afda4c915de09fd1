"""Tombstones: what stays of an item when its content must go.

An item is stripped rather than deleted, so that a worker which has read it before finds the key
taken: its conditional writes fail, and it cannot put the item anew.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from boto3.dynamodb.conditions import Attr

from chalicelib.platform.table import Change, ConditionFailed, Item, Key, Table

ATTEMPTS: Final = 20
_ALWAYS: Final = frozenset({"pk", "sk", "writer"})


class NotStripped(Exception):
    """Others changed the item all the time; it is as they left it."""


def strip(table: Table, key: Key, to: Callable[[Item], Mapping[str, Any]]) -> Item | None:
    """Leave of an item what `to` makes of it and nothing else, in one conditional write.

    Nothing is written when it is so already. Returns the item as it stood before, or None where
    there is none. Raises `NotStripped` when it changes all the time.
    """
    for _ in range(ATTEMPTS):
        item = table.get(key)
        if item is None:
            return None
        left = to(item)
        rest = set(item) - _ALWAYS - set(left)
        changed = {name: value for name, value in left.items() if item.get(name) != value}
        if not rest and not changed:
            return item
        change = Change(set=changed, remove=sorted(rest))
        try:
            # The writer is another after every write, so nothing is lost that came in between.
            table.update(key, change, when=Attr("writer").eq(item["writer"]))
        except ConditionFailed:
            continue
        return item
    raise NotStripped


def kept(item: Item, names: frozenset[str]) -> dict[str, Any]:
    """The attributes of an item that have one of these names."""
    return {name: value for name, value in item.items() if name in names}

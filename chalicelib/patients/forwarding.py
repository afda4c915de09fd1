"""Patients and lesions that were merged into others: their ids go on working.

An item with `merged_into` stands for the item it names, perhaps over several merges. An item that is
`frozen` is being merged at this moment: nothing may be written into it, or it would be lost.
"""

from collections.abc import Callable
from typing import Final

from chalicelib.platform.errors import Conflict
from chalicelib.platform.language import Text
from chalicelib.platform.table import Item, Key, Table

MAX_MERGES: Final = 50
"""How many merges one id is followed over. Merges make no cycles; this only bounds a read."""

_BEING_MERGED: Final = Text(
    "Эту запись как раз объединяют с другой. Повторите через минуту.",
    "This record is just being merged with another. Repeat in a minute.",
)


class BeingMerged(Conflict):
    """The item is frozen for a moment, or part of another merge."""

    def __init__(self) -> None:
        super().__init__("being_merged", _BEING_MERGED)


def current(table: Table, key_of: Callable[[str], Key], record_id: str) -> Item | None:
    """The item of an id, or the one it was merged into; one call more for each merge."""
    item = table.get(key_of(record_id))
    for _ in range(MAX_MERGES):
        if item is None or "merged_into" not in item:
            return item
        item = table.get(key_of(item["merged_into"]))
    return None


def merged_into(item: Item | None) -> str | None:
    """Where a write that this item refused has to go instead, if it was merged.

    Raises `BeingMerged` while the item is frozen.
    """
    if item is None:
        return None
    if "merged_into" in item:
        return str(item["merged_into"])
    if "frozen" in item:
        raise BeingMerged
    return None

"""What DynamoDB charges for one call, from the items that it touches.

Sources: DynamoDB Developer Guide, "DynamoDB item sizes and formats", "DynamoDB read and write
operations" and "Provisioned throughput considerations for global secondary indexes".
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from math import ceil
from typing import Any, Final

KILOBYTE: Final = 1024
READ_BLOCK: Final = 4 * KILOBYTE
STORED_OVERHEAD: Final = 100
"""Bytes that DynamoDB adds to each stored item, in the table and again in every index."""
CONTAINER_OVERHEAD: Final = 3
ELEMENT_OVERHEAD: Final = 1

Typed = Mapping[str, Any]
"""An item as DynamoDB has it: `{"n": {"N": "1"}}`."""


def item_bytes(item: Typed) -> int:
    """Size of an item in bytes: its names, its values and the overhead of lists and maps."""
    return sum(len(name.encode()) + value_bytes(value) for name, value in item.items())


def value_bytes(value: Typed) -> int:
    """Size of one typed value in bytes. Raises `ValueError` for a type that DynamoDB lacks."""
    ((kind, content),) = value.items()
    match kind:
        case "S":
            return len(content.encode())
        case "N":
            return _number_bytes(content)
        case "B":
            return len(content)
        case "BOOL" | "NULL":
            return 1
        case "SS":
            return sum(len(member.encode()) for member in content)
        case "NS":
            return sum(_number_bytes(member) for member in content)
        case "L":
            return CONTAINER_OVERHEAD + sum(
                ELEMENT_OVERHEAD + value_bytes(element) for element in content
            )
        case "M":
            return CONTAINER_OVERHEAD + ELEMENT_OVERHEAD * len(content) + item_bytes(content)
    raise ValueError(f"no type of DynamoDB: {kind}")


def _number_bytes(number: str) -> int:
    """One byte for each two significant digits and one more; outer zeroes do not count."""
    digits = number.lower().partition("e")[0].lstrip("-+").replace(".", "").strip("0")
    return ceil(len(digits) / 2) + 1


def write_units(*items: Typed | None) -> int:
    """Write request units of the table for one write: the larger of the item before and after, in
    kilobytes begun; 1 where there is neither."""
    return max(1, *(ceil(item_bytes(item) / KILOBYTE) for item in items if item), 1)


def index_entry(
    item: Typed | None, keys: Sequence[str], projected: Collection[str] | None = None
) -> Typed | None:
    """What of an item stands in the index with these keys: all of it, or the names in `projected`
    beside the keys; None where it lacks a key."""
    if not item or not all(key in item for key in keys):
        return None
    if projected is None:
        return item
    kept = {"pk", "sk", *keys, *projected}
    return {name: value for name, value in item.items() if name in kept}


def index_write_units(
    before: Typed | None,
    after: Typed | None,
    keys: Sequence[str],
    projected: Collection[str] | None = None,
) -> int:
    """Write request units of one index, which projects everything unless names are given.

    None where the item is in the index neither before nor after, or where nothing of it changed. An
    entry that comes, goes or changes costs one write; one whose key changes is taken out and put anew.
    """
    old, new = (index_entry(item, keys, projected) for item in (before, after))
    if (old is None and new is None) or old == new:
        return 0
    if old is None or new is None or all(old[key] == new[key] for key in keys):
        return write_units(old, new)
    return write_units(old) + write_units(new)


def read_units(sizes: Iterable[int], *, consistent: bool) -> float:
    """Read request units of one query, or of one item: the bytes read together, in blocks of 4 KB
    begun, at least one; half of it when the read is eventually consistent."""
    blocks = max(1, ceil(sum(sizes) / READ_BLOCK))
    return blocks if consistent else blocks / 2

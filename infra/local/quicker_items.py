"""moto's items of DynamoDB, made, copied and told in fewer steps.

moto measures a whole item for each attribute that it puts into a new one, asks each value up to seven
questions about its kind, and copies in the most general way what it only reads. It makes plain Python
of a whole item, and types of that, for each attribute that it projects.
"""

from base64 import b64decode
from datetime import datetime
from typing import Any

import moto.dynamodb.responses
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict


def shorten_items() -> None:
    """Put the shortcuts into moto, for this process. To be done once."""
    value: Any = DynamoType
    value.__init__ = _made
    value.cast_value = _compared(value.cast_value)
    value.to_regular_json = _told
    value.size = _measured(value.size)
    value.__deepcopy__ = _copied(value.__deepcopy__)
    item: Any = Item
    item.__init__ = _made_whole(item.__init__)
    item.__deepcopy__ = _copied_item
    item.project = _as_wanted(item.project)
    answering: Any = moto.dynamodb.responses
    answering.dynamo_to_dict = _plain


def _made(value: Any, of: Any) -> None:
    """A value of another one, or of what came over the wire."""
    if type(of) is DynamoType:
        kind, parts = of.type, of.value
    else:
        kind, parts = [*of.items()][0]  # noqa: RUF015  (as moto fails, where there is nothing)
    value.type = kind
    if kind == "L":
        parts = [DynamoType(part) for part in parts]
    elif kind == "M":
        parts = {name: DynamoType(part) for name, part in parts.items()}
    value.value = parts


def _compared(in_full: Any) -> Any:
    """What a value is compared by: a text by itself."""

    def cast_value(value: Any) -> Any:
        return value.value if value.type == "S" else in_full.fget(value)

    return property(cast_value)


def _told(value: Any) -> dict[str, Any]:
    """A value as JSON all through, sharing nothing that may change."""
    kind, parts = value.type, value.value
    if kind == "B" and isinstance(parts, str):
        parts = b64decode(parts)
    elif isinstance(parts, dict):
        parts = {name: _part_told(part) for name, part in parts.items()}
    elif isinstance(parts, list):
        parts = [_part_told(part) for part in parts]
    return {kind: parts}


def _part_told(part: Any) -> Any:
    return _told(part) if type(part) is DynamoType else part


def _made_whole(in_full: Any) -> Any:
    """A new item, measured once; one that is too large is made attribute by attribute, to be refused."""

    def made(item: Any, hash_key: Any, range_key: Any, attrs: Any) -> None:
        values = {name: DynamoType(value) for name, value in attrs.items()}
        item.hash_key, item.range_key = hash_key, range_key
        item.attrs = LimitedSizeDict()
        dict.update(item.attrs, values)
        if item.size() > 400_000:
            in_full(item, hash_key, range_key, attrs)

    return made


def _measured(in_full: Any) -> Any:
    """The bytes of a value, its parts measured where they lie."""

    def size(value: Any) -> int:
        match value.type:
            case "S":
                return _bytes_of(value.value)
            case "M":
                return sum(_bytes_of(name) + size(part) for name, part in value.value.items())
            case "L":
                return sum(map(size, value.value))
            case _:
                return int(in_full(value))

    return size


def _bytes_of(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode())


def _copied(in_full: Any) -> Any:
    """A copy of a value, without a note of each part that was copied: none lies within itself."""

    def copied(value: Any, memo: dict[int, Any]) -> Any:
        match value.type:
            case "M":
                parts: Any = {name: copied(part, memo) for name, part in value.value.items()}
            case "L":
                parts = [copied(part, memo) for part in value.value]
            case "S" | "N" | "BOOL" | "NULL":
                parts = value.value
            case _:
                return in_full(value, memo)
        made = object.__new__(DynamoType)
        made.type, made.value = value.type, parts
        return made

    return copied


def _copied_item(item: Any, memo: dict[int, Any]) -> Any:
    """A copy of an item; none lies within itself, so nothing is noted of what has been copied."""
    made = object.__new__(type(item))
    made.hash_key, made.range_key = item.hash_key, item.range_key
    made.attrs = LimitedSizeDict()
    dict.update(made.attrs, {name: value.__deepcopy__(memo) for name, value in item.attrs.items()})
    return made


def _as_wanted(in_full: Any) -> Any:
    """The attributes wanted of an item, where whole ones are; parts of some are looked for in one plain
    copy of it."""

    def project(item: Any, wanted: list[list[str]]) -> Any:
        if any(len(path) > 1 or "[" in path[0] for path in wanted):
            told = item.to_regular_json()
            found = object.__new__(Item)
            vars(found).update(vars(item))
            vars(found)["to_regular_json"] = lambda: told
            return in_full(found, wanted)
        found = object.__new__(Item)
        vars(found).update(vars(item))
        found.attrs = LimitedSizeDict()
        for (name,) in wanted:
            if name in item.attrs:
                found.attrs[name] = item.attrs[name]
        return found

    return project


def _plain(value: Any) -> Any:
    """An answer in plain Python, of which nothing is shared with moto's state."""
    kind = type(value)
    if kind is str or kind is int or kind is bool or value is None:
        return value
    if kind is DynamoType:
        return _typed(value)
    if kind is dict or kind is LimitedSizeDict:
        return {name: _plain(part) for name, part in value.items()}
    if kind is list:
        return [_plain(part) for part in value]
    if isinstance(value, datetime) or not hasattr(value, "to_json"):
        return value
    return _plain(value.to_json())


def _typed(value: Any) -> dict[str, Any]:
    kind, parts = value.type, value.value
    if kind == "B":
        parts = parts if isinstance(parts, bytes) else b64decode(parts)
    elif kind == "BS":
        parts = [part if isinstance(part, bytes) else b64decode(part) for part in parts]
    else:
        parts = _plain(parts)
    return {kind: parts}

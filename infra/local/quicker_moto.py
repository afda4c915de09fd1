"""Shortcuts in moto for whoever asks it much; what it answers stays the same.

moto asks six classes of aliases for each letter of each attribute of each item that it answers,
though DynamoDB's values are what goes over the wire already. It lists its own folder for every
request, and all names of a class. It counts all messages of a queue thrice for each message that it
hands out. It makes plain Python of a whole item, and types of that, for each attribute that it projects.
It parses each update twice, asks ten walkers at each node of it what they want there, and
counts the clauses below each. It copies and measures values in the most general way. botocore cleans
the same few words of its name for each request. And moto sorts a whole table before it looks for the
few items that a query wants (`ordered_moto.py`), reads a whole object for each part of it
(`ranged_moto.py`), and copies a whole bucket for each list of versions (`listed_moto.py`).
"""

from base64 import b64encode
from functools import cache, lru_cache
from typing import Any, Final

import moto.backends
import moto.core.responses
from botocore import useragent
from moto.core.serialize import BaseJSONSerializer
from moto.core.utils import method_names_from_class, unix_time
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.dynamodb.parsing import expressions, validators
from moto.sqs.models import SQSBackend

from infra.local.listed_moto import list_where_they_lie
from infra.local.ordered_moto import keep_in_order
from infra.local.quicker_items import shorten_items
from infra.local.quicker_updates import shorten_updates
from infra.local.ranged_moto import read_parts_only

PARSED: Final = 1_000
"""So many texts of updates are kept parsed. Ours differ in their shape only, not in their values."""


def shorten() -> None:
    """Put the shortcuts into moto, for this process. Doing it again changes nothing."""
    if not hasattr(moto.backends.list_of_moto_modules, "cache_clear"):
        modules = tuple(moto.backends.list_of_moto_modules())
        moto.backends.list_of_moto_modules = cache(lambda: modules)
        _put(BaseJSONSerializer, "_serialize_type_structure", _as_it_is)
        answering: Any = moto.core.responses
        answering.method_names_from_class = cache(method_names_from_class)
        parsing: Any = expressions
        naming: Any = useragent
        naming.sanitize_user_agent_string_component = cache(
            naming.sanitize_user_agent_string_component
        )
        # Whoever changes a parsed update does so on a copy.
        _put(parsing.UpdateExpressionParser, "make", lru_cache(PARSED))
        _put(validators.ActionCountValidator, "verify_action_counts", _counted_once)
        _put(DynamoType, "size", _measured)
        _put(DynamoType, "__deepcopy__", _copied)
        _put(Item, "project", _as_wanted)
        shorten_items()
        shorten_updates()
        keep_in_order()
        read_parts_only()
        list_where_they_lie()
        _put(SQSBackend, "is_message_valid_based_on_retention_period", _of_its_queue)


def _put(owner: type, name: str, shortcut: Any) -> None:
    setattr(owner, name, shortcut(getattr(owner, name)))


def _as_it_is(in_full: Any) -> Any:
    """Answer DynamoDB's values without a search for aliases of their parts."""

    def serialize(serializer: Any, serialized: Any, value: Any, shape: Any, key: str) -> None:
        if shape.name == "AttributeValue":
            serialized[key] = _plain(value)
        else:
            in_full(serializer, serialized, value, shape, key)

    return serialize


def _plain(value: Any) -> Any:
    """An attribute's value without the objects in which moto keeps its parts."""
    if hasattr(value, "to_json"):
        return _plain(value.to_json())
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [_plain(part) for part in value]
    return b64encode(value).decode() if isinstance(value, bytes) else value


def _counted_once(in_full: Any) -> Any:
    """Count the clauses of a whole update, not below each node of it again."""
    return lambda walker, node: node if node.parent else in_full(walker, node)


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


def _bytes_of(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode())


def _of_its_queue(in_full: Any) -> Any:
    """Ask a queue how long it keeps a message, and nothing else."""

    def valid(backend: Any, queue_name: str, message: Any) -> bool:
        kept = float(backend.get_queue(queue_name).message_retention_period)
        return bool(message.sent_timestamp / 1000 + kept > unix_time())

    return valid

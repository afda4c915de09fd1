"""Four shortcuts in moto for whoever asks it much; what it answers stays the same.

moto asks six classes of aliases for each letter of each attribute of each item that it answers,
though DynamoDB's values are what goes over the wire already. It lists its own folder for every
request. It counts all messages of a queue thrice for each message that it hands out. And it sorts a
whole table before it looks for the few items that an index query wants: with ten thousand images in
it, a quarter of a second each time.
"""

from base64 import b64encode
from functools import cache
from inspect import signature
from typing import Any

import moto.backends
from moto.core.serialize import BaseJSONSerializer
from moto.core.utils import unix_time
from moto.dynamodb.models.table import Table
from moto.sqs.models import SQSBackend


def shorten() -> None:
    """Put the shortcuts into moto, for this process. Doing it again changes nothing."""
    if not hasattr(moto.backends.list_of_moto_modules, "cache_clear"):
        modules = tuple(moto.backends.list_of_moto_modules())
        moto.backends.list_of_moto_modules = cache(lambda: modules)
        _put(BaseJSONSerializer, "_serialize_type_structure", _as_it_is)
        _put(Table, "query", _of_few)
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


def _of_few(in_full: Any) -> Any:
    """Let an index query look among the items of its partition only, in the order of their keys."""
    parameters = signature(in_full)

    def query(table: Any, *args: Any, **options: Any) -> Any:
        asked = parameters.bind(table, *args, **options).arguments
        conditions = asked.get("hash_key_conditions") or []
        if not asked.get("index_name") or len(conditions) != 1:
            return in_full(table, *args, **options)
        name, wanted = conditions[0]
        few = [
            item
            for under in table.items.values()
            for item in under.values()
            if (there := item.attrs.get(name)) is not None and there.value == wanted.value
        ]
        few.sort(key=lambda item: (item.hash_key.value, item.range_key.value))
        table.all_items = lambda: few
        try:
            return in_full(table, *args, **options)
        finally:
            del table.all_items

    return query


def _of_its_queue(in_full: Any) -> Any:
    """Ask a queue how long it keeps a message, and nothing else."""

    def valid(backend: Any, queue_name: str, message: Any) -> bool:
        kept = float(backend.get_queue(queue_name).message_retention_period)
        return bool(message.sent_timestamp / 1000 + kept > unix_time())

    return valid

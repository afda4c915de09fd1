"""Shortcuts in moto for whoever asks it much; what it answers stays the same.

moto asks six classes of aliases for each letter of each attribute of each item that it answers,
though DynamoDB's values are what goes over the wire already. It lists its own folder for every
request, and all names of a class, and compares all services before it looks into one. It counts all
messages of a queue thrice for each message that it hands out. botocore cleans the same few words of its
name for each request. moto makes, measures and copies items in the most general way
(`quicker_items.py`), and reads each update and each condition several times (`quicker_updates.py`). It
sorts a whole table before it looks for the few items that a query wants (`ordered_moto.py`), reads a
whole object for each part of it (`ranged_moto.py`), and copies a whole bucket for each list of versions
(`listed_moto.py`).
"""

from base64 import b64encode
from functools import cache
from typing import Any

import moto.backends
import moto.core.responses
from botocore import useragent
from moto.core.base_backend import BackendDict
from moto.core.serialize import BaseJSONSerializer
from moto.core.utils import method_names_from_class, unix_time
from moto.sqs.models import SQSBackend

from infra.local.listed_moto import list_where_they_lie
from infra.local.ordered_moto import keep_in_order
from infra.local.quicker_items import shorten_items
from infra.local.quicker_updates import shorten_updates
from infra.local.ranged_moto import read_parts_only


def shorten() -> None:
    """Put the shortcuts into moto, for this process. Doing it again changes nothing."""
    if not hasattr(moto.backends.list_of_moto_modules, "cache_clear"):
        modules = tuple(moto.backends.list_of_moto_modules())
        moto.backends.list_of_moto_modules = cache(lambda: modules)
        _put(BaseJSONSerializer, "_serialize_type_structure", _as_it_is)
        answering: Any = moto.core.responses
        answering.method_names_from_class = cache(method_names_from_class)
        naming: Any = useragent
        naming.sanitize_user_agent_string_component = cache(
            naming.sanitize_user_agent_string_component
        )
        _put(BackendDict, "__getitem__", _where_it_is)
        shorten_items()
        shorten_updates()
        keep_in_order()
        read_parts_only()
        list_where_they_lie()
        _put(SQSBackend, "is_message_valid_based_on_retention_period", _of_its_queue)


def _put(owner: type, name: str, shortcut: Any) -> None:
    setattr(owner, name, shortcut(getattr(owner, name)))


def _where_it_is(in_full: Any) -> Any:
    """Look for an account among all others only where it is new."""

    def of_account(backends: Any, account_id: str) -> Any:
        found = dict.get(backends, account_id)
        return in_full(backends, account_id) if found is None else found

    return of_account


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


def _of_its_queue(in_full: Any) -> Any:
    """Ask a queue how long it keeps a message, and nothing else."""

    def valid(backend: Any, queue_name: str, message: Any) -> bool:
        kept = float(backend.get_queue(queue_name).message_retention_period)
        return bool(message.sent_timestamp / 1000 + kept > unix_time())

    return valid

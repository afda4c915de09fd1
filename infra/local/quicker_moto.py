"""Two shortcuts in moto for whoever serves it all day; what it answers stays the same.

moto asks six classes of aliases for each letter of each attribute of each item that it answers,
though DynamoDB's values are what goes over the wire already; and it lists its own folder for every
request. Together that was a third of the local stack's time.
"""

from functools import cache
from typing import Any

import moto.backends
from moto.core.serialize import BaseJSONSerializer


def shorten() -> None:
    """Put the shortcuts into moto, for this process."""
    modules = cache(lambda: frozenset(_listed()))
    _listed, moto.backends.list_of_moto_modules = moto.backends.list_of_moto_modules, modules
    in_full = BaseJSONSerializer._serialize_type_structure

    def as_it_is(serializer: Any, serialized: Any, value: Any, shape: Any, key: str) -> None:
        if shape.name == "AttributeValue":
            serialized[key] = _plain(value)
        else:
            in_full(serializer, serialized, value, shape, key)

    setattr(BaseJSONSerializer, "_serialize_type_structure", as_it_is)  # noqa: B010 (mypy)


def _plain(value: Any) -> Any:
    """An attribute's value without the objects in which moto keeps its parts."""
    if hasattr(value, "to_json"):
        return _plain(value.to_json())
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [_plain(part) for part in value]
    return value

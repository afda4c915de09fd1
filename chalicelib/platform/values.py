"""Values as DynamoDB has them, each with its type, and as Python has them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from boto3.dynamodb.types import Binary, TypeDeserializer, TypeSerializer

_serialize = TypeSerializer().serialize
_deserialize = TypeDeserializer().deserialize


def typed(values: Mapping[str, Any]) -> dict[str, Any]:
    """`{"n": 1}` → `{"n": {"N": "1"}}`."""
    return {name: _serialize(_storable(value)) for name, value in values.items()}


def plain(item: Mapping[str, Any]) -> dict[str, Any]:
    """The inverse of `typed`; numbers come back as ints where they are whole, else as floats, and
    bytes as bytes."""
    return {name: _readable(_deserialize(value)) for name, value in item.items()}


def _storable(value: Any) -> Any:
    """DynamoDB's numbers are decimals; ours are ints and floats."""
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, Mapping):
        return {name: _storable(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_storable(part) for part in value]
    return value


def _readable(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Binary):
        binary: Any = value  # its stubs do not tell that it has bytes
        return bytes(binary)
    if isinstance(value, dict):
        return {name: _readable(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_readable(part) for part in value]
    return value

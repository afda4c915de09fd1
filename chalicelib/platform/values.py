"""Values as DynamoDB has them, each with its type, and as Python has them.

The common kinds are written here: boto3 asks up to ten questions about each value, which was a tenth of
the time of a request. All others are boto3's.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from boto3.dynamodb.types import Binary, TypeDeserializer, TypeSerializer

_serialize = TypeSerializer().serialize
_deserialize = TypeDeserializer().deserialize

_WIDE: Final = 10**38
"""DynamoDB's numbers have 38 digits."""


def typed(values: Mapping[str, Any]) -> dict[str, Any]:
    """`{"n": 1}` → `{"n": {"N": "1"}}`."""
    return {name: _storable(value) for name, value in values.items()}


def plain(item: Mapping[str, Any]) -> dict[str, Any]:
    """The inverse of `typed`; numbers come back as ints where they are whole, else as floats, and
    bytes as bytes."""
    return {name: _readable(value) for name, value in item.items()}


def _storable(value: Any) -> Any:
    """DynamoDB's numbers are decimals; ours are ints and floats."""
    kind = type(value)
    if kind is str:
        return {"S": value}
    if kind is bool:
        return {"BOOL": value}
    if kind is int and -_WIDE < value < _WIDE:
        return {"N": str(value)}
    if isinstance(value, float):
        return _serialize(Decimal(repr(value)))
    if isinstance(value, Mapping):
        return {"M": {name: _storable(part) for name, part in value.items()}}
    if isinstance(value, (list, tuple)):
        return {"L": [_storable(part) for part in value]}
    return _serialize(value)


def _readable(value: Any) -> Any:
    kind, told = next(iter(value.items()))
    match kind:
        case "S" | "BOOL":
            return told
        case "N":
            return _number(told)
        case "M":
            return {name: _readable(part) for name, part in told.items()}
        case "L":
            return [_readable(part) for part in told]
    read = _deserialize(value)
    if isinstance(read, Binary):
        binary: Any = read  # its stubs do not tell that it has bytes
        return bytes(binary)
    return read


def _number(text: str) -> int | float:
    try:
        return int(text)
    except ValueError:
        number = Decimal(text)
        return int(number) if number == number.to_integral_value() else float(number)

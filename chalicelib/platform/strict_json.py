"""JSON from strangers: one reading only, of bounded depth and size.

Python's reader takes `NaN`, lets the last of two equal keys win and fails with a `RecursionError`
on deep nesting; two services that read the same body differently are a hole between them.
"""

import json
from typing import Any, Final, NoReturn

MAX_BYTES: Final = 262_144
MAX_DEPTH: Final = 16
MAX_DIGITS: Final = 32

_NOT_TEXT: Final = "\N{REPLACEMENT CHARACTER}"
"""What API Gateway puts where a body was not UTF-8, before any function of ours sees it."""


class BadJson(ValueError):
    """The text is not JSON as we accept it; the message says why, in English, for the log."""


class TooLarge(BadJson):
    """The text is over `MAX_BYTES`."""


def loads(text: str | bytes) -> Any:
    """Parse `text`. Raises `TooLarge`, or `BadJson` for everything else that is not strict JSON."""
    try:
        raw = text.encode() if isinstance(text, str) else text
        if len(raw) > MAX_BYTES:
            raise TooLarge("over the limit of size")
        decoded = raw.decode()
        if _NOT_TEXT in decoded:
            raise BadJson("some bytes are not UTF-8")
        _check_depth(decoded)
        value = json.loads(
            decoded,
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_int=_integer,
            parse_float=_decimal,
        )
        # A lone surrogate is legal in JSON's escapes, but no UTF-8 can carry it further.
        json.dumps(value, ensure_ascii=False).encode()
    except BadJson:
        raise
    except (ValueError, RecursionError) as error:
        raise BadJson(type(error).__name__) from None
    return value


def _check_depth(text: str) -> None:
    depth = 0
    in_string = escaped = False
    for character in text:
        if in_string:
            if escaped:
                escaped = False
            elif character == "\\":
                escaped = True
            elif character == '"':
                in_string = False
        elif character == '"':
            in_string = True
        elif character in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise BadJson("nested too deeply")
        elif character in "]}":
            depth -= 1


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise BadJson("a key occurs twice")
    return result


def _constant(name: str) -> NoReturn:
    raise BadJson(f"{name} is not a number")


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise BadJson("an integer has too many digits")
    return int(digits)


def _decimal(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise BadJson("a number is out of range")
    return value

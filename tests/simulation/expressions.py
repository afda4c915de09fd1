"""DynamoDB's condition expressions, parsed once for each text; `updates.py` has the updates.

moto parses and checks an expression at every call, which takes most of the time of an update. The
platform makes a few dozen different texts; here each becomes a function, kept by its text. What the platform does not
use is not understood, and says so loudly.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

Typed = dict[str, Any]
"""An attribute as DynamoDB writes it: `{"S": "text"}`."""
Attributes = Mapping[str, Typed]


class NotUnderstood(BaseException):
    """An expression beyond what the platform uses; no code under test may take it for a failure of AWS."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What an expression is evaluated on."""

    item: Attributes
    names: Mapping[str, str]
    values: Mapping[str, Typed]

    def path(self, text: str) -> list[str]:
        return [self.names[part] if part[0] == "#" else part for part in text.split(".")]

    def at(self, text: str) -> Typed | None:
        """The attribute at a path, or the value of a placeholder."""
        if text[0] == ":":
            return self.values[text]
        first, *more = self.path(text)
        found = self.item.get(first)
        for part in more:
            found = found["M"].get(part) if found is not None and "M" in found else None
        return found


Condition = Callable[[Scene], bool]
Operand = Callable[[Scene], Typed | None]

_TOKEN: Final = re.compile(r"\s*(<=|>=|<>|[(),=<>]|[#:\w.]+)")


class Tokens:
    """The words of an expression, from left to right."""

    def __init__(self, text: str) -> None:
        self._left = _TOKEN.findall(text)[::-1]

    def peek(self) -> str:
        return self._left[-1] if self._left else ""

    def take(self, *expected: str) -> str:
        token = self._left.pop() if self._left else ""
        if expected and token not in expected:
            raise NotUnderstood(f"{token!r} where {expected} was expected")
        return token


@lru_cache(maxsize=512)
def condition(text: str) -> Condition:
    tokens = Tokens(text)
    parsed = _either(tokens)
    tokens.take("")
    return parsed


def _either(tokens: Tokens) -> Condition:
    parts = [_both(tokens)]
    while tokens.peek() == "OR":
        tokens.take()
        parts.append(_both(tokens))
    return parts[0] if len(parts) == 1 else lambda scene: any(part(scene) for part in parts)


def _both(tokens: Tokens) -> Condition:
    parts = [_one(tokens)]
    while tokens.peek() == "AND":
        tokens.take()
        parts.append(_one(tokens))
    return parts[0] if len(parts) == 1 else lambda scene: all(part(scene) for part in parts)


def _one(tokens: Tokens) -> Condition:
    match tokens.peek():
        case "(":
            tokens.take()
            inner = _either(tokens)
            tokens.take(")")
            return inner
        case "NOT":
            tokens.take()
            denied = _one(tokens)
            return lambda scene: not denied(scene)
        case "attribute_exists" | "attribute_not_exists" | "contains" | "begins_with":
            return _function(tokens)
        case _:
            return _comparison(tokens)


def _function(tokens: Tokens) -> Condition:
    name = tokens.take()
    tokens.take("(")
    path = tokens.take()
    if name == "attribute_exists":
        tokens.take(")")
        return lambda scene: scene.at(path) is not None
    if name == "attribute_not_exists":
        tokens.take(")")
        return lambda scene: scene.at(path) is None
    tokens.take(",")
    wanted = tokens.take()
    tokens.take(")")
    if name == "contains":
        return lambda scene: _contains(scene.at(path), scene.at(wanted))
    return lambda scene: _text(scene.at(path)).startswith(_text(scene.at(wanted)) or "\0")


def _contains(whole: Typed | None, part: Typed | None) -> bool:
    if whole is None or part is None:
        return False
    ((kind, content),) = whole.items()
    return part in content if kind == "L" else _plain(part)[1] in content


def _text(value: Typed | None) -> str:
    return str(value.get("S", "")) if value else ""


_ORDER: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def _comparison(tokens: Tokens) -> Condition:
    left = _compared(tokens)
    sign = tokens.take("=", "<>", "BETWEEN", "IN", *_ORDER)
    if sign == "IN":
        return _one_of(left, tokens)
    right = _compared(tokens)
    if sign == "=":
        return lambda scene: _equal(left(scene), right(scene))
    if sign == "<>":
        return lambda scene: not _equal(left(scene), right(scene))
    if sign == "BETWEEN":
        tokens.take("AND")
        last = _compared(tokens)
        return lambda scene: (
            _ordered(">=", left(scene), right(scene)) and _ordered("<=", left(scene), last(scene))
        )
    return lambda scene: _ordered(sign, left(scene), right(scene))


def _one_of(left: Operand, tokens: Tokens) -> Condition:
    tokens.take("(")
    listed = [_compared(tokens)]
    while tokens.take(",", ")") == ",":
        listed.append(_compared(tokens))
    return lambda scene: any(_equal(left(scene), each(scene)) for each in listed)


def _compared(tokens: Tokens) -> Operand:
    token = tokens.take()
    if token != "size":
        return lambda scene: scene.at(token)
    tokens.take("(")
    path = tokens.take()
    tokens.take(")")

    def size(scene: Scene) -> Typed | None:
        found = scene.at(path)
        return {"N": str(len(next(iter(found.values()))))} if found is not None else None

    return size


def _plain(value: Typed) -> tuple[str, Any]:
    ((kind, content),) = value.items()
    if kind == "N":
        return kind, Decimal(content)
    return (kind, sorted(content)) if kind in {"SS", "NS", "BS"} else (kind, content)


def _equal(left: Typed | None, right: Typed | None) -> bool:
    return left is not None and right is not None and _plain(left) == _plain(right)


def _ordered(sign: str, left: Typed | None, right: Typed | None) -> bool:
    if left is None or right is None:
        return False
    (kind, one), (other_kind, other) = _plain(left), _plain(right)
    return kind == other_kind and _ORDER[sign](one, other)

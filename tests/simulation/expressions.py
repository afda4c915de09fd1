"""DynamoDB's condition and update expressions, parsed once for each text.

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


class NoSuchPlace(Exception):
    """An update of something inside a map that is not there."""


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


class _Tokens:
    def __init__(self, text: str) -> None:
        self._left = _TOKEN.findall(text)[::-1]

    def peek(self) -> str:
        return self._left[-1] if self._left else ""

    def take(self, *expected: str) -> str:
        token = self._left.pop() if self._left else ""
        if expected and token not in expected:
            raise NotUnderstood(f"{token!r} where {expected} was expected")
        return token


# --- conditions -----------------------------------------------------------------------------------


@lru_cache(maxsize=512)
def condition(text: str) -> Condition:
    tokens = _Tokens(text)
    parsed = _either(tokens)
    tokens.take("")
    return parsed


def _either(tokens: _Tokens) -> Condition:
    parts = [_both(tokens)]
    while tokens.peek() == "OR":
        tokens.take()
        parts.append(_both(tokens))
    return parts[0] if len(parts) == 1 else lambda scene: any(part(scene) for part in parts)


def _both(tokens: _Tokens) -> Condition:
    parts = [_one(tokens)]
    while tokens.peek() == "AND":
        tokens.take()
        parts.append(_one(tokens))
    return parts[0] if len(parts) == 1 else lambda scene: all(part(scene) for part in parts)


def _one(tokens: _Tokens) -> Condition:
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


def _function(tokens: _Tokens) -> Condition:
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


def _comparison(tokens: _Tokens) -> Condition:
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


def _one_of(left: Operand, tokens: _Tokens) -> Condition:
    tokens.take("(")
    listed = [_compared(tokens)]
    while tokens.take(",", ")") == ",":
        listed.append(_compared(tokens))
    return lambda scene: any(_equal(left(scene), each(scene)) for each in listed)


def _compared(tokens: _Tokens) -> Operand:
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


# --- updates --------------------------------------------------------------------------------------

Action = tuple[str, str, Operand]
"""Clause, path, and what is set, added or deleted."""


@lru_cache(maxsize=512)
def update(text: str) -> tuple[Action, ...]:
    tokens = _Tokens(text)
    actions: list[Action] = []
    clause = tokens.take("SET", "ADD", "DELETE", "REMOVE")
    while True:
        actions.append(_action(clause, tokens))
        match tokens.take(",", "SET", "ADD", "DELETE", "REMOVE", ""):
            case "":
                return tuple(actions)
            case ",":
                continue
            case following:
                clause = following


def _action(clause: str, tokens: _Tokens) -> Action:
    path = tokens.take()
    if clause == "REMOVE":
        return clause, path, lambda scene: None
    if clause == "SET":
        tokens.take("=")
    return clause, path, _set_to(tokens)


def _set_to(tokens: _Tokens) -> Operand:
    token = tokens.take()
    if token not in {"if_not_exists", "list_append"}:
        return lambda scene: scene.at(token)
    tokens.take("(")
    if token == "if_not_exists":
        path = tokens.take()
        tokens.take(",")
        otherwise = _set_to(tokens)
        tokens.take(")")
        return lambda scene: there if (there := scene.at(path)) is not None else otherwise(scene)
    first = _set_to(tokens)
    tokens.take(",")
    second = _set_to(tokens)
    tokens.take(")")
    return lambda scene: {"L": [*_listed(first(scene)), *_listed(second(scene))]}


def _listed(value: Typed | None) -> list[Typed]:
    return value["L"] if value is not None else []


def updated(actions: tuple[Action, ...], scene: Scene) -> dict[str, Typed]:
    """The item after an update; every operand is read from the item before. Raises `NoSuchPlace`."""
    after = dict(scene.item)
    for clause, text, operand in actions:
        *way, last = scene.path(text)
        place = _opened(after, way)
        value = operand(scene)
        if clause == "ADD":
            value = _added(place.get(last), value)
        elif clause == "DELETE":
            value = _without(place.get(last), value)
        if value is not None:
            place[last] = value
        else:
            place.pop(last, None)
    return after


def _opened(item: dict[str, Typed], way: list[str]) -> dict[str, Typed]:
    """The map at the end of `way`, copied with all above it, so that what was read before stays."""
    place = item
    for part in way:
        if "M" not in place.get(part, {}):
            raise NoSuchPlace(part)
        place[part] = {"M": dict(place[part]["M"])}
        place = place[part]["M"]
    return place


def _added(there: Typed | None, more: Typed | None) -> Typed:
    if more is None:
        raise NotUnderstood("ADD of nothing")
    ((kind, content),) = more.items()
    if kind == "N":
        return {"N": str(Decimal(there["N"] if there else 0) + Decimal(content))}
    return {kind: sorted({*(there[kind] if there else ()), *content})}


def _without(there: Typed | None, less: Typed | None) -> Typed | None:
    if there is None or less is None:
        return there
    ((kind, content),) = less.items()
    left = sorted(set(there[kind]) - set(content))
    return {kind: left} if left else None

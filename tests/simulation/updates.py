"""DynamoDB's update expressions, parsed once for each text, as `expressions.py` does with conditions."""

from decimal import Decimal
from functools import lru_cache

from tests.simulation.expressions import NotUnderstood, Operand, Scene, Tokens, Typed


class NoSuchPlace(Exception):
    """An update of something inside a map that is not there."""


Action = tuple[str, str, Operand]
"""Clause, path, and what is set, added or deleted."""


@lru_cache(maxsize=512)
def update(text: str) -> tuple[Action, ...]:
    tokens = Tokens(text)
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


def _action(clause: str, tokens: Tokens) -> Action:
    path = tokens.take()
    if clause == "REMOVE":
        return clause, path, lambda scene: None
    if clause == "SET":
        tokens.take("=")
    return clause, path, _set_to(tokens)


def _set_to(tokens: Tokens) -> Operand:
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

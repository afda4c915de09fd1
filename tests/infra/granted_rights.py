"""How IAM judges a request by a policy of ours: as far as our policies go, and no condition unheard of."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from tests.infra.needed_rights import Right

UNSEEN: Final = {
    "OwnLogs": "Lambda writes a function's logs with its role.",
    "OwnEnvironment": "Lambda decrypts the environment before any code of ours runs.",
    "OwnQueue": "Lambda takes messages from the queue with the function's role.",
    "LaidAside": "Lambda sends on an event that failed three times.",
}
"""By the Sids of their statements: rights that are used outside the process, and by whom."""
OPERATORS: Final = frozenset({"StringEquals", "StringLike", "ForAllValues:StringLike"})


@dataclass(frozen=True)
class Grant:
    """The smallest part of a statement: one action on one resource, under one value of each condition."""

    sid: str
    action: str
    resource: str
    when: tuple[tuple[str, str], ...] = ()
    """Condition keys, and the value each must have."""

    def __str__(self) -> str:
        when = "".join(f", {key} {value}" for key, value in self.when)
        return f"{self.sid}: {self.action} on {self.resource}{when}"

    def is_used_by(self, right: Right) -> bool:
        """Whether this part of the policy has something to do with the request."""
        return (
            matches(self.action.lower(), right.action.lower())
            and matches(self.resource, right.resource)
            and all(
                any(matches(value, told) for told in right.told.get(key, ()))
                for key, value in self.when
            )
        )


def is_allowed(document: Mapping[str, Any], right: Right) -> bool:
    """Whether the policy lets the request pass. Raises `ValueError` for what this module cannot judge."""
    return any(_allows(statement, right) for statement in document["Statement"])


def grants(document: Mapping[str, Any]) -> Iterator[Grant]:
    """Everything that a policy gives, part by part."""
    for statement in document["Statement"]:
        for when in _cases(statement.get("Condition", {})):
            for action in statement["Action"]:
                for resource in statement["Resource"]:
                    yield Grant(statement["Sid"], action, resource, when)


def unused(document: Mapping[str, Any], rights: Iterable[Right]) -> list[Grant]:
    """What a policy gives and nobody asked for."""
    asked = list(rights)
    return [each for each in grants(document) if not any(map(each.is_used_by, asked))]


def _allows(statement: Mapping[str, Any], right: Right) -> bool:
    if statement["Effect"] != "Allow":
        raise ValueError("Only what is allowed is judged here.")
    return (
        any(matches(each.lower(), right.action.lower()) for each in statement["Action"])
        and any(matches(each, right.resource) for each in statement["Resource"])
        and all(
            _holds(operator, patterns, right.told.get(key, ()))
            for operator, keys in statement.get("Condition", {}).items()
            for key, patterns in keys.items()
        )
    )


def _holds(operator: str, patterns: Sequence[str], told: Sequence[str]) -> bool:
    """Whether one condition holds; a request that tells nothing of the key satisfies none of ours.

    (`ForAllValues` alone would hold of nothing; none of ours may rely on that.)
    """
    if operator not in OPERATORS:
        raise ValueError(f"{operator} is not judged here.")
    if operator == "StringEquals":
        return len(told) == 1 and told[0] in patterns
    return bool(told) and all(any(matches(each, value) for each in patterns) for value in told)


def _cases(conditions: Mapping[str, Any]) -> list[tuple[tuple[str, str], ...]]:
    cases: list[tuple[tuple[str, str], ...]] = [()]
    for keys in conditions.values():
        for key, values in keys.items():
            cases = [(*case, (key, value)) for case in cases for value in values]
    return cases


def matches(pattern: str, text: str) -> bool:
    """IAM's wildcards: `*` for any characters, `?` for one."""
    return _compiled(pattern).fullmatch(text) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    parts = (re.escape(part) for part in re.split(r"([*?])", pattern))
    return re.compile("".join({r"\*": ".*", r"\?": "."}.get(part, part) for part in parts), re.S)

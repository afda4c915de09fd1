"""Chance from a plan's seed: the same for the same plan, whatever order things come in."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import TypeVar

T = TypeVar("T")


def rank(seed: str, *names: str) -> bytes:
    """Where chance puts something among others of its kind: compare ranks to draw lots."""
    text = "\0".join((seed, *names))
    return hashlib.sha256(text.encode()).digest()


class Joined:
    """What belongs together because links say so, over others too (union–find)."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def link(self, names: Iterable[str]) -> None:
        """All of these belong together."""
        several = list(names)
        for name in several[1:]:
            one, other = self.of(several[0]), self.of(name)
            # The smaller name stands for both, so that the result tells no order of linking.
            self._parent[max(one, other)] = min(one, other)

    def of(self, name: str) -> str:
        """The name that stands for all it belongs with: the smallest."""
        end = name
        while (above := self._parent.get(end, end)) != end:
            end = above
        while name != end:  # shorten the way for the next who asks
            above = self._parent[name]
            self._parent[name] = end
            name = above
        return end


def gathered(pairs: Iterable[tuple[str, T]]) -> Mapping[str, list[T]]:
    """Values by key, keys and values in the order they came."""
    found: dict[str, list[T]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found

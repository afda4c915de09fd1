"""Readings as arrays: what was read, who read it and what he said, each as a number."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

I = TypeVar("I", bound=Hashable)  # noqa: E741
R = TypeVar("R", bound=Hashable)
L = TypeVar("L", bound=Hashable)


@dataclass(frozen=True)
class Coded(Generic[I, R, L]):
    """Readings in the order they came; a number is a place in the list of names beside it."""

    items: list[I]
    raters: list[R]
    labels: list[L]
    item: NDArray[np.intp]
    """Of shape (readings,), as are the other two."""
    rater: NDArray[np.intp]
    label: NDArray[np.intp]

    def only(self, chosen: NDArray[np.bool_]) -> "Coded[I, R, L]":
        """The readings where `chosen`, of shape (readings,), is true; the names stay."""
        return replace(
            self, item=self.item[chosen], rater=self.rater[chosen], label=self.label[chosen]
        )

    def against(self, label: L) -> "Coded[I, R, bool]":
        """The same readings as whether they give this label. Raises `ValueError` for a stranger."""
        given = (self.label == self.labels.index(label)).astype(np.intp)
        return Coded(self.items, self.raters, [False, True], self.item, self.rater, given)


def coded(readings: Iterable[tuple[I, R, L]]) -> Coded[I, R, L]:
    """Number items, raters and labels as they are first seen."""
    columns = tuple(zip(*readings, strict=True)) or ((), (), ())
    item, rater, label = columns
    items, item_numbers = numbered(item)
    raters, rater_numbers = numbered(rater)
    labels, label_numbers = numbered(label)
    return Coded(items, raters, labels, item_numbers, rater_numbers, label_numbers)


def numbered(names: Sequence[I]) -> tuple[list[I], NDArray[np.intp]]:
    """The different names in the order they come, and for each name its place among them."""
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    return list(numbers), np.fromiter(map(numbers.__getitem__, names), np.intp, len(names))

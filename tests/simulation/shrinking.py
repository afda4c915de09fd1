"""A failing history made short: steps are left out as long as the same check still fails (delta debugging,
Zeller and Hildebrandt, 2002)."""

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

S = TypeVar("S")

MAX_TRIALS: Final = 150


def shortest(
    steps: Sequence[S], fails: Callable[[Sequence[S]], bool], *, trials: int = MAX_TRIALS
) -> list[S]:
    """The shortest part of `steps` found within so many trials for which `fails` still holds."""
    kept, parts = list(steps), 2
    while len(kept) > 1 and trials > 0:
        size = -(-len(kept) // parts)
        for start in range(0, len(kept), size):
            without = kept[:start] + kept[start + size :]
            trials -= 1
            if fails(without):
                kept, parts = without, max(parts - 1, 2)
                break
            if trials <= 0:
                break
        else:
            if size == 1:
                break
            parts = min(parts * 2, len(kept))
    return kept

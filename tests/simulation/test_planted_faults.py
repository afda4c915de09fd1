"""The campaign is known to bite: each planted fault is caught, and by the check that is named for it."""

from collections.abc import Iterator
from itertools import chain

import pytest

from tests.simulation.caught_in import CAUGHT_IN
from tests.simulation.checks import CHECKS, LABELLING_CHECKS
from tests.simulation.plan import LABELLING, plan
from tests.simulation.planted import PLANTED, Planted
from tests.simulation.planted_in_labelling import PLANTED_IN_LABELLING
from tests.simulation.simulation import Run, run

IMAGES, CASES = 60, 16
SEEDS = (2, 4, 7, 1, 3, 5, 6, *range(8, 17))
"""So many short histories are tried, those first that catch most; without a planted fault none of them
fails a check."""
OF_LABELLING = (9, 5, 7, 2, 6, 8, *range(10, 17))


@pytest.mark.parametrize("planted", [*PLANTED, *PLANTED_IN_LABELLING], ids=str)
def test_a_planted_fault_is_caught_by_its_check(planted: Planted) -> None:
    caught: set[str] = set()
    with planted.grow():
        for size, seed in histories(planted):
            found = (in_labelling if planted.of_labelling else in_all)(seed, size)
            caught |= {failure.check for failure in found.failures}
            if planted.caught_by in caught:
                return
    raise AssertionError(f"{planted.what}: not caught by {planted.caught_by}, but by {caught}")


def histories(planted: Planted) -> Iterator[tuple[int, int]]:
    """How many images or cases, and the seed: the one first in which the fault was caught before."""
    size, seeds = (CASES, OF_LABELLING) if planted.of_labelling else (IMAGES, SEEDS)
    return chain([CAUGHT_IN[planted.what]], ((size, seed) for seed in seeds))


def in_all(seed: int, images: int) -> Run:
    """A short history in which people do everything."""
    return run(seed, plan(seed, images))


def in_labelling(seed: int, cases: int) -> Run:
    """A short history in which people read more than anything else."""
    return run(seed, plan(seed, cases, LABELLING), LABELLING_CHECKS)


@pytest.mark.parametrize("seed", OF_LABELLING[:2])
def test_labelling_keeps_its_promises_where_no_fault_is_planted(seed: int) -> None:
    assert in_labelling(seed, CASES).failures == []


def test_every_check_catches_a_planted_fault() -> None:
    caught = {planted.caught_by for planted in [*PLANTED, *PLANTED_IN_LABELLING]}
    assert caught == set(CHECKS)

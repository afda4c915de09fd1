"""The campaign is known to bite: each planted fault is caught, and by the check that is named for it."""

import pytest

from tests.simulation.checks import CHECKS
from tests.simulation.plan import plan
from tests.simulation.planted import PLANTED, Planted
from tests.simulation.simulation import run

IMAGES = 60
SEEDS = range(1, 9)
"""So many short histories are tried; without a planted fault none of them fails a check."""


@pytest.mark.parametrize("planted", PLANTED, ids=str)
def test_a_planted_fault_is_caught_by_its_check(planted: Planted) -> None:
    caught: set[str] = set()
    with planted.grow():
        for seed in SEEDS:
            caught |= {failure.check for failure in run(seed, plan(seed, IMAGES)).failures}
            if planted.caught_by in caught:
                return
    raise AssertionError(f"{planted.what}: not caught by {planted.caught_by}, but by {caught}")


def test_every_check_catches_a_planted_fault() -> None:
    assert set(CHECKS) == {planted.caught_by for planted in PLANTED}

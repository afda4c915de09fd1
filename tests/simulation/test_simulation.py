"""300 images, 600 where somebody is thorough, through the main job while everything goes wrong, and what the simulation says of itself."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence

import pytest

from tests.simulation.campaign import campaign, shortened
from tests.simulation.faults import Fault
from tests.simulation.plan import WEIGHTS, plan
from tests.simulation.planted import PLANTED
from tests.simulation.shrinking import shortest
from tests.simulation.simulation import run
from tests.thorough import THOROUGH

PART = 300
SEEDS = [1_000, 3_000] if THOROUGH else [1_000]


@pytest.mark.parametrize("seed", SEEDS)
def test_no_image_is_lost_doubled_or_miscounted(seed: int) -> None:
    tally = campaign(PART, seed)
    assert [f"seed {world}: {failure}" for world, failure in tally.failing] == []
    assert tally.images >= PART
    assert all(tally.faults[fault] > 0 for fault in Fault), "every kind of fault has happened"
    assert all(tally.counts[action] > 0 for action in WEIGHTS), "everything has been tried"


def test_the_same_seed_gives_the_same_history() -> None:
    steps = plan(5, 30)
    assert steps == plan(5, 30)
    assert run(5, steps).digest == run(5, steps).digest


def test_another_seed_gives_another_history() -> None:
    assert run(5, plan(5, 10)).digest != run(6, plan(6, 10)).digest


def test_a_history_replays_in_another_process_whatever_its_hashes() -> None:
    code = (
        "import tests.conftest\n"
        "from tests.simulation.plan import plan\n"
        "from tests.simulation.simulation import run\n"
        "print(run(7, plan(7, 12)).digest)"
    )
    # Python draws the hashes of this process by chance, unless it was told them.
    other = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
    replayed = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONHASHSEED": other},
        capture_output=True,
        check=True,
        text=True,
    )
    assert replayed.stdout.split() == [run(7, plan(7, 12)).digest]


def test_the_shortest_failing_part_is_found() -> None:
    def fails(numbers: Sequence[int]) -> bool:
        return {3, 17, 41} <= set(numbers)

    assert shortest(range(60), fails) == [3, 17, 41]


def test_a_failing_history_is_made_short_and_still_fails() -> None:
    planted = next(each for each in PLANTED if each.what == "a comment kept in the clean picture")
    with planted.grow():
        steps = shortened(1, planted.caught_by, images=20, trials=40)
        assert planted.caught_by in {failure.check for failure in run(1, steps).failures}
    assert len(steps) < 20
    assert run(1, steps).failures == []


def test_a_campaign_prints_its_figures_and_ends_well(tmp_path: object) -> None:
    file = f"{tmp_path}/figures.json"
    done = subprocess.run(
        [sys.executable, "-m", "tests.simulation", "20", "--json", file],
        capture_output=True,
        text=True,
        check=True,
    )
    with open(file) as written:  # noqa: PTH123
        figures = json.load(written)
    assert figures["lost"] == figures["doubled"] == figures["failed checks"] == 0
    assert "images, " in done.stdout
    assert figures["images"] >= 20

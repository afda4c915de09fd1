"""A clinic of its own for each test; some files share one world among all of theirs."""

from itertools import count

import pytest

from tests.merging.clinic import Clinic
from tests.patients.asking import Client
from tests.world import World

_numbers = count(1)


@pytest.fixture
def clinic(world: World, monkeypatch: pytest.MonkeyPatch) -> Clinic:
    """A clinic without patients. The clock goes on from test to test of a shared world."""
    monkeypatch.setattr("chalicelib.platform.http.routes.platform", lambda: world.platform)
    world.crash_in = None
    number = next(_numbers)
    return Clinic(world, Client(world, f"doctor{number}", f"clinic{number}"))

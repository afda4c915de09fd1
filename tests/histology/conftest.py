"""One world a file, and in it a clinic of its own for each test."""

from collections.abc import Iterator
from itertools import count

import pytest

from tests.merging.clinic import Clinic
from tests.patients.asking import Client
from tests.world import START, World, new_world

_numbers = count(1)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with new_world() as made:
        yield made


@pytest.fixture
def clinic(world: World, monkeypatch: pytest.MonkeyPatch) -> Clinic:
    monkeypatch.setattr("chalicelib.platform.http.routes.platform", lambda: world.platform)
    world.clock.moment = START
    world.crash_in = None
    number = next(_numbers)
    return Clinic(world, Client(world, f"doctor{number}", f"clinic{number}"))

"""One world a file, and in it a clinic of its own for each test."""

from collections.abc import Iterator
from itertools import count

import pytest

from tests.patients.asking import Client
from tests.world import START, World, new_world

_numbers = count(1)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with new_world() as made:
        yield made


@pytest.fixture
def doctor(world: World, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A doctor of a clinic that nobody has entered a survey for."""
    monkeypatch.setattr("chalicelib.platform.http.routes.platform", lambda: world.platform)
    world.clock.moment = START
    world.crash_in = None
    number = next(_numbers)
    return Client(world, account_id=f"doctor{number}", clinic_id=f"clinic{number}")


@pytest.fixture
def colleague(doctor: Client) -> Client:
    return doctor.colleague()


@pytest.fixture
def stranger(doctor: Client) -> Client:
    return doctor.stranger()

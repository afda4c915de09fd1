"""A clinic of its own for each test."""

import pytest

from tests.merging.clinic import Clinic
from tests.patients.asking import Client
from tests.world import World


@pytest.fixture
def clinic(world: World, monkeypatch: pytest.MonkeyPatch) -> Clinic:
    monkeypatch.setattr("chalicelib.platform.http.routes.platform", lambda: world.platform)
    return Clinic(world, Client(world, "doctor1", "clinic1"))

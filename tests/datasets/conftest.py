"""A curator at work in a world, and a shelf of images to choose from."""

import pytest

from chalicelib.datasets.selection import guard
from chalicelib.people.model import Role
from tests.datasets.shelf import Shelf
from tests.patients.asking import Client
from tests.world import World


@pytest.fixture
def curator(world: World, in_app: None) -> Client:
    return Client(world, "curator1", "", role=Role.CURATOR)


@pytest.fixture
def shelf(world: World) -> Shelf:
    return Shelf(world)


@pytest.fixture
def learnt(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """What the models learnt from."""
    hashes: set[str] = set()
    monkeypatch.setattr(guard, "trained_on", lambda platform: frozenset(hashes))
    return hashes

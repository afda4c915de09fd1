"""A curator at work in a world."""

import pytest

from chalicelib.people.model import Role
from tests.patients.asking import Client
from tests.world import World


@pytest.fixture
def curator(world: World, in_app: None) -> Client:
    return Client(world, "curator1", "", role=Role.CURATOR)

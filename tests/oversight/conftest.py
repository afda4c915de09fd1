import pytest

from chalicelib.people.model import Role
from tests.patients.asking import Client
from tests.world import World


@pytest.fixture
def admin(world: World, in_app: None) -> Client:
    return Client(world, "admin1", "", role=Role.ADMIN)


@pytest.fixture
def curator(world: World, in_app: None) -> Client:
    return Client(world, "curator1", "", role=Role.CURATOR)

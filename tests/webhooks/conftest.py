"""A curator, and a world whose events may be sent to this machine."""

from collections.abc import Iterator

import pytest

from chalicelib.people.model import Role
from tests.infra.deployed import like
from tests.patients.asking import Client
from tests.webhooks.receiving import Receiver, receiver
from tests.world import World


@pytest.fixture
def curator(world: World, in_app: None) -> Client:
    open_to_loopback(world)
    return Client(world, "curator1", "", role=Role.CURATOR)


@pytest.fixture
def house() -> Iterator[Receiver]:
    with receiver() as made:
        yield made


def open_to_loopback(world: World) -> None:
    settings = world.platform.settings.model_copy(update={"webhooks_to_loopback": True})
    world.platform = like(world, settings)

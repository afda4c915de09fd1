"""A clinic with images whose likeness the tests choose, and a curator."""

import pytest

from chalicelib.people.model import Role
from tests.duplicates.looking import Gallery
from tests.merging.clinic import Clinic
from tests.patients.asking import Client
from tests.world import World


@pytest.fixture
def gallery(world: World, monkeypatch: pytest.MonkeyPatch) -> Gallery:
    monkeypatch.setattr("chalicelib.platform.http.routes.platform", lambda: world.platform)
    return Gallery(Clinic(world, Client(world, "doctor1", "clinic1")))


@pytest.fixture
def curator(gallery: Gallery) -> Client:
    return Client(gallery.world, "curator1", "", role=Role.CURATOR)

"""A doctor who asks over HTTP, in a world of each test's own."""

import pytest

from chalicelib.people.model import Role
from tests.erasure.journeys import Journey, begin
from tests.imports.asking import PHOTO
from tests.labelling.making import reader
from tests.patients.asking import Client
from tests.world import World


@pytest.fixture
def doctor(world: World, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr("chalicelib.platform.http.routes.platform", lambda: world.platform)
    return Client(world, account_id="doctor1", clinic_id="clinic1")


@pytest.fixture
def curator(doctor: Client) -> Client:
    return Client(doctor.world, account_id="curator1", clinic_id="", role=Role.CURATOR)


@pytest.fixture
def readers(world: World) -> list[str]:
    """Two experts with empty hands."""
    return [reader(world, "expert1"), reader(world, "expert2")]


@pytest.fixture
def case(doctor: Client, readers: list[str]) -> Journey:
    """An image in two hands."""
    made = begin(doctor, PHOTO)
    made.take_in()
    made.find_readers()
    return made

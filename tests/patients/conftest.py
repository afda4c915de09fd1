import pytest

from tests.patients.asking import Client
from tests.world import World


@pytest.fixture
def doctor(world: World, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A doctor of clinic 1, asking the platform of this test's world."""
    monkeypatch.setattr("chalicelib.platform.http.routes.platform", lambda: world.platform)
    return Client()


@pytest.fixture
def stranger(doctor: Client) -> Client:
    """A doctor of another clinic of the same world."""
    return Client(account_id="doctor2", clinic_id="clinic2")

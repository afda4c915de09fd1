import pytest

from chalicelib.people import service
from chalicelib.people.model import Account, Role
from chalicelib.platform.language import Text
from tests.people.issuer import Issuer
from tests.world import World


@pytest.fixture(scope="session")
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture(scope="session")
def another_issuer() -> Issuer:
    """Another pool's: it uses the same key id, and has another key."""
    return Issuer()


@pytest.fixture
def doctor(world: World) -> Account:
    clinic = service.open_clinic(
        world.platform, name=Text("Клиника", "Clinic"), city="Орёл", clinic_id="clinic1"
    )
    return service.open_account(
        world.platform, login="doctor", role=Role.DOCTOR, clinic_id=clinic.clinic_id
    ).account

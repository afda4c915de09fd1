import pytest

from tests.people.issuer import Issuer


@pytest.fixture(scope="session")
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture(scope="session")
def another_issuer() -> Issuer:
    """Another pool's: it uses the same key id, and has another key."""
    return Issuer()

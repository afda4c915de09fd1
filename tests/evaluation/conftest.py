"""A vendor, a curator, and hidden sets."""

import pytest

from chalicelib.people.model import Role
from tests.evaluation.hidden_sets import DEFECT, MELANOMA, NEVUS, plan, publish
from tests.patients.asking import Client
from tests.world import World


@pytest.fixture
def vendor(world: World, in_app: None) -> Client:
    return Client(world, "vendor1", "", role=Role.VENDOR)


@pytest.fixture
def curator(world: World, in_app: None) -> Client:
    return Client(world, "curator1", "", role=Role.CURATOR)


@pytest.fixture
def functional(world: World) -> str:
    """The code of a set for FT-I: three units, one with a technical defect."""
    publish(world, "DS_FT-I", [MELANOMA, NEVUS, DEFECT], plan())
    return "DS_FT-I"


@pytest.fixture
def calibration(world: World) -> str:
    """The code of a set for KlT-I."""
    publish(world, "DS_CT-I", [MELANOMA, NEVUS], plan("clinical_test"))
    return "DS_CT-I"

"""A doctor, a patient with an account, a mole and its photograph, in a world of each test's own."""

import pytest

from tests.patients.asking import Client
from tests.pocket.visiting import Patient, opened
from tests.world import World


@pytest.fixture
def doctor(world: World, in_app: None) -> Client:
    return Client(world, account_id="doctor1", clinic_id="clinic1")


@pytest.fixture
def patient_id(doctor: Client) -> str:
    entered = doctor.enter(consent={"research": True, "publication": True})
    assert entered.status == 201, entered.body
    return str(entered.body["patient_id"])


@pytest.fixture
def patient(doctor: Client, patient_id: str) -> Patient:
    return opened(doctor, patient_id)


@pytest.fixture
def lesion_id(patient: Patient) -> str:
    return patient.mark()


@pytest.fixture
def image_id(patient: Patient, lesion_id: str) -> str:
    return patient.photograph(lesion_id)

"""Whether the clinic knows a code is told so many times an hour, in whatever way it is asked."""

import pytest

from chalicelib.patients import disclosure
from tests.patients.asking import Client
from tests.world import World

OTHER_CODE = "777729031975"
MOST = 3


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disclosure, "LOOKUPS", disclosure.LOOKUPS._replace(times=MOST))


def test_surveys_that_tell_of_a_known_code_share_the_allowance_of_look_ups(
    doctor: Client, world: World
) -> None:
    doctor.enter()
    statuses = [doctor.look_up().status, *(doctor.enter().status for _ in range(MOST))]
    assert statuses == [200, 409, 409, 429]
    refused = doctor.enter()
    assert refused.error["code"] == "too_many"
    assert "candidates" not in refused.error
    assert 0 < int(refused.headers["Retry-After"]) <= 3600
    assert doctor.look_up().status == 429
    world.clock.advance(hours=1)
    assert doctor.enter().error["code"] == "same_person"


def test_a_patient_or_lesion_of_another_code_cannot_be_tried_code_by_code(doctor: Client) -> None:
    known = doctor.enter().body
    patient = {"patient_code": OTHER_CODE, "patient_id": known["patient_id"]}
    lesion = {"patient_code": OTHER_CODE, "lesion_id": known["lesion_id"]}
    assert [doctor.enter(**patient).status for _ in range(2)] == [422, 422]
    assert [doctor.enter(**lesion).status for _ in range(2)] == [422, 429]
    assert doctor.enter(**patient).status == 429


def test_surveys_that_tell_nothing_are_not_counted(doctor: Client) -> None:
    first = doctor.enter().body
    for _ in range(2 * MOST):
        assert doctor.enter(patient_id=first["patient_id"]).status == 201
        assert doctor.enter(new_patient=True).status == 201
    assert doctor.look_up().status == 409

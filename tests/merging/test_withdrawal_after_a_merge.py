"""Whoever was merged is one person: a withdrawal erases what came from either record."""

import pytest

from tests.asking import as_caller, ask
from tests.erasure.journeys import assert_absent, settle
from tests.images.making import image_of
from tests.labelling.making import reader
from tests.merging.clinic import Clinic, run_sweep


def withdraw(clinic: Clinic, patient_id: str) -> int:
    path = "/v1/patients/{patient_id}/consent/withdraw"
    return clinic.doctor.ask("POST", path, patient_id=patient_id).status


@pytest.mark.parametrize("by", ["kept", "merged"])
@pytest.mark.parametrize("gathered", [True, False], ids=["gathered", "not gathered yet"])
def test_a_withdrawal_after_a_merge_erases_both_records(
    clinic: Clinic, by: str, gathered: bool
) -> None:
    readers = [reader(clinic.world, login) for login in ("expert1", "expert2")]
    kept, twice = clinic.patient(), clinic.patient()
    images = [clinic.in_labelling(one["lesion_id"]) for one in (kept, twice)]
    assert clinic.merge_patients(kept["patient_id"], twice["patient_id"]).status == 200
    if gathered:
        run_sweep(clinic.world, times=3)
    asked = kept if by == "kept" else twice
    assert withdraw(clinic, asked["patient_id"]) == 200
    for one in (kept, twice):
        answer = clinic.doctor.ask("GET", "/v1/patients/{patient_id}", patient_id=one["patient_id"])
        assert answer.status == 404
    assert {image_of(clinic.world, image_id).state for image_id in images} == {"withdrawn"}
    settle(clinic.world)
    run_sweep(clinic.world, times=3)
    assert_absent(clinic.world, kept["patient_id"], readers=readers)
    assert clinic.unfinished() == []


def test_an_image_moved_to_another_patient_stays_when_its_first_one_withdraws(
    clinic: Clinic,
) -> None:
    wrong, right = clinic.patient(), clinic.patient()
    image_id = clinic.classified(wrong["lesion_id"])
    assert clinic.move(image_id, right["lesion_id"]).status == 200
    assert withdraw(clinic, wrong["patient_id"]) == 200
    settle(clinic.world)
    assert_absent(clinic.world, wrong["patient_id"])
    seen = ask(
        "GET",
        "/v1/images/{image_id}",
        caller=as_caller("curator"),
        ids={"image_id": image_id},
    )
    assert seen.body["patient_id"] == right["patient_id"]
    assert seen.body["urls"]["image"] is not None

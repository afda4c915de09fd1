"""A wrong image is deleted with a reason; everything else of the patient stays."""

import pytest

from chalicelib.images.model import State
from infra.absence import looked_through
from tests import pictures
from tests.asking import Answered
from tests.classification.taking_in import run_sweep, stored_keys
from tests.erasure.journeys import Journey, acts_on, assert_absent, open_slot, settle
from tests.images.making import image_of
from tests.labelling.making import hand_of
from tests.patients.asking import Client

PHOTO = pictures.jpeg(pictures.photograph(160, 120))
REASON = "Снимок другого пациента"


def delete(doctor: Client, image_id: str, **body: object) -> Answered:
    return doctor.ask(
        "DELETE", "/v1/images/{image_id}", body or {"reason": REASON}, image_id=image_id
    )


def test_a_deleted_image_is_gone_from_pages_hands_and_buckets(
    doctor: Client, readers: list[str], case: Journey
) -> None:
    answer = delete(doctor, case.image_id)
    assert (answer.status, answer.body) == (204, None)
    assert case.view_image().status == 404
    [lesion] = doctor.view(case.patient_id).body["lesions"]
    assert lesion["images"] == []
    assert [hand_of(doctor.world, one) for one in readers] == [[], []]
    assert stored_keys(doctor.world) == set()
    renewed = doctor.ask("POST", "/v1/images/{image_id}/upload", image_id=case.image_id)
    assert renewed.status == 404


def test_the_reason_stays_with_the_tombstone_and_out_of_the_trail(
    doctor: Client, case: Journey
) -> None:
    delete(doctor, case.image_id)
    settle(doctor.world)
    image = image_of(doctor.world, case.image_id)
    assert image.deletion is not None
    assert image.deletion["reason"] == REASON
    assert image.state is State.WITHDRAWN
    table = doctor.world.platform.settings.table_audit
    rows = doctor.world.platform.client("dynamodb").scan(TableName=table)["Items"]
    assert REASON not in repr(rows)
    assert acts_on(doctor.world, case.image_id).count("image.deleted") == 1
    assert run_sweep(doctor.world) == 0


def test_deleting_again_changes_nothing(doctor: Client, case: Journey) -> None:
    delete(doctor, case.image_id)
    assert delete(doctor, case.image_id, reason="another").status == 204
    image = image_of(doctor.world, case.image_id)
    assert image.deletion is not None
    assert image.deletion["reason"] == REASON


def test_an_image_of_a_patient_who_took_consent_back_cannot_be_deleted(
    doctor: Client, case: Journey
) -> None:
    case.withdraw()
    refused = delete(doctor, case.image_id)
    assert (refused.status, refused.body["error"]["code"]) == (409, "consent_withdrawn")


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": "a" * 501}, {"reason": 1}])
def test_a_reason_is_required(doctor: Client, case: Journey, body: dict[str, object]) -> None:
    refused = doctor.ask("DELETE", "/v1/images/{image_id}", body, image_id=case.image_id)
    assert refused.status == 422
    assert "reason" in refused.body["error"]["fields"]
    assert case.view_image().status == 200


def test_a_curator_may_delete_and_another_clinic_may_not(
    doctor: Client, curator: Client, case: Journey
) -> None:
    foreign, missing = delete(doctor.stranger(), case.image_id), delete(doctor, "nothing")
    assert (foreign.status, foreign.error) == (404, missing.error)
    assert delete(curator, case.image_id).status == 204


@pytest.mark.parametrize("after_another_look", [False, True])
def test_a_withdrawal_takes_the_reasons_of_deleted_images_too(
    doctor: Client, case: Journey, after_another_look: bool
) -> None:
    delete(doctor, case.image_id)
    if after_another_look:
        settle(doctor.world)
    case.withdraw()
    settle(doctor.world)
    assert_absent(doctor.world, case.patient_id)
    assert case.view_image().status == 404
    assert run_sweep(doctor.world) == 0


@pytest.mark.parametrize("nth", range(2, 36, 5))
def test_a_deletion_that_dies_on_the_way_is_finished_by_the_sweep(
    doctor: Client, case: Journey, nth: int
) -> None:
    with doctor.world.crash_after(nth):
        delete(doctor, case.image_id)
    if image_of(doctor.world, case.image_id).deletion is None:
        delete(doctor, case.image_id)
    settle(doctor.world)
    assert stored_keys(doctor.world) == set()
    # Of its patient everything else is left; of the image, nothing but the tombstone.
    left = [
        line
        for store in looked_through(doctor.world.platform, case.patient_id)
        for line in store.found
    ]
    assert not [line for line in left if "pixels" in line or "version" in line]
    assert acts_on(doctor.world, case.image_id).count("image.deleted") == 1


def test_a_new_image_may_take_its_place(doctor: Client, case: Journey) -> None:
    delete(doctor, case.image_id)
    slot = open_slot(doctor, case.lesion_id, PHOTO)
    assert slot.status == 201
    assert slot.body["image_id"] != case.image_id

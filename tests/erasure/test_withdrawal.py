"""Consent taken back at any moment leaves nothing readable."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from chalicelib.images.model import State
from chalicelib.patients.store import PatientStore
from tests import pictures
from tests.classification.taking_in import run_sweep
from tests.erasure.journeys import (
    Journey,
    acts_on,
    assert_absent,
    begin,
    open_slot,
    settle,
    withdraw,
)
from tests.erasure.moments import MOMENTS, in_labelling
from tests.images.making import image_of, upload
from tests.labelling.making import hand_of
from tests.patients.asking import Client
from tests.world import START, WorkerDied

PHOTO = pictures.jpeg()


@pytest.mark.parametrize("until", MOMENTS)
def test_consent_taken_back_at_any_moment_leaves_nothing_readable(
    doctor: Client, readers: list[str], until: Callable[[Journey], None]
) -> None:
    world = doctor.world
    case = begin(doctor, PHOTO)
    until(case)
    assert case.withdraw().status == 200
    assert doctor.view(case.patient_id).status == 404
    case.find_readers()  # a message still in the queue
    settle(world)
    assert_absent(world, case.patient_id, readers=readers)
    assert acts_on(world, case.patient_id).count("consent.withdrawn") == 1
    assert acts_on(world, case.patient_id).count("patient.erased") == 1


def test_a_photograph_of_a_phone_is_erased_too(doctor: Client) -> None:
    case = begin(doctor, PHOTO, kind="macroscopic")
    case.take_in()
    assert case.withdraw().status == 200
    settle(doctor.world)
    assert_absent(doctor.world, case.patient_id)


def test_a_file_posted_after_the_withdrawal_with_a_form_from_before_is_erased(
    doctor: Client,
) -> None:
    case = begin(doctor, PHOTO)
    case.withdraw()
    doctor.world.clock.advance(minutes=4)
    case.take_in()
    assert image_of(doctor.world, case.image_id).state is State.WITHDRAWN
    settle(doctor.world)
    assert_absent(doctor.world, case.patient_id)


def test_at_the_answer_an_ordinary_patient_is_unreadable_already(
    doctor: Client, readers: list[str]
) -> None:
    world = doctor.world
    case = begin(doctor, PHOTO, patient_code="777729031975")
    in_labelling(case)
    assert [len(hand_of(world, reader)) for reader in readers] == [1, 1]
    answer = case.withdraw()
    assert answer.body == {
        "patient_id": case.patient_id,
        "withdrawn_at": "2026-03-02T09:00:00.000000Z",
        "erased_by": "2026-03-03T09:00:00.000000Z",
    }
    assert [len(hand_of(world, reader)) for reader in readers] == [0, 0]
    assert doctor.view(case.patient_id).status == 404
    assert doctor.patients().body["items"] == []
    assert doctor.look_up("777729031975").status == 404
    assert open_slot(doctor, case.lesion_id, PHOTO).status == 404
    assert doctor.open_lesion(case.patient_id, site="arms").status == 404
    assert world.platform.images.get(f"clean/{case.image_id}.jpg") is None


def test_a_withdrawn_image_tells_its_clinic_what_became_of_it_and_nothing_else(
    doctor: Client, curator: Client
) -> None:
    case = begin(doctor, PHOTO)
    case.take_in()
    case.withdraw()
    image = case.view_image().body
    assert image["state"] == "withdrawn"
    assert [step["state"] for step in image["history"]][-1] == "withdrawn"
    assert image["urls"] == {"image": None, "thumbnail": None}
    told = {name for name, value in image.items() if value not in (None, [])}
    assert told == {
        *("image_id", "lesion_id", "patient_id", "kind", "state", "created_at"),
        *("urls", "history"),
    }
    seen = curator.ask("GET", "/v1/images/{image_id}", image_id=case.image_id)
    assert seen.body == image
    renewed = doctor.ask("POST", "/v1/images/{image_id}/upload", image_id=case.image_id)
    assert (renewed.status, renewed.body["error"]["state"]) == (409, "withdrawn")


def test_taking_back_twice_answers_the_same_and_leaves_one_record(
    doctor: Client, curator: Client
) -> None:
    case = begin(doctor, PHOTO)
    first = case.withdraw()
    doctor.world.clock.advance(minutes=5)
    assert case.withdraw().body == first.body
    assert case.withdraw(doctor.colleague()).body == first.body
    settle(doctor.world)
    assert case.withdraw(curator).body == first.body
    assert_absent(doctor.world, case.patient_id)
    assert acts_on(doctor.world, case.patient_id).count("consent.withdrawn") == 1


def test_a_curator_may_take_it_back_and_another_clinic_may_not(
    doctor: Client, curator: Client
) -> None:
    case = begin(doctor, PHOTO)
    foreign = case.withdraw(doctor.stranger())
    missing = withdraw(doctor.stranger(), "nobody")
    assert (foreign.status, foreign.error) == (404, missing.error)
    assert doctor.view(case.patient_id).status == 200
    assert case.withdraw(curator).status == 200
    assert doctor.view(case.patient_id).status == 404


def test_the_same_code_names_a_new_patient_afterwards(doctor: Client) -> None:
    form = {"patient_code": "777829031975", "key": "first"}
    case = begin(doctor, PHOTO, **form)
    case.withdraw()
    again = doctor.enter(patient_code="777829031975", key="second")
    assert again.status == 201
    assert again.body["patient_id"] != case.patient_id
    repeated = doctor.enter(**form)
    assert (repeated.status, repeated.body["error"]["code"]) == (409, "idempotency_conflict")
    settle(doctor.world)
    assert_absent(doctor.world, case.patient_id)
    assert doctor.view(again.body["patient_id"]).status == 200


def test_while_he_still_stands_in_the_register_a_survey_makes_a_new_patient(
    doctor: Client,
) -> None:
    case = begin(doctor, PHOTO, patient_code="777929031975")
    doctor.world.crash_in = 3  # the mark is written, and nothing else
    with pytest.raises(WorkerDied):
        case.withdraw()
    again = doctor.enter(patient_code="777929031975")
    assert again.status == 201, again.body
    assert again.body["patient_id"] != case.patient_id
    assert doctor.look_up("777929031975").body == {"patient_id": again.body["patient_id"]}
    settle(doctor.world)
    assert_absent(doctor.world, case.patient_id)


def test_nothing_of_another_patient_is_touched_not_even_with_the_same_pixels(
    doctor: Client, readers: list[str]
) -> None:
    world = doctor.world
    case, other = begin(doctor, PHOTO), begin(doctor, PHOTO)
    in_labelling(case)
    in_labelling(other)
    before = other.view_image().body
    case.withdraw()
    settle(world)
    assert_absent(world, case.patient_id, readers=readers)
    after = other.view_image().body
    # A link is signed anew each time.
    assert {**after, "urls": None} == {**before, "urls": None}
    assert after["duplicate"] == "another_patient"
    assert doctor.view(other.patient_id).status == 200
    assert world.platform.images.get(f"clean/{other.image_id}.jpg") is not None
    assert [len(hand_of(world, reader)) for reader in readers] == [1, 1]
    third = begin(doctor, PHOTO)
    third.take_in()
    assert third.view_image().body["duplicate"] == "another_patient"


def test_an_erasure_ends_within_a_day_and_leaves_the_due_index(doctor: Client) -> None:
    case = begin(doctor, PHOTO)
    case.take_in()
    case.withdraw()
    settle(doctor.world)
    standing = PatientStore(doctor.world.platform.cases).standing(case.patient_id)
    assert standing is not None
    assert standing.erased_at is not None
    assert standing.erased_at - START < timedelta(hours=24)
    assert run_sweep(doctor.world) == 0


def test_a_patient_with_more_images_than_fit_into_one_pass_is_erased_by_the_sweep(
    doctor: Client,
) -> None:
    case = begin(doctor, PHOTO)
    ids = [open_slot(doctor, case.lesion_id, PHOTO).body["image_id"] for _ in range(55)]
    for image_id in ids[-3:]:
        upload(doctor.world, PHOTO, image_id=image_id)
    case.withdraw()
    for _ in range(4):
        doctor.world.clock.advance(minutes=2)
        run_sweep(doctor.world)
    assert image_of(doctor.world, ids[-1]).state is State.WITHDRAWN
    settle(doctor.world)
    for _ in range(4):
        doctor.world.clock.advance(minutes=2)
        run_sweep(doctor.world)
    assert_absent(doctor.world, case.patient_id)


def test_withdrawal_of_a_case_in_two_hands_keeps_its_budget_of_calls(
    doctor: Client, readers: list[str]
) -> None:
    case = begin(doctor, PHOTO)
    in_labelling(case)
    with doctor.world.counted() as calls:
        assert case.withdraw().status == 200
    assert calls.total() <= 45, calls

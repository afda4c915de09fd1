"""A merge of patients beside other requests, cut short, and in several runs."""

from typing import Any

import pytest

from chalicelib.images.model import Kind
from chalicelib.merging.model import RUN
from chalicelib.merging.store import MergeStore
from chalicelib.patients.lesion_store import LesionStore
from tests.merging.clinic import MISTYPED, Clinic, run_sweep, two_patients


@pytest.mark.parametrize("between", range(2))
def test_of_two_merges_that_would_make_a_circle_one_wins(
    clinic: Clinic, between: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = two_patients(clinic)
    a, b = sorted((one["patient_id"], two["patient_id"]))
    kept, duplicate = (a, b) if between else (b, a)
    lock, answers = MergeStore.lock, []

    def overtaken(store: MergeStore, *given: Any, **named: Any) -> None:
        monkeypatch.setattr(MergeStore, "lock", lock)
        answers.append(clinic.merge_patients(duplicate, kept))
        lock(store, *given, **named)

    monkeypatch.setattr(MergeStore, "lock", overtaken)
    answers.append(clinic.merge_patients(kept, duplicate))
    assert [answer.status for answer in answers] == [200, 409]
    assert answers[1].error["code"] == "being_merged"
    run_sweep(clinic.world, times=2)
    assert clinic.unfinished() == []
    for patient_id in (a, b):
        page = clinic.doctor.view(patient_id).body
        assert (page["patient_id"], len(page["lesions"])) == (duplicate, 2)


@pytest.mark.parametrize("nth", range(1, 40))
def test_a_merge_cut_short_after_any_call_is_finished_by_the_sweep(
    clinic: Clinic, nth: int
) -> None:
    kept, twice = two_patients(clinic)
    images = {
        clinic.slot(twice["lesion_id"]),
        clinic.classified(twice["lesion_id"], Kind.MACROSCOPIC),
    }
    with clinic.world.crash_after(nth):
        clinic.merge_patients(kept["patient_id"], twice["patient_id"])
    if nth < 6:
        assert clinic.merge_patients(kept["patient_id"], twice["patient_id"]).status == 200
    run_sweep(clinic.world, times=2)
    assert clinic.unfinished() == []
    page = clinic.doctor.view(twice["patient_id"]).body
    assert page["patient_id"] == kept["patient_id"]
    assert len(page["merges"]) == 1
    assert clinic.shown(kept["patient_id"]) == {
        kept["lesion_id"]: set(),
        twice["lesion_id"]: images,
    }
    listed = clinic.doctor.patients().body["items"]
    assert [patient["patient_id"] for patient in listed] == [kept["patient_id"]]
    assert clinic.doctor.look_up(MISTYPED).body == {"patient_id": kept["patient_id"]}
    assert clinic.doctor.enter(lesion_id=kept["lesion_id"], patient_code=MISTYPED).status == 201
    acts = [on for act, on in clinic.doctor.acts() if act == "patient.merged"]
    assert acts == [f"{twice['patient_id']} {kept['patient_id']}"]
    registered = clinic.doctor.items("code")
    assert {one for row in registered for one in row.get("female", ())} == {kept["patient_id"]}


def test_the_visit_of_a_frozen_patient_is_asked_to_come_again_and_then_counts(
    clinic: Clinic,
) -> None:
    kept, twice = two_patients(clinic)
    with clinic.world.crash_after(7):  # both are locked
        clinic.merge_patients(kept["patient_id"], twice["patient_id"])
    further = {
        "lesion_id": twice["lesion_id"],
        "patient_code": MISTYPED,
        "examined_on": "2026-03-02",
        "key": "further",
    }
    refused = clinic.doctor.enter(**further)
    assert (refused.status, refused.error["code"]) == (409, "being_merged")
    corrected = clinic.doctor.amend(twice["survey_id"], examined_on="2026-02-02")
    assert (corrected.status, corrected.error["code"]) == (409, "being_merged")
    run_sweep(clinic.world, times=2)
    assert clinic.doctor.view(kept["patient_id"]).body["last_visit"] == "2026-03-02", "never lost"
    again = clinic.doctor.enter(**further)
    assert (again.status, again.body["patient_id"]) == (201, kept["patient_id"])


def test_a_lesion_made_by_a_request_in_flight_ends_at_the_kept_patient(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, twice = two_patients(clinic)
    create = LesionStore.create

    def overtaken(store: LesionStore, *given: Any, **named: Any) -> Any:
        monkeypatch.setattr(LesionStore, "create", create)
        answer = clinic.merge_patients(kept["patient_id"], twice["patient_id"])
        assert answer.status == 200
        return create(store, *given, **named)

    monkeypatch.setattr(LesionStore, "create", overtaken)
    entered = clinic.doctor.enter(patient_id=twice["patient_id"], patient_code=MISTYPED)
    assert entered.status == 201
    run_sweep(clinic.world, times=2)
    assert entered.body["lesion_id"] in clinic.shown(kept["patient_id"])
    survey = clinic.doctor.amend(entered.body["survey_id"], hair="black")
    assert survey.body["patient_id"] == kept["patient_id"]
    assert clinic.unfinished() == []


def test_a_patient_with_more_images_than_one_run_moves_takes_several(clinic: Clinic) -> None:
    kept, twice = two_patients(clinic)
    images = [clinic.slot(twice["lesion_id"]) for _ in range(RUN + 3)]
    assert clinic.merge_patients(kept["patient_id"], twice["patient_id"]).status == 200
    assert sum(clinic.filed(image_id)[0] == kept["patient_id"] for image_id in images) == RUN
    run_sweep(clinic.world, times=4)
    assert {clinic.filed(image_id)[0] for image_id in images} == {kept["patient_id"]}
    assert clinic.unfinished() == []


def test_lesions_and_their_patients_may_be_merged_at_the_same_time(clinic: Clinic) -> None:
    kept, twice = two_patients(clinic)
    copy = clinic.lesion(twice["patient_id"])
    image_id = clinic.slot(copy)
    with clinic.world.crash_after(12):  # the lesion forwards, its image has not been moved
        clinic.merge_lesions(twice["lesion_id"], copy)
    assert clinic.filed(image_id)[1] == copy
    assert clinic.merge_patients(kept["patient_id"], twice["patient_id"]).status == 200
    run_sweep(clinic.world, times=3)
    assert clinic.filed(image_id) == (kept["patient_id"], twice["lesion_id"])
    assert clinic.unfinished() == []
    assert set(clinic.shown(kept["patient_id"])) == {kept["lesion_id"], twice["lesion_id"]}

"""Histology goes with its lesion and its patient, and so do labels and unanswered questions."""

from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.platform import keys
from tests.histology.reporting import due, recorded, shown, take_back, unfinished, waiting
from tests.images.making import image_of
from tests.merging.clinic import Clinic, run_sweep, two_lesions, two_patients
from tests.world import World, new_world


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """One world for the file."""
    with new_world() as made:
        yield made


def label(clinic: Clinic, image_id: str) -> Any:
    return (image_of(clinic.world, image_id).label or {}).get("diagnosis")


@pytest.mark.parametrize("nth", [0, 9, 12, 14])
def test_the_kept_lesion_has_the_results_of_both_and_all_images_are_told(
    clinic: Clinic, nth: int
) -> None:
    kept, twice = two_lesions(clinic)
    images = [clinic.classified(case["lesion_id"]) for case in (kept, twice)]
    earlier = recorded(clinic, kept["lesion_id"], diagnosis="nevus", reported_on="2026-03-02")
    clinic.world.clock.advance(minutes=1)
    later = recorded(clinic, twice["lesion_id"], reported_on="2026-03-02")
    run_sweep(clinic.world, times=2)
    assert [label(clinic, one) for one in images] == ["nevus", "melanoma"]
    with clinic.world.crash_after(nth):
        clinic.merge_lesions(kept["lesion_id"], twice["lesion_id"])
    assert clinic.merge_lesions(kept["lesion_id"], twice["lesion_id"]).status in (200, 409)
    run_sweep(clinic.world, times=4)
    assert clinic.merge_lesions(kept["lesion_id"], twice["lesion_id"]).status == 200
    page = shown(clinic, twice["lesion_id"])
    assert (page["lesion_id"], page["confirmed"]["histology_id"]) == (kept["lesion_id"], later)
    assert [one["histology_id"] for one in page["results"]] == [later, earlier]
    assert [label(clinic, one) for one in images] == ["melanoma", "melanoma"]
    assert take_back(clinic, later).status == 204
    run_sweep(clinic.world, times=2)
    assert [label(clinic, one) for one in images] == ["nevus", "nevus"]
    assert unfinished(clinic.world, earlier, later) == []


@pytest.mark.parametrize("of_kept", [False, True])
def test_an_unanswered_question_outlives_the_merge_with_its_deadline(
    clinic: Clinic, of_kept: bool
) -> None:
    asked: dict[str, Any] = {"histology_required": True}
    kept = clinic.patient(**(asked if of_kept else {}))
    second = {} if of_kept else asked
    twice = clinic.doctor.enter(patient_id=kept["patient_id"], **second).body
    assert clinic.merge_lesions(kept["lesion_id"], twice["lesion_id"]).status == 200
    for _ in range(2):
        assert waiting(clinic) == [kept["lesion_id"]]
        item = clinic.world.platform.cases.get(keys.lesion(kept["lesion_id"])) or {}
        assert item["due_at"] == item["overdue_at"]
        run_sweep(clinic.world)
    recorded(clinic, kept["lesion_id"])
    assert waiting(clinic) == []


def test_a_result_entered_while_the_lesion_is_frozen_is_told_afterwards(clinic: Clinic) -> None:
    kept, twice = two_lesions(clinic)
    image_id = clinic.classified(kept["lesion_id"])
    with clinic.world.crash_after(7):  # both are locked
        clinic.merge_lesions(kept["lesion_id"], twice["lesion_id"])
    histology_id = recorded(clinic, twice["lesion_id"])
    run_sweep(clinic.world, times=4)
    assert clinic.unfinished() == []
    assert shown(clinic, kept["lesion_id"])["confirmed"]["histology_id"] == histology_id
    assert label(clinic, image_id) == "melanoma"


def test_a_merged_patient_brings_histology_along(clinic: Clinic) -> None:
    kept, twice = two_patients(clinic, histology_required=True)
    histology_id = recorded(clinic, twice["lesion_id"])
    assert waiting(clinic) == []
    assert clinic.merge_patients(kept["patient_id"], twice["patient_id"]).status == 200
    run_sweep(clinic.world, times=2)
    item = clinic.world.platform.cases.get(keys.histology(histology_id)) or {}
    assert item["patient_id"] == kept["patient_id"]
    assert shown(clinic, twice["lesion_id"])["confirmed"]["histology_id"] == histology_id
    take_back(clinic, histology_id)
    [one] = due(clinic)["items"]
    assert (one["patient_id"], one["lesion_id"]) == (kept["patient_id"], twice["lesion_id"])


def test_a_moved_image_changes_its_label_with_its_lesion(clinic: Clinic) -> None:
    here, there = clinic.patient(), clinic.patient(patient_code="333329031975")
    nowhere = clinic.lesion(here["patient_id"])
    image_id = clinic.classified(here["lesion_id"])
    recorded(clinic, here["lesion_id"])
    clinic.world.clock.advance(minutes=1)
    recorded(clinic, there["lesion_id"], diagnosis="nevus")
    run_sweep(clinic.world, times=2)
    for lesion_id, expected in (
        (there["lesion_id"], "nevus"),
        (nowhere, None),
        (here["lesion_id"], "melanoma"),
        (there["lesion_id"], "nevus"),
    ):
        assert clinic.move(image_id, lesion_id).status == 200
        run_sweep(clinic.world, times=2)
        assert label(clinic, image_id) == expected


def test_an_image_moved_before_its_file_came_is_told_when_it_comes(clinic: Clinic) -> None:
    case = clinic.patient()
    other = clinic.lesion(case["patient_id"])
    image_id = clinic.received(other)
    recorded(clinic, case["lesion_id"])
    run_sweep(clinic.world, times=2)
    assert clinic.move(image_id, case["lesion_id"]).status == 200
    clinic.accept(image_id)
    run_sweep(clinic.world, times=3)
    assert label(clinic, image_id) == "melanoma"

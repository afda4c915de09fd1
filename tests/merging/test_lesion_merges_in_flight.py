"""A merge of lesions beside other requests, cut short, and in several runs."""

from typing import Any

import pytest

from chalicelib.images.model import Kind
from chalicelib.images.store import ImageStore
from chalicelib.merging.model import RUN
from chalicelib.platform import keys
from tests.merging.clinic import Clinic, run_sweep, two_lesions


@pytest.mark.parametrize("nth", range(1, 35))
def test_a_merge_cut_short_after_any_call_is_finished_by_the_sweep(
    clinic: Clinic, nth: int
) -> None:
    kept, twice = two_lesions(clinic)
    images = {
        clinic.slot(twice["lesion_id"]),
        clinic.classified(twice["lesion_id"], Kind.MACROSCOPIC),
    }
    with clinic.world.crash_after(nth):
        clinic.merge_lesions(kept["lesion_id"], twice["lesion_id"])
    item = clinic.world.platform.cases.get(keys.lesion(kept["lesion_id"])) or {}
    other = clinic.world.platform.cases.get(keys.lesion(twice["lesion_id"])) or {}
    if "merging" not in item | other and "merged_into" not in other:
        assert clinic.merge_lesions(kept["lesion_id"], twice["lesion_id"]).status == 200
    run_sweep(clinic.world, times=2)
    assert clinic.unfinished() == []
    page = clinic.doctor.view(kept["patient_id"]).body
    assert len(page["surveys"]) == 2
    assert [len(lesion["merges"]) for lesion in page["lesions"]] == [1]
    assert clinic.shown(kept["patient_id"]) == {kept["lesion_id"]: images}
    assert clinic.doctor.amend(twice["survey_id"], hair="black").status == 200
    acts = [on for act, on in clinic.doctor.acts() if act == "lesion.merged"]
    assert acts == [f"{twice['lesion_id']} {kept['lesion_id']}"]


def test_the_same_request_takes_up_what_an_earlier_one_began(clinic: Clinic) -> None:
    kept, twice = two_lesions(clinic)
    with clinic.world.crash_after(8):  # both are locked
        clinic.merge_lesions(kept["lesion_id"], twice["lesion_id"])
    clinic.world.clock.advance(seconds=5)
    assert clinic.merge_lesions(kept["lesion_id"], twice["lesion_id"]).status == 200
    assert len(clinic.doctor.view(kept["patient_id"]).body["lesions"]) == 1


def test_what_comes_while_a_lesion_is_frozen_is_asked_to_come_again(clinic: Clinic) -> None:
    kept, twice = two_lesions(clinic)
    with clinic.world.crash_after(8):  # both are locked
        clinic.merge_lesions(kept["lesion_id"], twice["lesion_id"])
    third = clinic.lesion(kept["patient_id"])
    refused = [
        clinic.doctor.enter(lesion_id=twice["lesion_id"]),
        clinic.doctor.amend(twice["survey_id"], hair="black"),
        clinic.merge_lesions(twice["lesion_id"], kept["lesion_id"]),
        clinic.merge_lesions(third, twice["lesion_id"]),
        clinic.merge_lesions(kept["lesion_id"], third),
    ]
    assert [(r.status, r.error["code"]) for r in refused] == [(409, "being_merged")] * 5
    run_sweep(clinic.world, times=2)
    assert clinic.doctor.amend(twice["survey_id"], hair="black").status == 200
    assert clinic.merge_lesions(kept["lesion_id"], third).status == 200


def test_a_slot_opened_by_a_request_in_flight_ends_at_the_kept_lesion(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, twice = two_lesions(clinic)
    create = ImageStore.create

    def overtaken(store: ImageStore, *given: Any, **named: Any) -> Any:
        monkeypatch.setattr(ImageStore, "create", create)
        assert clinic.merge_lesions(kept["lesion_id"], twice["lesion_id"]).status == 200
        return create(store, *given, **named)

    monkeypatch.setattr(ImageStore, "create", overtaken)
    image_id = clinic.slot(twice["lesion_id"])
    assert clinic.filed(image_id)[1] == twice["lesion_id"]
    assert clinic.shown(kept["patient_id"]) == {kept["lesion_id"]: {image_id}}
    run_sweep(clinic.world, times=2)
    assert clinic.filed(image_id) == (kept["patient_id"], kept["lesion_id"])
    assert clinic.unfinished() == []


def test_a_lesion_with_more_images_than_one_run_moves_takes_several(clinic: Clinic) -> None:
    kept, twice = two_lesions(clinic)
    images = [clinic.slot(twice["lesion_id"], Kind.MACROSCOPIC) for _ in range(RUN + 3)]
    assert clinic.merge_lesions(kept["lesion_id"], twice["lesion_id"]).status == 200
    there = [clinic.filed(image_id)[1] == kept["lesion_id"] for image_id in images]
    assert sum(there) == RUN
    run_sweep(clinic.world, times=4)
    assert {clinic.filed(image_id)[1] for image_id in images} == {kept["lesion_id"]}
    assert clinic.unfinished() == []

"""Workers that die after any call: recording, taking back and the report's intake end the same way."""

from collections.abc import Callable

import pytest

from chalicelib.histology import intake, spreading
from chalicelib.histology.reports import ReportState
from tests.histology.papers import pdf
from tests.histology.reporting import (
    correct,
    put,
    record,
    recorded,
    shown,
    take_back,
    unfinished,
    waiting,
    with_report,
)
from tests.images.making import image_of
from tests.merging.clinic import Clinic, run_sweep
from tests.world import WorkerDied

PDF = pdf()
FEW = 9
"""More calls than any of these requests makes."""


def dies_after(clinic: Clinic, nth: int, work: Callable[[], object]) -> bool:
    """Whether the worker died after its nth call; False when it needed fewer."""
    clinic.world.crash_in = nth
    try:
        work()
    except WorkerDied:
        return True
    finally:
        clinic.world.crash_in = None
    return False


@pytest.mark.parametrize("nth", range(1, FEW))
def test_a_result_whose_request_dies_after_any_call_is_whole_or_absent(
    clinic: Clinic, nth: int
) -> None:
    case = clinic.patient(histology_required=True)
    image_id = clinic.classified(case["lesion_id"])
    said = with_report(PDF)
    died = dies_after(clinic, nth, lambda: record(clinic, case["lesion_id"], key="k", **said))
    run_sweep(clinic.world, times=2)
    page = shown(clinic, case["lesion_id"])
    told = image_of(clinic.world, image_id).label
    assert (told is not None) is bool(page["results"]), "its lesion and its images know it alike"
    assert bool(waiting(clinic)) is not bool(page["results"])
    again = record(clinic, case["lesion_id"], key="k", **said)
    assert again.status == 201
    run_sweep(clinic.world, times=2)
    [one] = shown(clinic, case["lesion_id"])["results"]
    assert (one["histology_id"], one["report"]["state"]) == (
        again.body["histology_id"],
        "awaiting_upload",
    )
    label = image_of(clinic.world, image_id).label
    assert label is not None
    assert label["record_id"] == one["histology_id"]
    acts = [act for act, on in clinic.doctor.acts() if on == one["histology_id"]]
    assert acts.count("histology.recorded") == 1
    assert died or nth > 7


@pytest.mark.parametrize("nth", range(1, FEW))
def test_a_taking_back_that_dies_after_any_call_is_finished_or_never_was(
    clinic: Clinic, nth: int
) -> None:
    case = clinic.patient(histology_required=True)
    image_id = clinic.classified(case["lesion_id"])
    wrong = recorded(clinic, case["lesion_id"])
    run_sweep(clinic.world, times=2)
    dies_after(clinic, nth, lambda: take_back(clinic, wrong))
    run_sweep(clinic.world, times=2)
    [one] = shown(clinic, case["lesion_id"])["results"]
    is_back = one["taken_back"] is not None
    assert (image_of(clinic.world, image_id).label is None) is is_back
    assert bool(waiting(clinic)) is is_back
    assert unfinished(clinic.world, wrong) == []


@pytest.mark.parametrize("nth", range(1, FEW))
def test_a_spreading_that_dies_after_any_call_is_succeeded_by_another(
    clinic: Clinic, nth: int
) -> None:
    case = clinic.patient()
    images = [clinic.classified(case["lesion_id"]) for _ in range(2)]
    one = recorded(clinic, case["lesion_id"])
    correct(clinic, one, diagnosis="nevus")
    dies_after(clinic, nth, lambda: spreading.spread(clinic.world.platform, one))
    run_sweep(clinic.world, times=2)
    labels = [image_of(clinic.world, image_id).label for image_id in images]
    assert [label and label["diagnosis"] for label in labels] == ["nevus", "nevus"]
    assert unfinished(clinic.world, one) == []


@pytest.mark.parametrize("nth", range(1, 7))
@pytest.mark.parametrize("data", [PDF, b"no report"], ids=["accepted", "rejected"])
def test_an_intake_that_dies_after_any_call_is_succeeded_by_another(
    clinic: Clinic, nth: int, data: bytes
) -> None:
    case, world = clinic.patient(), clinic.world
    slot = record(clinic, case["lesion_id"], **with_report(data))
    key = slot.body["upload"]["fields"]["key"]
    version = put(world, key, data)

    def take_in() -> None:
        intake.take_in(world.platform, key=key, version=version, trace="t")

    died = dies_after(clinic, nth, take_in)
    run_sweep(world, times=2)
    [one] = shown(clinic, case["lesion_id"])["results"]
    end = ReportState.ACCEPTED if data is PDF else ReportState.REJECTED
    states = [step["state"] for step in one["report"]["history"]]
    assert states == ["awaiting_upload", "received", end]
    assert unfinished(world, one["histology_id"]) == []
    assert died or nth > (5 if data is PDF else 4)

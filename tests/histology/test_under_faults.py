"""Workers that die after any call: recording, taking back and the report's intake end the same way."""

from collections.abc import Callable
from functools import partial

import pytest

from chalicelib.histology import intake, spreading
from chalicelib.histology.reports import ReportState
from tests.histology.papers import pdf
from tests.histology.reporting import (
    correct,
    files_of,
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


def survives(clinic: Clinic) -> None:
    """Let the sweep do what dead workers left, to the end."""
    run_sweep(clinic.world, times=2)


def test_a_result_whose_request_dies_after_any_call_is_whole_or_absent(clinic: Clinic) -> None:
    said, left = with_report(PDF), []
    for nth in range(1, FEW):
        case = clinic.patient(histology_required=True)
        image_id = clinic.classified(case["lesion_id"])
        work = partial(record, clinic, case["lesion_id"], key=f"k{nth}", **said)
        left.append((case["lesion_id"], image_id, work, dies_after(clinic, nth, work)))
    assert [died for *_, died in left] == [True] * 7 + [False]
    survives(clinic)
    waits = waiting(clinic)
    for lesion_id, image_id, _, _ in left:
        is_there = bool(shown(clinic, lesion_id)["results"])
        assert (image_of(clinic.world, image_id).label is not None) is is_there
        assert (lesion_id in waits) is not is_there
    again = [work() for _, _, work, _ in left]
    survives(clinic)
    for (lesion_id, image_id, _, _), answer in zip(left, again, strict=True):
        [one] = shown(clinic, lesion_id)["results"]
        assert one["histology_id"] == answer.body["histology_id"]
        assert one["report"]["state"] == "awaiting_upload"
        label = image_of(clinic.world, image_id).label
        assert label is not None
        assert label["record_id"] == one["histology_id"]
        acts = [act for act, on in clinic.doctor.acts() if on == one["histology_id"]]
        assert acts.count("histology.recorded") == 1


def test_a_taking_back_that_dies_after_any_call_is_finished_or_never_was(clinic: Clinic) -> None:
    left = []
    for _ in range(1, FEW):
        case = clinic.patient(histology_required=True)
        image_id = clinic.classified(case["lesion_id"])
        left.append((case["lesion_id"], image_id, recorded(clinic, case["lesion_id"])))
    survives(clinic)
    for nth, (_, _, wrong) in enumerate(left, start=1):
        dies_after(clinic, nth, partial(take_back, clinic, wrong))
    survives(clinic)
    waits = waiting(clinic)
    ends = []
    for lesion_id, image_id, wrong in left:
        [one] = shown(clinic, lesion_id)["results"]
        ends.append(one["taken_back"] is not None)
        assert (image_of(clinic.world, image_id).label is None) is ends[-1]
        assert (lesion_id in waits) is ends[-1]
        assert unfinished(clinic.world, wrong) == []
    assert ends == [False] + [True] * 7
    assert not any(files_of(clinic.world, wrong) for *_, wrong in left)


def test_a_spreading_that_dies_after_any_call_is_succeeded_by_another(clinic: Clinic) -> None:
    left = []
    for nth in range(1, FEW):
        case = clinic.patient()
        images = [clinic.classified(case["lesion_id"]) for _ in range(2)]
        one = recorded(clinic, case["lesion_id"])
        correct(clinic, one, diagnosis="nevus")
        dies_after(clinic, nth, partial(spreading.spread, clinic.world.platform, one))
        left.append((one, images))
    survives(clinic)
    for one, images in left:
        labels = [image_of(clinic.world, image_id).label for image_id in images]
        assert [label and label["diagnosis"] for label in labels] == ["nevus", "nevus"]
        assert unfinished(clinic.world, one) == []


@pytest.mark.parametrize("data", [PDF, b"no report"], ids=["accepted", "rejected"])
def test_an_intake_that_dies_after_any_call_is_succeeded_by_another(
    clinic: Clinic, data: bytes
) -> None:
    world, left = clinic.world, []
    for nth in range(1, 7):
        lesion_id = clinic.patient()["lesion_id"]
        slot = record(clinic, lesion_id, **with_report(data))
        key = slot.body["upload"]["fields"]["key"]
        told = {"key": key, "version": put(world, key, data), "trace": "t"}
        died = dies_after(clinic, nth, partial(intake.take_in, world.platform, **told))
        left.append((lesion_id, died))
    survives(clinic)
    end = ReportState.ACCEPTED if data is PDF else ReportState.REJECTED
    for lesion_id, _ in left:
        [one] = shown(clinic, lesion_id)["results"]
        states = [step["state"] for step in one["report"]["history"]]
        assert states == ["awaiting_upload", "received", end]
        assert unfinished(world, one["histology_id"]) == []
    assert sum(died for _, died in left) == (5 if data is PDF else 4)

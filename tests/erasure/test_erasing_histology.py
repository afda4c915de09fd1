"""Consent taken back takes histology, its questions and its reports along, at any moment."""

from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Any

import pytest

from chalicelib.histology import intake, spreading
from chalicelib.histology.sandbox import clean_pdf
from chalicelib.histology.store import HistologyStore
from infra.absence import items_of
from infra.erasure import replay
from tests.classification.taking_in import run_sweep
from tests.erasure.journeys import Journey, assert_absent, begin, settle
from tests.erasure.test_under_faults import dies_after, is_marked
from tests.histology.papers import pdf
from tests.histology.reporting import files_of, is_known, put, record, with_report
from tests.imports.asking import PHOTO
from tests.merging.clinic import Clinic
from tests.patients.asking import Client
from tests.world import World

PDF = pdf()


def reported(case: Journey) -> tuple[str, str]:
    """A result whose report is kept: its id, and where its file came."""
    clinic = Clinic(case.world, case.doctor)
    slot = record(clinic, case.lesion_id, **with_report(PDF))
    assert slot.status == 201, slot.body
    key = slot.body["upload"]["fields"]["key"]
    version = put(case.world, key, PDF)
    intake.take_in(case.world.platform, key=key, version=version, trace="t")
    return slot.body["histology_id"], key


def names_nothing(world: World, histology_id: str) -> bool:
    """Whether no attribute of a result or report is left but ids and the mark."""
    left = [
        item for item in items_of(world.platform, world.platform.settings.table_cases)
        if histology_id in item["pk"]
    ]  # fmt: skip
    kept = {"pk", "sk", "writer", "histology_id", "withdrawn_at", "state"}
    return all(set(item) <= kept for item in left)


def test_nothing_of_a_result_or_its_report_is_left(doctor: Client) -> None:
    case = begin(doctor, PHOTO, histology_required=True)
    histology_id, _ = reported(case)
    world = doctor.world
    assert len(files_of(world, histology_id)) == 2
    assert case.withdraw().status == 200
    assert not is_known(world, histology_id)
    assert files_of(world, histology_id) == [], "at once"
    paths = "/v1/lesions/{lesion_id}/histology"
    assert doctor.ask("GET", paths, lesion_id=case.lesion_id).status == 404
    assert doctor.ask("GET", "/v1/histology/due").body["items"] == []
    settle(world)
    assert_absent(world, case.patient_id)
    assert names_nothing(world, histology_id)


def test_a_question_nobody_answered_goes_too_and_is_never_called_overdue(doctor: Client) -> None:
    case = begin(doctor, PHOTO, histology_required=True)
    case.withdraw()
    assert doctor.ask("GET", "/v1/histology/due").body["items"] == []
    doctor.world.clock.advance(days=31)
    settle(doctor.world)
    assert_absent(doctor.world, case.patient_id)


def test_a_withdrawal_that_dies_after_any_call_is_finished_by_the_sweep(
    doctor: Client,
) -> None:
    world, cases = doctor.world, []
    for nth in count(3, 5):
        case = begin(doctor, PHOTO)
        cases.append((case, reported(case)[0]))
        died = dies_after(world, nth, case.withdraw)
        if not is_marked(case):
            case.withdraw()  # the doctor got no answer, and asks again
        if not died:
            break
    assert len(cases) > 3
    settle(world)
    assert_absent(world, *(case.patient_id for case, _ in cases))
    assert all(names_nothing(world, histology_id) for _, histology_id in cases)


def _recording(monkeypatch: pytest.MonkeyPatch, case: Journey) -> str:
    """The consent is taken back just before the result is written."""
    create = HistologyStore.create

    def withdraw_meanwhile(*given: Any) -> Any:
        case.withdraw()
        return create(*given)

    monkeypatch.setattr(HistologyStore, "create", withdraw_meanwhile)
    answer = record(Clinic(case.world, case.doctor), case.lesion_id, key="k", **with_report(PDF))
    assert answer.status == 404
    return ""


def _examining(monkeypatch: pytest.MonkeyPatch, case: Journey, dies_in: int | None) -> str:
    """And just while a worker has the report in hand."""
    clean = clean_pdf

    def withdraw_meanwhile(data: bytes) -> Any:
        case.withdraw()
        case.world.crash_in = dies_in
        return clean(data)

    monkeypatch.setattr(intake, "clean_pdf", withdraw_meanwhile)
    found: list[str] = []
    dies_after(case.world, 10_000, lambda: found.append(reported(case)[0]))
    return found[0] if found else ""


def _spreading(monkeypatch: pytest.MonkeyPatch, case: Journey) -> str:
    histology_id, _ = reported(case)
    tell = spreading._tell

    def withdraw_meanwhile(*given: Any) -> Any:
        case.withdraw()
        return tell(*given)

    monkeypatch.setattr(spreading, "_tell", withdraw_meanwhile)
    spreading.spread(case.world.platform, histology_id)
    return histology_id


@pytest.mark.parametrize(
    "work",
    [
        _recording,
        partial(_examining, dies_in=None),
        partial(_examining, dies_in=1),
        partial(_examining, dies_in=2),
        _spreading,
    ],
)
def test_who_is_just_at_work_leaves_nothing(
    doctor: Client, monkeypatch: pytest.MonkeyPatch, work: Callable[..., str]
) -> None:
    case = begin(doctor, PHOTO)
    case.take_in()
    histology_id = work(monkeypatch, case)
    settle(doctor.world)
    assert_absent(doctor.world, case.patient_id)
    assert not histology_id or files_of(doctor.world, histology_id) == []


def test_a_file_sent_on_the_last_moment_of_its_form_is_found_by_the_second_look(
    doctor: Client,
) -> None:
    case = begin(doctor, PHOTO)
    histology_id, key = reported(case)
    case.withdraw()
    put(doctor.world, key, PDF)
    settle(doctor.world)
    assert files_of(doctor.world, histology_id) == []
    assert_absent(doctor.world, case.patient_id)


def test_a_replay_erases_what_a_restore_brought_back(doctor: Client) -> None:
    case, world = begin(doctor, PHOTO), doctor.world
    histology_id, key = reported(case)
    table = world.platform.settings.table_cases
    before = [item for item in items_of(world.platform, table) if histology_id in item["pk"]]
    case.withdraw()
    settle(world)
    for item in before:
        world.platform.client("dynamodb")
        world.platform.cases.delete((item["pk"], item["sk"]))
        world.platform.cases.insert((item["pk"], item["sk"]), {
            name: value for name, value in item.items() if name not in {"pk", "sk", "writer"}
        })  # fmt: skip
    put(world, key, PDF)
    replay(world.platform)
    assert files_of(world, histology_id) == []
    assert names_nothing(world, histology_id)
    assert_absent(world, case.patient_id)


def test_a_deleted_image_leaves_its_lesions_histology_alone(doctor: Client) -> None:
    case = begin(doctor, PHOTO)
    histology_id, _ = reported(case)
    path = "/v1/images/{image_id}"
    assert doctor.ask("DELETE", path, {"reason": "wrong"}, image_id=case.image_id).status == 204
    doctor.world.clock.advance(minutes=61)
    run_sweep(doctor.world)
    assert is_known(doctor.world, histology_id)
    assert len(files_of(doctor.world, histology_id)) == 2

"""A survey's question for histology stands in one list until it is answered, and is never lost."""

from typing import Any

import pytest

from chalicelib.histology import waiting as part
from chalicelib.patients.result_store import ResultStore
from chalicelib.platform import keys
from tests.histology.reporting import correct, due, record, recorded, take_back, waiting
from tests.merging.clinic import Clinic, run_sweep
from tests.world import World

ASKED: dict[str, Any] = {"histology_required": True}


def deadline(world: World, lesion_id: str) -> str | None:
    item = world.platform.cases.get(keys.lesion(lesion_id)) or {}
    at: str | None = item.get("due_at")
    return at


def test_who_asked_first_comes_first_with_how_long_it_has_waited(clinic: Clinic) -> None:
    first = clinic.patient(**ASKED)
    clinic.patient()
    clinic.world.clock.advance(days=3, minutes=1)
    second = clinic.patient(**ASKED)
    [one, two] = due(clinic)["items"]
    assert [one["lesion_id"], two["lesion_id"]] == [first["lesion_id"], second["lesion_id"]]
    assert (one["survey_id"], one["patient_id"]) == (first["survey_id"], first["patient_id"])
    assert (one["site"], one["examined_on"]) == ("torso", "2026-03-01")
    assert [(each["waiting_days"], each["overdue"]) for each in (one, two)] == [
        (3, False),
        (0, False),
    ]
    assert len(clinic.doctor.patients().body["items"]) == 3, "patients are listed as before"
    page = due(clinic, limit="1")
    rest = due(clinic, limit="1", cursor=page["next"])
    assert [page["items"][0], rest["items"][0]] == [one, two]
    rival = Clinic(clinic.world, clinic.doctor.stranger())
    assert due(rival)["items"] == []
    foreign = rival.doctor.ask("GET", "/v1/histology/due", query={"cursor": page["next"]})
    assert foreign.status == 422


def test_a_result_answers_and_its_taking_back_asks_again(clinic: Clinic) -> None:
    case = clinic.patient(**ASKED)
    histology_id = recorded(clinic, case["lesion_id"], diagnosis="unknown")
    assert waiting(clinic) == []
    assert deadline(clinic.world, case["lesion_id"]) is None
    take_back(clinic, histology_id)
    assert waiting(clinic) == [case["lesion_id"]]
    assert deadline(clinic.world, case["lesion_id"]) is not None


def test_a_report_that_came_with_the_patient_answers_the_survey(clinic: Clinic) -> None:
    case = clinic.patient(**ASKED)
    assert record(clinic, case["lesion_id"], reported_on="2025-12-01").status == 201
    assert waiting(clinic) == []


def test_a_survey_after_the_result_asks_anew_and_one_before_it_does_not(clinic: Clinic) -> None:
    case = clinic.patient()
    recorded(clinic, case["lesion_id"], reported_on="2026-02-15")
    clinic.world.clock.advance(minutes=1)
    again: dict[str, Any] = {"lesion_id": case["lesion_id"], **ASKED}
    assert clinic.doctor.enter(**again, examined_on="2026-02-01").status == 201
    assert waiting(clinic) == [], "it was answered when it was entered"
    assert clinic.doctor.enter(**again, examined_on="2026-03-01").status == 201
    assert waiting(clinic) == [case["lesion_id"]]
    recorded(clinic, case["lesion_id"])
    assert waiting(clinic) == []


def test_a_corrected_survey_asks_or_asks_no_more(clinic: Clinic) -> None:
    case = clinic.patient()
    for asks in (True, False, True):
        answer = clinic.doctor.amend(case["survey_id"], histology_required=asks)
        assert answer.status == 200
        assert waiting(clinic) == ([case["lesion_id"]] if asks else [])
        assert (deadline(clinic.world, case["lesion_id"]) is not None) is asks


def test_one_question_withdrawn_leaves_the_other(clinic: Clinic) -> None:
    case = clinic.patient(**ASKED)
    clinic.world.clock.advance(days=1)
    second = clinic.doctor.enter(lesion_id=case["lesion_id"], **ASKED).body
    clinic.doctor.amend(case["survey_id"], histology_required=False)
    [one] = due(clinic)["items"]
    assert one["survey_id"] == second["survey_id"]


def test_a_result_moved_before_the_examination_still_answers_who_asked_before_it(
    clinic: Clinic,
) -> None:
    case = clinic.patient(**ASKED)
    histology_id = recorded(clinic, case["lesion_id"])
    assert correct(clinic, histology_id, reported_on="2026-01-01").status == 200
    assert waiting(clinic) == []


def test_an_entry_left_by_a_crash_is_not_shown_and_goes_in_the_end(clinic: Clinic) -> None:
    case, world = clinic.patient(**ASKED), clinic.world
    with world.crash_after(3):  # corrected, and not tidied
        clinic.doctor.amend(case["survey_id"], histology_required=False)
    item = world.platform.cases.get(keys.lesion(case["lesion_id"])) or {}
    assert "clinic_order" in item
    assert waiting(clinic) == []
    world.clock.advance(days=30)
    run_sweep(world)
    item = world.platform.cases.get(keys.lesion(case["lesion_id"])) or {}
    assert not {"clinic_order", "overdue_at", "due_at"} & item.keys()


def test_after_thirty_days_it_is_called_overdue_once_and_stays_listed(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[str] = []
    monkeypatch.setattr(part, "count", counted.append)
    case = clinic.patient(**ASKED)
    clinic.world.clock.advance(days=29)
    run_sweep(clinic.world)
    assert counted == []
    clinic.world.clock.advance(days=1)
    for _ in range(2):
        run_sweep(clinic.world)
    assert counted == ["HistologyOverdue"]
    [one] = due(clinic)["items"]
    assert (one["lesion_id"], one["overdue"], one["waiting_days"]) == (case["lesion_id"], True, 30)
    clinic.doctor.amend(case["survey_id"], hair="black")
    run_sweep(clinic.world)
    assert counted == ["HistologyOverdue"], "a correction of something else asks nothing anew"


def test_what_was_answered_at_the_last_moment_is_not_called_overdue(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[str] = []
    monkeypatch.setattr(part, "count", counted.append)
    case, world = clinic.patient(**ASKED), clinic.world
    seen = world.platform.cases.get(keys.lesion(case["lesion_id"])) or {}
    world.clock.advance(days=31)
    recorded(clinic, case["lesion_id"])
    ResultStore(world.platform.cases).called_overdue(seen)  # of a copy that the index still had
    run_sweep(world)
    assert counted == []
    assert waiting(clinic) == []


def test_the_list_is_one_call(clinic: Clinic) -> None:
    clinic.patient(**ASKED)
    with clinic.world.counted() as calls:
        due(clinic)
    assert calls.total() == 2, calls

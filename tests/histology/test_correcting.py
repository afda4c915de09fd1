"""A mistake in a result is put right, and what stood there before is kept."""

import pytest

from chalicelib.histology.store import HistologyStore
from tests.histology.papers import pdf
from tests.histology.reporting import (
    LESION,
    REASON,
    another_slot,
    correct,
    files_of,
    record,
    recorded,
    sent,
    shown,
    take_back,
    with_report,
)
from tests.merging.clinic import Clinic, run_sweep


def test_a_correction_keeps_who_when_why_and_what_stood_before(clinic: Clinic) -> None:
    case = clinic.patient()
    one = recorded(clinic, case["lesion_id"], breslow_mm=0.8, pt_stage="pT1")
    clinic.world.clock.advance(minutes=5)
    answer = correct(clinic, one, breslow_mm=1.8, pt_stage="pT2a", ulceration=False)
    assert answer.status == 200
    assert (answer.body["breslow_mm"], answer.body["pt_stage"]) == (1.8, "pT2a")
    [done] = answer.body["history"]
    assert (done["by"], done["reason"]) == (clinic.doctor.account_id, REASON)
    assert done["was"] == {"breslow_mm": 0.8, "pt_stage": "pT1", "ulceration": None}
    again = correct(clinic, one, breslow_mm=1.8, pt_stage="pT2a", ulceration=False)
    assert again.body == answer.body, "the same again changes nothing more"
    assert shown(clinic, case["lesion_id"])["results"] == [answer.body]


def test_another_diagnosis_takes_its_own_code_and_null_takes_a_value_away(clinic: Clinic) -> None:
    case = clinic.patient()
    one = recorded(clinic, case["lesion_id"], breslow_mm=0.8)
    refused = correct(clinic, one, diagnosis="nevus")
    assert (refused.status, set(refused.error["fields"])) == (422, {"breslow_mm"})
    answer = correct(clinic, one, diagnosis="nevus", breslow_mm=None)
    assert (answer.body["icd10"], answer.body["breslow_mm"]) == ("D22", None)
    assert shown(clinic, case["lesion_id"])["confirmed"]["diagnosis"] == "nevus"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, "body"),
        ({"reason": "", "diagnosis": "nevus"}, "reason"),
        ({"diagnosis": None}, "diagnosis"),
        ({"reported_on": None}, "reported_on"),
        ({"reported_on": "2999-01-01"}, "reported_on"),
        ({"names_covered": True}, "names_covered"),
    ],
)
def test_a_correction_that_cannot_be_is_refused_by_field(
    clinic: Clinic, changes: dict[str, object], field: str
) -> None:
    one = recorded(clinic, clinic.patient()["lesion_id"])
    answer = correct(clinic, one, **changes)
    assert (answer.status, set(answer.error["fields"])) == (422, {field})


def test_the_corrections_of_a_result_have_an_end(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.histology.service.MAX_CORRECTIONS", 2)
    one = recorded(clinic, clinic.patient()["lesion_id"])
    for number in range(2):
        assert correct(clinic, one, breslow_mm=0.1 + number / 100).status == 200
    refused = correct(clinic, one, breslow_mm=9)
    assert (refused.status, refused.error["code"]) == (409, "too_many_corrections")


def test_what_was_taken_back_stays_in_the_history_and_takes_nothing_more(clinic: Clinic) -> None:
    case = clinic.patient()
    kept = recorded(clinic, case["lesion_id"], diagnosis="nevus")
    wrong, _ = sent(clinic, case["lesion_id"], pdf())
    assert len(files_of(clinic.world, wrong)) == 2
    for _ in range(2):
        assert take_back(clinic, wrong).status == 204
    page = shown(clinic, case["lesion_id"])
    assert [one["histology_id"] for one in page["results"]] == [kept, wrong]
    back = page["results"][1]["taken_back"]
    assert (back["by"], back["reason"]) == (clinic.doctor.account_id, "Another lesion's")
    for answer in (correct(clinic, wrong, diagnosis="nevus"), another_slot(clinic, wrong, pdf())):
        assert (answer.status, answer.error["code"]) == (409, "taken_back")
    run_sweep(clinic.world, times=2)
    assert files_of(clinic.world, wrong) == [], "the report may be another patient's"
    assert shown(clinic, case["lesion_id"])["results"][1]["report"] is None
    acts = [act for act, on in clinic.doctor.acts() if on == wrong]
    assert acts.count("histology.taken_back") == 1


def test_a_request_repeated_after_the_taking_back_opens_no_slot(clinic: Clinic) -> None:
    case = clinic.patient()
    first = record(clinic, case["lesion_id"], key="k", **with_report(pdf()))
    take_back(clinic, first.body["histology_id"])
    again = record(clinic, case["lesion_id"], key="k", **with_report(pdf()))
    assert (again.status, again.body["upload"]) == (201, None)


def test_results_are_listed_by_their_date_the_latest_first(clinic: Clinic) -> None:
    case = clinic.patient()
    days = ("2026-02-20", "2026-03-01", "2026-02-25")
    for day in days:
        recorded(clinic, case["lesion_id"], reported_on=day)
    page = clinic.doctor.ask("GET", LESION, lesion_id=case["lesion_id"]).body
    assert [one["reported_on"] for one in page["results"]] == sorted(days, reverse=True)


def test_two_who_correct_at_once_do_not_overwrite_each_other(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = recorded(clinic, clinic.patient()["lesion_id"])
    real = HistologyStore.correct

    def overtaken(*given: object, **named: object) -> object:
        monkeypatch.setattr(HistologyStore, "correct", real)
        assert correct(clinic, one, breslow_mm=2).status == 200
        return real(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(HistologyStore, "correct", overtaken)
    refused = correct(clinic, one, breslow_mm=3)
    assert (refused.status, refused.error["code"]) == (409, "changed_meanwhile")
    assert correct(clinic, one, breslow_mm=3).status == 200

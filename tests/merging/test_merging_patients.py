"""Two patients who are one person: what the kept one has afterwards, and what the other id still does."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.images.model import Kind
from chalicelib.platform import keys
from tests.merging.clinic import MISTYPED, REASON, Clinic, run_sweep, two_patients
from tests.world import World, new_world


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """One world for the file."""
    with new_world() as made:
        yield made


def test_the_kept_patient_has_everything_of_both(clinic: Clinic) -> None:
    publication = {"consent": {"research": True, "publication": True}}
    kept, twice = two_patients(clinic, examined_on="2026-01-15", **publication)
    images = {
        case["lesion_id"]: {clinic.classified(case["lesion_id"], Kind.MACROSCOPIC)}
        for case in (kept, twice)
    }
    answer = clinic.merge_patients(kept["patient_id"], twice["patient_id"])
    assert (answer.status, answer.body) == (200, {"patient_id": kept["patient_id"]})
    page = clinic.doctor.view(kept["patient_id"]).body
    assert {survey["survey_id"] for survey in page["surveys"]} == {
        kept["survey_id"],
        twice["survey_id"],
    }
    assert {survey["patient_id"] for survey in page["surveys"]} == {kept["patient_id"]}
    assert clinic.shown(kept["patient_id"]) == images
    assert (page["first_visit"], page["last_visit"]) == ("2026-01-15", "2026-03-01")
    assert page["consent"]["publication"] is True, "the word given last"
    assert [(m["by"], m["duplicate_id"], m["reason"]) for m in page["merges"]] == [
        (clinic.doctor.account_id, twice["patient_id"], REASON)
    ]
    for lesion_id, (image_id,) in images.items():
        assert clinic.filed(image_id) == (kept["patient_id"], lesion_id)
        assert clinic.pixels(image_id) == {f"{kept['patient_id']} {lesion_id} {image_id}"}
    acts = [on for act, on in clinic.doctor.acts() if act == "patient.merged"]
    assert acts == [f"{twice['patient_id']} {kept['patient_id']}"]
    [image_id] = images[twice["lesion_id"]]
    [change] = clinic.view(image_id)["changes"]
    assert (change["what"], change["was"]) == (
        "patients_merged",
        {"patient_id": twice["patient_id"], "lesion_id": twice["lesion_id"]},
    )


@pytest.mark.parametrize("swept", [False, True])
def test_lists_look_ups_and_candidates_show_the_kept_one_only(clinic: Clinic, swept: bool) -> None:
    kept, twice = two_patients(clinic)
    clinic.merge_patients(kept["patient_id"], twice["patient_id"])
    if swept:
        run_sweep(clinic.world)
    listed = clinic.doctor.patients().body["items"]
    assert [patient["patient_id"] for patient in listed] == [kept["patient_id"]]
    for code in (clinic.doctor.code, MISTYPED):
        assert clinic.doctor.look_up(code).body == {"patient_id": kept["patient_id"]}
        same = clinic.doctor.enter(patient_code=code)
        candidates = same.body["error"]["candidates"]
        assert [one["patient_id"] for one in candidates] == [kept["patient_id"]]
    assert clinic.doctor.view(twice["patient_id"]).body == (
        clinic.doctor.view(kept["patient_id"]).body
    )


@pytest.mark.parametrize("swept", [False, True])
def test_the_old_id_goes_on_working(clinic: Clinic, swept: bool) -> None:
    kept, twice = two_patients(clinic)
    clinic.merge_patients(kept["patient_id"], twice["patient_id"])
    if swept:
        run_sweep(clinic.world)
    lesion_id = clinic.lesion(twice["patient_id"])
    assert lesion_id in clinic.shown(kept["patient_id"])
    named = {"patient_id": twice["patient_id"], "patient_code": MISTYPED}
    for changes in (named, {**named, "lesion_id": kept["lesion_id"]}):
        further = clinic.doctor.enter(**changes)
        assert (further.status, further.body["patient_id"]) == (201, kept["patient_id"])
    crosswise = clinic.doctor.enter(lesion_id=twice["lesion_id"])
    assert (crosswise.status, crosswise.body["patient_id"]) == (201, kept["patient_id"])


def test_a_tombstone_holds_nothing_personal(clinic: Clinic) -> None:
    kept, twice = two_patients(clinic)
    clinic.merge_patients(kept["patient_id"], twice["patient_id"])
    run_sweep(clinic.world)
    assert clinic.unfinished() == []
    item = clinic.world.platform.cases.get(keys.patient(twice["patient_id"]))
    assert item is not None
    assert set(item) == {"pk", "sk", "writer", "patient_id", "merged_into"} | {
        "merged_at",
        "merged_by",
    }


@pytest.mark.parametrize("new", [False, True])
def test_the_request_that_made_the_duplicate_gets_the_same_survey_again(
    clinic: Clinic, new: bool
) -> None:
    made: dict[str, Any] = {"patient_code": MISTYPED, "key": "k1", "new_patient": new}
    kept, twice = clinic.patient(), clinic.doctor.enter(**made).body
    clinic.merge_patients(kept["patient_id"], twice["patient_id"])
    for _ in range(2):
        again = clinic.doctor.enter(**made)
        assert again.status == 201
        assert again.body == {**twice, "patient_id": kept["patient_id"]}
        assert clinic.doctor.look_up(MISTYPED).body == {"patient_id": kept["patient_id"]}
        run_sweep(clinic.world)
    assert len(clinic.doctor.patients().body["items"]) == 1


def test_the_same_request_again_changes_nothing_more(clinic: Clinic) -> None:
    kept, twice = two_patients(clinic)
    clinic.classified(twice["lesion_id"], Kind.MACROSCOPIC)
    first = clinic.merge_patients(kept["patient_id"], twice["patient_id"])
    page = clinic.doctor.view(kept["patient_id"]).body
    for _ in range(2):
        again = clinic.merge_patients(kept["patient_id"], twice["patient_id"])
        assert (again.status, again.body) == (200, first.body)
        assert clinic.doctor.view(kept["patient_id"]).body == page
        run_sweep(clinic.world)


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("fault", ["itself", "other sex", "other year"])
def test_two_who_cannot_be_one_are_refused_with_what_to_do(
    clinic: Clinic, fault: str, language: str
) -> None:
    case = clinic.patient()
    other = {
        "itself": lambda: case,
        "other sex": lambda: clinic.patient(sex="male"),
        "other year": lambda: clinic.patient(patient_code="010229031976", age=49),
    }[fault]()
    speaker = replace(clinic.doctor, language=language)
    answer = clinic.merge_patients(case["patient_id"], other["patient_id"], by=speaker)
    assert (answer.status, set(answer.error["fields"])) == (422, {"duplicate_id"})
    assert answer.error["fields"]["duplicate_id"].isascii() == (language == "en")
    assert clinic.unfinished() == []


@pytest.mark.parametrize("foreign", ["kept", "duplicate"])
def test_a_foreign_patient_is_as_good_as_none(clinic: Clinic, foreign: str) -> None:
    ours = clinic.patient()["patient_id"]
    theirs = Clinic(clinic.world, clinic.doctor.stranger()).patient()["patient_id"]
    pair = (theirs, ours) if foreign == "kept" else (ours, theirs)
    missing = ("nothing", ours) if foreign == "kept" else (ours, "nothing")
    answers = [clinic.merge_patients(*two) for two in (pair, missing)]
    assert [answer.status for answer in answers] == [404, 404]
    assert answers[0].error == answers[1].error


def test_patients_merged_one_after_the_other_forward_to_the_last(clinic: Clinic) -> None:
    first, second = two_patients(clinic)
    third = clinic.patient(patient_code="777729031975")
    image_id = clinic.slot(first["lesion_id"])
    clinic.merge_patients(second["patient_id"], first["patient_id"])
    clinic.merge_patients(third["patient_id"], second["patient_id"])
    run_sweep(clinic.world, times=2)
    assert clinic.filed(image_id) == (third["patient_id"], first["lesion_id"])
    page = clinic.doctor.view(first["patient_id"]).body
    assert page["patient_id"] == third["patient_id"]
    assert len(page["lesions"]) == 3
    assert [m["duplicate_id"] for m in page["merges"]] == [
        first["patient_id"],
        second["patient_id"],
    ]
    refused = clinic.merge_patients(third["patient_id"], first["patient_id"])
    assert refused.body == {"patient_id": third["patient_id"]}, "they are one already"
    fourth = clinic.patient(patient_code="666629031975")
    answer = clinic.merge_patients(fourth["patient_id"], first["patient_id"])
    assert (answer.status, answer.error["code"]) == (409, "merged_already")

"""Two lesions that are one: what the kept one has afterwards, and what the other id still does."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.images.model import Kind
from chalicelib.patients.model import MAX_CORRECTIONS, MAX_SURVEYS
from chalicelib.platform import keys
from chalicelib.platform.table import Change
from tests.images.making import image_of
from tests.merging.clinic import REASON, Clinic, run_sweep, two_lesions
from tests.world import World, new_world


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """One world for the file."""
    with new_world() as made:
        yield made


def suffix(case: dict[str, str]) -> str:
    return case["survey_id"].rpartition(".")[2]


def test_the_kept_lesion_has_the_surveys_and_images_of_both(clinic: Clinic) -> None:
    kept, twice = two_lesions(clinic)
    images = {clinic.classified(case["lesion_id"], Kind.MACROSCOPIC) for case in (kept, twice)}
    answer = clinic.merge_lesions(kept["lesion_id"], twice["lesion_id"])
    assert (answer.status, answer.body) == (
        200,
        {"lesion_id": kept["lesion_id"], "patient_id": kept["patient_id"]},
    )
    page = clinic.doctor.view(kept["patient_id"]).body
    assert {survey["survey_id"] for survey in page["surveys"]} == {
        f"{kept['lesion_id']}.{suffix(case)}" for case in (kept, twice)
    }
    assert clinic.shown(kept["patient_id"]) == {kept["lesion_id"]: images}
    [lesion] = page["lesions"]
    assert [(m["by"], m["duplicate_id"], m["reason"]) for m in lesion["merges"]] == [
        (clinic.doctor.account_id, twice["lesion_id"], REASON)
    ]
    for image_id in images:
        assert clinic.filed(image_id) == (kept["patient_id"], kept["lesion_id"])
        entry = f"{kept['patient_id']} {kept['lesion_id']} {image_id}"
        assert clinic.pixels(image_id) == {entry}
    acts = [on for act, on in clinic.doctor.acts() if act == "lesion.merged"]
    assert acts == [f"{twice['lesion_id']} {kept['lesion_id']}"]


def test_nothing_is_left_of_the_duplicate_but_what_forwards_it(clinic: Clinic) -> None:
    kept, twice = two_lesions(clinic)
    clinic.merge_lesions(kept["lesion_id"], twice["lesion_id"])
    assert clinic.unfinished() == [f"lesion#{twice['lesion_id']}"], "stragglers may come"
    run_sweep(clinic.world)
    assert clinic.unfinished() == []
    item = clinic.world.platform.cases.get(keys.lesion(twice["lesion_id"]))
    assert item is not None
    assert set(item) == {"pk", "sk", "writer", "lesion_id", "fingerprint"} | {
        "merged_into",
        "merged_at",
        "merged_by",
    }
    assert item["merged_into"] == kept["lesion_id"]


@pytest.mark.parametrize("swept", [False, True])
def test_the_old_ids_go_on_working(clinic: Clinic, swept: bool) -> None:
    kept, twice = two_lesions(clinic)
    clinic.merge_lesions(kept["lesion_id"], twice["lesion_id"])
    if swept:
        run_sweep(clinic.world)
    corrected = clinic.doctor.amend(twice["survey_id"], hair="black")
    assert (corrected.status, corrected.body["hair"]) == (200, "black")
    assert corrected.body["survey_id"] == f"{kept['lesion_id']}.{suffix(twice)}"
    image_id = clinic.slot(twice["lesion_id"])
    assert clinic.filed(image_id) == (kept["patient_id"], kept["lesion_id"])
    further = clinic.doctor.enter(lesion_id=twice["lesion_id"], key="further")
    assert (further.status, further.body["lesion_id"]) == (201, kept["lesion_id"])
    assert clinic.doctor.enter(lesion_id=twice["lesion_id"], key="further").body == further.body
    assert clinic.move(image_id, twice["lesion_id"]).body["changes"] == []


def test_the_request_that_made_the_duplicate_gets_the_kept_lesion_again(clinic: Clinic) -> None:
    kept = clinic.patient()
    named = {"patient_id": kept["patient_id"], "key": "k1"}
    twice = clinic.doctor.enter(**named).body
    opened = clinic.doctor.open_lesion(kept["patient_id"], key="k2", site="torso").body
    for lesion_id in (twice["lesion_id"], opened["lesion_id"]):
        assert clinic.merge_lesions(kept["lesion_id"], lesion_id).status == 200
    for _ in range(2):
        again = clinic.doctor.enter(**named)
        assert (again.status, again.body["lesion_id"]) == (201, kept["lesion_id"])
        assert again.body["survey_id"] == f"{kept['lesion_id']}.{suffix(twice)}"
        other = clinic.doctor.enter(patient_id=kept["patient_id"], key="k1", hair="black")
        assert (other.status, other.error["code"]) == (409, "idempotency_conflict")
        reopened = clinic.doctor.open_lesion(kept["patient_id"], key="k2", site="torso")
        assert (reopened.status, reopened.body["lesion_id"]) == (201, kept["lesion_id"])
        run_sweep(clinic.world)
    assert len(clinic.doctor.view(kept["patient_id"]).body["surveys"]) == 2


def test_the_same_request_again_changes_nothing_more(clinic: Clinic) -> None:
    kept, twice = two_lesions(clinic)
    clinic.classified(twice["lesion_id"], Kind.MACROSCOPIC)
    first = clinic.merge_lesions(kept["lesion_id"], twice["lesion_id"])
    page = clinic.doctor.view(kept["patient_id"]).body
    for _ in range(2):
        again = clinic.merge_lesions(kept["lesion_id"], twice["lesion_id"])
        assert (again.status, again.body) == (200, first.body)
        assert clinic.doctor.view(kept["patient_id"]).body == page
        run_sweep(clinic.world)


def test_notes_and_who_knows_the_patient_are_kept(clinic: Clinic) -> None:
    kept = clinic.patient()
    colleague = Clinic(clinic.world, clinic.doctor.colleague())
    twice = colleague.doctor.open_lesion(kept["patient_id"], site="torso", note="by the scar").body
    assert clinic.merge_lesions(kept["lesion_id"], twice["lesion_id"]).status == 200
    [lesion] = clinic.doctor.view(kept["patient_id"]).body["lesions"]
    assert lesion["note"] == "by the scar"
    treated_by = image_of(clinic.world, clinic.slot(kept["lesion_id"])).subject.treated_by
    assert treated_by == (clinic.doctor.colleague().account_id, clinic.doctor.account_id)


def test_lesions_merged_one_after_the_other_forward_to_the_last(clinic: Clinic) -> None:
    first, second = two_lesions(clinic)
    third = clinic.lesion(first["patient_id"])
    image_id = clinic.slot(first["lesion_id"])
    clinic.merge_lesions(second["lesion_id"], first["lesion_id"])
    clinic.merge_lesions(third, second["lesion_id"])
    assert clinic.filed(image_id) == (first["patient_id"], third)
    run_sweep(clinic.world, times=2)
    corrected = clinic.doctor.amend(first["survey_id"], hair="black")
    assert (corrected.status, corrected.body["lesion_id"]) == (200, third)
    [lesion] = clinic.doctor.view(first["patient_id"]).body["lesions"]
    assert [m["duplicate_id"] for m in lesion["merges"]] == [
        first["lesion_id"],
        second["lesion_id"],
    ]


def test_what_is_merged_already_names_where_it_went(clinic: Clinic) -> None:
    first, second = two_lesions(clinic)
    third = clinic.lesion(first["patient_id"])
    clinic.merge_lesions(second["lesion_id"], first["lesion_id"])
    answer = clinic.merge_lesions(third, first["lesion_id"])
    assert (answer.status, answer.error["code"]) == (409, "merged_already")
    assert answer.error["into"] == second["lesion_id"]
    back = clinic.merge_lesions(first["lesion_id"], second["lesion_id"])
    assert (back.status, back.body["lesion_id"]) == (200, second["lesion_id"]), "one already"


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("fault", ["itself", "other patient", "other site"])
def test_two_that_cannot_be_one_are_refused_with_what_to_do(
    clinic: Clinic, fault: str, language: str
) -> None:
    case = clinic.patient()
    other = {
        "itself": lambda: case["lesion_id"],
        "other patient": lambda: clinic.patient()["lesion_id"],
        "other site": lambda: clinic.lesion(case["patient_id"], site="legs"),
    }[fault]()
    speaker = replace(clinic.doctor, language=language)
    answer = clinic.merge_lesions(case["lesion_id"], other, by=speaker)
    assert (answer.status, set(answer.error["fields"])) == (422, {"duplicate_id"})
    assert answer.error["fields"]["duplicate_id"].isascii() == (language == "en")
    assert clinic.unfinished() == []


@pytest.mark.parametrize("many", ["surveys", "corrections"])
def test_a_lesion_does_not_outgrow_its_item(clinic: Clinic, many: str) -> None:
    kept, twice = two_lesions(clinic)
    item = clinic.world.platform.cases.get(keys.lesion(kept["lesion_id"]))
    assert item is not None
    [survey] = item["surveys"].values()
    full: dict[str, Any] = {"corrections": MAX_CORRECTIONS + 1}
    if many == "surveys":
        full = {"surveys": {f"s{n}": survey for n in range(MAX_SURVEYS)}}
    clinic.world.platform.cases.update(keys.lesion(kept["lesion_id"]), Change(set=full))
    answer = clinic.merge_lesions(kept["lesion_id"], twice["lesion_id"])
    assert (answer.status, answer.error["code"]) == (409, "too_many_surveys")


@pytest.mark.parametrize("foreign", ["kept", "duplicate"])
def test_a_foreign_lesion_is_as_good_as_none(clinic: Clinic, foreign: str) -> None:
    ours = clinic.patient()["lesion_id"]
    theirs = Clinic(clinic.world, clinic.doctor.stranger()).patient()["lesion_id"]
    pair = (theirs, ours) if foreign == "kept" else (ours, theirs)
    missing = ("nothing", ours) if foreign == "kept" else (ours, "nothing")
    answers = [clinic.merge_lesions(*two) for two in (pair, missing)]
    assert [answer.status for answer in answers] == [404, 404]
    assert answers[0].error == answers[1].error


def test_a_wrong_field_is_named(clinic: Clinic) -> None:
    answer = clinic.doctor.ask("POST", "/v1/lesions/merge", {"lesion_id": "a", "role": "x"})
    assert (answer.status, set(answer.error["fields"])) == (422, {"duplicate_id", "reason", "role"})

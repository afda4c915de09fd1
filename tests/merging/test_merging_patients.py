"""Two patients who are one person: what the kept one has afterwards, and what the other id still does."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.images.model import Kind
from chalicelib.merging.model import RUN, absorbed
from chalicelib.merging.store import MergeStore
from chalicelib.patients.choices import Sex
from chalicelib.patients.lesion_store import LesionStore
from chalicelib.patients.model import Consent, Merged, Patient
from chalicelib.platform import keys
from tests.merging.clinic import REASON, Clinic, run_sweep
from tests.world import START, WorkerDied, World, new_world

MISTYPED = "999929031975"
"""The code of the same person with other last digits of the SNILS."""


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """One world for the file."""
    with new_world() as made:
        yield made


def two_patients(clinic: Clinic, **second: Any) -> tuple[dict[str, str], dict[str, str]]:
    """One person entered twice, the second time under a mistyped code: the ids of both."""
    kept = clinic.patient()
    clinic.world.clock.advance(minutes=1)
    return kept, clinic.patient(**{"patient_code": MISTYPED, **second})


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


@pytest.mark.parametrize("nth", range(1, 40, 3))
def test_a_merge_cut_short_after_any_call_is_finished_by_the_sweep(
    clinic: Clinic, nth: int
) -> None:
    kept, twice = two_patients(clinic)
    images = {
        clinic.slot(twice["lesion_id"]),
        clinic.classified(twice["lesion_id"], Kind.MACROSCOPIC),
    }
    clinic.world.crash_in = nth
    with suppress(WorkerDied):
        clinic.merge_patients(kept["patient_id"], twice["patient_id"])
    clinic.world.crash_in = None
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
    clinic.world.crash_in = 7  # both are locked
    with suppress(WorkerDied):
        clinic.merge_patients(kept["patient_id"], twice["patient_id"])
    clinic.world.crash_in = None
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
    clinic.world.crash_in = 12  # the lesion forwards, its image has not been moved
    with suppress(WorkerDied):
        clinic.merge_lesions(twice["lesion_id"], copy)
    clinic.world.crash_in = None
    assert clinic.filed(image_id)[1] == copy
    assert clinic.merge_patients(kept["patient_id"], twice["patient_id"]).status == 200
    run_sweep(clinic.world, times=3)
    assert clinic.filed(image_id) == (kept["patient_id"], twice["lesion_id"])
    assert clinic.unfinished() == []
    assert set(clinic.shown(kept["patient_id"])) == {kept["lesion_id"], twice["lesion_id"]}


CONSENTS = st.builds(
    Consent,
    research=st.just(True),
    publication=st.booleans(),
    given_at=st.integers(0, 50).map(lambda n: START + timedelta(hours=n)),
    recorded_by=st.sampled_from(["doctor1", "doctor2"]),
)


def _patient(patient_id: str, consents: list[Consent], days: list[int]) -> Patient:
    *past, last = sorted(consents, key=lambda consent: consent.given_at)
    return Patient(
        patient_id=patient_id,
        clinic_id="clinic1",
        sex=Sex.FEMALE,
        birth_year=1975,
        first_visit=date(2026, 1, min(days)),
        last_visit=date(2026, 1, max(days)),
        consent=last,
        confirmed_at=last.given_at,
        past_consents=tuple(past),
        codes=frozenset({f"code of {patient_id}"}),
        revision=1,
    )


@given(
    st.lists(CONSENTS, min_size=1, max_size=4),
    st.lists(CONSENTS, min_size=1, max_size=4),
    st.lists(st.integers(1, 28), min_size=2, max_size=2),
)
def test_no_consent_is_lost_and_the_last_word_holds(
    ours: list[Consent], theirs: list[Consent], days: list[int]
) -> None:
    merged = Merged(at=START, by="doctor1", duplicate_id="b", reason=REASON)
    kept, duplicate = _patient("a", ours, days), _patient("b", theirs, [1, 28])
    after = absorbed(kept, duplicate, merged)
    assert {after.consent, *after.past_consents} == {*ours, *theirs}
    assert after.confirmed_at == max(consent.given_at for consent in (*ours, *theirs))
    assert after.consent.given_at == after.confirmed_at
    assert list(after.past_consents) == sorted(after.past_consents, key=lambda c: c.given_at)
    assert (after.first_visit, after.last_visit) == (date(2026, 1, 1), date(2026, 1, 28))
    assert after.codes == {"code of a", "code of b"}
    assert after.merges == (merged,)

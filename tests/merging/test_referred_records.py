"""Treatments and referrals follow the records that are merged, and widen nothing by it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from chalicelib.merging.model import require_one_person
from chalicelib.patients.lesion_store import LesionStore
from chalicelib.patients.model import Lesion
from chalicelib.patients.referral import MAX_REFERRALS
from chalicelib.patients.store import PatientStore
from chalicelib.patients.treatment import MAX_TREATMENTS
from chalicelib.platform import keys
from chalicelib.platform.errors import Conflict
from chalicelib.platform.table import Change
from tests.merging.clinic import Clinic, run_sweep, two_lesions, two_patients
from tests.patients.referring import TwoClinics, amend, treat, treatments, two_clinics, view_image
from tests.world import World, new_world


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with new_world() as made:
        yield made


@pytest.fixture
def both(clinic: Clinic) -> TwoClinics:
    return two_clinics(clinic.doctor)


def lesion_of(clinic: Clinic, lesion_id: str) -> Lesion:
    found = LesionStore(clinic.world.platform.cases).get(lesion_id)
    assert found is not None
    return found


def test_treatments_move_with_a_merged_lesion_and_keep_their_ids(clinic: Clinic) -> None:
    kept, twice = two_lesions(clinic)
    colleague = clinic.doctor.colleague()
    first = treat(clinic.doctor, kept["lesion_id"], key="k").body["treatment_id"]
    second = treat(colleague, twice["lesion_id"], what="laser").body["treatment_id"]
    third = treat(clinic.doctor, twice["lesion_id"], key="k").body["treatment_id"]
    amend(colleague, second, outcome="improved")
    assert clinic.merge_lesions(kept["lesion_id"], twice["lesion_id"]).status == 200
    listed = treatments(clinic.doctor, twice["lesion_id"]).body["items"]
    assert {one["treatment_id"].rpartition(".")[2] for one in listed} == {
        made.rpartition(".")[2] for made in (first, second, third)
    }
    changed = amend(clinic.doctor, second, outcome="healed")
    assert (changed.status, len(changed.body["history"])) == (200, 2)
    lesion = lesion_of(clinic, kept["lesion_id"])
    assert (lesion.amendments, colleague.account_id in lesion.treated_by) == (2, True)
    assert treat(clinic.doctor, twice["lesion_id"], key="k").status == 201, "the same one"
    assert len(lesion_of(clinic, kept["lesion_id"]).treatments) == 3


@pytest.mark.parametrize("nth", range(8, 13, 2))
def test_a_merge_cut_short_doubles_no_treatment(clinic: Clinic, nth: int) -> None:
    kept, twice = two_lesions(clinic)
    old = Change(remove=["treatments", "amendments"])
    clinic.world.platform.cases.update(keys.lesion(kept["lesion_id"]), old)
    made = treat(clinic.doctor, twice["lesion_id"]).body["treatment_id"]
    amend(clinic.doctor, made, outcome="improved")
    with clinic.world.crash_after(nth):
        clinic.merge_lesions(kept["lesion_id"], twice["lesion_id"])
    run_sweep(clinic.world, times=2)
    lesion = lesion_of(clinic, twice["lesion_id"])
    assert (lesion.lesion_id, len(lesion.treatments), lesion.amendments) == (
        kept["lesion_id"], 1, 1
    )  # fmt: skip
    assert clinic.unfinished() == []


def test_lesions_with_too_many_treatments_together_are_not_merged(clinic: Clinic) -> None:
    kept, twice = two_lesions(clinic)
    for each in (kept, twice):
        treat(clinic.doctor, each["lesion_id"])
    key = keys.lesion(kept["lesion_id"])
    [one] = (clinic.world.platform.cases.get(key) or {})["treatments"].values()
    many = {f"treatments.t{number}": one for number in range(MAX_TREATMENTS - 1)}
    clinic.world.platform.cases.update(key, Change(set=many))
    answer = clinic.merge_lesions(kept["lesion_id"], twice["lesion_id"])
    assert (answer.status, answer.error["code"]) == (409, "too_many_treatments")


def test_a_lesion_that_another_clinic_sees_is_merged_only_with_one_it_sees_too(
    clinic: Clinic, both: TwoClinics
) -> None:
    kept, twice = two_lesions(clinic)
    patient_id = kept["patient_id"]
    image_id = clinic.slot(twice["lesion_id"])
    one = both.accepted(patient_id, lesion_ids=[twice["lesion_id"]])
    for pair in ((kept, twice), (twice, kept)):
        answer = clinic.merge_lesions(*(each["lesion_id"] for each in pair))
        assert (answer.status, answer.error["code"]) == (409, "referred_apart")
    both.accepted(patient_id, lesion_ids=[kept["lesion_id"]])
    assert clinic.merge_lesions(kept["lesion_id"], twice["lesion_id"]).status == 200
    assert view_image(both.away, image_id).status == 200
    assert treatments(both.away, twice["lesion_id"]).status == 200
    both.end(one)
    run_sweep(clinic.world, times=2)
    assert view_image(both.away, image_id).status == 200, "the other referral covers it"


def test_lesions_are_merged_once_the_referral_of_one_is_over(
    clinic: Clinic, both: TwoClinics
) -> None:
    kept, twice = two_lesions(clinic)
    both.end(both.accepted(kept["patient_id"], lesion_ids=[twice["lesion_id"]]))
    assert clinic.merge_lesions(kept["lesion_id"], twice["lesion_id"]).status == 200


def test_referrals_follow_a_merged_patient(clinic: Clinic, both: TwoClinics) -> None:
    kept, twice = two_patients(clinic)
    image_id = clinic.slot(twice["lesion_id"])
    hidden = clinic.slot(kept["lesion_id"])
    taken = both.accepted(twice["patient_id"], lesion_ids=[twice["lesion_id"]])
    offered = both.offered(kept["patient_id"], lesion_ids=[kept["lesion_id"]])
    assert clinic.merge_patients(kept["patient_id"], twice["patient_id"]).status == 200
    for gathered in (False, True):
        if gathered:
            run_sweep(clinic.world, times=3)
        assert view_image(both.away, image_id).status == 200
        assert view_image(both.away, hidden).status == 404
        for asked in (kept, twice):
            page = both.away.view(asked["patient_id"]).body
            assert [one["lesion_id"] for one in page["lesions"]] == [twice["lesion_id"]]
            assert page["merges"] == [], "whom he was taken for is the other clinic's"
        listed = both.away.patients().body["items"]
        assert [one["patient_id"] for one in listed] == [kept["patient_id"]]
        states = {one["referral_id"]: one["state"] for one in both.incoming()}
        assert states == {taken: "accepted", offered: "offered"}
    both.end(taken)
    assert view_image(both.away, image_id).status == 404
    assert both.accept(offered).status == 200
    assert view_image(both.away, hidden).status == 200
    assert clinic.unfinished() == []


@pytest.mark.parametrize("nth", range(8, 26, 3))
def test_a_merge_of_patients_cut_short_after_any_call_keeps_their_referrals(
    clinic: Clinic, both: TwoClinics, nth: int
) -> None:
    kept, twice = two_patients(clinic)
    taken = both.accepted(twice["patient_id"])
    with clinic.world.crash_after(nth):
        clinic.merge_patients(kept["patient_id"], twice["patient_id"])
    run_sweep(clinic.world, times=3)
    assert clinic.unfinished() == []
    patient = PatientStore(clinic.world.platform.cases).get(kept["patient_id"])
    assert patient is not None
    assert set(patient.referrals) == {taken}
    assert len(both.away.view(kept["patient_id"]).body["lesions"]) == 2
    assert both.end(taken).status == 200
    assert both.entries() == {("incoming", ""), ("outgoing", "")}


def test_patients_with_too_many_referrals_together_are_not_merged(
    clinic: Clinic, both: TwoClinics
) -> None:
    kept, twice = two_patients(clinic)
    referral_id = both.offered(kept["patient_id"])
    store = PatientStore(clinic.world.platform.cases)
    one, two = (store.get(each["patient_id"]) for each in (kept, twice))
    assert one is not None
    assert two is not None
    full = dict.fromkeys(map(str, range(2 * MAX_REFERRALS)), one.referrals[referral_id])
    with pytest.raises(Conflict) as refused:
        require_one_person(one, replace(two, referrals=full))
    assert refused.value.code == "too_many_referrals"
    require_one_person(one, two)

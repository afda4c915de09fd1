"""Steps of a referral that are cut short anywhere, or meet one another."""

from typing import Any

import pytest

from chalicelib.patients.referral import Referral
from chalicelib.patients.store import PatientStore
from tests.patients.asking import Client
from tests.patients.referring import TwoClinics, two_clinics


@pytest.fixture
def both(doctor: Client) -> TwoClinics:
    return two_clinics(doctor)


@pytest.fixture
def patient_id(doctor: Client) -> str:
    return str(doctor.enter().body["patient_id"])


def referral_of(both: TwoClinics, patient_id: str, referral_id: str) -> Referral:
    patient = PatientStore(both.world.platform.cases).get(patient_id)
    assert patient is not None
    return patient.referrals[referral_id]


def acts_on(both: TwoClinics, referral_id: str) -> list[str]:
    every = [*both.home.acts(), *both.away.acts()]
    return sorted(act for act, on in every if on == referral_id)


@pytest.mark.parametrize("nth", range(1, 8))
def test_an_offer_cut_short_after_any_call_is_finished_by_its_repetition(
    both: TwoClinics, patient_id: str, nth: int
) -> None:
    with both.world.crash_after(nth):
        both.offer(patient_id, key="k")
    half = both.incoming()
    assert half == [] or half[0]["state"] == "offered"
    both.world.clock.advance(minutes=1)
    [referral_id] = {both.offer(patient_id, key="k").body["referral_id"] for _ in range(2)}
    assert [one["referral_id"] for one in both.incoming()] == [referral_id]
    assert [one["referral_id"] for one in both.outgoing()] == [referral_id]
    assert acts_on(both, referral_id) == ["referral.offered"]
    assert both.accept(referral_id).status == 200


@pytest.mark.parametrize("nth", range(1, 5))
def test_an_offer_that_was_never_made_leaves_the_lists_in_the_end(
    both: TwoClinics, patient_id: str, nth: int
) -> None:
    with both.world.crash_after(nth):
        both.offer(patient_id, key="k")
    assert (both.incoming(), both.outgoing()) == ([], [])
    both.drive_on(days=31)
    assert both.entries() == set()


@pytest.mark.parametrize("nth", range(1, 7))
def test_an_acceptance_cut_short_after_any_call_is_finished_by_the_sweep(
    both: TwoClinics, patient_id: str, nth: int
) -> None:
    referral_id = both.offered(patient_id)
    with both.world.crash_after(nth):
        both.accept(referral_id)
    both.drive_on(minutes=3)
    if nth < 3:  # nothing was decided yet
        assert both.incoming()[0]["state"] == "offered"
        assert both.entries() == {("incoming", "due"), ("outgoing", "")}
        assert acts_on(both, referral_id) == ["referral.offered"]
        assert both.accept(referral_id).status == 200
    assert both.incoming()[0]["state"] == "accepted"
    assert [one["patient_id"] for one in both.away.patients().body["items"]] == [patient_id]
    assert acts_on(both, referral_id) == ["referral.accepted", "referral.offered"]
    assert both.entries() == {("incoming", ""), ("outgoing", ""), ("listed", "")}


@pytest.mark.parametrize("nth", range(1, 7))
def test_an_end_cut_short_after_any_call_is_finished_by_the_sweep(
    both: TwoClinics, patient_id: str, nth: int
) -> None:
    referral_id = both.accepted(patient_id)
    with both.world.crash_after(nth):
        both.end(referral_id)
    if nth >= 3:
        assert both.away.view(patient_id).status == 404, "nothing is seen from that write on"
        assert both.away.patients().body["items"] == []
    both.drive_on(minutes=3)
    if nth < 3:
        assert both.away.view(patient_id).status == 200
        assert both.end(referral_id).status == 200
    assert both.away.view(patient_id).status == 404
    assert both.entries() == {("incoming", ""), ("outgoing", "")}
    assert acts_on(both, referral_id) == [
        "referral.accepted", "referral.ended", "referral.offered"
    ]  # fmt: skip


@pytest.mark.parametrize("nth", range(1, 6))
def test_an_expiry_cut_short_after_any_call_is_finished_by_the_next_sweep(
    both: TwoClinics, patient_id: str, nth: int
) -> None:
    referral_id = both.offered(patient_id)
    both.world.clock.advance(days=31)
    with both.world.crash_after(1 + nth):  # the first call looks for what is overdue
        both.drive_on()
    both.drive_on(minutes=3)
    history = referral_of(both, patient_id, referral_id).history
    assert [step.state for step in history] == ["offered", "expired"]
    assert both.entries() == {("incoming", ""), ("outgoing", "")}


def test_an_end_that_overtakes_an_acceptance_wins(
    both: TwoClinics, patient_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    referral_id = both.offered(patient_id)
    real, others = PatientStore.replace, [referral_id]

    def overtaken(store: PatientStore, *given: Any) -> Any:
        if others:
            assert both.end(others.pop()).body["state"] == "ended"
        return real(store, *given)

    monkeypatch.setattr(PatientStore, "replace", overtaken)
    answer = both.accept(referral_id)
    assert (answer.status, answer.error["code"]) == (409, "referral_over")
    both.drive_on(minutes=3)
    assert both.away.view(patient_id).status == 404
    assert both.entries() == {("incoming", ""), ("outgoing", "")}


def test_an_offer_and_a_survey_at_once_lose_neither(
    both: TwoClinics, patient_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, others = PatientStore.replace, [patient_id]

    def overtaken(store: PatientStore, *given: Any) -> Any:
        if others:
            both.home.enter(patient_id=others.pop(), examined_on="2026-03-02")
        return real(store, *given)

    monkeypatch.setattr(PatientStore, "replace", overtaken)
    assert both.offer(patient_id).status == 201
    page = both.home.view(patient_id).body
    assert (page["last_visit"], len(both.outgoing())) == ("2026-03-02", 1)


def test_a_step_begun_while_the_sweep_settles_stays_due(
    both: TwoClinics, patient_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    referral_id = both.accepted(patient_id)
    with both.world.crash_after(1):  # held, and nothing done
        both.end(referral_id)
    real, others = PatientStore.change, [referral_id]

    def overtaken(store: PatientStore, *given: Any) -> Any:
        changed = real(store, *given)
        if others:
            others.pop()
            both.world.clock.advance(seconds=1)
            with both.world.crash_after(3):  # held anew, and ended; the lists not yet
                both.end(referral_id)
        return changed

    monkeypatch.setattr(PatientStore, "change", overtaken)
    both.drive_on(minutes=3)
    assert ("incoming", "due") in both.entries()
    both.drive_on(minutes=3)
    assert both.entries() == {("incoming", ""), ("outgoing", "")}

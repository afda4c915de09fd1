"""A withdrawal ends referrals at once and leaves nothing of them, nor of the course of treatment."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from chalicelib.patients.referral_store import ReferralStore
from chalicelib.patients.store import PatientStore
from tests.erasure.journeys import Journey, assert_absent, begin, settle, withdraw
from tests.imports.asking import PHOTO
from tests.patients.asking import Client
from tests.patients.referring import (
    TwoClinics,
    amend,
    treat,
    treatments,
    two_clinics,
    view_image,
)
from tests.world import World, new_world

_numbers = count(1)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with new_world() as made:
        yield made


@pytest.fixture
def both(doctor: Client) -> TwoClinics:
    number = next(_numbers)
    return two_clinics(replace(doctor, account_id=f"doctor{number}", clinic_id=f"clinic{number}"))


@pytest.fixture
def referred(both: TwoClinics) -> Journey:
    """A patient treated at both clinics, with one referral accepted, one offered, one over."""
    case = begin(both.home, PHOTO)
    both.end(both.offered(case.patient_id, reason="Hidden words"))
    both.accepted(case.patient_id, lesion_ids=[case.lesion_id], reason="Hidden words")
    both.offered(case.patient_id)
    made = treat(both.away, case.lesion_id, note="Hidden words").body["treatment_id"]
    amend(both.home, made, outcome="improved")
    return case


def assert_nothing_is_seen(both: TwoClinics, case: Journey) -> None:
    assert both.home.view(case.patient_id).status == 404
    assert both.away.view(case.patient_id).status == 404
    assert treatments(both.away, case.lesion_id).status == 404
    assert view_image(both.away, case.image_id).status == 404
    assert both.away.patients().body["items"] == []
    assert (both.incoming(), both.outgoing()) == ([], [])


def test_a_withdrawal_closes_every_door_at_once_and_leaves_nothing(
    both: TwoClinics, referred: Journey
) -> None:
    assert referred.withdraw().status == 200
    assert_nothing_is_seen(both, referred)
    assert treatments(both.home, referred.lesion_id).status == 404
    assert both.entries() == set()
    settle(both.world)
    assert_absent(both.world, referred.patient_id)
    text = str(both.world.platform.client("dynamodb").scan(TableName="rodinka-test-cases"))
    assert "Hidden words" not in text


@pytest.mark.parametrize("nth", range(3, 20, 4))
def test_a_withdrawal_cut_short_anywhere_closes_every_door_all_the_same(
    both: TwoClinics, referred: Journey, nth: int
) -> None:
    with both.world.crash_after(nth):
        referred.withdraw()
    assert_nothing_is_seen(both, referred)
    settle(both.world)
    assert treatments(both.home, referred.lesion_id).status == 404
    assert_absent(both.world, referred.patient_id)
    assert both.entries() == set()


def test_what_was_in_flight_at_the_mark_is_found_by_the_second_look(
    both: TwoClinics, referred: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, others = ReferralStore.enter, [referred.patient_id]

    def overtaken(store: ReferralStore, *given: Any) -> Any:
        if others:
            assert withdraw(both.home, others.pop()).status == 200
        return real(store, *given)

    monkeypatch.setattr(ReferralStore, "enter", overtaken)
    third = two_clinics(both.away).away.clinic_id
    assert both.offer(referred.patient_id, clinic_id=third).status == 404
    assert both.entries() == {("incoming", "due"), ("outgoing", "")}
    settle(both.world)
    assert both.entries() == set()
    assert_absent(both.world, referred.patient_id)


def test_an_acceptance_in_flight_at_the_mark_opens_nothing(
    both: TwoClinics, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = begin(both.home, PHOTO)
    referral_id = both.offered(case.patient_id)
    real, others = PatientStore.replace, [case.patient_id]

    def overtaken(store: PatientStore, *given: Any) -> Any:
        if others:
            assert withdraw(both.home, others.pop()).status == 200
        return real(store, *given)

    monkeypatch.setattr(PatientStore, "replace", overtaken)
    assert both.accept(referral_id).status == 404
    assert_nothing_is_seen(both, case)
    settle(both.world)
    assert_absent(both.world, case.patient_id)


def test_the_other_clinic_cannot_take_the_consent_back(both: TwoClinics, referred: Journey) -> None:
    assert referred.withdraw(both.away).status == 404
    assert both.away.view(referred.patient_id).status == 200

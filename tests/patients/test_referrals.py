"""The life of a referral: offered, accepted, declined, ended, or over by itself."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.patients.model import Patient
from chalicelib.patients.referral import FOLLOWS, MAX_REFERRALS, OPEN, ReferralState
from chalicelib.patients.store import PatientStore
from tests.patients.asking import Client
from tests.patients.referring import TwoClinics, listed, run_sweep, two_clinics
from tests.world import World


@pytest.fixture
def both(doctor: Client) -> TwoClinics:
    return two_clinics(doctor)


@pytest.fixture
def patient_id(doctor: Client) -> str:
    return str(doctor.enter().body["patient_id"])


def test_an_offer_shows_the_other_clinic_its_reason_sex_and_birth_year_and_no_more(
    both: TwoClinics, patient_id: str
) -> None:
    referral_id = both.offered(patient_id, reason="Подозрение на меланому")
    [seen] = both.incoming()
    assert seen == {
        "referral_id": referral_id,
        "direction": "in",
        "from_clinic_id": both.home.clinic_id,
        "to_clinic_id": both.away.clinic_id,
        "state": "offered",
        "offered_at": "2026-03-02T09:00:00Z",
        "expires_at": "2026-04-01T09:00:00Z",
        "reason": "Подозрение на меланому",
        "sex": "female",
        "birth_year": 1975,
        "patient_id": None,
        "covers": None,
        "history": [
            {
                "state": "offered",
                "at": "2026-03-02T09:00:00Z",
                "clinic_id": both.home.clinic_id,
                "reason": None,
            }
        ],
    }
    [made] = both.outgoing()
    assert made == seen | {
        "direction": "out",
        "patient_id": patient_id,
        "covers": {"all_lesions": True, "lesion_ids": []},
    }
    assert both.away.view(patient_id).status == 404
    assert both.away.patients().body["items"] == []


def test_an_accepted_referral_names_the_patient_and_one_that_is_over_does_not(
    both: TwoClinics, patient_id: str
) -> None:
    referral_id = both.offered(patient_id, reason="Второе мнение")
    taken = both.accept(referral_id)
    assert (taken.status, taken.body["state"]) == (200, "accepted")
    assert taken.body["patient_id"] == patient_id
    assert both.accept(referral_id).body == taken.body, "again, nothing more"
    ended = both.end(referral_id, by=both.away, reason="Осмотрен").body
    hidden = ("reason", "sex", "birth_year", "patient_id", "covers")
    assert (ended["state"], [ended[name] for name in hidden]) == ("ended", [None] * 5)
    [at_home] = both.outgoing()
    assert [(step["state"], step["reason"]) for step in at_home["history"]] == [
        ("offered", None), ("accepted", None), ("ended", "Осмотрен")
    ]  # fmt: skip
    assert at_home["patient_id"] == patient_id


def test_who_ends_an_offer_takes_it_back_or_declines_it(both: TwoClinics, patient_id: str) -> None:
    declined = both.offered(patient_id)
    assert both.end(declined, by=both.away).body["state"] == "declined"
    back = both.offered(patient_id)
    assert both.end(back, by=both.home).body["state"] == "ended"
    for referral_id, state in ((declined, "declined"), (back, "ended")):
        answer = both.accept(referral_id)
        assert (answer.status, answer.error["code"]) == (409, "referral_over")
        assert answer.error["state"] == state
        assert both.end(referral_id, reason="Otherwise").body["state"] == state
    run_sweep(both.world, minutes=3)
    assert both.entries() == {("incoming", ""), ("outgoing", "")}


def test_an_offer_that_nobody_takes_is_over_after_thirty_days(
    both: TwoClinics, patient_id: str
) -> None:
    referral_id = both.offered(patient_id)
    run_sweep(both.world, days=29)
    assert both.incoming()[0]["state"] == "offered"
    both.world.clock.advance(days=1)
    assert both.incoming()[0]["state"] == "expired", "also before the sweep has come"
    assert both.accept(referral_id).error["code"] == "referral_over"
    run_sweep(both.world, minutes=3)
    [over] = both.outgoing()
    assert [step["state"] for step in over["history"]] == ["offered", "expired"]
    assert over["history"][1]["clinic_id"] is None
    run_sweep(both.world, days=40)
    assert both.entries() == {("incoming", ""), ("outgoing", "")}
    records = both.world.platform.client("dynamodb").scan(TableName="rodinka-test-audit")["Items"]
    acts = [
        (row["act"]["S"], row["actor"]["S"]) for row in records if row["on"]["S"] == referral_id
    ]
    assert sorted(acts) == [
        ("referral.expired", "sweep"), ("referral.offered", both.home.account_id)
    ]  # fmt: skip


def test_every_act_is_recorded_once(both: TwoClinics, patient_id: str) -> None:
    referral_id = both.offered(patient_id)
    for _ in range(2):
        both.accept(referral_id)
    both.end(referral_id, by=both.home)
    assert [act for act, on in both.away.acts() if on == referral_id] == ["referral.accepted"]
    assert [act for act, on in both.home.acts() if on == referral_id] == [
        "referral.ended", "referral.offered"
    ]  # fmt: skip


def test_an_offer_is_made_once_per_key(both: TwoClinics, patient_id: str) -> None:
    first = both.offer(patient_id, key="k", reason="One")
    both.world.clock.advance(minutes=1)
    assert both.offer(patient_id, key="k", reason="One").body == first.body
    other = both.home.enter(new_patient=True).body["patient_id"]
    for again in (both.offer(patient_id, key="k", reason="Two"), both.offer(other, key="k")):
        assert (again.status, again.error["code"]) == (409, "idempotency_conflict")
    both.end(first.body["referral_id"])
    assert both.offer(patient_id, key="k", reason="One").body == first.body
    assert len(both.outgoing()) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"consent": False}, "consent"),
        ({"consent": ...}, "consent"),
        ({"clinic_id": "nowhere"}, "clinic_id"),
        ({"clinic_id": ""}, "clinic_id"),
        ({"clinic_id": ...}, "clinic_id"),
        ({"lesion_ids": []}, "lesion_ids"),
        ({"lesion_ids": ["nothing"]}, "lesion_ids"),
        ({"lesion_ids": ["x"] * 51}, "lesion_ids"),
        ({"reason": ""}, "reason"),
        ({"reason": "x" * 501}, "reason"),
        ({"state": "accepted"}, "state"),
    ],
)
def test_an_offer_that_cannot_be_is_refused_by_field(
    both: TwoClinics, patient_id: str, changes: dict[str, Any], field: str
) -> None:
    answer = both.offer(patient_id, **changes)
    assert (answer.status, set(answer.error["fields"])) == (422, {field})
    assert both.entries() == set()


def test_ones_own_clinic_and_another_patients_lesion_are_refused(
    both: TwoClinics, patient_id: str
) -> None:
    own = both.offer(patient_id, clinic_id=both.home.clinic_id)
    assert set(own.error["fields"]) == {"clinic_id"}
    others = both.home.enter(new_patient=True).body["lesion_id"]
    foreign = both.away.enter().body["lesion_id"]
    answers = [both.offer(patient_id, lesion_ids=[one]) for one in (others, foreign, "nothing")]
    assert {answer.status for answer in answers} == {422}
    assert all(answer.body == answers[0].body for answer in answers)


def test_the_patients_page_tells_who_sees_him_or_may_come_to(
    both: TwoClinics, doctor: Client
) -> None:
    entered = doctor.enter().body
    patient_id = entered["patient_id"]
    one = both.accepted(patient_id, lesion_ids=[entered["lesion_id"]])
    two = both.offered(patient_id)
    brief = {
        "from_clinic_id": both.home.clinic_id,
        "to_clinic_id": both.away.clinic_id,
    }
    first = {
        **brief, "referral_id": one, "state": "accepted",
        "all_lesions": False, "lesion_ids": [entered["lesion_id"]],
    }  # fmt: skip
    second = {
        **brief, "referral_id": two, "state": "offered", "all_lesions": True, "lesion_ids": []
    }  # fmt: skip
    at_home = both.home.view(patient_id).body["referrals"]
    assert sorted(at_home, key=lambda each: str(each["state"])) == [first, second]
    assert both.away.view(patient_id).body["referrals"] == [first]
    both.world.clock.advance(days=30)
    assert both.home.view(patient_id).body["referrals"] == [first]
    assert both.end(two).body["state"] == "expired", "it was over before"
    both.end(one)
    assert both.home.view(patient_id).body["referrals"] == []


def test_what_is_referred_already_is_not_referred_again(both: TwoClinics, doctor: Client) -> None:
    entered = doctor.enter().body
    patient_id, one = entered["patient_id"], entered["lesion_id"]
    two = doctor.open_lesion(patient_id, site="legs").body["lesion_id"]
    both.offered(patient_id, lesion_ids=[one])
    again = both.offer(patient_id, lesion_ids=[one])
    assert (again.status, again.error["code"]) == (409, "referred_already")
    everything = both.offered(patient_id)
    assert both.offer(patient_id, lesion_ids=[two]).error["code"] == "referred_already"
    both.end(everything)
    assert both.offer(patient_id, lesion_ids=[two]).status == 201


def test_a_patient_has_so_many_referrals_and_no_more(both: TwoClinics, patient_id: str) -> None:
    one = both.offered(patient_id)
    both.end(one)

    def often(patient: Patient) -> Patient:
        copies = {f"r{number}": patient.referrals[one] for number in range(MAX_REFERRALS - 1)}
        return replace(patient, referrals={**patient.referrals, **copies})

    PatientStore(both.world.platform.cases).change(patient_id, often)
    answer = both.offer(patient_id)
    assert (answer.status, answer.error["code"]) == (409, "too_many_referrals")
    assert both.home.view(patient_id).status == 200


def test_a_foreign_and_a_missing_referral_answer_alike(both: TwoClinics, patient_id: str) -> None:
    referral_id = both.offered(patient_id)
    third = both.away.stranger()
    for step in (both.accept, both.end):
        foreign, missing = step(referral_id, third), step("nothing", third)
        assert (foreign.status, foreign.body) == (404, missing.body)
    assert both.accept(referral_id, by=both.home).error["code"] == "referral_of_own_clinic"
    outsider = both.away.ask(
        "POST",
        "/v1/patients/{patient_id}/referrals",
        {"clinic_id": third.clinic_id, "consent": True},
        patient_id=patient_id,
    )
    assert outsider.status == 404
    assert (listed(third, "in"), listed(third, "out")) == ([], [])


def test_lists_have_the_latest_first_page_by_page(both: TwoClinics) -> None:
    made = []
    for number in range(3):
        both.world.clock.advance(minutes=1)
        patient = both.home.enter(patient_code=f"{number:04}29031975").body["patient_id"]
        made.append(both.offered(patient))
    page = both.away.ask("GET", "/v1/referrals", query={"limit": "2"}).body
    rest = both.incoming(limit="2", cursor=page["next"])
    assert [one["referral_id"] for one in (*page["items"], *rest)] == made[::-1]
    for query in ({"direction": "out"}, {"direction": "sideways"}):
        wrong = both.away.ask("GET", "/v1/referrals", query={**query, "cursor": page["next"]})
        assert wrong.status == 422


def test_a_doctor_finds_the_other_clinics_by_name_and_city(both: TwoClinics) -> None:
    answer = both.home.ask("GET", "/v1/referrals/clinics", query={"limit": "200"}).body
    found = {clinic["clinic_id"]: clinic for clinic in answer["items"]}
    assert both.home.clinic_id not in found
    assert found[both.away.clinic_id] == {
        "clinic_id": both.away.clinic_id,
        "name": {
            "ru": f"Клиника {both.away.clinic_id}",
            "en": f"Clinic {both.away.clinic_id}",
        },
        "city": "Орёл",
    }


def test_steps_cost_few_calls(both: TwoClinics, patient_id: str, world: World) -> None:
    with world.counted() as calls:
        referral_id = both.offered(patient_id)
    assert calls.total() == 7, calls
    with world.counted() as calls:
        both.accept(referral_id)
    assert calls.total() == 6, calls
    with world.counted() as calls:
        both.incoming()
    assert calls.total() == 3, calls
    with world.counted() as calls:
        both.end(referral_id)
    assert calls.total() == 6, calls


def test_what_is_over_stays_over() -> None:
    assert set(FOLLOWS) == set(ReferralState)
    assert {state for state in ReferralState if FOLLOWS[state]} == OPEN
    assert all(ReferralState.OFFERED not in after for after in FOLLOWS.values())

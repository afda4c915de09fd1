"""What a clinic sees and may do of a patient who was referred to it, and what it never does."""

from collections.abc import Callable

import pytest

from chalicelib.images.store import ImageStore
from chalicelib.patients.lesion_store import LesionStore
from chalicelib.people.model import Role
from tests.asking import Answered
from tests.images.making import image_of
from tests.patients.asking import Client
from tests.patients.referring import (
    TwoClinics,
    amend,
    slot,
    timeline,
    treat,
    treatments,
    two_clinics,
    view_image,
)
from tests.world import World


@pytest.fixture
def both(doctor: Client) -> TwoClinics:
    return two_clinics(doctor)


@pytest.fixture
def entered(doctor: Client) -> dict[str, str]:
    """A patient with a lesion, its survey and an image."""
    ids = dict(doctor.enter().body)
    return ids | {"image_id": slot(doctor, ids["lesion_id"]).body["image_id"]}


def other_lesion(both: TwoClinics, patient_id: str) -> tuple[str, str]:
    """Another lesion of the patient, and an image of it."""
    lesion_id = both.home.open_lesion(patient_id, site="legs").body["lesion_id"]
    return lesion_id, slot(both.home, lesion_id).body["image_id"]


def reads(doctor: Client, ids: dict[str, str]) -> list[Answered]:
    """Every way to read a patient, a lesion and an image."""
    return [
        doctor.view(ids["patient_id"]),
        treatments(doctor, ids["lesion_id"]),
        timeline(doctor, ids["lesion_id"]),
        view_image(doctor, ids["image_id"]),
    ]


def test_a_clinic_sees_from_the_acceptance_to_the_end_and_not_a_moment_longer(
    both: TwoClinics, entered: dict[str, str]
) -> None:
    missing = [answer.body for answer in reads(both.away, dict.fromkeys(entered, "nothing"))]
    referral_id = both.offered(entered["patient_id"])
    assert [answer.body for answer in reads(both.away, entered)] == missing
    both.accept(referral_id)
    assert [answer.status for answer in reads(both.away, entered)] == [200] * 4
    both.end(referral_id)
    assert [answer.body for answer in reads(both.away, entered)] == missing
    assert [answer.status for answer in reads(both.home, entered)] == [200] * 4
    third = both.away.stranger()
    assert [answer.body for answer in reads(third, entered)] == missing


def test_a_referral_of_one_lesion_shows_nothing_of_the_others(
    both: TwoClinics, entered: dict[str, str]
) -> None:
    hidden, hidden_image = other_lesion(both, entered["patient_id"])
    both.home.enter(patient_id=entered["patient_id"], lesion_id=hidden, site="legs")
    both.home.enter(patient_id=entered["patient_id"], examined_on="2025-01-01")
    both.accepted(entered["patient_id"], lesion_ids=[entered["lesion_id"]])
    page = both.away.view(entered["patient_id"]).body
    assert [lesion["lesion_id"] for lesion in page["lesions"]] == [entered["lesion_id"]]
    assert [survey["survey_id"] for survey in page["surveys"]] == [entered["survey_id"]]
    assert (page["first_visit"], page["last_visit"]) == ("2026-03-01", "2026-03-01")
    assert page["referred"] is True
    shut = [
        treatments(both.away, hidden),
        timeline(both.away, hidden),
        treat(both.away, hidden),
        slot(both.away, hidden),
        view_image(both.away, hidden_image),
        both.away.ask("POST", "/v1/images/{image_id}/upload", image_id=hidden_image),
    ]
    assert [answer.status for answer in shut] == [404] * 6
    assert hidden not in str(both.incoming())


def test_a_referral_of_all_lesions_covers_those_of_later(
    both: TwoClinics, entered: dict[str, str]
) -> None:
    both.accepted(entered["patient_id"])
    later, image_id = other_lesion(both, entered["patient_id"])
    assert view_image(both.away, image_id).status == 200
    assert treatments(both.away, later).status == 200
    assert timeline(both.away, later).status == 200
    assert len(both.away.view(entered["patient_id"]).body["lesions"]) == 2


def test_the_other_clinic_adds_images_and_treatments_and_corrects_its_own(
    both: TwoClinics, entered: dict[str, str]
) -> None:
    first = treat(both.home, entered["lesion_id"]).body["treatment_id"]
    both.accepted(entered["patient_id"])
    second = treat(both.away, entered["lesion_id"], what="excised").body["treatment_id"]
    assert amend(both.away, second, outcome="healed").status == 200
    refused = amend(both.away, first, outcome="healed")
    assert (refused.status, refused.error["code"]) == (409, "recorded_elsewhere")
    assert amend(both.home, second, note="Checked").status == 200
    recorded = treatments(both.home, entered["lesion_id"]).body["items"]
    assert {one["clinic_id"] for one in recorded} == {both.home.clinic_id, both.away.clinic_id}
    image_id = slot(both.away, entered["lesion_id"]).body["image_id"]
    assert view_image(both.home, image_id).status == 200
    upload = "/v1/images/{image_id}/upload"
    assert both.away.ask("POST", upload, image_id=image_id).status == 201
    assert image_of(both.world, image_id).clinic_id == both.home.clinic_id
    assert {("treatment.recorded", second), ("image.slot_opened", image_id)} <= set(
        both.away.acts()
    )


def test_who_treats_at_the_other_clinic_never_reads_blind(
    both: TwoClinics, entered: dict[str, str]
) -> None:
    both.accepted(entered["patient_id"])
    colleague = both.away.colleague()
    image_id = slot(colleague, entered["lesion_id"]).body["image_id"]
    treat(both.away, entered["lesion_id"])
    lesion = LesionStore(both.world.platform.cases).get(entered["lesion_id"])
    assert lesion is not None
    assert {both.away.account_id, colleague.account_id} <= set(lesion.treated_by)
    assert colleague.account_id in image_of(both.world, image_id).subject.treated_by
    later = slot(both.home, entered["lesion_id"]).body["image_id"]
    assert {both.away.account_id, colleague.account_id} <= set(
        image_of(both.world, later).subject.treated_by
    )


REASON = {"reason": "Because"}
SHUT: list[Callable[[Client, dict[str, str]], Answered]] = [
    lambda away, ids: away.open_lesion(ids["patient_id"], site="legs"),
    lambda away, ids: away.enter(lesion_id=ids["lesion_id"]),
    lambda away, ids: away.amend(ids["survey_id"], hair="black"),
    lambda away, ids: away.ask(
        "POST", "/v1/patients/{patient_id}/consent/withdraw", patient_id=ids["patient_id"]
    ),
    lambda away, ids: away.ask("DELETE", "/v1/images/{image_id}", REASON, image_id=ids["image_id"]),
    lambda away, ids: away.ask(
        "PATCH",
        "/v1/images/{image_id}",
        {"lesion_id": ids["lesion_id"], **REASON},
        image_id=ids["image_id"],
    ),
    lambda away, ids: away.ask(
        "POST",
        "/v1/lesions/merge",
        {"lesion_id": ids["lesion_id"], "duplicate_id": "another", **REASON},
    ),
    lambda away, ids: away.ask(
        "POST",
        "/v1/patients/merge",
        {"patient_id": ids["patient_id"], "duplicate_id": "another", **REASON},
    ),
    lambda away, ids: away.ask(
        "POST",
        "/v1/patients/{patient_id}/referrals",
        {"clinic_id": "anywhere", "consent": True},
        patient_id=ids["patient_id"],
    ),
    lambda away, ids: away.look_up(),
]


@pytest.mark.parametrize("act", SHUT)
def test_what_only_the_patients_own_clinic_does_is_404_for_the_other(
    both: TwoClinics, entered: dict[str, str], act: Callable[[Client, dict[str, str]], Answered]
) -> None:
    both.accepted(entered["patient_id"])
    assert act(both.away, entered).status == 404
    assert [answer.status for answer in reads(both.home, entered)] == [200] * 4


def test_the_clinics_list_has_referred_patients_marked_and_once_each(
    both: TwoClinics, entered: dict[str, str]
) -> None:
    own = both.away.enter(patient_code="444429031975").body["patient_id"]
    first = both.accepted(entered["patient_id"], lesion_ids=[entered["lesion_id"]])
    both.world.clock.advance(minutes=1)
    both.accepted(entered["patient_id"])
    listed = both.away.patients().body["items"]
    assert [(one["patient_id"], one["referred"]) for one in listed] == [
        (entered["patient_id"], True), (own, False)
    ]  # fmt: skip
    assert (listed[0]["first_visit"], listed[0]["last_visit"]) == (None, None)
    assert (listed[0]["sex"], listed[0]["birth_year"]) == ("female", 1975)
    assert [one["referred"] for one in both.home.patients().body["items"]] == [False]
    both.end(first)
    assert len(both.away.patients().body["items"]) == 2, "the second referral lists him now"


def test_a_moved_image_is_seen_by_where_it_is_now_and_tells_not_where_it_was(
    both: TwoClinics, entered: dict[str, str]
) -> None:
    hidden, hidden_image = other_lesion(both, entered["patient_id"])
    both.accepted(entered["patient_id"], lesion_ids=[entered["lesion_id"]])
    for image_id, lesion_id in (
        (hidden_image, entered["lesion_id"]),
        (entered["image_id"], hidden),
    ):
        path, body = "/v1/images/{image_id}", {"lesion_id": lesion_id, "reason": "Mixed up"}
        assert both.home.ask("PATCH", path, body, image_id=image_id).status == 200
    seen = view_image(both.away, hidden_image)
    assert (seen.status, seen.body["changes"]) == (200, [])
    assert len(view_image(both.home, hidden_image).body["changes"]) == 1
    assert view_image(both.away, entered["image_id"]).status == 404


def test_ones_own_reach_costs_what_it_did_and_a_referral_one_call_more(
    both: TwoClinics, entered: dict[str, str], world: World
) -> None:
    both.accepted(entered["patient_id"])

    def cost(act: Callable[[], Answered]) -> int:
        with world.counted() as calls:
            assert act().status < 300
        return calls.total()

    def costs(doctor: Client) -> list[int]:
        return [
            cost(lambda: view_image(doctor, entered["image_id"])),
            cost(lambda: slot(doctor, entered["lesion_id"])),
            cost(lambda: treat(doctor, entered["lesion_id"])),
            cost(lambda: treatments(doctor, entered["lesion_id"])),
            cost(lambda: doctor.view(entered["patient_id"])),
            cost(doctor.patients),
        ]

    assert costs(both.home) == [2, 4, 3, 2, 3, 2]
    slot(both.away, entered["lesion_id"])  # the first of an account is noted on the lesion
    assert costs(both.away) == [3, 5, 4, 3, 3, 3]


def test_a_referral_gives_nothing_to_accounts_without_a_clinic_or_of_other_roles(
    both: TwoClinics, entered: dict[str, str]
) -> None:
    both.accepted(entered["patient_id"])
    nowhere = Client(both.world, "doctor-of-none", "")
    assert [answer.status for answer in reads(nowhere, entered)] == [404] * 4
    expert = Client(both.world, "expert-there", both.away.clinic_id, role=Role.EXPERT)
    assert [answer.status for answer in reads(expert, entered)] == [403] * 4
    curator = Client(both.world, "curator", "", role=Role.CURATOR)
    assert view_image(curator, entered["image_id"]).status == 200


def test_a_deleted_image_is_gone_for_both_clinics(
    both: TwoClinics, entered: dict[str, str]
) -> None:
    both.accepted(entered["patient_id"])
    path = "/v1/images/{image_id}"
    both.home.ask("DELETE", path, {"reason": "Wrong"}, image_id=entered["image_id"])
    assert ImageStore(both.world.platform.cases).get(entered["image_id"]) is not None
    assert view_image(both.away, entered["image_id"]).status == 404

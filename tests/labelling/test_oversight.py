"""What curators and doctors see of cases, and what figures say of readers."""

from datetime import timedelta

import pytest

from chalicelib.images.model import Kind
from chalicelib.labelling import driving, finding
from chalicelib.labelling.assignment_store import AssignmentStore
from chalicelib.labelling.figures import report
from chalicelib.labelling.measuring import measure
from chalicelib.labelling.model import CaseState
from chalicelib.labelling.own import BLOCK
from chalicelib.people.model import Role
from chalicelib.platform.lesion_classes import LesionClass
from tests.images.making import awaited_image
from tests.labelling.making import PHOTO, case_of, classified_image
from tests.labelling.reading import (
    CASE,
    Reader,
    arbitrated,
    curator,
    hired,
    in_two_hands,
    proven,
    read_by_two,
    read_together,
    senior,
    settled,
)
from tests.patients.asking import Client
from tests.world import World

pytestmark = pytest.mark.usefixtures("in_app")

MELANOMA = LesionClass.MELANOMA


def listed(world: World, state: str | None) -> list[str]:
    query = {"state": state} if state else {}
    answer = curator(world).ask("GET", "/v1/labelling/cases", query=query)
    assert answer.status == 200, answer.body
    return [case["image_id"] for case in answer.body["items"]]


def test_a_curator_sees_every_reading_and_who_made_it(world: World) -> None:
    third = senior(world)
    case = read_by_two(world, "melanoma", "nevus")
    arbitrated(world, third, diagnosis="melanoma", comment="Veil")
    seen = curator(world).ask("GET", CASE, image_id="image1").body
    assert seen["state"] == "arbitrated"
    assert seen["verdict"] == seen["by_readings"]
    assert seen["verdict"]["rule"] == "arbitration"
    assert {each["account_id"] for each in seen["readings"]} == {*case.first, third.account_id}
    assert [each["diagnosis"] for each in seen["readings"] if each["round"] == "arbitration"] == [
        "melanoma"
    ]


def test_a_doctor_sees_the_readings_of_his_patient_once_there_is_a_verdict(world: World) -> None:
    doctor = Client(world, "doctor1", "clinic1")
    in_two_hands(world)
    early = doctor.ask("GET", CASE, image_id="image1")
    assert (early.status, early.error["code"]) == (409, "no_verdict")
    for account_id in case_of(world, "image1").slots:
        one = Reader(world, account_id, "", role=Role.EXPERT)
        one.read(one.held("image1").assignment_id, "nevus")
    settled(world)
    seen = doctor.ask("GET", CASE, image_id="image1")
    assert seen.status == 200
    assert {each["account_id"] for each in seen.body["readings"]} == {None}
    stranger = Client(world, "rival", "another").ask("GET", CASE, image_id="image1")
    missing = Client(world, "rival", "another").ask("GET", CASE, image_id="nobody")
    assert (stranger.status, stranger.error) == (404, missing.error)


def test_cases_are_listed_by_how_they_stand_the_longest_waiting_first(world: World) -> None:
    for n in range(5):
        driving.assign_case(world.platform, classified_image(world, f"image{n}"))
        world.clock.advance(minutes=1)
    ids = [f"image{n}" for n in range(5)]
    assert listed(world, None) == ids  # nobody is there at all
    first = curator(world).ask("GET", "/v1/labelling/cases", query={"limit": "2"}).body
    assert [each["image_id"] for each in first["items"]] == ids[:2]
    assert first["items"][0]["waited_seconds"] == 300
    query = {"limit": "2", "cursor": first["next"]}
    second = curator(world).ask("GET", "/v1/labelling/cases", query=query).body
    assert [each["image_id"] for each in second["items"]] == ids[2:4]
    for login in ("one", "two"):
        hired(world, login)
    for image_id in ids[:2]:
        driving.settle(world.platform, image_id)
    assert listed(world, "reading") == ids[:2]
    assert listed(world, None) == ids[2:]


def test_a_cursor_of_one_list_opens_no_other(world: World) -> None:
    for n in range(2):
        driving.assign_case(world.platform, classified_image(world, f"image{n}"))
    first = curator(world).ask("GET", "/v1/labelling/cases", query={"limit": "1"}).body
    query = {"state": "reading", "cursor": first["next"]}
    assert curator(world).ask("GET", "/v1/labelling/cases", query=query).status == 422


def test_a_phone_photograph_is_read_when_its_doctor_sends_it(world: World) -> None:
    doctor, path = Client(world, "doctor1", "clinic1"), "/v1/labelling/cases"
    classified_image(world, "image1", kind=Kind.MACROSCOPIC)
    assert driving.assign_case(world.platform, "image1") is None
    rival = Client(world, "rival", "another").ask("POST", path, {"image_id": "image1"})
    assert rival.status == 404
    for _ in range(2):
        sent = doctor.ask("POST", path, {"image_id": "image1"})
        assert (sent.status, sent.body["state"]) == (202, "classified")
    two = [hired(world, "one"), hired(world, "two")]
    driving.assign_case(world.platform, "image1")
    [item] = two[0].hand().body["items"]
    assert item["kind"] == "macroscopic"
    for each in two:
        each.read(each.held("image1").assignment_id, "nevus")
    assert settled(world).state is CaseState.AGREED
    again = doctor.ask("POST", path, {"image_id": "image1"})
    assert again.status == 202  # it has been read; nothing more comes of it


def test_an_image_that_has_not_arrived_cannot_be_sent_to_readers(world: World) -> None:
    awaited_image(world, PHOTO, image_id="image1", kind=Kind.MACROSCOPIC)
    doctor = Client(world, "doctor1", "clinic1")
    answer = doctor.ask("POST", "/v1/labelling/cases", {"image_id": "image1"})
    assert (answer.status, answer.error["code"]) == (409, "not_readable")


def test_truth_confirms_or_overrides_what_readers_said(world: World) -> None:
    read_by_two(world, "nevus", "nevus")
    proven(world, LesionClass.NEVUS)
    assert case_of(world, "image1").state is CaseState.CONFIRMED
    world.clock.advance(days=1)
    proven(world, MELANOMA)
    seen = curator(world).ask("GET", CASE, image_id="image1").body
    assert seen["state"] == "overridden"
    assert seen["verdict"] == {
        "diagnosis": "melanoma",
        "rule": "histology",
        "verification": "high",
    }
    assert seen["by_readings"]["diagnosis"] == "nevus"
    assert listed(world, "overridden") == ["image1"]


def test_truth_settles_a_dispute_and_spares_the_senior(world: World) -> None:
    case = read_by_two(world, "melanoma", "nevus")
    assert case.state is CaseState.AWAITING_SENIOR
    proven(world, MELANOMA)
    case = case_of(world, "image1")
    assert case.state is CaseState.OVERRIDDEN
    assert case.no_reader_since is None
    late = senior(world)
    assert finding.fill_hand(world.platform, late.account_id) == 0


def test_readers_stay_blind_to_a_truth_that_is_known_before_they_read(world: World) -> None:
    _, two = in_two_hands(world)
    before = two[0].hand().body
    proven(world, MELANOMA)
    after = two[0].hand().body
    links = ("image_url",)
    assert [{k: v for k, v in item.items() if k not in links} for item in before["items"]] == [
        {k: v for k, v in item.items() if k not in links} for item in after["items"]
    ]
    for each in two:
        each.read(each.held("image1").assignment_id, "nevus")
    assert settled(world).state is CaseState.OVERRIDDEN


def test_agreement_is_answered_as_it_was_computed_last(world: World) -> None:
    path = "/v1/labelling/agreement"
    assert curator(world).ask("GET", path).error["code"] == "not_computed"
    two = [hired(world, "one"), hired(world, "two")]
    for n, said in enumerate([("nevus", "nevus"), ("melanoma", "nevus")]):
        read_together(world, two, f"image{n}", *said)
    assert measure(world.platform, report)
    assert not measure(world.platform, report)  # nothing has changed
    world.clock.advance(minutes=4)
    seen = curator(world).ask("GET", path).body
    assert seen["age_seconds"] == 240
    assert (seen["counts"]["cases"], seen["counts"]["two_agree"]) == (1, 1)
    assert seen["standing"]["no_reader"] == 1
    third = senior(world)
    settled(world, "image1")
    arbitrated(world, third, "image1", diagnosis="melanoma")
    assert measure(world.platform, report)
    seen = curator(world).ask("GET", path).body
    assert seen["counts"]["cases"] == 2
    assert seen["raw_agreement"]["value"] == 0.5
    assert seen["disputed_after_two"]["value"] == 0.5


def test_a_truth_changes_the_scores(world: World) -> None:
    case = read_by_two(world, "nevus", "nevus")
    measure(world.platform, report)
    proven(world, MELANOMA)
    assert not measure(world.platform, report)  # so soon after the last time
    world.clock.advance(seconds=1)
    assert measure(world.platform, report)
    seen = curator(world).ask("GET", "/v1/labelling/agreement").body
    assert [each["image_id"] for each in seen["overturned"]] == ["image1"]
    readers = curator(world).ask("GET", "/v1/labelling/readers").body["items"]
    assert [(each["readings"], each["suggest_pause"]) for each in readers] == [(1, None)] * 2
    scores = {each["account_id"]: each["sensitivity"] for each in seen["by_expert"]}
    assert {account: score["value"] for account, score in scores.items()} == dict.fromkeys(
        case.slots, 0.0
    )


def test_a_reader_sees_his_agreement_over_whole_blocks_of_cases_only(world: World) -> None:
    one, other = hired(world, "one", hand_size=60), hired(world, "two", hand_size=60)
    seen = []
    for n in range(BLOCK + 1):
        driving.assign_case(world.platform, classified_image(world, f"image{n}"))
        one.read(one.held(f"image{n}").assignment_id, "nevus")
        other.read(other.held(f"image{n}").assignment_id, "nevus" if n % 2 else "melanoma")
        world.clock.advance(seconds=61)
        driving.settle(world.platform, f"image{n}")
        proven(world, LesionClass.NEVUS, f"image{n}")
        if n >= BLOCK - 2:
            measure(world.platform, report)
            answer = one.ask("GET", "/v1/labelling/statistics").body
            seen.append((answer["cases"], answer["agreement"]))
    assert seen[0] == (0, None)
    assert seen[1] == seen[2]  # the 21st case changes nothing
    assert seen[1][0] == BLOCK


def test_what_a_reader_read_is_found_under_his_name_and_time(world: World) -> None:
    case = read_by_two(world, "nevus", "nevus")
    now = world.clock.now() + timedelta(seconds=1)
    for account_id in case.slots:
        read = AssignmentStore(world.platform.labelling).read_before(account_id, now, limit=5)
        assert [each.image_id for each in read] == ["image1"]

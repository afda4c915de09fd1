"""What readings come to: two agree, a senior decides, or the case is disputed."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.images.model import State
from chalicelib.labelling import driving
from chalicelib.labelling.model import CaseState
from chalicelib.labelling.outlines import dice
from chalicelib.labelling.verdict import Rule, Verification, by_readings, verdict
from chalicelib.people import service as people
from chalicelib.people.model import Role
from chalicelib.people.readers import accept_protocol
from chalicelib.people.store import PeopleStore
from chalicelib.platform.due import overdue
from chalicelib.platform.lesion_classes import LesionClass
from tests.images.making import image_of
from tests.labelling.making import case_of, hand_of
from tests.labelling.reading import (
    arbitrated,
    hired,
    in_two_hands,
    read_by_two,
    senior,
    settled,
    swept,
)
from tests.patients.asking import Client
from tests.world import World

pytestmark = pytest.mark.usefixtures("in_app")


def test_two_who_agree_make_the_label(world: World) -> None:
    case = read_by_two(world, "melanoma", "melanoma")
    assert case.state is CaseState.AGREED
    image = image_of(world, "image1")
    assert image.state is State.LABELLED
    assert image.label is not None
    assert {k: image.label[k] for k in ("diagnosis", "rule", "verification", "retrospective")} == {
        "diagnosis": "melanoma",
        "rule": "two_agree",
        "verification": "medium",
        "retrospective": False,
    }


def test_no_verdict_falls_before_the_last_undo_minute_is_over(world: World) -> None:
    _, (one, other) = in_two_hands(world)
    for each in (one, other):
        each.read(each.held("image1").assignment_id, "nevus")
    world.clock.advance(seconds=59)
    driving.settle(world.platform, "image1")
    assert case_of(world, "image1").state is CaseState.READING
    world.clock.advance(seconds=2)
    driving.settle(world.platform, "image1")
    assert case_of(world, "image1").state is CaseState.AGREED


@pytest.mark.parametrize(
    ("said", "state", "diagnosis"),
    [
        ("melanoma", CaseState.ARBITRATED, LesionClass.MELANOMA),
        ("nevus", CaseState.ARBITRATED, LesionClass.NEVUS),
        ("dermatofibroma", CaseState.DISPUTED, None),
        ("unknown", CaseState.DISPUTED, None),
    ],
)
def test_a_seniors_diagnosis_counts_when_it_equals_one_of_the_two(
    world: World, said: str, state: CaseState, diagnosis: LesionClass | None
) -> None:
    third = senior(world)
    case = read_by_two(world, "melanoma", "nevus")
    assert case.state is CaseState.ARBITRATION
    case = arbitrated(world, third, diagnosis=said)
    assert case.state is state
    found = verdict(case)
    assert found is not None
    assert found.diagnosis is diagnosis
    assert found.verification is Verification.MEDIUM
    assert found == by_readings(case)
    image = image_of(world, "image1")
    assert image.state is (State.LABELLED if diagnosis else State.DISPUTED)
    assert (image.label or {}).get("diagnosis") == (diagnosis.value if diagnosis else None)


UNUSABLE = {"diagnosis": "nevus", "image_quality": "unusable"}


@pytest.mark.parametrize("said", ["unknown", UNUSABLE])
def test_two_who_do_not_know_or_cannot_see_go_to_the_senior(world: World, said: object) -> None:
    third = senior(world)
    assert read_by_two(world, said, said).state is CaseState.ARBITRATION
    [held] = hand_of(world, third.account_id)
    assert len(held.readings) == 2
    assert arbitrated(world, third, diagnosis="nevus").state is CaseState.DISPUTED


def test_only_a_senior_of_more_than_five_years_settles_a_case(world: World) -> None:
    young = people.open_account(
        world.platform, login="young", role=Role.SENIOR_EXPERT, qualified_since=2021
    )
    accept_protocol(world.platform, young.account.account_id, 1)
    case = read_by_two(world, "melanoma", "nevus")
    assert case.state is CaseState.AWAITING_SENIOR
    assert case.no_reader_since is not None
    third = senior(world)
    assert settled(world).state is CaseState.ARBITRATION
    assert set(case_of(world, "image1").slots) - set(case.slots) == {third.account_id}


def test_the_senior_was_neither_of_the_first_readers(world: World) -> None:
    """An expert who rose to senior after reading the case is not asked to settle it."""
    _, (one, other) = in_two_hands(world)
    one.read(one.held("image1").assignment_id, "melanoma")
    other.read(other.held("image1").assignment_id, "nevus")
    store = PeopleStore(world.platform.people)
    account = store.account(one.account_id)
    assert account is not None
    store.save(account, replace(account, role=Role.SENIOR_EXPERT))
    case = settled(world)
    assert case.state is CaseState.AWAITING_SENIOR
    third = senior(world)
    assert third.account_id in settled(world).slots


def test_a_case_that_is_closed_leaves_the_due_index(world: World) -> None:
    read_by_two(world, "nevus", "nevus")
    world.clock.advance(days=30)
    now = world.clock.now()
    left = [item for item in overdue(world.platform.labelling, now=now) if item["sk"] == "case"]
    assert left == []


def test_rules_of_verdicts_are_those_of_the_contract() -> None:
    assert {rule.value for rule in Rule} == {
        *("two_agree", "arbitration", "disputed", "histology", "follow_up", "document")
    }


def test_a_third_expert_is_not_needed_where_two_agree(world: World) -> None:
    third = hired(world, "third")
    read_by_two(world, "nevus", "nevus", uploaded_by=third.account_id)
    assert hand_of(world, third.account_id) == []


SQUARE = [[0.2, 0.2], [0.8, 0.2], [0.8, 0.8], [0.2, 0.8]]
NEAR = [[0.22, 0.2], [0.8, 0.2], [0.8, 0.8], [0.22, 0.8]]
FAR = [[0.0, 0.0], [0.3, 0.0], [0.3, 0.3]]


def drawn(outline: list[list[float]]) -> dict[str, Any]:
    return {"diagnosis": "nevus", "outline": outline}


def seen(world: World) -> Any:
    curator = Client(world, "curator1", "", role=Role.CURATOR)
    return curator.ask("GET", "/v1/labelling/cases/{image_id}", image_id="image1").body


def test_two_close_outlines_are_merged(world: World) -> None:
    case = read_by_two(world, drawn(SQUARE), drawn(NEAR))
    assert case.state is CaseState.AGREED
    # A function without the numeric layer leaves it to one that has it: the case stays due.
    assert case.outlines is not None
    assert case.outlines.merged is None
    swept(world)
    told = seen(world)
    assert told["outlines"]["dice"] > 0.95
    assert dice(told["outline"], SQUARE) > 0.95
    assert told["outline"] == told["outlines"]["merged"]


def test_outlines_that_differ_go_to_the_senior_whose_own_counts(world: World) -> None:
    third = senior(world)
    case = read_by_two(world, drawn(SQUARE), drawn(FAR))
    assert case.state is CaseState.ARBITRATION
    [held] = hand_of(world, third.account_id)
    assert sorted(len(each["outline"]) for each in held.readings) == [3, 4]
    case = arbitrated(world, third, **drawn(NEAR) | {"diagnosis": "melanoma"})
    assert case.state is CaseState.AGREED  # on the class two agreed
    told = seen(world)
    assert (told["verdict"]["diagnosis"], told["outline"]) == ("nevus", NEAR)


def test_one_outline_alone_asks_for_no_senior(world: World) -> None:
    case = read_by_two(world, drawn(SQUARE), "nevus")
    assert (case.state, case.outlines) == (CaseState.AGREED, None)

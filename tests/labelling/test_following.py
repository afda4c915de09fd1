"""A case follows its assignments, whatever was cut short or came late."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.images.model import State
from chalicelib.labelling import driving
from chalicelib.labelling.assignment_store import AssignmentStore
from chalicelib.labelling.following import stepped
from chalicelib.labelling.model import Case, CaseState, Outlines
from chalicelib.labelling.probing import probe
from chalicelib.labelling.proof import Proof, Truth
from chalicelib.labelling.store import CaseStore
from chalicelib.labelling.truth import confirm
from chalicelib.people.model import Role
from chalicelib.platform import keys
from chalicelib.platform.lesion_classes import LesionClass
from tests.images.making import image_of
from tests.labelling.making import account_of, all_assignments, case_of, classified_image
from tests.labelling.reading import (
    READING,
    Reader,
    arbitrated,
    hired,
    in_two_hands,
    read_by_two,
    senior,
    settled,
)
from tests.labelling.test_finding_readers import run_sweep
from tests.patients.asking import Client
from tests.world import World

pytestmark = pytest.mark.usefixtures("in_app")


def truth_of(world: World, diagnosis: LesionClass = LesionClass.NEVUS) -> Truth:
    return Truth(diagnosis=diagnosis, by=Proof.HISTOLOGY, record_id="report1", at=world.clock.now())


def both_read(world: World) -> list[Reader]:
    _, two = in_two_hands(world)
    for each in two:
        each.read(each.held("image1").assignment_id, "nevus")
    return two


@pytest.mark.parametrize("nth", range(3, 8))
def test_a_crash_between_a_final_reading_and_its_case_is_made_good_within_minutes(
    world: World, nth: int
) -> None:
    """The message that settles it is lost, so that nothing but deadlines brings the case on."""
    one, _ = both_read(world)
    world.clock.advance(minutes=4)
    [assignment] = all_assignments(world, one.account_id)
    with world.crash_after(nth):
        driving.drive_on_assignment(world.platform, assignment)
    run_sweep(world)
    assert case_of(world, "image1").state is CaseState.AGREED


def test_a_late_write_of_an_undone_reading_changes_no_final_one(world: World) -> None:
    _, (one, other) = in_two_hands(world)
    assignment_id = one.held("image1").assignment_id
    one.read(assignment_id, "melanoma")
    undone = AssignmentStore(world.platform.labelling).get(one.account_id, assignment_id)
    assert undone is not None
    assert undone.reading is not None
    one.undo(assignment_id)
    one.read(assignment_id, "nevus")
    other.read(other.held("image1").assignment_id, "nevus")
    case, cases = settled(world), CaseStore(world.platform.labelling)
    assert case.state is CaseState.AGREED
    assert cases.note_reading(undone, undone.reading) is None
    cases.drop_reading(undone, undone.reading)
    assert case_of(world, "image1").slots == case.slots


def test_a_late_undo_takes_no_other_reading_out_of_its_case(world: World) -> None:
    _, (one, _) = in_two_hands(world)
    assignment_id = one.held("image1").assignment_id
    one.read(assignment_id, "melanoma")
    undone = AssignmentStore(world.platform.labelling).get(one.account_id, assignment_id)
    assert undone is not None
    assert undone.reading is not None
    one.undo(assignment_id)
    one.read(assignment_id, "nevus")
    CaseStore(world.platform.labelling).drop_reading(undone, undone.reading)
    slot = case_of(world, "image1").slots[one.account_id]
    assert slot.reading is not None
    assert slot.reading.diagnosis is LesionClass.NEVUS


def test_the_same_request_after_an_undo_has_a_minute_of_its_own(world: World) -> None:
    _, (one, _) = in_two_hands(world)
    assignment_id = one.held("image1").assignment_id

    def ask() -> None:
        body = {"diagnosis": "nevus"}
        assert one.ask("POST", READING, body, key="key", assignment_id=assignment_id).status == 201

    ask()
    assignments = AssignmentStore(world.platform.labelling)
    seen = assignments.get(one.account_id, assignment_id)
    assert seen is not None
    one.undo(assignment_id)
    world.clock.advance(seconds=59)
    ask()
    world.clock.advance(seconds=2)
    stands = assignments.finalize(seen)  # by a worker who saw the first one, whose minute is over
    assert stands is not None
    assert stands.state == "read"
    assert one.undo(assignment_id).status == 204


@pytest.mark.parametrize("nth", range(1, 5))
def test_an_undo_that_is_cut_short_can_be_repeated_and_leaves_no_reading(
    world: World, nth: int
) -> None:
    _, (one, _) = in_two_hands(world)
    assignment_id = one.held("image1").assignment_id
    one.read(assignment_id, "melanoma")
    with world.crash_after(nth):
        one.undo(assignment_id)
    assert one.undo(assignment_id).status == 204
    assert case_of(world, "image1").slots[one.account_id].reading is None
    held = AssignmentStore(world.platform.labelling).get(one.account_id, assignment_id)
    assert held is not None
    assert (held.state, held.reading) == ("open", None)


def test_a_probe_whose_reader_never_asks_again_is_noted_by_the_sweep(world: World) -> None:
    read_by_two(world, "nevus", "nevus")
    confirm(world.platform, "image1", truth_of(world))
    third = hired(world, "third")
    curator = Client(world, "curator", "", role=Role.CURATOR)
    path = "/v1/labelling/cases/{image_id}"
    assert curator.ask("PATCH", path, {"gold": True}, image_id="image1").status == 200
    until = world.clock.now() + timedelta(days=1)
    assert probe(world.platform, account_of(world, third.account_id), until)
    assignment_id = third.held("image1").assignment_id
    with world.crash_after(1):
        third.read(assignment_id, "melanoma")
    for _ in range(2):
        world.clock.advance(minutes=4)
        run_sweep(world)
    row = world.platform.labelling.get(keys.case("image1"))
    assert row is not None
    assert row["probes"][assignment_id]["diagnosis"] == "melanoma"
    assert case_of(world, "image1").state is CaseState.CONFIRMED


def test_what_proved_true_before_its_case_was_opened_opens_it(world: World) -> None:
    """The message that opens it may be lost, and a labelled image has no deadline."""
    readers = {hired(world, f"expert{n}").account_id for n in range(2)}
    image_id = classified_image(world, "image1")
    assert confirm(world.platform, image_id, truth_of(world))
    assert image_of(world, image_id).state is State.LABELLED
    assert set(case_of(world, image_id).slots) == readers
    assert case_of(world, image_id).truth == truth_of(world)


def test_a_case_that_nobody_opened_cannot_be_made_common(world: World) -> None:
    readers = {hired(world, f"expert{n}").account_id for n in range(2)}
    image_id = classified_image(world, "image1")
    curator = Client(world, "curator", "", role=Role.CURATOR)
    path = "/v1/labelling/cases/{image_id}"
    assert curator.ask("PATCH", path, {"gold": False}, image_id=image_id).status == 404
    assert CaseStore(world.platform.labelling).get(image_id) is None
    driving.assign_case(world.platform, image_id)
    assert set(case_of(world, image_id).slots) == readers


def test_a_senior_who_was_asked_for_the_outline_ends_a_case_that_agrees(world: World) -> None:
    third = senior(world)
    read_by_two(world, "melanoma", "nevus")
    case = arbitrated(world, third, diagnosis="melanoma")
    first = {
        account: replace(slot, reading=replace(slot.reading, diagnosis=LesionClass.MELANOMA))
        for account, slot in case.first.items()
        if slot.reading is not None
    }
    apart = Outlines(dice=0.1, merged=None)
    before = replace(
        case, state=CaseState.ARBITRATION, slots={**case.slots, **first}, outlines=apart
    )
    after: Case = stepped(world.platform, before)
    assert after.state is CaseState.AGREED

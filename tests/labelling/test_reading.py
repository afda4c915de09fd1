"""Readers at work: a reading counts once, may be undone for a minute, and stands after that."""

from datetime import timedelta

import pytest

from chalicelib.labelling import driving, finding
from chalicelib.labelling.assignment_store import AssignmentStore
from chalicelib.labelling.model import LEASE, AssignmentState, CaseState
from chalicelib.platform.clock import moment
from tests.labelling.making import case_of, classified_image, hand_of
from tests.labelling.reading import Reader, hired, in_two_hands, settled, swept
from tests.patients.asking import Client
from tests.world import World

pytestmark = pytest.mark.usefixtures("in_app")


def state_of(world: World, reader: Reader, assignment_id: str) -> AssignmentState:
    held = AssignmentStore(world.platform.labelling).get(reader.account_id, assignment_id)
    assert held is not None
    return held.state


def test_a_reading_leaves_the_hand_and_stands_on_its_case(world: World) -> None:
    _, (one, _) = in_two_hands(world)
    held = one.held("image1")
    world.clock.advance(seconds=31)
    answer = one.read(
        held.assignment_id,
        "melanoma",
        differential=["nevus"],
        confidence=4,
        image_quality="poor",
        comment="Blue-white veil",
        seconds=12.5,
    )
    assert answer.status == 201
    assert moment(answer.body["undo_until"]) == world.clock.now() + timedelta(seconds=60)
    assert hand_of(world, one.account_id) == []
    reading = case_of(world, "image1").slots[one.account_id].reading
    assert reading is not None
    assert (reading.diagnosis, reading.confidence, reading.seconds) == ("melanoma", 4, 12.5)


def test_a_reading_takes_no_longer_than_the_reader_had_the_image(world: World) -> None:
    _, (one, other) = in_two_hands(world)
    world.clock.advance(seconds=30)
    one.read(one.held("image1").assignment_id, seconds=4000)
    other.read(other.held("image1").assignment_id)
    slots = case_of(world, "image1").slots.values()
    assert [slot.reading and slot.reading.seconds for slot in slots] == [30, 30]


def test_a_double_click_counts_once(world: World) -> None:
    _, (one, _) = in_two_hands(world)
    held = one.held("image1")
    answers = [one.read(held.assignment_id, "nevus") for _ in range(3)]
    assert {answer.status for answer in answers} == {201}
    assert len({answer.body["reading_id"] for answer in answers}) == 1


def test_another_answer_after_the_first_is_refused(world: World) -> None:
    _, (one, _) = in_two_hands(world)
    held = one.held("image1")
    one.read(held.assignment_id, "nevus")
    answer = one.read(held.assignment_id, "melanoma")
    assert (answer.status, answer.error["code"]) == (409, "already_read")


def test_a_reading_may_be_undone_within_a_minute_and_given_anew(world: World) -> None:
    _, (one, other) = in_two_hands(world)
    other.read(other.held("image1").assignment_id, "melanoma")
    held = one.held("image1")
    one.read(held.assignment_id, "nevus")
    world.clock.advance(seconds=59)
    assert one.undo(held.assignment_id).status == 204
    assert one.undo(held.assignment_id).status == 204
    assert one.held("image1").reading is None
    assert settled(world).state is CaseState.READING
    one.read(held.assignment_id, "melanoma")
    assert settled(world).state is CaseState.AGREED


def test_after_its_minute_a_reading_stands(world: World) -> None:
    _, (one, _) = in_two_hands(world)
    held = one.held("image1")
    one.read(held.assignment_id, "nevus")
    world.clock.advance(seconds=60)
    answer = one.undo(held.assignment_id)
    assert (answer.status, answer.error["code"]) == (409, "reading_final")


def test_a_reading_that_is_final_cannot_be_undone_by_a_clock_that_is_behind(world: World) -> None:
    _, (one, _) = in_two_hands(world)
    held = one.held("image1")
    one.read(held.assignment_id, "nevus")
    settled(world)
    world.clock.advance(hours=-1)
    assert one.undo(held.assignment_id).status == 409
    assert state_of(world, one, held.assignment_id) is AssignmentState.FINAL


def test_a_declined_case_goes_to_another_reader_and_never_back(world: World) -> None:
    _, (one, other) = in_two_hands(world)
    held = one.held("image1")
    assert one.decline(held.assignment_id).status == 204
    assert one.decline(held.assignment_id).status == 204
    assert hand_of(world, one.account_id) == []
    driving.settle(world.platform, "image1")
    case = case_of(world, "image1")
    assert set(case.slots) == {other.account_id}
    assert case.declined == {one.account_id}
    assert case.no_reader_since is not None
    third = hired(world, "third")
    driving.settle(world.platform, "image1")
    case = case_of(world, "image1")
    assert set(case.slots) == {other.account_id, third.account_id}
    assert case.no_reader_since is None
    assert one.read(held.assignment_id).error["code"] == "declined"


def test_a_declined_case_is_offered_again_when_its_message_is_lost(world: World) -> None:
    _, (one, other) = in_two_hands(world)
    third = hired(world, "third")
    one.decline(one.held("image1").assignment_id)
    swept(world, minutes=3)
    assert set(case_of(world, "image1").slots) == {other.account_id, third.account_id}


def test_a_reader_who_is_at_work_gets_more_time_but_not_for_ever(world: World) -> None:
    _, (one, _) = in_two_hands(world)
    held = one.held("image1")
    placed = held.placed_at
    ends = []
    for _ in range(14):
        answer = one.renew(held.assignment_id)
        ends.append(moment(answer.body["leased_until"]))
        world.clock.advance(days=0.9)
    assert ends == sorted(ends)
    assert ends[-1] == ends[-2] <= placed + 4 * LEASE
    assert case_of(world, "image1").slots[one.account_id].leased_until == ends[-1]
    assert all((end.minute, end.second) == (0, 0) for end in ends)


def test_a_renewed_lease_outlives_the_first_one(world: World) -> None:
    _, (one, other) = in_two_hands(world)
    third = hired(world, "third")
    world.clock.advance(days=2)
    assert one.renew(one.held("image1").assignment_id).status == 200
    swept(world, days=1, hours=1)
    swept(world, minutes=6)
    case = case_of(world, "image1")
    assert one.account_id in case.slots
    assert other.account_id not in case.slots
    assert third.account_id in case.slots


def test_a_late_reading_is_refused_once_the_case_was_offered_again(world: World) -> None:
    _, (one, _) = in_two_hands(world)
    hired(world, "third")
    held = one.held("image1")
    swept(world, seconds=LEASE.total_seconds() + 1)
    answer = one.read(held.assignment_id)
    assert (answer.status, answer.error["code"]) == (409, "lease_ended")
    assert case_of(world, "image1").slots.get(one.account_id) is None


def test_a_late_reading_counts_while_nobody_else_was_offered_the_case(world: World) -> None:
    _, (one, other) = in_two_hands(world)
    held = one.held("image1"), other.held("image1")
    world.clock.advance(seconds=LEASE.total_seconds() + 1)
    assert one.read(held[0].assignment_id, "nevus").status == 201
    swept(world, minutes=4)
    case = case_of(world, "image1")
    assert case.slots[one.account_id].final
    assert other.read(held[1].assignment_id).status == 409


def test_a_strangers_assignment_and_none_at_all_answer_alike(world: World) -> None:
    _, (one, other) = in_two_hands(world)
    his = other.held("image1").assignment_id
    for ask in (one.read, one.undo, one.decline, one.renew):
        foreign, missing = ask(his), ask("nobody")
        assert (foreign.status, foreign.error) == (404, missing.error)


def test_submitting_takes_four_calls_and_a_look_at_the_hand_two(world: World) -> None:
    _, (one, other) = in_two_hands(world)
    other.read(other.held("image1").assignment_id)
    held = one.held("image1")
    with world.counted() as calls:
        assert one.read(held.assignment_id).status == 201
    assert sum(calls.values()) <= 4
    with world.counted() as calls:
        assert one.hand().status == 200
    assert sum(calls.values()) <= 2
    with world.counted() as calls:
        assert one.undo(held.assignment_id).status == 204
    assert sum(calls.values()) <= 4
    with world.counted() as calls:
        assert one.decline(held.assignment_id).status == 204
    assert sum(calls.values()) <= 3


@pytest.mark.parametrize("nth", range(1, 5))
def test_a_reading_survives_a_request_that_dies_after_any_call(world: World, nth: int) -> None:
    """Sent again or not, whatever was written is followed to the verdict."""
    _, (one, other) = in_two_hands(world)
    other.read(other.held("image1").assignment_id, "nevus")
    held = one.held("image1")
    with world.crash_after(nth):
        one.read(held.assignment_id, "nevus")
    for _ in range(2):
        swept(world, minutes=4)
    assert case_of(world, "image1").state is CaseState.AGREED


@pytest.mark.parametrize("nth", range(1, 12))
def test_a_verdict_survives_a_worker_that_dies_after_any_call(world: World, nth: int) -> None:
    _, two = in_two_hands(world)
    for each in two:
        each.read(each.held("image1").assignment_id, "nevus")
    world.clock.advance(seconds=61)
    with world.crash_after(nth):
        driving.settle(world.platform, "image1")
    for _ in range(2):
        swept(world, minutes=4)
    assert case_of(world, "image1").state is CaseState.AGREED
    label = Client(world, "curator1", "").world.platform.cases.get(("image#image1", "image"))
    assert label is not None
    assert label["state"] == "labelled"


def test_a_reader_who_reads_is_given_the_next_case(world: World) -> None:
    one = hired(world, "one", hand_size=1)
    for n in (1, 2):
        driving.assign_case(world.platform, classified_image(world, f"image{n}"))
    [held] = hand_of(world, one.account_id)
    one.read(held.assignment_id)
    assert finding.fill_hand(world.platform, one.account_id) == 1
    [next_one] = hand_of(world, one.account_id)
    assert next_one.image_id != held.image_id


def test_one_expert_on_two_devices_reads_once(world: World) -> None:
    _, (one, _) = in_two_hands(world)
    held = one.held("image1")
    assert one.read(held.assignment_id, "nevus").status == 201
    late = [one.read(held.assignment_id, "melanoma"), one.decline(held.assignment_id)]
    assert [answer.error["code"] for answer in late] == ["already_read", "already_read"]
    reading = case_of(world, "image1").slots[one.account_id].reading
    assert reading is not None
    assert reading.diagnosis == "nevus"


def test_a_worker_that_wakes_after_the_verdict_changes_nothing(world: World) -> None:
    _, two = in_two_hands(world)
    seen = [case_of(world, "image1")]
    for each in two:
        each.read(each.held("image1").assignment_id, "nevus")
        seen.append(case_of(world, "image1"))
    after = settled(world)
    assert after.state is CaseState.AGREED
    for before in seen:
        assert driving.drive_on(world.platform, before) == after

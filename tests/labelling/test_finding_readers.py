"""Cases find two independent readers each, whatever the queue does."""

from dataclasses import replace
from random import Random
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.images.model import Kind, State
from chalicelib.labelling import driving, finding
from chalicelib.labelling.model import (
    FIRST_READERS,
    LEASE,
    Case,
    CaseState,
    Facts,
)
from chalicelib.labelling.urgency import half_by_urgency, priority
from chalicelib.people.model import Role
from chalicelib.platform.keys import assignment as assignment_key
from chalicelib.sweep import sweep
from tests.images.making import image_of
from tests.labelling.making import (
    account_of,
    all_assignments,
    case_of,
    classified_image,
    hand_of,
    reader,
)
from tests.world import START, World


def run_sweep(world: World) -> int:
    def no_model() -> None:
        raise AssertionError("no image is waiting for the model here")

    return sweep(world.platform, no_model, trace="sweep")  # type: ignore[arg-type]


def test_a_case_gets_two_readers_and_its_image_goes_into_labelling(world: World) -> None:
    readers = {reader(world, login) for login in ("expert1", "expert2", "expert3")}
    image_id = classified_image(world, "image1")
    driving.assign_case(world.platform, image_id)
    case = case_of(world, image_id)
    assert case.state is CaseState.READING
    assert len(case.slots) == FIRST_READERS
    assert set(case.slots) <= readers
    assert image_of(world, image_id).state is State.IN_LABELLING
    for account_id, slot in case.slots.items():
        [assignment] = hand_of(world, account_id)
        assert assignment.assignment_id == slot.assignment_id
        assert world.platform.images.get(assignment.image_key) is not None


def test_the_same_message_again_and_again_gives_no_third_slot(world: World) -> None:
    readers = [reader(world, f"expert{n}") for n in range(5)]
    image_id = classified_image(world, "image1")
    for _ in range(4):
        driving.assign_case(world.platform, image_id)
    assert sum(len(all_assignments(world, account_id)) for account_id in readers) == FIRST_READERS


def test_who_uploaded_or_treats_never_reads_the_case(world: World) -> None:
    known = reader(world, "expert1")
    stranger = reader(world, "expert2")
    image_id = classified_image(world, "image1", uploaded_by=known)
    driving.assign_case(world.platform, image_id)
    assert set(case_of(world, image_id).slots) == {stranger}
    assert finding.fill_hand(world.platform, known) == 0


def test_seniors_are_kept_for_arbitration(world: World) -> None:
    reader(world, "senior", role=Role.SENIOR_EXPERT)
    image_id = classified_image(world, "image1")
    driving.assign_case(world.platform, image_id)
    assert case_of(world, image_id).slots == {}


@pytest.mark.parametrize("kind", [Kind.MACROSCOPIC])
def test_a_phone_photograph_is_not_sent_to_readers(world: World, kind: Kind) -> None:
    reader(world, "expert1")
    image_id = classified_image(world, "image1", kind=kind)
    assert driving.assign_case(world.platform, image_id) is None
    assert image_of(world, image_id).state is State.CLASSIFIED


def test_an_image_that_does_not_exist_is_no_case(world: World) -> None:
    assert driving.assign_case(world.platform, "nobody") is None


def test_of_32_claims_on_the_last_slot_one_wins(world: World) -> None:
    readers = [reader(world, f"expert{n:02}") for n in range(32)]
    image_id = classified_image(world, "image1", uploaded_by=readers[0])
    seen = driving.assign_case(world.platform, image_id)
    assert seen is not None
    holder = next(iter(seen.slots))
    world.clock.advance(seconds=LEASE.total_seconds() + 1)
    # The lease of one ends: 32 workers, each with the view of before, all claim the free slot.
    one_free = driving.drive_on(world.platform, case_of(world, image_id))
    for account_id in readers:
        finding.claim(world.platform, one_free, account_of(world, account_id))
    after = case_of(world, image_id)
    assert len(after.slots) == FIRST_READERS
    open_hands = [account_id for account_id in readers if hand_of(world, account_id)]
    assert sorted(open_hands) == sorted(after.slots)
    assert holder in readers


def test_a_full_hand_is_not_overfilled_and_the_case_waits(world: World) -> None:
    only = reader(world, "expert1", hand_size=2)
    for n in range(3):
        driving.assign_case(world.platform, classified_image(world, f"image{n}"))
    assert len(hand_of(world, only)) == 2
    waiting = [case_of(world, f"image{n}") for n in range(3)]
    assert sum(len(case.slots) for case in waiting) == 2
    assert all(case.state is CaseState.WAITING for case in waiting)


def test_a_new_reader_takes_up_what_was_waiting(world: World) -> None:
    for n in range(4):
        driving.assign_case(world.platform, classified_image(world, f"image{n}"))
    newcomer = reader(world, "expert1", hand_size=3)
    assert finding.fill_hand(world.platform, newcomer) == 3
    assert len(hand_of(world, newcomer)) == 3


def test_opening_a_readers_account_asks_for_his_hand_to_be_filled(world: World) -> None:
    newcomer = reader(world, "expert1")
    answer = world.platform.client("sqs").receive_message(
        QueueUrl=world.platform.settings.queue_labelling
    )
    assert [message["Body"] for message in answer["Messages"]] == [f'{{"reader_id":"{newcomer}"}}']


def test_a_case_nobody_could_take_is_offered_again_by_the_sweep(world: World) -> None:
    image_id = classified_image(world, "image1")
    driving.assign_case(world.platform, image_id)
    assert case_of(world, image_id).slots == {}
    readers = {reader(world, "expert1"), reader(world, "expert2")}
    world.clock.advance(minutes=6)
    run_sweep(world)
    assert set(case_of(world, image_id).slots) == readers


def test_a_lease_that_ends_is_offered_to_another_reader_first(world: World) -> None:
    first = {reader(world, "expert1"), reader(world, "expert2")}
    image_id = classified_image(world, "image1")
    driving.assign_case(world.platform, image_id)
    third = reader(world, "expert3")
    world.clock.advance(seconds=LEASE.total_seconds() + 1)
    run_sweep(world)
    case = case_of(world, image_id)
    assert third in case.slots
    assert case.lapsed == first
    assert len(case.slots) == FIRST_READERS
    hands = {account_id: hand_of(world, account_id) for account_id in first | {third}}
    assert {a for a, held in hands.items() if held} == set(case.slots)


@pytest.mark.parametrize("nth", range(1, 20))
def test_a_worker_that_dies_after_any_call_leaves_no_slot_without_its_assignment(
    world: World, nth: int
) -> None:
    readers = [reader(world, f"expert{n}") for n in range(3)]
    image_id = classified_image(world, "image1")
    with world.crash_after(nth):
        driving.assign_case(world.platform, image_id)
    driving.assign_case(world.platform, image_id)  # SQS delivers the message again
    for _ in range(2):
        world.clock.advance(minutes=6)
        run_sweep(world)
    case = case_of(world, image_id)
    assert len(case.slots) == FIRST_READERS
    held = {a: [x.assignment_id for x in hand_of(world, a)] for a in readers if hand_of(world, a)}
    assert held == {account: [slot.assignment_id] for account, slot in case.slots.items()}


def test_a_claim_of_another_worker_that_died_meanwhile_gets_its_assignment(world: World) -> None:
    for login in ("expert1", "expert2"):
        reader(world, login)
    seen = driving.assign_case(world.platform, classified_image(world, "image1"))
    assert seen is not None
    other, slot = next(iter(seen.slots.items()))
    mine = next(account for account in seen.slots if account != other)
    # What a worker sees who looked before both claims, while the other's assignment is not there.
    key = assignment_key(other, slot.assignment_id)
    table = world.platform.settings.table_labelling
    world.platform.client("dynamodb").delete_item(
        TableName=table, Key={"pk": {"S": key[0]}, "sk": {"S": key[1]}}
    )
    stale = replace(seen, state=CaseState.WAITING, slots={mine: seen.slots[mine]}, writer="before")
    driving.drive_on(world.platform, stale)
    assert [held.assignment_id for held in hand_of(world, other)] == [slot.assignment_id]


def test_a_reader_is_never_given_a_case_twice_at_once(world: World) -> None:
    account_id = reader(world, "expert1")
    image_id = classified_image(world, "image1")
    driving.assign_case(world.platform, image_id)
    for _ in range(3):
        finding.fill_hand(world.platform, account_id)
        driving.assign_case(world.platform, image_id)
    assert len(all_assignments(world, account_id)) == 1


def case_with(number: int, urgency: float) -> Case:
    return Case(
        image_id=f"image{number}",
        state=CaseState.WAITING,
        created_at=START,
        priority=urgency,
        clean_key="clean/x.jpg",
        facts=Facts(kind="dermoscopic", site="torso", age=40, sex="male"),
        excluded=frozenset(),
    )


@given(st.integers(0, 30), st.integers(0, 12), st.integers())
def test_half_of_a_hand_is_the_most_urgent_and_the_rest_is_drawn(
    waiting: int, room: int, seed: int
) -> None:
    cases = [case_with(n, n / 30) for n in range(waiting)]
    hand = half_by_urgency(cases, room, Random(seed))
    assert len(hand) == len({case.image_id for case in hand}) == min(waiting, room)
    urgent = {f"image{n}" for n in range(waiting)[::-1][: (room + 1) // 2]}
    assert urgent <= {case.image_id for case in hand} or not hand


def test_the_order_of_a_hand_does_not_betray_urgency() -> None:
    cases = [case_with(n, n / 100) for n in range(100)]
    hands = [half_by_urgency(cases, 10, Random(seed)) for seed in range(400)]
    first, last = (mean(hand[i].priority for hand in hands) for i in (0, -1))
    assert abs(first - last) < 0.06


@pytest.mark.parametrize(
    ("probabilities", "expected"),
    [
        ({"nevus": 1.0}, 0.0),
        ({"melanoma": 0.9, "nevus": 0.1}, 0.91),
        ({"melanoma": 0.5, "basal_cell_carcinoma": 0.4, "nevus": 0.1}, 0.75),
        ({"nevus": 0.4, "benign_keratosis": 0.35, "melanoma": 0.25}, 0.7),
    ],
)
def test_priority_grows_with_the_danger_of_melanoma_and_with_doubt(
    probabilities: dict[str, float], expected: float
) -> None:
    assert priority({"probabilities": probabilities}) == pytest.approx(expected)
    for unjudged in (None, {"probabilities": {"unknown": 1.0}, "reason": "no_lesion"}):
        assert priority(unjudged) == 0.5

"""A move beside other work on the same image: workers, readers, the queue, other moves, a crash."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.images.model import Filing, Kind, State
from chalicelib.images.pixels import PixelIndex
from chalicelib.images.store import ImageStore, LostStep
from chalicelib.labelling import driving, finding
from chalicelib.labelling.model import AssignmentState
from chalicelib.labelling.placing import place
from chalicelib.platform import keys
from tests.images.making import image_of, states_of
from tests.labelling.making import account_of, all_assignments, case_of, hand_of, reader
from tests.merging.clinic import MOVED, OTHER, Clinic, entry, run_sweep


def test_of_two_who_move_an_image_at_once_one_is_told(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, one, two = clinic.patient(), clinic.patient(**OTHER), clinic.patient(**OTHER)
    image_id = clinic.slot(case["lesion_id"])
    file, others = ImageStore.file, [one["lesion_id"]]

    def overtaken(store: ImageStore, *given: Any, **named: Any) -> Any:
        if others:
            assert clinic.move(image_id, others.pop(), by=clinic.doctor.colleague()).status == 200
        return file(store, *given, **named)

    monkeypatch.setattr(ImageStore, "file", overtaken)
    answer = clinic.move(image_id, two["lesion_id"])
    assert (answer.status, answer.error["code"]) == (409, "changed_meanwhile")
    assert clinic.filed(image_id) == (one["patient_id"], one["lesion_id"])


def test_an_image_pinned_between_reading_and_moving_is_moved_all_the_same(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, other = clinic.patient(), clinic.patient(**OTHER)
    image_id = clinic.slot(case["lesion_id"])
    file, pins = ImageStore.file, [1]

    def overtaken(store: ImageStore, *given: Any, **named: Any) -> Any:
        if pins and pins.pop():
            now = clinic.world.clock.now()
            store.pin(image_id, "v1", now=now, until=now + timedelta(seconds=90))
        return file(store, *given, **named)

    monkeypatch.setattr(ImageStore, "file", overtaken)
    assert clinic.move(image_id, other["lesion_id"]).status == 200
    assert clinic.filed(image_id) == (other["patient_id"], other["lesion_id"])


@pytest.mark.parametrize("kind", Kind)
def test_what_a_worker_enters_from_before_the_move_is_put_right_by_the_sweep(
    clinic: Clinic, kind: Kind
) -> None:
    wrong, right = clinic.patient(), clinic.patient(**OTHER)
    image_id = clinic.received(wrong["lesion_id"], kind)
    stale = image_of(clinic.world, image_id)
    assert clinic.move(image_id, right["lesion_id"]).status == 200
    images = ImageStore(clinic.world.platform.cases)
    PixelIndex(images.table).enter(stale, hashlib.sha256(image_id.encode()).hexdigest())
    clinic.accept(image_id)
    assert len(clinic.pixels(image_id)) == 2, "the worker's own entry is the one of before"
    assert image_of(clinic.world, image_id).following is not None
    run_sweep(clinic.world)
    assert clinic.pixels(image_id) == {entry(clinic, image_id)}
    assert clinic.unfinished() == []
    due = image_of(clinic.world, image_id).due_at
    assert (due is not None) == (kind is Kind.DERMOSCOPIC)


def test_a_classified_image_keeps_its_deadline_for_the_queue(clinic: Clinic) -> None:
    wrong, right = clinic.patient(), clinic.patient(**OTHER)
    image_id = clinic.classified(wrong["lesion_id"])
    before = image_of(clinic.world, image_id).due_at
    clinic.world.clock.advance(minutes=1)
    clinic.move(image_id, right["lesion_id"])
    clinic.move(image_id, wrong["lesion_id"])
    assert image_of(clinic.world, image_id).due_at == before is not None


def test_a_step_taken_during_a_move_leaves_the_move_due(clinic: Clinic) -> None:
    wrong, right = clinic.patient(), clinic.patient(**OTHER)
    image_id = clinic.classified(wrong["lesion_id"])
    with clinic.world.crash_after(3):  # the image's own write; nothing followed
        clinic.move(image_id, right["lesion_id"])
    driving.assign_case(clinic.world.platform, image_id)
    image = image_of(clinic.world, image_id)
    assert image.state is State.IN_LABELLING
    assert image.due_at is not None
    run_sweep(clinic.world)
    assert clinic.pixels(image_id) == {entry(clinic, image_id)}
    assert image_of(clinic.world, image_id).due_at is None
    assert states_of(image)[-1] == "in_labelling"


def test_copies_of_the_same_pixels_are_marked_by_where_they_are_now(clinic: Clinic) -> None:
    one, two = clinic.patient(), clinic.patient(**OTHER)
    here, there = clinic.lesion(one["patient_id"]), two["lesion_id"]
    first = clinic.classified(one["lesion_id"], pixels="a" * 64)
    second = clinic.received(there)
    clinic.accept(second, pixels="a" * 64, duplicate="another_patient")
    clinic.move(second, here)
    assert clinic.view(second)["duplicate"] == "same_patient"
    clinic.move(first, here)
    assert clinic.view(second)["duplicate"] == "same_lesion"
    assert clinic.view(first)["duplicate"] is None, "it was there before the other"
    clinic.move(first, there)
    assert clinic.view(second)["duplicate"] == "another_patient"


def test_readers_are_told_the_facts_of_the_right_lesion(clinic: Clinic) -> None:
    readers = [reader(clinic.world, f"expert{n}") for n in (1, 2)]
    wrong, right = clinic.patient(), clinic.patient(**OTHER)
    image_id = clinic.in_labelling(wrong["lesion_id"])
    held = [hand_of(clinic.world, account_id) for account_id in readers]
    assert clinic.move(image_id, right["lesion_id"]).status == 200
    for account_id, [before] in zip(readers, held, strict=True):
        [now] = hand_of(clinic.world, account_id)
        assert (now.facts.site, now.facts.age, now.facts.sex) == ("legs", 46, "male")
        assert replace(now, facts=before.facts) == before
    assert case_of(clinic.world, image_id).facts.site == "legs"


def known_by_a_reader(clinic: Clinic, account_id: str) -> dict[str, str]:
    """A patient whom somebody treated who is a reader by now."""
    former = replace(clinic.doctor, account_id=account_id)
    return Clinic(clinic.world, former).patient(**OTHER)


def test_a_reader_who_knows_the_patient_loses_the_case_and_another_gets_it(
    clinic: Clinic,
) -> None:
    readers = {reader(clinic.world, f"expert{n}") for n in (1, 2)}
    wrong = clinic.patient()
    image_id = clinic.in_labelling(wrong["lesion_id"])
    knows = min(readers)
    right = known_by_a_reader(clinic, knows)
    third = reader(clinic.world, "expert3")
    assert clinic.move(image_id, right["lesion_id"]).status == 200
    case = case_of(clinic.world, image_id)
    assert set(case.slots) == (readers - {knows}) | {third}
    assert knows in case.excluded
    assert hand_of(clinic.world, knows) == []
    assert [a.state for a in all_assignments(clinic.world, knows)] == [AssignmentState.EXPIRED]
    assert finding.fill_hand(clinic.world.platform, knows) == 0
    # Back again: who knew the image under the wrong patient does not get it either.
    clinic.move(image_id, wrong["lesion_id"])
    assert knows in case_of(clinic.world, image_id).excluded


@pytest.mark.parametrize("nth", range(1, 24))
def test_a_move_cut_short_after_any_call_is_finished_by_the_sweep(clinic: Clinic, nth: int) -> None:
    readers = {reader(clinic.world, f"expert{n}") for n in (1, 2)}
    wrong = clinic.patient()
    image_id = clinic.in_labelling(wrong["lesion_id"])
    knows = min(readers)
    right = known_by_a_reader(clinic, knows)
    third = reader(clinic.world, "expert3")
    with clinic.world.crash_after(nth):
        clinic.move(image_id, right["lesion_id"])
    if nth > 3:
        run_sweep(clinic.world, times=2)
    else:
        assert clinic.move(image_id, right["lesion_id"]).status == 200
    assert clinic.filed(image_id) == (right["patient_id"], right["lesion_id"])
    assert len(image_of(clinic.world, image_id).changes) == 1
    assert clinic.pixels(image_id) == {entry(clinic, image_id)}
    assert set(case_of(clinic.world, image_id).slots) == (readers - {knows}) | {third}
    assert hand_of(clinic.world, knows) == []
    for account_id in case_of(clinic.world, image_id).slots:
        [held] = hand_of(clinic.world, account_id)
        assert held.facts.site == "legs"
    assert clinic.unfinished() == []
    assert image_of(clinic.world, image_id).due_at is None


def test_a_claim_in_flight_gives_an_excluded_reader_nothing(clinic: Clinic) -> None:
    knows = reader(clinic.world, "expert1")
    wrong = clinic.patient()
    image_id = clinic.classified(wrong["lesion_id"])
    right = known_by_a_reader(clinic, knows)
    with clinic.world.crash_after(8):  # the claim is written, its assignment not yet
        driving.assign_case(clinic.world.platform, image_id)
    case = case_of(clinic.world, image_id)
    assert set(case.slots) == {knows}
    assert all_assignments(clinic.world, knows) == []
    clinic.move(image_id, right["lesion_id"])
    assert case_of(clinic.world, image_id).slots == {}
    # The worker wakes, and puts down what it claimed.
    place(clinic.world.platform, case, knows, case.slots[knows])
    assert hand_of(clinic.world, knows) == []
    seen_before = replace(case, slots={})
    assert (
        finding.claim(clinic.world.platform, seen_before, account_of(clinic.world, knows)).slots
        == {}
    )


def test_an_image_moved_while_its_case_is_opened_is_read_under_the_new_facts(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    knows, other = (reader(clinic.world, f"expert{n}") for n in (1, 2))
    wrong = clinic.patient()
    image_id = clinic.classified(wrong["lesion_id"])
    right = known_by_a_reader(clinic, knows)
    step, moves = ImageStore.step, [1]

    def overtaken(store: ImageStore, *given: Any, **named: Any) -> Any:
        if moves and moves.pop():
            ImageStore.file(
                store,
                image_of(clinic.world, image_id),
                _filing(clinic, image_id, right),
                now=clinic.world.clock.now(),
            )
        return step(store, *given, **named)

    monkeypatch.setattr(ImageStore, "step", overtaken)
    driving.assign_case(clinic.world.platform, image_id)
    case = case_of(clinic.world, image_id)
    assert (case.facts.site, set(case.slots)) == ("legs", {other})


def _filing(clinic: Clinic, image_id: str, right: dict[str, str]) -> Filing:
    image = image_of(clinic.world, image_id)
    known = (*image.subject.treated_by, *reader_ids(clinic, right))
    return Filing(
        lesion_id=right["lesion_id"],
        patient_id=right["patient_id"],
        subject=replace(image.subject, site="legs", treated_by=known),
        change={"at": "", "by": "doctor1", "what": "moved", "reason": MOVED}
        | {"was": {"lesion_id": image.lesion_id, "patient_id": image.patient_id}},
    )


def reader_ids(clinic: Clinic, case: dict[str, str]) -> set[str]:
    lesion = clinic.world.platform.cases.get(keys.lesion(case["lesion_id"]))
    assert lesion is not None
    return {str(lesion["created_by"])}


def test_settling_an_image_that_was_moved_again_is_refused(clinic: Clinic) -> None:
    case, other = clinic.patient(), clinic.patient(**OTHER)
    image_id = clinic.classified(case["lesion_id"])
    with clinic.world.crash_after(3):
        clinic.move(image_id, other["lesion_id"])
    first = image_of(clinic.world, image_id)
    with clinic.world.crash_after(3):
        clinic.move(image_id, case["lesion_id"])
    with pytest.raises(LostStep):
        ImageStore(clinic.world.platform.cases).settle(first)

"""Which question comes first, and what happens when nobody answers in time."""

from datetime import timedelta
from typing import Any

from boto3.dynamodb.conditions import Key as Where

from chalicelib.advice import service
from chalicelib.advice.model import MOST_REMINDERS
from chalicelib.platform import keys
from chalicelib.platform.due import SHARDS
from chalicelib.sweep import sweep
from tests.patients.asking import Client
from tests.pocket.questioning import answer, no_model, told, waiting
from tests.pocket.visiting import Patient
from tests.world import START, World


def test_the_most_urgent_comes_first_and_an_overdue_one_before_it(
    doctor: Client, patient: Patient, lesion_id: str, image_id: str
) -> None:
    world, asked = doctor.world, {}
    for name, said in {
        "calm": {},
        "unknown": {"growth": "unknown"},
        "urgent": {"growth": "yes"},
    }.items():
        asked[name] = patient.question(lesion_id, image_id, **said).body["question_id"]
        world.clock.advance(minutes=1)
    by_id = {question_id: name for name, question_id in asked.items()}
    assert [by_id[one["question_id"]] for one in waiting(doctor)] == ["urgent", "unknown", "calm"]
    world.clock.moment = START + timedelta(days=3)
    sweep(world.platform, no_model, trace="t")
    listed = waiting(doctor)
    assert [by_id[one["question_id"]] for one in listed] == ["calm", "urgent", "unknown"]
    assert [one["overdue"] for one in listed] == [True, False, False]


def test_an_overdue_answer_is_told_of_each_day_for_two_weeks_and_no_longer(
    doctor: Client, patient: Patient, lesion_id: str, image_id: str
) -> None:
    world = doctor.world
    question_id = patient.question(lesion_id, image_id).body["question_id"]
    world.clock.advance(days=2, hours=23)
    sweep(world.platform, no_model, trace="t")
    assert told(world) == []
    days = 0
    for _ in range(20):
        world.clock.advance(days=1)
        for _ in range(2):
            sweep(world.platform, no_model, trace="t")
        days += len(told(world))
    assert days == MOST_REMINDERS
    [listed] = waiting(doctor)
    assert listed["overdue"]
    item = world.platform.cases.get(keys.question(question_id))
    assert item is not None
    assert "due_at" not in item
    assert answer(doctor, question_id).status == 201


def test_a_sweep_that_dies_while_it_reminds_does_so_again(
    doctor: Client, patient: Patient, lesion_id: str, image_id: str
) -> None:
    world = doctor.world
    patient.question(lesion_id, image_id)
    world.clock.advance(days=3)
    item = next(iter(doctor.world.platform.cases.query_all(_due(world), index="due")))
    for calls in (1, 2):
        with world.crash_after(calls):
            service.remind(world.platform, item)
    service.remind(world.platform, item)
    assert len(told(world)) >= 1
    assert sweep(world.platform, no_model, trace="t") == 0


def _due(world: World) -> Any:
    shards = [f"due#{number}" for number in range(SHARDS)]
    full = [
        shard
        for shard in shards
        if world.platform.cases.query(Where("due_shard").eq(shard), index="due").items
    ]
    return Where("due_shard").eq(full[0])

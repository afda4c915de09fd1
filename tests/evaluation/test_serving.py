"""Units one by one: the clock, one answer each, and nothing that tells of labels."""

import json
import re
from typing import Any

import pytest

from chalicelib.evaluation.hidden import order_of, units
from chalicelib.evaluation.model import RunState
from chalicelib.evaluation.store import EvaluationStore
from tests.evaluation.hidden_sets import DEFECT, MELANOMA, NEVUS, plan, publish, withdraw
from tests.evaluation.taking import (
    GOOD,
    REFUSED,
    Reporting,
    answer,
    answer_rest,
    begun,
    evaluation_of,
    messages,
    next_unit,
    registered,
    view,
)
from tests.patients.asking import Client
from tests.world import World


@pytest.fixture
def evaluation_id(vendor: Client, functional: str) -> str:
    return begun(vendor, registered(vendor), functional)


def test_a_unit_asked_for_again_is_the_same_and_its_clock_runs_on(
    world: World, vendor: Client, evaluation_id: str
) -> None:
    first = next_unit(vendor, evaluation_id).body
    assert (first["number"], first["of"], first["content_type"]) == (1, 3, "image/jpeg")
    world.clock.advance(seconds=30)
    again = next_unit(vendor, evaluation_id).body
    assert {**again, "image_url": ""} == {**first, "image_url": ""}
    world.clock.advance(seconds=12)
    taken = answer(vendor, evaluation_id, first["unit_id"], GOOD)
    assert taken.body == {"unit_id": first["unit_id"], "number": 1, "of": 3, "seconds": 42}
    # A double click, and the same again after others: the clock has stopped.
    world.clock.advance(seconds=99)
    assert answer(vendor, evaluation_id, first["unit_id"], GOOD).body == taken.body
    second = next_unit(vendor, evaluation_id).body
    assert second["number"] == 2
    assert second["unit_id"] != first["unit_id"]
    assert answer(vendor, evaluation_id, first["unit_id"], GOOD).body == taken.body
    other = answer(vendor, evaluation_id, first["unit_id"], REFUSED)
    assert (other.status, other.error["code"]) == (409, "answered_already")
    assert next_unit(vendor, evaluation_id).body["unit_id"] == second["unit_id"]


def test_calls_to_aws_stay_within_budget_and_the_last_answer_asks_for_the_report(
    world: World, vendor: Client, evaluation_id: str
) -> None:
    for _ in range(3):
        with world.counted() as calls:
            unit_id = next_unit(vendor, evaluation_id).body["unit_id"]
        assert calls.total() <= 6, calls
        with world.counted() as calls:
            next_unit(vendor, evaluation_id)
        assert calls.total() <= 4, calls
        with world.counted() as calls:
            assert answer(vendor, evaluation_id, unit_id, GOOD).status == 200
        assert calls.total() <= 5, calls
    assert messages(world) == [{"evaluation_id": evaluation_id}]
    found = view(vendor, evaluation_id)
    assert (found["state"], found["answered"]) == ("computing", 3)
    # No score before the run is complete.
    assert (found["report"], found["reports"]) == (None, [])


def test_two_workers_who_ask_at_once_get_the_same_unit(
    world: World, vendor: Client, evaluation_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve, others = EvaluationStore.serve, list[Any]()

    def overtaken(self: EvaluationStore, *given: Any) -> Any:
        if not others:
            others.append(None)
            others.append(next_unit(vendor, evaluation_id).body)
            world.clock.advance(seconds=5)
        return serve(self, *given)

    monkeypatch.setattr(EvaluationStore, "serve", overtaken)
    mine = next_unit(vendor, evaluation_id).body
    assert (mine["unit_id"], mine["started_at"]) == (others[1]["unit_id"], others[1]["started_at"])


def test_an_answer_cut_short_after_any_call_counts_once(world: World, vendor: Client) -> None:
    publish(world, "DS", [NEVUS, MELANOMA], plan())
    for calls in (2, 3, 4):
        evaluation_id = begun(vendor, registered(vendor, version=str(calls)), "DS")
        unit_id = next_unit(vendor, evaluation_id).body["unit_id"]
        assert answer(vendor, evaluation_id, unit_id, GOOD).status == 200
        unit_id = next_unit(vendor, evaluation_id).body["unit_id"]
        with world.crash_after(calls):
            answer(vendor, evaluation_id, unit_id, GOOD)
        # The vendor asks for the next one, gets the same or is told that it was the last, and then
        # answers otherwise: that counts only where the first answer was not kept.
        given = next_unit(vendor, evaluation_id)
        assert given.status == 409 or given.body["unit_id"] == unit_id
        retried = answer(vendor, evaluation_id, unit_id, REFUSED)
        assert retried.status in (200, 409)
        kept = EvaluationStore(world.platform.catalogue).answered(evaluation_id, unit_id)
        assert kept is not None
        assert kept[0].refused is (retried.status == 200)
        found = evaluation_of(world, evaluation_id)
        assert (found.answered, found.state) == (2, RunState.COMPUTING)


def test_nothing_a_vendor_is_told_depends_on_labels(world: World, vendor: Client) -> None:
    """Two sets that differ in their labels alone, the same answers: the same words, times and calls."""
    told = []
    sets = ([MELANOMA, NEVUS, DEFECT, NEVUS], [NEVUS, DEFECT, MELANOMA, MELANOMA])
    images = [f"image{n}" for n in range(4)]
    for number, diagnoses in enumerate(sets):
        labels = dict(zip(images, diagnoses, strict=True))
        publish(world, f"SET{number}", labels, plan())
        algorithm_id = registered(vendor, version=str(number))
        evaluation_id = begun(vendor, algorithm_id, f"SET{number}")
        told.append(_everything_told(world, vendor, evaluation_id))
    assert told[0] == told[1]
    for word in (MELANOMA, "malignant", DEFECT, "image0", "clean/", "release-"):
        assert word not in told[0].replace('"probabilities.melanoma"', "")


def _everything_told(world: World, vendor: Client, evaluation_id: str) -> str:
    """All answers of a whole run, bad requests among them, with ids and times taken out."""
    wrong = {"probabilities": {"melanoma": 0.9, "nevus": 0.9}}
    told: list[Any] = []
    began = world.clock.now()
    while (given := next_unit(vendor, evaluation_id)).status == 200:
        told.append(given.body)
        unit_id = given.body["unit_id"]
        for sent in (wrong, {"probabilities": {"nevus": 1}}, GOOD, REFUSED):
            world.clock.advance(seconds=1)
            with world.counted() as calls:
                answered = answer(vendor, evaluation_id, unit_id, sent)
            told.append([answered.status, answered.body, sorted(calls.items())])
    told += [given.body, view(vendor, evaluation_id)]
    text = json.dumps(told)
    for name in ("unit_id", "image_url", "request_id", "evaluation_id", "algorithm_id"):
        text = re.sub(rf'"{name}": "[^"]+"', f'"{name}": ""', text)
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "", text)
    assert (world.clock.now() - began).total_seconds() == 16
    return re.sub(r'"dataset": "SET\d"|"version": "\d[^"]*"', "", text)


def test_a_unit_whose_image_is_taken_back_is_passed_over_and_left_out(
    world: World, vendor: Client
) -> None:
    """Bad input 22: consent withdrawn in the middle of an evaluation."""
    labels = {f"image{n}": (MELANOMA, NEVUS)[n % 2] for n in range(6)}
    publish(world, "DS", labels, plan())
    evaluation_id = begun(vendor, registered(vendor), "DS")
    first, answered = _given(world, vendor, evaluation_id)
    assert answer(vendor, evaluation_id, first["unit_id"], GOOD).status == 200
    withdraw(world, answered)  # answered already: left out of the report
    second, under_way = _given(world, vendor, evaluation_id)
    withdraw(world, under_way)  # given out: another one comes in its place
    third, following = _given(world, vendor, evaluation_id)
    assert (third["number"], third["unit_id"] != second["unit_id"]) == (2, True)
    late = answer(vendor, evaluation_id, second["unit_id"], GOOD)
    assert (late.status, late.error["code"]) == (409, "unit_not_given")
    gone = {answered, under_way}
    ahead = next(name for name in labels if name not in gone | {following})
    withdraw(world, ahead)  # not yet given out: never comes
    assert answer_rest(vendor, evaluation_id) == 3
    found = view(vendor, evaluation_id)
    assert (found["answered"], found["withdrawn"], found["state"]) == (4, 2, "computing")
    reporting = Reporting()
    reporting.compute(world, evaluation_id)
    tested = [unit.unit_id for unit in reporting.given["units"]]
    assert sorted(tested) == sorted(f"release-DS-1.0.0-{i}" for i in set(labels) - gone - {ahead})
    assert all(unit.seconds == 2 for unit in reporting.given["units"])
    assert view(vendor, evaluation_id)["report"]["withdrawn"] == 3


def test_a_test_whose_images_are_all_taken_back_ends_without_a_report(
    world: World, vendor: Client, functional: str
) -> None:
    evaluation_id = begun(vendor, registered(vendor), functional)
    for n in range(3):
        withdraw(world, f"{functional}-{n}")
    assert next_unit(vendor, evaluation_id).error["code"] == "all_answered"
    Reporting().compute(world, evaluation_id)
    found = view(vendor, evaluation_id)
    assert (found["state"], found["report"], found["answered"]) == ("expired", None, 0)


def _given(world: World, vendor: Client, evaluation_id: str) -> tuple[dict[str, Any], str]:
    """The unit that is given out, and the image that it shows."""
    given = next_unit(vendor, evaluation_id).body
    order = order_of(world.platform, evaluation_id, units(world.platform, "release-DS-1.0.0"))
    [image_id] = [one.unit.image_id for one in order if one.unit_id == given["unit_id"]]
    return given, image_id


def test_a_foreign_test_is_as_if_it_were_missing(
    vendor: Client, curator: Client, evaluation_id: str
) -> None:
    rival = vendor.stranger()
    for asked in (evaluation_id, "nobodys"):
        answers = [
            next_unit(rival, asked),
            answer(rival, asked, "x", GOOD),
            rival.ask("GET", "/v1/evaluations/{evaluation_id}", evaluation_id=asked),
            rival.ask("GET", "/v1/evaluations/{evaluation_id}/units", evaluation_id=asked),
        ]
        assert {(one.status, one.error["code"]) for one in answers} == {(404, "not_found")}
    assert next_unit(curator, evaluation_id).status == 403
    unknown = answer(vendor, evaluation_id, "nobodys", GOOD)
    assert (unknown.status, unknown.error["code"]) == (409, "unit_not_given")

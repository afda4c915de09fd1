"""A results file for the whole set: taken as a whole or not at all."""

from typing import Any

import pytest

from chalicelib.evaluation.model import Mode
from tests.asking import Answered
from tests.evaluation.hidden_sets import withdraw
from tests.evaluation.taking import (
    GOOD,
    ONE,
    REFUSED,
    Reporting,
    answer,
    begun,
    evaluation_of,
    listed,
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


def send(vendor: Client, evaluation_id: str, results: list[Any]) -> Answered:
    body = {"results": results}
    return vendor.ask("POST", f"{ONE}/results-file", body, evaluation_id=evaluation_id)


def test_a_file_is_taken_whole_once_and_proves_no_time(
    world: World, vendor: Client, evaluation_id: str
) -> None:
    early = send(vendor, evaluation_id, [{"unit_id": "x", **GOOD}])
    assert (early.status, early.error["code"]) == (409, "units_not_listed")
    unit_id = next_unit(vendor, evaluation_id).body["unit_id"]
    units = listed(vendor, evaluation_id)
    assert len(units) == 3
    assert unit_id in {unit["unit_id"] for unit in units}
    assert next_unit(vendor, evaluation_id).error["code"] == "file_mode"
    assert answer(vendor, evaluation_id, unit_id, GOOD).error["code"] == "file_mode"
    results = [{"unit_id": unit["unit_id"], **GOOD} for unit in units]
    bad = send(vendor, evaluation_id, [*results[:2], {"unit_id": "stranger", **GOOD}])
    missing = units[2]["unit_id"]
    assert bad.status == 422
    assert set(bad.error["fields"]) == {"results.2.unit_id", f"missing.{missing}"}
    assert evaluation_of(world, evaluation_id).results is None
    results[1] = {"unit_id": units[1]["unit_id"], **REFUSED}
    taken = send(vendor, evaluation_id, results)
    assert taken.body == {"evaluation_id": evaluation_id, "results": 3, "of": 3}
    assert messages(world) == [{"evaluation_id": evaluation_id}]
    assert send(vendor, evaluation_id, results).body == taken.body
    other = send(vendor, evaluation_id, results[::-1])
    assert (other.status, other.error["code"]) == (409, "results_taken")
    reporting = Reporting()
    reporting.compute(world, evaluation_id)
    assert {unit.seconds for unit in reporting.given["units"]} == {None}
    assert sum(unit.refused for unit in reporting.given["units"]) == 1
    assert view(vendor, evaluation_id)["mode"] == "file"


def test_not_a_number_is_no_result(vendor: Client, evaluation_id: str) -> None:
    unit = listed(vendor, evaluation_id)[0]["unit_id"]
    raw = f'{{"results": [{{"unit_id": "{unit}", "probabilities": {{"nevus": NaN}}}}]}}'
    refused = vendor.ask("POST", f"{ONE}/results-file", raw, evaluation_id=evaluation_id)
    assert (refused.status, refused.error["code"]) == (400, "not_json")


def test_a_withdrawn_unit_is_not_listed_and_not_wanted(
    world: World, vendor: Client, evaluation_id: str, functional: str
) -> None:
    withdraw(world, f"{functional}-0")
    units = listed(vendor, evaluation_id)
    assert len(units) == 2
    withdraw(world, f"{functional}-1")  # it was listed: its result may come, and is left out
    results = [{"unit_id": unit["unit_id"], **GOOD} for unit in units]
    assert send(vendor, evaluation_id, results).status == 200
    reporting = Reporting()
    reporting.compute(world, evaluation_id)
    assert [unit.unit_id for unit in reporting.given["units"]] == [
        f"release-{functional}-1.0.0-{functional}-2"
    ]


def test_a_page_listed_again_copies_nothing_again(
    world: World, vendor: Client, evaluation_id: str
) -> None:
    before = listed(vendor, evaluation_id)
    with world.counted() as calls:
        again = listed(vendor, evaluation_id)
    assert calls["s3.CopyObject"] == 0
    assert [unit["unit_id"] for unit in again] == [unit["unit_id"] for unit in before]
    assert evaluation_of(world, evaluation_id).mode is Mode.FILE

"""Tests of AI services through the entry points of the functions.

Hidden sets stand there as releases of them leave them. What a report reckons is no matter of rights.
"""

from typing import Any, Final

from tests.evaluation.hidden_sets import DEFECT, MELANOMA, NEVUS, plan, publish
from tests.evaluation.taking import (
    ALGORITHM,
    GOOD,
    ONE,
    REFUSED,
    answer,
    begin,
    begun,
    evaluation_of,
    listed,
    next_unit,
    view,
)
from tests.infra.daily_scenes import done, refused
from tests.infra.whole_life import Life

FUNCTIONAL: Final = "DS_FT-I"
CALIBRATION: Final = "DS_CT-I"
OWN: Final = {**ALGORITHM, "model_sha256": "0" * 64}


def tests_are_taken(life: Life) -> None:
    """One by one and by a file, by a model of the platform's own; requests die on the way."""
    vendor, curator = life.vendor, life.curator
    publish(life.world, FUNCTIONAL, [MELANOMA, NEVUS, DEFECT], plan())
    publish(life.world, CALIBRATION, [MELANOMA, NEVUS], plan("clinical_test"))
    for _ in range(2):
        own = done(vendor.ask("POST", "/v1/algorithms", OWN, key="own"))["algorithm_id"]
    for person in (vendor, curator):
        done(person.ask("GET", "/v1/algorithms"))
        done(person.ask("GET", "/v1/algorithms/{algorithm_id}", algorithm_id=own))
    _one_by_one(life, own, FUNCTIONAL, "FT-I")
    passed = _one_by_one(life, own, CALIBRATION, "KlT-I")
    assert view(vendor, passed)["report"]["verdict"]["passed"]
    for person in (vendor, curator):
        done(person.ask("GET", "/v1/evaluations", query={"dataset": CALIBRATION}))
    other = done(vendor.ask("POST", "/v1/algorithms", _named("Another")))["algorithm_id"]
    by_file = done(begin(vendor, other, FUNCTIONAL, key="file"))["evaluation_id"]
    assert done(begin(vendor, other, FUNCTIONAL, key="file"))["evaluation_id"] == by_file
    results = [{"unit_id": one["unit_id"], **GOOD} for one in listed(vendor, by_file)]
    for _ in range(2):
        done(_file(life, by_file, results))
    life.reports()
    # Whether this set has an image of one whose labels were told is asked of both.
    publish(
        life.world, "DS_CT-2", {f"{CALIBRATION}-0": MELANOMA, "n": NEVUS}, plan("clinical_test")
    )
    refused(begin(vendor, other, "DS_CT-2", "KlT-I"), "labels_told")


def reports_are_computed_again(life: Life) -> None:
    """With labels of a newer release; the message of one is lost."""
    [found] = done(life.curator.ask("GET", "/v1/evaluations", query={"dataset": CALIBRATION}))[
        "items"
    ]
    evaluation_id = found["evaluation_id"]
    labels = {f"{CALIBRATION}-{n}": NEVUS for n in range(2)}
    publish(life.world, CALIBRATION, labels, plan("clinical_test"), version="1.1.0")
    for _ in range(2):
        done(life.curator.ask("POST", f"{ONE}/rerun", evaluation_id=evaluation_id))
    life.lost_reports()
    life.sweep(minutes=30)
    life.reports()
    assert len(view(life.curator, evaluation_id)["reports"]) == 2


def tests_are_left_unfinished(life: Life) -> None:
    """By a vendor whose requests died at each step, and for good."""
    vendor = life.vendor
    left = done(vendor.ask("POST", "/v1/algorithms", _named("A third")))["algorithm_id"]
    for calls in (3, 9):
        with life.recorder.dies_after(calls):
            begin(vendor, left, FUNCTIONAL, key="left")
    evaluation_id = done(begin(vendor, left, FUNCTIONAL, key="left"))["evaluation_id"]
    for calls in (3, 4, 5):
        with life.recorder.dies_after(calls):
            next_unit(vendor, evaluation_id)
    unit_id = done(next_unit(vendor, evaluation_id))["unit_id"]
    for calls in (2, 3):
        with life.recorder.dies_after(calls):
            answer(vendor, evaluation_id, unit_id, GOOD)
    refused(answer(vendor, evaluation_id, unit_id, REFUSED), "answered_already")
    life.sweep(days=8)
    assert evaluation_of(life.world, evaluation_id).state == "expired"


def images_are_erased_from_tests(life: Life) -> None:
    """With the copies that were shown; at once, by the sweep, and a whole set before its report is
    computed again."""
    path, body = "/v1/images/{image_id}", {"reason": "Another patient's"}
    for number, calls in enumerate((None, 3)):
        with life.recorder.dies_after(calls):
            life.curator.ask("DELETE", path, body, image_id=f"{FUNCTIONAL}-{number}")
        life.sweep(minutes=10)
    [found] = done(life.curator.ask("GET", "/v1/evaluations", query={"dataset": CALIBRATION}))[
        "items"
    ]
    evaluation_id = found["evaluation_id"]
    releases = life.world.platform.releases
    with life.recorder.by_others():
        releases.erase(releases.versions_under(f"private/release-{CALIBRATION}-1.0.0/units"))
    done(life.curator.ask("POST", f"{ONE}/rerun", evaluation_id=evaluation_id))
    life.reports()


def _one_by_one(life: Life, algorithm_id: str, code: str, test: str) -> str:
    vendor = life.vendor
    evaluation_id = begun(vendor, algorithm_id, code, test)
    while (given := next_unit(vendor, evaluation_id)).status == 200:
        next_unit(vendor, evaluation_id)
        life.world.clock.advance(seconds=1)
        for _ in range(2):
            done(answer(vendor, evaluation_id, given.body["unit_id"], GOOD))
    life.reports()
    return evaluation_id


def _file(life: Life, evaluation_id: str, results: list[dict[str, Any]]) -> Any:
    body = {"results": results}
    return life.vendor.ask("POST", f"{ONE}/results-file", body, evaluation_id=evaluation_id)


def _named(name: str) -> dict[str, Any]:
    return {**ALGORITHM, "name": name}

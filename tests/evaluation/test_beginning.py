"""Algorithms are registered and tests begun over HTTP: whose they are, on which set, how many."""

from typing import Any

import pytest

from chalicelib.evaluation import hidden, runs
from chalicelib.evaluation.model import RUNS_A_MONTH, Outcome, Run, Test, Vendor
from chalicelib.evaluation.store import EvaluationStore
from chalicelib.evaluation.vendor_store import VendorStore
from chalicelib.platform import keys
from tests.evaluation.hidden_sets import MELANOMA, NEVUS, plan, publish
from tests.evaluation.taking import (
    ALGORITHM,
    begin,
    begun,
    evaluation_of,
    registered,
    taken,
)
from tests.patients.asking import Client
from tests.world import World


def test_an_algorithm_is_its_vendors_and_a_curators_and_is_shown_as_registered(
    world: World, vendor: Client, curator: Client
) -> None:
    first = vendor.ask("POST", "/v1/algorithms", ALGORITHM, key="k")
    assert vendor.ask("POST", "/v1/algorithms", ALGORITHM, key="k").body == first.body
    other = vendor.ask("POST", "/v1/algorithms", {**ALGORITHM, "version": "2"}, key="k")
    assert (other.status, other.error["code"]) == (409, "idempotency_conflict")
    assert {name: first.body[name] for name in ALGORITHM} == {
        **ALGORITHM,
        "claimed": {**ALGORITHM["claimed"], "seconds": None, "by_class": {}},
    }
    world.clock.advance(seconds=1)
    second = registered(vendor, version="2")
    rival = vendor.stranger()
    third = registered(rival)
    one = {"algorithm_id": first.body["algorithm_id"]}
    path = "/v1/algorithms/{algorithm_id}"
    assert vendor.ask("GET", path, **one).body == first.body
    assert curator.ask("GET", path, **one).status == 200
    foreign, missing = (rival.ask("GET", path, algorithm_id=i) for i in (second, "nobodys"))
    assert (foreign.status, foreign.error) == (missing.status, missing.error)
    assert foreign.status == 404

    def listed(person: Client) -> list[str]:
        ids: list[str] = []
        cursor: str | None = ""
        while cursor is not None:
            query = {"limit": "1"} | ({"cursor": cursor} if cursor else {})
            page = person.ask("GET", "/v1/algorithms", query=query).body
            ids += [each["algorithm_id"] for each in page["items"]]
            cursor = page["next"]
        return ids

    assert listed(vendor) == [second, one["algorithm_id"]]
    assert listed(rival) == [third]
    assert sorted(listed(curator)) == sorted([second, third, one["algorithm_id"]])


def test_an_algorithm_that_contradicts_itself_is_refused(vendor: Client) -> None:
    contradictions: list[dict[str, Any]] = [
        {"positive": ["dermatofibroma"]},
        {"positive": ["melanoma", "nevus"]},
        {"classes": ["melanoma", "melanoma"]},
        {"claimed": {**ALGORITHM["claimed"], "by_class": {"dermatofibroma": 0.9}}},
    ]
    for changes in contradictions:
        assert vendor.ask("POST", "/v1/algorithms", {**ALGORITHM, **changes}).status == 422


def test_a_test_begins_once_and_says_how_many_units_and_until_when(
    world: World, vendor: Client, functional: str
) -> None:
    algorithm_id = registered(vendor)
    with world.counted() as calls:
        first = begin(vendor, algorithm_id, functional, key="k")
    assert calls.total() <= 10, calls
    assert first.body == {
        "evaluation_id": first.body["evaluation_id"],
        "units": 3,
        "deadline": "2026-03-09T09:00:00.000000Z",
        "state": "open",
    }
    world.clock.advance(minutes=5)
    with world.counted() as calls:
        assert begin(vendor, algorithm_id, functional, key="k").body == first.body
    assert calls.total() <= 2
    other = begin(vendor, algorithm_id, functional, "FT-II", key="k")
    assert (other.status, other.error["code"]) == (409, "idempotency_conflict")
    again = begin(vendor, algorithm_id, functional)
    assert (again.status, again.error["code"]) == (409, "run_open")
    assert begin(vendor.stranger(), algorithm_id, functional).status == 404


def test_only_the_newest_published_hidden_set_of_the_tests_purpose_will_do(
    world: World,
    vendor: Client,
    functional: str,
    calibration: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    publish(world, "PUBLIC", [NEVUS], plan(access="public"))
    publish(world, "GONE", [NEVUS], plan(), state="taken_down")
    algorithm_id = registered(vendor)
    for code in ("PUBLIC", "GONE", "NOBODYS"):
        refused = begin(vendor, algorithm_id, code)
        assert (refused.status, set(refused.error["fields"])) == (422, {"dataset"})
    for code, test in ((calibration, "FT-I"), (functional, "KlT-I"), (functional, "FT-II")):
        refused = begin(vendor, algorithm_id, code, test)
        assert (refused.status, refused.error["code"]) == (409, "wrong_set")
    publish(world, functional, {"a": NEVUS, "b": MELANOMA}, plan(), version="1.10.0")
    publish(world, functional, {"a": NEVUS}, plan(), version="1.9.0")
    publish(world, functional, {"a": NEVUS}, plan(), version="2.0.0", state="deprecated")
    with monkeypatch.context() as smaller:
        smaller.setattr(runs, "MOST_UNITS", 1)
        assert begin(vendor, algorithm_id, functional).error["code"] == "set_too_large"
    assert begin(vendor, algorithm_id, functional).body["units"] == 2


def test_the_set_must_ask_what_the_algorithm_claims_to_tell(
    vendor: Client, functional: str
) -> None:
    for classes, positive, expected in (
        (["melanoma", "dermatofibroma"], ["melanoma"], "cannot_tell"),
        (["actinic_keratosis", "nevus"], ["actinic_keratosis"], "cannot_tell"),
        (["basal_cell_carcinoma", "melanoma", "nevus"], ["melanoma"], "other_task"),
        (["melanoma", "nevus", "benign_keratosis"], ["melanoma", "benign_keratosis"], "other_task"),
    ):
        algorithm_id = registered(vendor, classes=classes, positive=positive)
        refused = begin(vendor, algorithm_id, functional)
        assert (refused.status, refused.error["code"]) == (409, expected)


def test_from_a_failed_first_test_to_a_repeated_one_on_another_set(
    world: World, vendor: Client, functional: str, calibration: str
) -> None:
    repeated = plan("clinical_test", repeated=True)
    shared = {"DS_CT-I-0": MELANOMA, "other": NEVUS}
    publish(world, "SHARING", shared, repeated)
    publish(world, "FRESH", [MELANOMA, NEVUS], repeated)
    first = registered(vendor)
    assert begin(vendor, first, calibration, "KlT-I").error["code"] == "functional_first"
    taken(vendor, first, functional)
    assert begin(vendor, first, "FRESH", "KlT-II").error["code"] == "nothing_to_repeat"
    taken(vendor, first, calibration, "KlT-I", passes=False)
    assert begin(vendor, first, calibration, "KlT-I").error["code"] == "take_repeated"
    renamed = registered(vendor, name="Another reader")
    taken(vendor, renamed, functional)
    assert begin(vendor, renamed, calibration, "KlT-I").error["code"] == "labels_told"
    repaired = registered(vendor, version="1.1")
    taken(vendor, repaired, functional)
    assert begin(vendor, repaired, "SHARING", "KlT-II").error["code"] == "set_seen"
    taken(vendor, repaired, "FRESH", "KlT-II", passes=False)
    another = registered(vendor, version="1.2")
    taken(vendor, another, functional)
    assert begin(vendor, another, "FRESH", "KlT-II").error["code"] == "set_seen"


def test_of_eight_requests_at_once_no_more_begin_than_the_month_has_room_for(
    world: World, vendor: Client, functional: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, racers = 3, [registered(vendor, version=str(n)) for n in range(8)]
    _begin_elsewhere(world, RUNS_A_MONTH - room)
    statuses = _racing(vendor, [(one, functional) for one in racers], monkeypatch)
    assert sorted(statuses) == [201] * room + [429] * (8 - room)
    runs_of = VendorStore(world.platform.catalogue).get(vendor.account_id).runs
    assert len(runs_of) == RUNS_A_MONTH


def test_of_eight_requests_at_once_an_algorithm_has_one_open_test(
    world: World, vendor: Client, functional: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    algorithm_id = registered(vendor)
    statuses = _racing(vendor, [(algorithm_id, functional)] * 8, monkeypatch)
    assert sorted(statuses) == [201] + [409] * 7


def test_a_request_that_died_before_its_test_was_written_takes_no_place_for_long(
    world: World, vendor: Client, functional: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    algorithm_id = registered(vendor)

    def died(*_: Any) -> None:
        raise OSError

    with monkeypatch.context() as broken:
        broken.setattr(EvaluationStore, "create", died)
        assert begin(vendor, algorithm_id, functional, key="k").status == 500
    assert begin(vendor, algorithm_id, functional).error["code"] == "run_open"
    # Its own repetition goes on where it died, also when another release was published meanwhile.
    publish(world, functional, {"a": NEVUS}, plan(), version="1.1.0")
    other = begin(vendor, algorithm_id, functional, "FT-II", key="k")
    assert (other.status, other.error["code"]) == (409, "wrong_set")
    assert begin(vendor, algorithm_id, functional, key="k").body["units"] == 3
    [run] = VendorStore(world.platform.catalogue).get("vendor1").runs.values()
    assert run.release_id == evaluation_of(world, run.evaluation_id).release_id
    page = vendor.ask("GET", "/v1/evaluations").body
    assert len(page["items"]) == 1


def test_lists_have_own_tests_only_and_a_curator_filters_all_of_them(
    world: World, vendor: Client, curator: Client, functional: str, calibration: str
) -> None:
    algorithm_id, rival = registered(vendor), vendor.stranger()
    first = taken(vendor, algorithm_id, functional)
    world.clock.advance(seconds=1)
    second = begun(vendor, algorithm_id, calibration, "KlT-I")
    other = begun(rival, registered(rival), functional)

    def listed(person: Client, **query: str) -> list[str]:
        ids: list[str] = []
        cursor: str | None = ""
        while cursor is not None:
            asked = {"limit": "1", **query} | ({"cursor": cursor} if cursor else {})
            page = person.ask("GET", "/v1/evaluations", query=asked).body
            ids += [each["evaluation_id"] for each in page["items"]]
            cursor = page["next"]
        return ids

    assert listed(vendor) == [second, first]
    assert listed(rival) == [other]
    assert sorted(listed(curator)) == sorted([first, second, other])
    assert sorted(listed(curator, dataset=functional)) == sorted([first, other])
    assert listed(curator, algorithm_id=algorithm_id, dataset=calibration) == [second]
    with world.counted() as calls:
        vendor.ask("GET", "/v1/evaluations")
    assert calls.total() <= 3, calls


def test_units_come_in_an_order_of_each_tests_own(world: World, vendor: Client) -> None:
    publish(world, "DS", [NEVUS] * 12, plan())
    orders = []
    for version in "12":
        evaluation_id = begun(vendor, registered(vendor, version=version), "DS")
        units = hidden.units(world.platform, "release-DS-1.0.0")
        order = hidden.order_of(world.platform, evaluation_id, units)
        orders.append([one.unit.image_id for one in order])
        left = [one for one in order if one.unit.image_id != "DS-3"]
        rest = hidden.order_of(world.platform, evaluation_id, [one.unit for one in left])
        assert rest == left  # whatever goes meanwhile
    assert orders[0] != orders[1] != sorted(orders[0])
    assert sorted(orders[0]) == sorted(orders[1])


def _begin_elsewhere(world: World, number: int) -> None:
    """Tests of the vendor, begun and ended this month."""
    ended = {
        f"r{n}": Run(
            evaluation_id=f"r{n}",
            algorithm_id=f"x{n}",
            service=f"s{n}",
            test=Test.FT_I,
            code="X",
            version="1.0.0",
            release_id=f"x{n}",
            begun_at=world.clock.now(),
            outcome=Outcome.PASSED,
        )
        for n in range(number)
    }

    def enter(vendor: Vendor) -> Vendor:
        return Vendor(vendor_id=vendor.vendor_id, algorithms=vendor.algorithms, runs=ended)

    VendorStore(world.platform.catalogue).change("vendor1", enter)
    assert world.platform.catalogue.get(keys.vendor("vendor1")) is not None


def _racing(
    vendor: Client, wanted: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> list[int]:
    """The statuses of requests each of which decides, and then waits for all after it to finish."""
    statuses: list[int] = []
    waiting = list(wanted)
    write = VendorStore._write

    def interrupted(self: VendorStore, seen: Vendor, wanted_: Vendor) -> Vendor:
        if waiting:
            statuses.append(begin(vendor, *waiting.pop()).status)
        return write(self, seen, wanted_)

    monkeypatch.setattr(VendorStore, "_write", interrupted)
    while waiting:
        statuses.append(begin(vendor, *waiting.pop()).status)
    return statuses

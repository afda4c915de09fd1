"""From the last answer to the report, and what the sweep drives on."""

import json
from typing import Any

import pytest

from chalicelib.evaluation.model import Outcome
from chalicelib.evaluation.vendor_store import VendorStore
from chalicelib.events import evaluations
from chalicelib.sweep import sweep
from tests.classification.taking_in import no_model
from tests.evaluation.hidden_sets import MELANOMA, NEVUS, plan, publish
from tests.evaluation.taking import (
    ONE,
    Reporting,
    answer_rest,
    begin,
    begun,
    evaluation_of,
    messages,
    next_unit,
    registered,
    taken,
    view,
)
from tests.patients.asking import Client
from tests.world import World


def swept(world: World) -> int:
    return sweep(world.platform, no_model, trace="sweep")


def event(body: dict[str, Any]) -> dict[str, Any]:
    record = {
        "messageId": "m1",
        "receiptHandle": "r1",
        "body": json.dumps(body),
        "attributes": {"ApproximateReceiveCount": "1"},
        "eventSource": "aws:sqs",
    }
    return {"Records": [record]}


def test_the_event_function_hands_units_to_the_report_and_the_report_to_the_gate(
    world: World, vendor: Client, functional: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reporting = Reporting()
    for name, called in {
        "evaluation.report.compute": reporting.figures,
        "documents.report.pdf": reporting.pdf,
        "classification.calibrations.admit_by": reporting.admit,
    }.items():
        monkeypatch.setattr(f"chalicelib.{name}", called)
    evaluation_id = begun(vendor, registered(vendor, model_sha256="0" * 64), functional)
    answer_rest(vendor, evaluation_id)
    handled = evaluations.wanted(world.platform, event({"evaluation_id": evaluation_id}))
    assert handled == {"batchItemFailures": []}
    assert {unit.role for unit in reporting.given["units"]} == {"positive", "negative", "defect"}
    assert {unit.device for unit in reporting.given["units"]} == {"Heine Delta"}
    assert reporting.given["seed"] == evaluation_id
    assert reporting.given["claimed"]["auc"] == 0.9
    assert [one["algorithm"]["model_sha256"] for one in reporting.admitted] == ["0" * 64]
    # Again after the report is there, and what names no test.
    assert evaluations.wanted(world.platform, event({"evaluation_id": evaluation_id})) == handled
    assert len(evaluation_of(world, evaluation_id).reports) == 1
    failed = evaluations.wanted(world.platform, event({"release_id": "r"}))
    assert failed == {"batchItemFailures": [{"itemIdentifier": "m1"}]}


def test_a_complete_test_shows_its_report_with_links_for_its_vendor_and_curators(
    world: World, vendor: Client, curator: Client, functional: str
) -> None:
    evaluation_id = taken(vendor, registered(vendor), functional)
    with world.counted() as calls:
        found = view(vendor, evaluation_id)
    assert calls.total() <= 3, calls
    assert found == view(curator, evaluation_id) | {"reports": found["reports"]}
    [report] = found["reports"]
    assert (report["number"], report["passed"], report["units"], report["auc"]) == (1, True, 3, 0.9)
    assert set(report["pdf"]) == {"ru", "en"}
    assert found["report"]["dataset"] == {
        "code": functional,
        "version": "1.0.0",
        "name": {"ru": "Набор", "en": "A set"},
    }
    stored = world.platform.releases.get(f"private/evaluations/{evaluation_id}/1/report.ru.pdf")
    assert stored is not None
    assert stored.data == b"ru 3"


def test_a_rerun_takes_todays_labels_and_keeps_both_reports(
    world: World, vendor: Client, curator: Client
) -> None:
    labels = {"a": NEVUS, "b": MELANOMA, "c": NEVUS}
    publish(world, "DS", labels, plan())
    evaluation_id = taken(vendor, registered(vendor), "DS")
    # 1.1.0 corrects one label and has lost another image; 2.0.0 means something else.
    publish(world, "DS", {"a": MELANOMA, "b": MELANOMA}, plan(), version="1.1.0")
    publish(world, "DS", {"c": MELANOMA}, plan(), version="2.0.0")
    asked = curator.ask("POST", f"{ONE}/rerun", evaluation_id=evaluation_id)
    assert (asked.status, asked.body["state"]) == (202, "computing")
    assert curator.ask("POST", f"{ONE}/rerun", evaluation_id=evaluation_id).status == 202
    assert messages(world)[-1:] == [{"evaluation_id": evaluation_id}]
    assert view(vendor, evaluation_id)["report"] is not None  # the one before, meanwhile
    reporting = Reporting(lambda units: False)
    reporting.compute(world, evaluation_id)
    given = {one.unit_id[-1]: one.diagnosis for one in reporting.given["units"]}
    assert given == {"a": MELANOMA, "b": MELANOMA, "c": NEVUS}
    found = view(vendor, evaluation_id)
    assert [(one["number"], one["labels_of"], one["passed"]) for one in found["reports"]] == [
        (1, "1.0.0", True),
        (2, "1.1.0", False),
    ]
    assert found["report"]["labels"] == {"version": "1.1.0", "relabelled": 1}
    outcome = VendorStore(world.platform.catalogue).get("vendor1").runs[evaluation_id].outcome
    assert outcome is Outcome.FAILED
    assert vendor.ask("POST", f"{ONE}/rerun", evaluation_id=evaluation_id).status == 403


def test_the_latest_report_decides_also_where_a_worker_with_an_earlier_one_wakes_late(
    world: World, vendor: Client, curator: Client, functional: str
) -> None:
    evaluation_id = begun(vendor, registered(vendor), functional)
    answer_rest(vendor, evaluation_id)

    def overtaken(_: Any) -> bool:
        Reporting().compute(world, evaluation_id)
        curator.ask("POST", f"{ONE}/rerun", evaluation_id=evaluation_id)
        Reporting(lambda _: False).compute(world, evaluation_id)
        return True

    Reporting(overtaken).compute(world, evaluation_id)
    assert [one.passed for one in evaluation_of(world, evaluation_id).reports] == [True, False]
    outcome = VendorStore(world.platform.catalogue).get("vendor1").runs[evaluation_id].outcome
    assert outcome is Outcome.FAILED


def test_a_test_that_is_not_complete_cannot_be_run_again(
    vendor: Client, curator: Client, functional: str
) -> None:
    evaluation_id = begun(vendor, registered(vendor), functional)
    for _ in range(2):
        refused = curator.ask("POST", f"{ONE}/rerun", evaluation_id=evaluation_id)
        assert (refused.status, refused.error["code"]) == (409, "not_complete")
        answer_rest(vendor, evaluation_id)


def test_a_lost_message_is_sent_again_by_the_sweep_less_and_less_often(
    world: World, vendor: Client, functional: str
) -> None:
    evaluation_id = begun(vendor, registered(vendor), functional)
    answer_rest(vendor, evaluation_id)
    assert messages(world) == [{"evaluation_id": evaluation_id}]
    assert swept(world) == 0
    sent = []
    for minutes in (11, 11, 11, 44):
        world.clock.advance(minutes=minutes)
        swept(world)
        sent.append(len(messages(world)))
    assert sent == [1, 0, 1, 1]
    Reporting().compute(world, evaluation_id)
    world.clock.advance(days=10)
    assert swept(world) == 0


def test_a_test_not_finished_in_a_week_expires_and_its_set_counts_as_seen(
    world: World, vendor: Client, functional: str
) -> None:
    algorithm_id = registered(vendor)
    evaluation_id = begun(vendor, algorithm_id, functional)
    world.clock.advance(days=6, hours=23)
    assert swept(world) == 0
    world.clock.advance(hours=1)
    # Nobody has swept yet: no answer is taken any more.
    assert next_unit(vendor, evaluation_id).error["code"] == "test_expired"
    assert begin(vendor, algorithm_id, functional).error["code"] == "run_open"
    assert swept(world) == 1
    assert view(vendor, evaluation_id)["state"] == "expired"
    runs = VendorStore(world.platform.catalogue).get("vendor1").runs
    assert runs[evaluation_id].outcome is Outcome.EXPIRED
    assert begin(vendor, algorithm_id, functional).status == 201


def test_a_worker_that_dies_after_any_call_is_succeeded_by_another(
    world: World, vendor: Client, functional: str
) -> None:
    algorithm_id = registered(vendor)
    evaluation_id = begun(vendor, algorithm_id, functional)
    answer_rest(vendor, evaluation_id)
    for calls in range(1, 20):
        with world.crash_after(calls):
            Reporting().compute(world, evaluation_id)
            break
    found = evaluation_of(world, evaluation_id)
    assert [report.number for report in found.reports] == [1]
    assert view(vendor, evaluation_id)["state"] == "complete"

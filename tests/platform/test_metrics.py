"""What the functions write is CloudWatch's embedded metric format, by function and with traces."""

import json
from typing import Any

import pytest

import app
from chalicelib.platform import logging, metrics
from chalicelib.platform.audit import Act
from chalicelib.platform.objects import ObjectStore
from tests import pictures
from tests.asking import as_caller, ask
from tests.classification.test_events import arrived, message, record
from tests.images.making import awaited_image, upload
from tests.world import World

PHOTO = pictures.jpeg(pictures.photograph(160, 120))
DOCTOR = as_caller("doctor", "doctor1", "clinic1")
UNITS = {"Count", "Seconds"}

pytestmark = pytest.mark.usefixtures("in_app")


def written(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """The metric lines on the standard output, each checked against the specification of EMF."""
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith('{"_aws"')]
    documents = [json.loads(line) for line in lines]
    for document in documents:
        about = document["_aws"]
        assert isinstance(about["Timestamp"], int)
        assert about["Timestamp"] > 1_600_000_000_000, "milliseconds"
        (directive,) = about["CloudWatchMetrics"]
        assert directive["Namespace"] == "Rodinka"
        (dimensions,) = directive["Dimensions"]
        assert {"service", "function"} <= set(dimensions)
        assert len(dimensions) <= 30
        assert all(isinstance(document[name], str) for name in dimensions)
        assert 0 < len(directive["Metrics"]) <= 100
        for metric in directive["Metrics"]:
            assert metric["Unit"] in UNITS
            values = document[metric["Name"]]
            assert 0 < len(values) <= 100
            assert all(isinstance(value, float) for value in values)
    return documents


def figures(documents: list[dict[str, Any]], function: str) -> dict[str, float]:
    """By name, the sum of what this function wrote."""
    totals: dict[str, float] = {}
    for document in documents:
        if document["function"] == function:
            for metric in document["_aws"]["CloudWatchMetrics"][0]["Metrics"]:
                name = metric["Name"]
                totals[name] = totals.get(name, 0) + sum(document[name])
    return totals


def test_classify_counts_its_uploads_and_names_the_trace_they_belong_to(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    awaited_image(world, PHOTO)
    arrived(record("uploads/image1", upload(world, PHOTO)))
    documents = written(capsys)
    found = figures(documents, "classify")
    assert (found["UploadsTakenIn"], found["ImagesClassified"]) == (1, 1)
    assert found["GateSeconds"] > 0
    assert found["ModelSeconds"] > 0
    assert documents[0]["traces"] == ["C3D13FE58DE4C810"]


def test_an_upload_that_fails_and_is_taken_over_is_counted_as_both(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    awaited_image(world, PHOTO)
    event = record("uploads/image1", upload(world, PHOTO))

    def fail(*_: Any, **__: Any) -> None:
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr(ObjectStore, "get", fail)
        with pytest.raises(RuntimeError):
            arrived(event)
    world.clock.advance(minutes=10)
    arrived(event)
    found = figures(written(capsys), "classify")
    assert (found["UploadsFailed"], found["IntakeRetries"], found["UploadsTakenIn"]) == (1, 1, 1)


def test_the_sweep_counts_by_kind_what_was_overdue(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    awaited_image(world, PHOTO)
    world.clock.advance(minutes=7)
    tick = {"id": "tick", "source": "aws.events", "detail-type": "", "detail": {}, "resources": []}
    app.sweep({"account": "1", "region": "x", "time": "t", "version": "0", **tick}, None)
    found = figures(written(capsys), "sweep")
    assert (found["OverdueRecords"], found["OverdueCases"], found["Overdue"]) == (1, 0, 1)
    assert found["LongestDelay"] == 60


def test_the_sealer_counts_records_and_the_reader_finder_its_failures(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(3):
        act = Act("doctor1", "doctor", "image.viewed", f"image{number}")
        world.platform.audit.record(act, request_id="request-1")
    world.clock.advance(minutes=1)
    tick = {"id": "tick", "source": "aws.events", "detail-type": "", "detail": {}, "resources": []}
    app.seal_audit({"account": "1", "region": "x", "time": "t", "version": "0", **tick}, None)
    app.assign_reader({"Records": [message(1, "poison")]}, None)
    documents = written(capsys)
    assert figures(documents, "seal_audit")["RecordsSealed"] == 3
    assert figures(documents, "assign_reader")["MessagesFailed"] == 1


def test_a_refused_request_is_counted_by_its_code_and_an_answered_one_writes_nothing(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask("GET", "/v1/patients", caller=DOCTOR).status == 200
    assert written(capsys) == []
    assert ask("POST", "/v1/surveys", caller=DOCTOR, body={}, request_id="a").status == 422
    (document,) = written(capsys)
    assert (document["function"], document["code"]) == ("api_handler", "invalid")
    assert document["Refused"] == [1]
    assert document["traces"] == ["a"]


def test_only_the_first_invocation_of_a_container_is_a_cold_start(
    capsys: pytest.CaptureFixture[str],
) -> None:
    handler = metrics.metered("classify")(lambda: metrics.count("UploadsTakenIn"))
    handler()
    handler()
    first, second = written(capsys)
    assert first["ColdStarts"] == [1]
    assert "ColdStarts" not in second


def test_what_was_noted_before_a_failure_is_written_and_nothing_leaks_into_the_next(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fails() -> None:
        with metrics.metering("sweep"), logging.tracing("t"):
            metrics.count("LeasesEnded", 2)
            metrics.count("LeasesEnded")
            raise LookupError

    with pytest.raises(LookupError):
        fails()
    (document,) = written(capsys)
    assert (document["LeasesEnded"], document["traces"]) == ([3], ["t"])
    metrics.count("LeasesEnded")
    with metrics.metering("sweep"):
        pass
    assert written(capsys) == []

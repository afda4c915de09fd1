"""The file of a report goes one way, from a form to a clean copy or a reason, whatever comes."""

import json
from typing import Any

import pytest

import app
from chalicelib.histology import intake, sandbox
from chalicelib.histology.report_store import ReportStore
from chalicelib.histology.reports import ReportState, report_of_upload
from chalicelib.images.model import MAX_ATTEMPTS, image_of_upload
from chalicelib.oversight import letters
from tests import pictures
from tests.classification.taking_in import run_sweep
from tests.classification.test_events import record as s3_record
from tests.histology.papers import pdf
from tests.histology.reporting import (
    another_slot,
    files_of,
    put,
    record,
    sent,
    shown,
    taken_in,
    unfinished,
    with_report,
)
from tests.merging.clinic import Clinic

PDF = pdf()


def report_of(clinic: Clinic, lesion_id: str) -> Any:
    [one] = shown(clinic, lesion_id)["results"]
    return one["report"]


def states(report: Any) -> list[str]:
    return [step["state"] for step in report["history"]]


def test_a_pdf_is_kept_as_it_looks_and_linked_for_ten_minutes(clinic: Clinic) -> None:
    case = clinic.patient()
    histology_id, report = sent(clinic, case["lesion_id"], PDF)
    assert report.state is ReportState.ACCEPTED
    told = report_of(clinic, case["lesion_id"])
    assert states(told) == ["awaiting_upload", "received", "accepted"]
    assert (told["pages"], told["problem"]) == (1, None)
    assert "X-Amz-Expires=600" in told["url"]
    key = f"reports/{histology_id}.pdf"
    assert f"/{key}?" in told["url"]
    bucket = clinic.world.platform.settings.bucket_images
    stored = clinic.world.platform.client("s3").get_object(Bucket=bucket, Key=key)
    assert stored["ContentType"] == "application/pdf"
    assert stored["ContentDisposition"] == 'attachment; filename="histology.pdf"'
    assert stored["Body"].read().startswith(b"%PDF-")
    assert unfinished(clinic.world, histology_id) == ["histology"], "the report is at its end"


def test_a_photographed_report_passes_the_gate_of_photographs(clinic: Clinic) -> None:
    case, photo = clinic.patient(), pictures.jpeg(pictures.photograph(160, 120))
    named = pictures.with_segments(photo, pictures.segment(0xFE, b"Ivan Petrov"))
    histology_id, report = sent(
        clinic, case["lesion_id"], named, **with_report(named, "image/jpeg")
    )
    assert report.state is ReportState.ACCEPTED
    stored = clinic.world.platform.images.get(f"reports/{histology_id}.jpg")
    assert stored is not None
    assert b"Ivan" not in stored.data
    assert report_of(clinic, case["lesion_id"])["pages"] is None


@pytest.mark.parametrize(
    ("data", "declared", "code"),
    [
        (b"no report at all", "application/pdf", "wrong_type"),
        (PDF, "image/png", "wrong_type"),
        (pictures.jpeg(pictures.photograph(160, 120)), "application/pdf", "wrong_type"),
        (PDF[:-80], "application/pdf", "damaged"),
        (pictures.jpeg(pictures.photograph(16, 16)), "image/jpeg", "too_small"),
    ],
)
def test_a_file_nobody_can_use_is_refused_with_a_sentence_and_another_may_come(
    clinic: Clinic, data: bytes, declared: str, code: str
) -> None:
    case = clinic.patient()
    said = with_report(data, declared)
    histology_id, report = sent(clinic, case["lesion_id"], data, **said)
    told = report_of(clinic, case["lesion_id"])
    assert (report.state, told["problem"]["code"], told["url"]) == ("rejected", code, None)
    assert told["problem"]["message"].endswith(".")
    slot = another_slot(clinic, histology_id, PDF)
    assert (slot.status, slot.body["state"]) == (201, "awaiting_upload")
    assert taken_in(clinic.world, slot, PDF).state is ReportState.ACCEPTED
    told = report_of(clinic, case["lesion_id"])
    assert (told["state"], told["problem"]) == ("accepted", None)
    refused = another_slot(clinic, histology_id, PDF)
    assert (refused.status, refused.error["code"]) == (409, "report_not_awaited")


@pytest.mark.parametrize(
    ("other", "code"), [({"bytes": 7}, "wrong_size"), ({"sha256": "0" * 64}, "hash_mismatch")]
)
def test_other_bytes_than_announced_are_refused(
    clinic: Clinic, other: dict[str, Any], code: str
) -> None:
    said = with_report(PDF)
    said["report"] |= other
    _, report = sent(clinic, clinic.patient()["lesion_id"], PDF, **said)
    assert (report.state, report.problem) == (ReportState.REJECTED, code)


def test_the_same_form_comes_again_while_it_opens_anything_and_another_file_has_another_place(
    clinic: Clinic,
) -> None:
    case = clinic.patient()
    first = record(clinic, case["lesion_id"], key="k", **with_report(PDF))
    histology_id = first.body["histology_id"]
    key = first.body["upload"]["fields"]["key"]
    assert key == f"uploads/report-{histology_id}.1"
    same = another_slot(clinic, histology_id, PDF)
    assert same.body["upload"]["fields"]["key"] == key
    other = pdf(text=b"Nevus")
    slot = another_slot(clinic, histology_id, other)
    assert slot.body["upload"]["fields"]["key"] == f"uploads/report-{histology_id}.2"
    # What the first form lets in disturbs nothing any more.
    late = intake.take_in(
        clinic.world.platform, key=key, version=put(clinic.world, key, PDF), trace="t"
    )
    assert late is not None
    assert late.state is ReportState.AWAITING_UPLOAD
    assert taken_in(clinic.world, slot, other).state is ReportState.ACCEPTED


def test_files_announced_for_one_report_have_an_end(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.histology.slots.MAX_FILES", 3)
    case = clinic.patient()
    histology_id = record(clinic, case["lesion_id"], **with_report(PDF)).body["histology_id"]
    for number in range(1, 3):
        other = {"sha256": f"{number:064}"}
        assert another_slot(clinic, histology_id, PDF, **other).status == 201
    refused = another_slot(clinic, histology_id, PDF)
    assert (refused.status, refused.error["code"]) == (409, "too_many_files")


def test_a_result_without_a_report_gets_one_later_and_only_with_names_covered(
    clinic: Clinic,
) -> None:
    case = clinic.patient()
    histology_id = record(clinic, case["lesion_id"]).body["histology_id"]
    bare = another_slot(clinic, histology_id, PDF, names_covered=False)
    assert (bare.status, set(bare.error["fields"])) == (422, {"names_covered"})
    slot = another_slot(clinic, histology_id, PDF)
    assert taken_in(clinic.world, slot, PDF).state is ReportState.ACCEPTED


def test_the_event_of_the_bucket_tells_reports_from_images(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "platform", lambda: clinic.world.platform)
    case = clinic.patient()
    slot = record(clinic, case["lesion_id"], **with_report(PDF))
    key = slot.body["upload"]["fields"]["key"]
    version = put(clinic.world, key, PDF)
    for _ in range(3):
        app.classify({"Records": [s3_record(key, version)]}, None)
    assert states(report_of(clinic, case["lesion_id"])) == [
        "awaiting_upload",
        "received",
        "accepted",
    ]
    assert len(files_of(clinic.world, slot.body["histology_id"])) == 2


@pytest.mark.parametrize(
    "key",
    [
        *("uploads/report-x", "uploads/report-.1", "uploads/report-x.0", "uploads/report-x.1.2"),
        *("uploads/report-X.1", "report-x.1", "uploads/report-x.1 ", "uploads/report-%78.1"),
        "uploads/x",
    ],
)
def test_a_key_that_is_no_place_of_ours_is_no_reports(key: str) -> None:
    assert report_of_upload(key) is None


def test_no_place_is_both_an_images_and_a_reports() -> None:
    assert report_of_upload("uploads/report-abc.12") == ("abc", 12)
    assert image_of_upload("uploads/report-abc.12") is None


def test_a_file_without_an_event_is_found_and_a_form_nobody_used_is_closed(clinic: Clinic) -> None:
    world = clinic.world
    case, other = clinic.patient(), clinic.patient(patient_code="777729031975")
    slot = record(clinic, case["lesion_id"], **with_report(PDF))
    unused = record(clinic, other["lesion_id"], **with_report(PDF)).body["histology_id"]
    put(world, slot.body["upload"]["fields"]["key"], PDF)
    world.clock.advance(minutes=7)
    run_sweep(world)
    assert report_of(clinic, case["lesion_id"])["state"] == "accepted"
    world.clock.advance(hours=25)
    run_sweep(world)
    assert report_of(clinic, other["lesion_id"])["state"] == "abandoned"
    assert unfinished(world, unused) == []
    assert another_slot(clinic, unused, PDF).status == 201


def test_a_file_that_no_worker_can_finish_is_refused_in_the_end(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: bytes) -> Any:
        raise OSError("no more processes")

    monkeypatch.setattr(intake, "clean_pdf", fail)
    case = clinic.patient()
    with pytest.raises(OSError, match="processes"):
        sent(clinic, case["lesion_id"], PDF)
    for _ in range(MAX_ATTEMPTS + 1):
        clinic.world.clock.advance(days=1)
        run_sweep(clinic.world)
    told = report_of(clinic, case["lesion_id"])
    assert (told["state"], told["problem"]["code"]) == ("rejected", "not_processed")


def test_one_file_is_examined_once_by_two_workers(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, world = clinic.patient(), clinic.world
    slot = record(clinic, case["lesion_id"], **with_report(PDF))
    key = slot.body["upload"]["fields"]["key"]
    version = put(world, key, PDF)
    real = sandbox.clean_pdf

    def beside(data: bytes) -> Any:
        monkeypatch.setattr(intake, "clean_pdf", real)
        intake.take_in(world.platform, key=key, version=version, trace="t")
        return real(data)

    monkeypatch.setattr(intake, "clean_pdf", beside)
    intake.take_in(world.platform, key=key, version=version, trace="t")
    report = ReportStore(world.platform.cases).get(slot.body["histology_id"])
    assert report is not None
    assert (report.state, report.tries) == (ReportState.ACCEPTED, 1)


@pytest.mark.parametrize(
    ("queue", "body", "about"),
    [
        ("labelling", {"histology_id": "abc", "trace": "t"}, "histology abc"),
        ("classify", {"requestPayload": {"Records": [s3_record("uploads/report-abc.2", "v")]}}, "uploads/report-abc.2"),
        ("classify", {"requestPayload": {"Records": [s3_record("uploads/report-Ivan.2", "v")]}}, ""),
    ],
)  # fmt: skip
def test_a_dead_letter_about_histology_is_known_and_can_be_sent_again(
    queue: str, body: dict[str, Any], about: str
) -> None:
    message = {
        "MessageId": "m",
        "ReceiptHandle": "r",
        "Body": json.dumps(body),
        "Attributes": {"SentTimestamp": "0", "ApproximateReceiveCount": "5"},
    }
    letter = letters.read(queue, message)
    assert letter.about == about
    assert (letter.event is not None) is bool(about)

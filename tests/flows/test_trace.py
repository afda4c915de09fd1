"""One id from the request of a slot to the assignment: logs, audit, message, case."""

import json
import re
import subprocess
import sys
from typing import Any
from urllib.parse import quote_plus

import pytest

import app
from chalicelib.images.model import upload_key
from chalicelib.images.store import ImageStore
from chalicelib.platform import logging
from chalicelib.platform.objects import ObjectStore
from tests import pictures
from tests.asking import as_caller, ask
from tests.flows.cases import finished, new_lesion, slot_form
from tests.images.making import image_of, upload
from tests.labelling.making import case_of, reader
from tests.patients.asking import SURVEY
from tests.stack import READY, ROOT, START_SECONDS, Output, RunningStack
from tests.world import World

DOCTOR = as_caller("doctor", "doctor1", "clinic1")
PHOTO = pictures.jpeg(pictures.photograph(160, 120))
S3_REQUEST = "C3D13FE58DE4C810"

pytestmark = pytest.mark.usefixtures("in_app")


def slot(request_id: str) -> str:
    """Open a slot for `PHOTO` with a request of this id; the image's id."""
    lesion_id = ask("POST", "/v1/surveys", caller=DOCTOR, body=SURVEY).body["lesion_id"]
    answer = ask(
        "POST",
        "/v1/lesions/{lesion_id}/images",
        caller=DOCTOR,
        body=slot_form(PHOTO, "image/jpeg", "dermoscopic"),
        ids={"lesion_id": lesion_id},
        request_id=request_id,
    )
    assert answer.headers["X-Request-Id"] == request_id
    return str(answer.body["image_id"])


def s3_event(image_id: str, version: str) -> dict[str, Any]:
    stored = {"key": quote_plus(upload_key(image_id)), "versionId": version}
    return {
        "Records": [
            {
                "responseElements": {"x-amz-request-id": S3_REQUEST},
                "s3": {"bucket": {"name": "uploads"}, "object": stored},
            }
        ]
    }


def messages(world: World) -> list[dict[str, Any]]:
    """What waits in the labelling queue, as `assign_reader` gets it."""
    received = world.platform.client("sqs").receive_message(
        QueueUrl=world.platform.settings.queue_labelling, MaxNumberOfMessages=10
    )
    return [
        {"messageId": found["MessageId"], "body": found["Body"], "eventSource": "aws:sqs"}
        for found in received["Messages"]
    ]


def told(caplog: pytest.LogCaptureFixture, message: str) -> list[str]:
    """The traces on the lines of this message."""
    return [vars(line)["trace"] for line in caplog.records if line.getMessage() == message]


def test_one_trace_leads_from_the_request_of_a_slot_to_the_assignment(world: World) -> None:
    for login in ("expert1", "expert2"):
        reader(world, login)
    purge = world.platform.client("sqs").purge_queue
    purge(QueueUrl=world.platform.settings.queue_labelling)  # of what the new readers set going
    image_id = slot("request-of-the-slot")
    app.classify(s3_event(image_id, upload(world, PHOTO, image_id=image_id)), None)
    records = messages(world)
    assert [json.loads(record["body"]) for record in records] == [
        {"image_id": image_id, "trace": "request-of-the-slot"}
    ]
    app.assign_reader({"Records": records}, None)
    case = case_of(world, image_id)
    assert len(case.slots) == 2
    assert case.trace == "request-of-the-slot"
    table = world.platform.settings.table_audit
    acts = world.platform.client("dynamodb").scan(TableName=table)["Items"]
    traces = {act["act"]["S"]: act["request_id"]["S"] for act in acts}
    assert traces["image.slot_opened"] == "request-of-the-slot"
    assert traces["image.classified"] == "request-of-the-slot"


def test_the_failures_of_every_function_name_the_trace_of_the_image(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    image_id = slot("request-of-the-slot")
    event = s3_event(image_id, upload(world, PHOTO, image_id=image_id))

    def fail(*_: Any, **__: Any) -> None:
        raise ConnectionError("AWS does not answer")

    with monkeypatch.context() as broken:
        broken.setattr(ObjectStore, "get", fail)
        with pytest.raises(RuntimeError):
            app.classify(event, None)
        world.clock.advance(minutes=10)
        tick = {"id": "tick", "source": "aws.events", "detail-type": "", "detail": {}}
        tick |= {"account": "1", "region": "x", "time": "t", "version": "0", "resources": []}
        app.sweep(tick, None)
    world.clock.advance(minutes=10)
    app.classify(event, None)
    with monkeypatch.context() as broken:
        broken.setattr(ImageStore, "get", fail)
        app.assign_reader({"Records": messages(world)}, None)
    for message in ("upload not taken in", "not driven on", "message not handled"):
        assert told(caplog, message) == ["request-of-the-slot"], message


def test_a_message_without_a_trace_is_handled_under_its_own_id(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    service = "chalicelib.labelling.driving.assign_case"
    monkeypatch.setattr(service, lambda *_: seen.append(logging.current_trace()))
    body = json.dumps({"image_id": "image1"})
    record = {"messageId": "message1", "body": body, "eventSource": "aws:sqs"}
    assert app.assign_reader({"Records": [record]}, None) == {"batchItemFailures": []}
    assert seen == ["message1"]


def test_a_trace_ends_with_its_block() -> None:
    with logging.tracing("outer"):
        with logging.tracing("inner"):
            logging.follow("an item's")
            logging.follow("")
            assert logging.current_trace() == "an item's"
        assert logging.current_trace() == "outer"
    logging.follow("nobody's")
    assert logging.current_trace() == ""


def test_a_repeated_slot_request_keeps_the_trace_of_the_first(world: World) -> None:
    lesion_id = ask("POST", "/v1/surveys", caller=DOCTOR, body=SURVEY).body["lesion_id"]
    made = [
        ask(
            "POST",
            "/v1/lesions/{lesion_id}/images",
            caller=DOCTOR,
            body=slot_form(PHOTO, "image/jpeg", "dermoscopic"),
            ids={"lesion_id": lesion_id},
            headers={"idempotency-key": "once"},
            request_id=request_id,
        ).body["image_id"]
        for request_id in ("first", "second")
    ]
    assert made[0] == made[1]
    assert image_of(world, made[0]).trace == "first"


# A stack that tells, for each image id on its standard input, the audit records of that image.
_TELLING = """
import json, sys
from infra.local.stack import LocalStack
stack = LocalStack(0, print)
try:
    stack.start()
    print(f"Rodinka is ready: {stack.url}/", flush=True)
    from chalicelib.platform.runtime import platform
    for line in sys.stdin:
        table = platform().settings.table_audit
        items = platform().client("dynamodb").scan(TableName=table)["Items"]
        acts = {i["act"]["S"]: i["request_id"]["S"] for i in items if i["on"]["S"] == line.strip()}
        print("audit " + json.dumps(acts), flush=True)
finally:
    stack.close()
"""


def test_over_the_real_stack_the_audit_of_a_classification_names_the_slots_request() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", _TELLING],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    output = Output(process.stdout)
    ready = output.wait_for(READY, START_SECONDS)
    assert ready is not None, output.lines
    stack = RunningStack(ready.group(1).rstrip("/"), process, output)
    try:
        doctor = stack.sign_in("doctor")
        lesion_id = new_lesion(doctor)["lesion_id"]
        form = slot_form(PHOTO, "image/jpeg", "dermoscopic")
        answer = doctor.post(f"/api/v1/lesions/{lesion_id}/images", json=form)
        opened = answer.json()
        stack.upload(opened["upload"], PHOTO)
        finished(doctor, opened["image_id"])
        process.stdin.write(opened["image_id"] + "\n")
        process.stdin.flush()
        line = output.wait_for(re.compile(r"^audit (.*)"), 30)
        assert line is not None, output.lines
        acts = json.loads(line.group(1))
        assert acts["image.classified"] == answer.headers["X-Request-Id"]
        assert acts["image.slot_opened"] == answer.headers["X-Request-Id"]
    finally:
        stack.close_clients()
        process.stdin.close()
        assert process.wait(START_SECONDS) == 0, output.lines
        output.reader.join()

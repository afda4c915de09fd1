"""Curators and administrators watch the house: its overview, the audit trail, and what was given up on."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from chalicelib.images.model import upload_key
from chalicelib.oversight.dead_queue import QUEUES
from tests.histology.reporting import LESION, with_report
from tests.infra.daily_scenes import CLINIC, done, refused
from tests.infra.whole_life import Life

LETTERS: Final = "/v1/dead-letters"
PDF: Final = b"%PDF-1.7"


def the_house_is_counted_up(life: Life) -> None:
    """Before there is anything, and with an image and a case."""
    refused(life.curator.ask("GET", "/v1/overview"), "not_computed")
    life.measure()
    done(life.admin.ask("POST", "/v1/clinics", CLINIC, key="counted"))
    case = life.classified()
    life.told({"image_id": case.image_id})
    life.measure()
    life.world.clock.advance(minutes=15)
    life.measure()
    for person in (life.curator, life.admin):
        told = done(person.ask("GET", "/v1/overview"))
    assert told["counts"]["images"]["by_state"] == {"in_labelling": 1}


def acts_are_searched(life: Life) -> None:
    """Of something, of somebody, of some days; and the chain is looked at."""
    admin = life.admin
    for query in ({}, {"object": "patients"}, {"actor": life.doctor.account_id}):
        done(admin.ask("GET", "/v1/audit", query=query))
    life.seal()
    assert done(admin.ask("GET", "/v1/audit/chain"))["verified"]["whole"] is True


def what_was_given_up_on_is_seen_to(life: Life) -> None:
    """Sent again from each queue, uploads of an image and of a report among it; and dropped."""
    # SQS keeps the real time, which is later than a life's.
    life.world.clock.moment = max(life.world.clock.now(), datetime.now(UTC) + timedelta(hours=1))
    image, lesion = life.patient(), life.patient()
    result = {"diagnosis": "nevus", "reported_on": "2026-03-01", **with_report(PDF)}
    slot = done(life.doctor.ask("POST", LESION, result, lesion_id=lesion.lesion_id))
    uploads = [upload_key(image.image_id), slot["upload"]["fields"]["key"]]
    records = [{"s3": {"object": {"key": key}}} for key in uploads]
    bodies: dict[str, Any] = {
        "labelling": {"reader_id": "nobody"},
        "classify": {"requestPayload": {"Records": records}},
        "webhooks": {"happening": "label.completed", "event_id": "e1", "subject_id": "image1"},
        "builds": {"preview": "DSC-SKIN"},
        "evaluations": {"evaluation_id": "e1"},
    }
    for name in QUEUES:
        for body in (bodies[name], "?"):
            _laid_aside(life, name, body)
    told = done(life.admin.ask("GET", LETTERS))["items"]
    assert [each["count"] for each in told] == [2] * len(QUEUES)
    for each in told:
        sent = done(life.admin.ask("POST", f"{LETTERS}/{{queue}}/redrive", queue=each["queue"]))
        assert (sent["sent"], sent["unknown"]) == (1, 1)
    for each in done(life.admin.ask("GET", LETTERS))["items"]:
        [left] = each["letters"]
        place = {"queue": each["queue"], "letter_id": left["letter_id"]}
        done(life.admin.ask("DELETE", f"{LETTERS}/{{queue}}/{{letter_id}}", **place))


def _laid_aside(life: Life, name: str, body: Any) -> None:
    with life.recorder.by_others():
        platform = life.world.platform
        platform.client("sqs").send_message(
            QueueUrl=platform.settings.dead_queue(name), MessageBody=json.dumps(body)
        )

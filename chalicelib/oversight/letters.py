"""What a dead letter says: which image, reader or upload it is about, and why it was given up.

A letter of a queue's dead letters is the message as it was sent. One of classify-dead is Lambda's record of an
asynchronous invocation that failed (AWS documentation, 2026): `requestPayload` is the S3 event,
`requestContext.condition` is RetriesExhausted, EventAgeExceeded or ZeroReservedConcurrency, and
`responsePayload` is there only if the function was started.
"""

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import unquote_plus

_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,128}")
_UPLOAD: Final = re.compile(r"uploads/(?:[A-Za-z0-9_-]{1,128}|report-[a-z0-9]{1,64}\.[0-9]{1,3})")
_SHARD: Final = re.compile(r"[0-9]{1,6}")
_TYPE: Final = re.compile(r"[A-Za-z_][\w.]{0,127}")


TOLD: Final = ("SentTimestamp", "ApproximateFirstReceiveTimestamp", "ApproximateReceiveCount")
"""What SQS is asked to tell of each."""


@dataclass(frozen=True)
class Letter:
    """A dead letter. `event` is what to send again, None when it is none of our messages."""

    queue: str
    message_id: str
    receipt: str
    sent_at: datetime
    first_received_at: datetime | None
    """When somebody first looked at it here; None where SQS does not tell."""
    receives: int
    body: str = field(repr=False)
    event: Any = field(repr=False)
    about: str
    """The ids or keys inside; empty when it is none of our messages."""
    error: str
    """Type of the error and why Lambda gave up; empty where the queue itself did."""

    def told(self, now: datetime) -> str:
        """One line for the operator."""
        parts = (
            self.message_id,
            f"{_duration(now - self.sent_at)} old",
            f"received {self.receives} times",
            self.about or "none of our messages",
            self.error,
        )
        return ", ".join(part for part in parts if part)


def read(queue: str, message: dict[str, Any]) -> Letter:
    """A message as `receive_message` gives it with the attributes `TOLD`."""
    try:
        body = json.loads(message["Body"])
    except (ValueError, RecursionError):
        body = None
    event, about = _OF[queue](body)
    attributes = message["Attributes"]
    first = attributes.get("ApproximateFirstReceiveTimestamp")
    return Letter(
        queue=queue,
        message_id=message["MessageId"],
        receipt=message["ReceiptHandle"],
        sent_at=_moment(attributes["SentTimestamp"]),
        first_received_at=_moment(first) if first else None,
        receives=int(attributes["ApproximateReceiveCount"]),
        body=message["Body"],
        event=event,
        about=about,
        error=_error(body),
    )


def _moment(milliseconds: str) -> datetime:
    return datetime.fromtimestamp(int(milliseconds) / 1000, UTC)


def upload_keys(event: Any) -> list[str]:
    """The keys of the uploads in an S3 event that a letter of `classify` holds."""
    return [_key(record) for record in event["Records"]]


def _of_labelling(body: Any) -> tuple[Any, str]:
    """What is to be sent again, and what it is about."""
    match body:
        case {"image_id": str(id_)} if _ID.fullmatch(id_):
            return body, f"image {id_}"
        case {"case_id": str(id_)} if _ID.fullmatch(id_):
            return body, f"case {id_}"
        case {"histology_id": str(id_)} if _ID.fullmatch(id_):
            return body, f"histology {id_}"
        case {"reader_id": str(id_)} if _ID.fullmatch(id_):
            return body, f"reader {id_}"
    return None, ""


def _of_classify(body: Any) -> tuple[Any, str]:
    """As above, of Lambda's record of an asynchronous invocation that failed."""
    match body:
        case {"requestPayload": {"Records": [_, *_] as records} as event}:
            keys = [_key(record) for record in records]
            if all(keys):
                return event, " ".join(keys)
    return None, ""


def _of_webhooks(body: Any) -> tuple[Any, str]:
    """As above, of an event that a receiver is owed, or that has not been told to any."""
    match body:
        case {"happening": str(type_), "event_id": str(event_id), "subject_id": str(id_)} if (
            _TYPE.fullmatch(type_) and _ID.fullmatch(event_id) and _ID.fullmatch(id_)
        ):
            webhook_id = body.get("webhook_id", "")
            if webhook_id == "":
                return body, f"event {event_id}, {type_} of {id_}"
            if isinstance(webhook_id, str) and _ID.fullmatch(webhook_id):
                return body, f"event {event_id}, {type_} of {id_}, webhook {webhook_id}"
    return None, ""


def _of_builds(body: Any) -> tuple[Any, str]:
    """As above, of a dataset that is to be previewed, or a step of a release."""
    match body:
        case {"preview": str(code)} if _ID.fullmatch(code):
            return body, f"preview of {code}"
        case {"release_id": str(id_), "shard": str(shard)} if _ID.fullmatch(
            id_
        ) and _SHARD.fullmatch(shard):
            return body, f"release {id_}, shard {shard}"
        case {"release_id": str(id_)} if _ID.fullmatch(id_) and "shard" not in body:
            return body, f"release {id_}"
    return None, ""


def _of_evaluations(body: Any) -> tuple[Any, str]:
    """As above, of a test whose report is wanted."""
    match body:
        case {"evaluation_id": str(id_)} if _ID.fullmatch(id_):
            return body, f"evaluation {id_}"
    return None, ""


_OF: Final = {
    "labelling": _of_labelling,
    "classify": _of_classify,
    "webhooks": _of_webhooks,
    "builds": _of_builds,
    "evaluations": _of_evaluations,
}
"""By the queue that gave a message up."""


def _key(record: Any) -> str:
    match record:
        case {"s3": {"object": {"key": str(key)}}} if _UPLOAD.fullmatch(unquote_plus(key)):
            return unquote_plus(key)
    return ""


def _error(body: Any) -> str:
    match body:
        case {
            "requestContext": {"condition": str(condition)},
            "responsePayload": {"errorType": str(t)},
        }:
            return " ".join(part for part in (t, condition) if _TYPE.fullmatch(part))
        case {"requestContext": {"condition": str(condition)}} if _TYPE.fullmatch(condition):
            return f"{condition}, no type of error"  # it ran out of time, or was never started
    return ""


def _duration(passed: timedelta) -> str:
    minutes = max(0, int(passed.total_seconds() // 60))
    days, hours = minutes // 1440, minutes // 60 % 24
    return f"{days} d {hours} h" if days else f"{hours} h {minutes % 60} min"

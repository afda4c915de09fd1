"""Events and contexts as Lambda hands them to a function.

Shapes: S3 event message structure 2.1, SQS event source mapping, EventBridge scheduled events,
Lambda's destinations for asynchronous invocation (AWS documentation, 2026).
"""

import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote_plus, unquote_plus

from infra.provision import ACCOUNT_ID

Event = dict[str, Any]


@dataclass(frozen=True)
class Context:
    """What Lambda passes beside the event; attribute names are Lambda's own."""

    function_name: str
    memory_limit_in_mb: int
    timeout_seconds: int
    region: str
    aws_request_id: str
    started: float = field(default_factory=time.monotonic)
    monotonic: Callable[[], float] = time.monotonic
    function_version: str = "$LATEST"
    identity: None = None
    client_context: None = None

    @property
    def invoked_function_arn(self) -> str:
        return f"arn:aws:lambda:{self.region}:{ACCOUNT_ID}:function:{self.function_name}"

    @property
    def log_group_name(self) -> str:
        return f"/aws/lambda/{self.function_name}"

    @property
    def log_stream_name(self) -> str:
        return f"local/[{self.function_version}]"

    def get_remaining_time_in_millis(self) -> int:
        passed = self.monotonic() - self.started
        return max(0, int((self.timeout_seconds - passed) * 1000))


def completed_s3_event(
    event: Event, *, version_of: Callable[[str, str], str | None], sequencer: Callable[[], int]
) -> Event:
    """moto's S3 event with what S3 adds.

    `version_of(bucket, key)` answers the object's newest version (none: gone, or the bucket keeps
    none); `key` is given as the object is called, while the event keeps it URL-encoded, as S3 sends
    it.
    """
    return {"Records": [_completed(r, version_of, sequencer()) for r in event["Records"]]}


def _completed(record: Event, version_of: Callable[[str, str], str | None], sequence: int) -> Event:
    s3 = record["s3"]
    key = unquote_plus(s3["object"]["key"])
    version = version_of(s3["bucket"]["name"], key)
    seen = {"versionId": version} if version else {}
    return {
        **record,
        "userIdentity": {"principalId": f"AWS:{ACCOUNT_ID}"},
        "requestParameters": {"sourceIPAddress": "127.0.0.1"},
        "responseElements": {
            "x-amz-request-id": f"{sequence:016X}",
            "x-amz-id-2": f"local/{sequence:016X}",
        },
        "s3": {
            **s3,
            "bucket": {**s3["bucket"], "ownerIdentity": {"principalId": ACCOUNT_ID}},
            # Hexadecimal and comparable within one key, shorter ones padded: as S3's.
            "object": {
                **s3["object"],
                **seen,
                # S3 leaves slashes as they are; moto encodes them too.
                "key": quote_plus(key, safe="/"),
                "sequencer": f"{sequence:018X}",
            },
        },
    }


def sqs_event(messages: Iterable[Event], *, queue_arn: str, region: str) -> Event:
    """Messages as `receive_message` gives them (all system attributes asked for), as one batch."""
    return {
        "Records": [
            {
                "messageId": message["MessageId"],
                "receiptHandle": message["ReceiptHandle"],
                "body": message["Body"],
                "attributes": message.get("Attributes", {}),
                "messageAttributes": message.get("MessageAttributes", {}),
                "md5OfBody": message["MD5OfBody"],
                "eventSource": "aws:sqs",
                "eventSourceARN": queue_arn,
                "awsRegion": region,
            }
            for message in messages
        ]
    }


def scheduled_event(rule: str, *, at: datetime, region: str) -> Event:
    """One tick of a schedule, at second precision as EventBridge's."""
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT_ID,
        "time": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": region,
        "resources": [f"arn:aws:events:{region}:{ACCOUNT_ID}:rule/{rule}"],
        "detail": {},
    }


def failed_invocation(
    event: Event, *, context: Context, error: BaseException, attempts: int, at: datetime
) -> Event:
    """What Lambda sends to the on-failure destination, without the error's text."""
    return {
        "version": "1.0",
        "timestamp": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z",
        "requestContext": {
            "requestId": context.aws_request_id,
            "functionArn": f"{context.invoked_function_arn}:$LATEST",
            "condition": "RetriesExhausted",
            "approximateInvokeCount": attempts,
        },
        "requestPayload": event,
        "responseContext": {
            "statusCode": 200,
            "executedVersion": "$LATEST",
            "functionError": "Unhandled",
        },
        "responsePayload": {
            "errorType": type(error).__name__,
            "errorMessage": "",
            "stackTrace": [],
        },
    }

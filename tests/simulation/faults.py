"""What can happen to one call to AWS, and the errors by which the caller learns of it."""

from enum import StrEnum, auto
from typing import Final

from botocore.exceptions import ClientError, ReadTimeoutError


class Fault(StrEnum):
    DIES_BEFORE = auto()
    """The worker dies before the call goes out."""
    DIES_AFTER = auto()
    """The call is carried out, and the worker dies before it hears of it."""
    REPLY_LOST = auto()
    """The call is carried out, the reply is lost, and so are those of boto3's own attempts."""
    REPLY_LOST_ONCE = auto()
    """The call is carried out, the reply is lost, and boto3 carries the call out again."""
    THROTTLED = auto()
    """The call is refused for now, boto3's own attempts included."""
    FAILED = auto()
    """The service answers 500 and has done nothing."""
    PAUSED = auto()
    """The worker is held up before the call, and others work meanwhile."""


DEATHS: Final = frozenset({Fault.DIES_BEFORE, Fault.DIES_AFTER})
LOST: Final = frozenset({Fault.REPLY_LOST, Fault.REPLY_LOST_ONCE})
REFUSALS: Final = frozenset({Fault.THROTTLED, Fault.FAILED})

_THROTTLING: Final = {
    "dynamodb": "ProvisionedThroughputExceededException",
    "s3": "SlowDown",
    "sqs": "RequestThrottled",
}


def refusal(fault: Fault, service: str, operation: str) -> ClientError:
    """The error that our code sees when boto3 has given up."""
    if fault is Fault.THROTTLED:
        return error(_THROTTLING.get(service, "ThrottlingException"), operation, status=400)
    return error("InternalServerError", operation, status=500)


def reply_lost() -> ReadTimeoutError:
    return ReadTimeoutError(endpoint_url="https://aws.example/")


def error(code: str, operation: str, *, status: int, **more: object) -> ClientError:
    """What boto3 raises for an answer that is an error."""
    answer = {
        "Error": {"Code": code, "Message": code},
        "ResponseMetadata": {"HTTPStatusCode": status},
        **more,
    }
    return ClientError(answer, operation)  # type: ignore[arg-type]

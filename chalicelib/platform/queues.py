"""One SQS queue. Its messages carry ids only: a queue body is no place for personal data."""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient

BATCH: Final = 10
"""More messages SQS does not take in one call."""


class NotSent(Exception):
    """SQS did not take all of the messages; those it took may be sent again."""


class Queue:
    """Sends to one queue; the functions behind it are called by the platform."""

    def __init__(self, client: "SQSClient", url: str) -> None:
        self._client = client
        self._url = url

    def send(self, message: Mapping[str, str]) -> None:
        self._client.send_message(QueueUrl=self._url, MessageBody=_body(message))

    def send_all(self, messages: Sequence[Mapping[str, str]], *, after: Sequence[int] = ()) -> None:
        """One call for each `BATCH` of messages, each delivered `after` so many seconds (900 at most).

        Raises `NotSent` when SQS leaves some of them.
        """
        delayed = zip(messages, after or [0] * len(messages), strict=True)
        entries: list[Any] = [
            {"Id": str(number), "MessageBody": _body(message), "DelaySeconds": delay}
            for number, (message, delay) in enumerate(delayed)
        ]
        for start in range(0, len(entries), BATCH):
            batch = entries[start : start + BATCH]
            answer = self._client.send_message_batch(QueueUrl=self._url, Entries=batch)
            if answer.get("Failed"):
                raise NotSent

    def put_off(self, receipt: str, seconds: int) -> None:
        """Let a message that was received and not dealt with come again after so long (12 h at most)."""
        self._client.change_message_visibility(
            QueueUrl=self._url, ReceiptHandle=receipt, VisibilityTimeout=seconds
        )


def _body(message: Mapping[str, str]) -> str:
    return json.dumps(message, separators=(",", ":"))

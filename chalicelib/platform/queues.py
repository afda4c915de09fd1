"""One SQS queue. Its messages carry ids only: a queue body is no place for personal data."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient


class Queue:
    """Sends to one queue; the functions behind it are called by the platform."""

    def __init__(self, client: "SQSClient", url: str) -> None:
        self._client = client
        self._url = url

    def send(self, message: Mapping[str, str]) -> None:
        self._client.send_message(
            QueueUrl=self._url, MessageBody=json.dumps(message, separators=(",", ":"))
        )

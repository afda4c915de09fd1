"""The messages of a queue's batch, one by one: those that fail come again, and hold up no other."""

from collections.abc import Callable
from typing import Any, Final

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from chalicelib.platform import logging, strict_json
from chalicelib.platform.metrics import count

_MESSAGES: Final = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)


def handled(event: dict[str, Any], handle: Callable[[Any], None]) -> dict[str, Any]:
    """Hand each message, parsed, to `handle`; the answer names those that must come again."""

    def one(record: SQSRecord) -> None:
        with logging.tracing(record.message_id):
            try:
                handle(strict_json.loads(record.body))
            except Exception as error:
                count("MessagesFailed")
                logging.error("message not handled", error, message_id=record.message_id)
                raise

    return dict(process_partial_response(event, one, _MESSAGES))

"""The queue of evaluations says that the report of a test is wanted."""

from typing import Any, Final

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from chalicelib.classification import calibrations
from chalicelib.documents import report as documents
from chalicelib.evaluation import computing, report
from chalicelib.platform import logging, strict_json
from chalicelib.platform.metrics import count, metered
from chalicelib.platform.runtime import Platform

_MESSAGES: Final = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)


@metered("evaluate")
def wanted(platform: Platform, event: dict[str, Any]) -> dict[str, Any]:
    """Handle each message of the queue; names those that must come again."""

    def handle(record: SQSRecord) -> None:
        with logging.tracing(record.message_id):
            try:
                _handle(platform, strict_json.loads(record.body))
            except Exception as error:
                count("MessagesFailed")
                logging.error("message not handled", error, message_id=record.message_id)
                raise

    return dict(process_partial_response(event, handle, _MESSAGES))


def _handle(platform: Platform, message: Any) -> None:
    match message:
        case {"evaluation_id": str(evaluation_id)}:
            computing.compute(
                platform,
                evaluation_id,
                figures=report.compute,
                pdf=documents.pdf,
                admit=calibrations.admit_by,
            )
        case _:
            raise ValueError("a message that names no test")

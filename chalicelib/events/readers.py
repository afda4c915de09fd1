"""The labelling queue says that a case waits for readers, that a reader has room, or that histology
says something new of a lesion's images."""

from typing import Any, Final

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from chalicelib.histology import spreading
from chalicelib.labelling import service as labelling
from chalicelib.platform import logging, strict_json
from chalicelib.platform.metrics import count, metered
from chalicelib.platform.runtime import Platform

_MESSAGES: Final = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)


@metered("assign_reader")
def wanted(platform: Platform, event: dict[str, Any]) -> dict[str, Any]:
    """Handle each message of the labelling queue; names those that must come again."""

    def bring_together(record: SQSRecord) -> None:
        with logging.tracing(record.message_id):
            try:
                _handle(platform, strict_json.loads(record.body))
            except Exception as error:
                count("MessagesFailed")
                logging.error("message not handled", error, message_id=record.message_id)
                raise

    return dict(process_partial_response(event, bring_together, _MESSAGES))


def _handle(platform: Platform, message: Any) -> None:
    match message:
        case {"image_id": str(image_id)}:
            trace = message.get("trace")
            logging.follow(trace if isinstance(trace, str) else "")
            labelling.assign_case(platform, image_id)
        case {"histology_id": str(histology_id)}:
            spreading.spread(platform, histology_id)
        case {"reader_id": str(account_id)}:
            labelling.fill_hand(platform, account_id)
        case _:
            raise ValueError("a message that names no image, result or reader")

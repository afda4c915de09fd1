"""The labelling queue says that an image waits for readers, that a case goes on, that a reader has room, or
that histology says something new of a lesion's images."""

from collections.abc import Sequence
from typing import Any, Final

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from chalicelib.histology import spreading
from chalicelib.labelling import driving, finding
from chalicelib.labelling.reading import Point
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
            driving.assign_case(platform, image_id, merge)
        case {"case_id": str(image_id)}:
            driving.settle(platform, image_id, merge)
        case {"histology_id": str(histology_id)}:
            spreading.spread(platform, histology_id)
        case {"reader_id": str(account_id)}:
            finding.fill_hand(platform, account_id)
        case _:
            raise ValueError("a message that names no image, case, result or reader")


def merge(outlines: Sequence[Sequence[Point]], *, aspect: float) -> list[list[float]]:
    """Make one outline of several. Its numeric package is loaded when the first ones are merged."""
    from chalicelib.labelling.merging_outlines import merged

    return merged(outlines, aspect=aspect)

"""The queue of builds says that a dataset is to be previewed, or that a release goes on."""

from typing import Any, Final

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from chalicelib.datasets.releases import building
from chalicelib.datasets.selection.previewing import preview
from chalicelib.platform import logging, strict_json
from chalicelib.platform.metrics import count, metered
from chalicelib.platform.runtime import Platform

_MESSAGES: Final = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)


@metered("build_release")
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
        case {"release_id": str(release_id), "shard": str(shard)}:
            building.build(platform, release_id, int(shard))
        case {"release_id": str(release_id)}:
            building.drive_on(platform, release_id)
        case {"preview": str(code)}:
            preview(platform, code)
        case _:
            raise ValueError("a message that names no preview and no release")

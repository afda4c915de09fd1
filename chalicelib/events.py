"""Events as Lambda delivers them: several records, repeated, out of order, one of them bad."""

from functools import cache, partial
from typing import Any, Final
from urllib.parse import unquote_plus

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from chalicelib import sweep
from chalicelib.classification import service as classification
from chalicelib.classification.inference.classifier import Classifier
from chalicelib.classification.registry import active_model_file
from chalicelib.labelling import service as labelling
from chalicelib.platform import logging, strict_json
from chalicelib.platform.metrics import metered
from chalicelib.platform.runtime import Platform


class SomeFailed(RuntimeError):
    """Part of an asynchronous event failed, so Lambda must deliver it again."""


@cache
def classifier(platform: Platform) -> Classifier:
    """The session of the active model, made once a container."""
    return Classifier.load(active_model_file(platform))


@metered
def uploads_arrived(platform: Platform, event: dict[str, Any]) -> None:
    """Take in every record of an S3 event. Raises `SomeFailed` after all of them were tried."""
    failed = 0
    for record in event.get("Records", []):  # s3:TestEvent has none
        stored = record["s3"]["object"]
        try:
            classification.take_in(
                platform,
                partial(classifier, platform),
                key=unquote_plus(stored["key"]),
                version=stored.get("versionId"),
                trace=record.get("responseElements", {}).get("x-amz-request-id", ""),
            )
        except Exception as error:
            failed += 1
            logging.error("upload not taken in", error)
    if failed:
        raise SomeFailed(f"{failed} of {len(event['Records'])} records")


_MESSAGES: Final = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)


@metered
def readers_wanted(platform: Platform, event: dict[str, Any]) -> dict[str, Any]:
    """Handle each message of the labelling queue; names those that must come again."""

    def bring_together(record: SQSRecord) -> None:
        try:
            match strict_json.loads(record.body):
                case {"image_id": str(image_id)}:
                    labelling.assign_case(platform, image_id)
                case {"reader_id": str(account_id)}:
                    labelling.fill_hand(platform, account_id)
                case _:
                    raise ValueError("a message that names neither an image nor a reader")
        except Exception as error:
            logging.error("message not handled", error, message_id=record.message_id)
            raise

    return dict(process_partial_response(event, bring_together, _MESSAGES))


@metered
def time_to_sweep(platform: Platform, event: dict[str, Any]) -> None:
    """Drive on what is overdue."""
    trace = str(event.get("id", ""))
    sweep.sweep(platform, partial(classifier, platform), trace=trace)

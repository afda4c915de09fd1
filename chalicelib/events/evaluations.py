"""The queue of evaluations says that the report of a test is wanted.

What reckons and typesets is loaded by the first message, so that importing the app stays light.
"""

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, Final

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from chalicelib.evaluation import computing
from chalicelib.platform import logging, strict_json
from chalicelib.platform.language import Language
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
            computing.compute(platform, evaluation_id, figures=_figures, pdf=_pdf, admit=_admit)
        case _:
            raise ValueError("a message that names no test")


def _figures(*, units: Sequence[Mapping[str, Any]], **given: Any) -> Mapping[str, Any]:
    tested = import_module("chalicelib.evaluation.tested")
    report = import_module("chalicelib.evaluation.report")
    found: Mapping[str, Any] = report.compute(
        units=[tested.TestedUnit(**unit) for unit in units], **given
    )
    return found


def _pdf(report: Mapping[str, Any], language: Language) -> bytes:
    made: bytes = import_module("chalicelib.documents.report").pdf(report, language)
    return made


def _admit(platform: Platform, report: Mapping[str, Any]) -> None:
    import_module("chalicelib.classification.calibrations").admit_by(platform, report)

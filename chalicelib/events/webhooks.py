"""The queue of webhooks says that something happened, or that one receiver is owed an event."""

from typing import Any, Final

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from chalicelib.platform import logging, strict_json
from chalicelib.platform.announcing import Event, Happening
from chalicelib.platform.metrics import count, metered
from chalicelib.platform.runtime import Platform
from chalicelib.webhooks import delivery
from chalicelib.webhooks.delivery import Undelivered
from chalicelib.webhooks.model import ABOUT, DELAYS

_MESSAGES: Final = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)


class Unreadable(Exception):
    """A message that is none of ours: it need not wait to become a dead letter."""


@metered("deliver_webhook")
def handed(platform: Platform, event: dict[str, Any]) -> dict[str, Any]:
    """Handle each message of the queue; names those that must come again, and puts them off."""

    def handle(record: SQSRecord) -> None:
        with logging.tracing(record.message_id):
            attempt = int(record.attributes.approximate_receive_count)
            try:
                _handle(platform, record.body, attempt)
            except Undelivered:
                platform.webhooks_queue.put_off(record.receipt_handle, _delay(attempt))
                raise
            except Exception as error:
                count("MessagesFailed")
                logging.error("message not handled", error, message_id=record.message_id)
                delay = 0 if isinstance(error, Unreadable) else _delay(attempt)
                platform.webhooks_queue.put_off(record.receipt_handle, delay)
                raise

    return dict(process_partial_response(event, handle, _MESSAGES))


def _handle(platform: Platform, body: str, attempt: int) -> None:
    event, webhook_id = _read(body)
    logging.follow(event.trace)
    if webhook_id:
        delivery.deliver(platform, event, webhook_id, attempt=attempt)
    else:
        count("WebhooksOwed", delivery.fan_out(platform, event))


def _read(body: str) -> tuple[Event, str]:
    try:
        message = strict_json.loads(body)
        event, webhook_id = Event.read(message), message.get("webhook_id", "")
    except (ValueError, AttributeError):
        raise Unreadable from None
    if event.happening not in (ABOUT if webhook_id else set(Happening)):
        raise Unreadable
    return event, webhook_id


def _delay(attempt: int) -> int:
    """Seconds until the next try; none after the last, when SQS lays the message aside."""
    return DELAYS[attempt - 1] if attempt <= len(DELAYS) else 0

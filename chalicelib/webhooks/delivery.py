"""From an event to its receivers: one message becomes one for each, and each is delivered by itself.

A message that fails stays in the queue and is put off, longer each time, so SQS keeps what is owed:
a crash at any point brings it again. Receivers may therefore get an event twice, with the same
`webhook-id`, and in any order.
"""

import json

from chalicelib.platform import logging
from chalicelib.platform.announcing import Event
from chalicelib.platform.metrics import count
from chalicelib.platform.runtime import Platform
from chalicelib.webhooks import signing
from chalicelib.webhooks.address import BadAddress, target
from chalicelib.webhooks.model import ABOUT, PING, TRIES, Delivery, Fault, Webhook
from chalicelib.webhooks.posting import NotPosted, post
from chalicelib.webhooks.store import WebhookStore


class Undelivered(Exception):
    """The receiver has not taken the event; the message must come again."""


def fan_out(platform: Platform, event: Event) -> int:
    """Put a message of its own into the queue for each receiver that wants the event; how many.

    Two calls to AWS, one where nobody does. Done again, it sends all of them again.
    """
    wanting = [
        webhook
        for webhook in WebhookStore(platform.catalogue).all()
        if webhook.wants(event.happening)
    ]
    message = event.message()
    platform.webhooks_queue.send_all(
        [{**message, "webhook_id": webhook.webhook_id} for webhook in wanting]
    )
    return len(wanting)


def deliver(platform: Platform, event: Event, webhook_id: str, *, attempt: int) -> None:
    """Deliver an event to one receiver, and note how it went. Two calls to AWS.

    Whom it is no longer for, is left alone: the receiver was deleted or disabled, or wants other
    events now. Raises `Undelivered` when it must be tried again, also where it was not tried now,
    since the receiver has just failed several times; a ping is tried once.
    """
    store = WebhookStore(platform.catalogue)
    webhook = store.get(webhook_id)
    if webhook is None or not webhook.wants(event.happening):
        count("WebhooksDropped")
        return
    if attempt < TRIES and event.happening != PING and webhook.rests(platform.clock.now()):
        count("WebhooksPutOff")
        raise Undelivered
    delivery = _tried(platform, webhook, event, attempt)
    noted = store.note(webhook, delivery)
    if delivery.taken:
        count("WebhooksDelivered")
        return
    count("WebhooksNotTaken")
    logging.info(
        "webhook not taken",
        webhook_id=webhook_id,
        event_id=event.event_id,
        status=delivery.status,
        fault=delivery.fault,
    )
    if noted is None or event.happening == PING:
        return
    if noted.disabled is not None and webhook.disabled is None:
        count("WebhooksDisabled")
        logging.info("webhook disabled", webhook_id=webhook_id, reason=noted.disabled.reason)
    if noted.wants(event.happening):
        raise Undelivered


def body_of(event: Event) -> bytes:
    """What is signed and sent: the same bytes at each try."""
    said = {
        "type": event.happening,
        "id": event.event_id,
        "timestamp": event.at,
        "data": {ABOUT[event.happening]: event.subject_id},
    }
    return json.dumps(said, separators=(",", ":")).encode()


def _tried(platform: Platform, webhook: Webhook, event: Event, attempt: int) -> Delivery:
    now = platform.clock.now()
    status: int | None = None
    fault: Fault | None = None
    body = body_of(event)
    headers = signing.headers(platform.ids, webhook, event.event_id, body, now)
    try:
        to_loopback = platform.settings.webhooks_to_loopback
        status = post(target(webhook.url, platform.resolve, to_loopback=to_loopback), headers, body)
    except (BadAddress, NotPosted) as failed:
        fault = failed.fault
    return Delivery(
        event_id=event.event_id,
        type=event.happening,
        at=now,
        attempt=attempt,
        status=status,
        fault=fault,
    )

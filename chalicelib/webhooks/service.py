"""What curators do with receivers of events: register, look, change, rotate the secret, try, remove."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.people.model import Caller
from chalicelib.platform.announcing import event_of, tell
from chalicelib.platform.errors import Conflict, Invalid, NotFound, idempotency_conflict
from chalicelib.platform.language import Text
from chalicelib.platform.runtime import Platform
from chalicelib.webhooks.address import BadAddress, target
from chalicelib.webhooks.model import MOST, PING, Disabled, Reason, Webhook
from chalicelib.webhooks.signing import secret_of
from chalicelib.webhooks.store import WebhookStore

TOO_MANY: Final = Text(
    "Получателей уже {most}, больше нельзя. Удалите ненужного.",
    "There are {most} receivers already, and no more may be. Delete one that is not needed.",
)


@dataclass(frozen=True)
class Told:
    """A receiver with its secret, which is told this once."""

    webhook: Webhook
    secret: str


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is to change of a receiver; None stays."""

    url: str | None = None
    events: Sequence[str] | None = None
    note: str | None = None
    enabled: bool | None = None


def register(
    platform: Platform,
    *,
    caller: Caller,
    webhook_id: str,
    url: str,
    events: Sequence[str],
    note: str,
) -> Told:
    """Register a receiver. Two calls to AWS, one for a repetition.

    A repetition (`webhook_id` comes from the Idempotency-Key) gets the same one with the same first
    secret. Raises `Invalid` for an address to which nothing may be sent, and `Conflict` when the
    repetition says something else or when there are too many.
    """
    _check(platform, url)
    said = (url, note, *events)
    new = Webhook(
        webhook_id=webhook_id,
        url=url,
        events=tuple(events),
        note=note,
        created_at=platform.clock.now(),
        created_by=caller.account_id,
        fingerprint=platform.ids.digest("webhook", *said).hex(),
    )
    store = WebhookStore(platform.catalogue)
    there, is_new = store.create(new)
    if there.fingerprint != new.fingerprint:
        raise idempotency_conflict()
    # Counted after it was put, so that of two at once no more than `MOST` can stay.
    if is_new and len(store.all()) > MOST:
        store.delete(webhook_id)
        raise Conflict("too_many_webhooks", TOO_MANY.filled(most=MOST))
    return Told(there, secret_of(platform.ids, webhook_id, 1))


def list_webhooks(
    platform: Platform, *, limit: int, cursor: str | None
) -> tuple[list[Webhook], str | None]:
    """A page of the receivers, and the cursor of the next. One call to AWS.

    Raises `Invalid` for a cursor of another list.
    """
    start = platform.cursors.open(cursor, scope="webhooks")
    page, last = WebhookStore(platform.catalogue).page(limit=limit, start=start)
    return page, platform.cursors.seal(last, scope="webhooks")


def view(platform: Platform, webhook_id: str) -> Webhook:
    """One receiver. One call to AWS. Raises `NotFound`."""
    return _found(WebhookStore(platform.catalogue).get(webhook_id))


def change(platform: Platform, webhook_id: str, wish: Wish) -> Webhook:
    """Change a receiver. One call to AWS. Raises `NotFound`, and `Invalid` as `register` does.

    Another address, or being enabled, makes a fresh start: failures are forgotten. An address that
    is changed while the receiver is disabled leaves it so, unless it is enabled too.
    """
    if wish.url is not None:
        _check(platform, wish.url)
    wanted: dict[str, Any] = {
        name: value
        for name, value in (
            ("url", wish.url),
            ("events", list(wish.events) if wish.events is not None else None),
            ("note", wish.note),
        )
        if value is not None
    }
    by_hand = Disabled(at=platform.clock.now(), reason=Reason.BY_HAND)
    return _found(
        WebhookStore(platform.catalogue).change(
            webhook_id,
            wanted,
            forget=wish.url is not None or wish.enabled is True,
            enable=wish.enabled is True,
            disabled=by_hand if wish.enabled is False else None,
        )
    )


def rotate(platform: Platform, webhook_id: str, *, request_id: str) -> Told:
    """Give a receiver its next secret; the one before is good for a day more. One call to AWS.

    A repetition (`request_id` comes from the Idempotency-Key) gets the same secret. Raises
    `NotFound`.
    """
    store = WebhookStore(platform.catalogue)
    found = _found(store.rotate(webhook_id, request_id=request_id, now=platform.clock.now()))
    return Told(found, secret_of(platform.ids, webhook_id, found.secret_version))


def ping(platform: Platform, webhook_id: str, *, event_id: str) -> None:
    """Have an event of no meaning delivered to a receiver, also to a disabled one. Two calls to AWS.

    Raises `NotFound`.
    """
    _found(WebhookStore(platform.catalogue).get(webhook_id))
    event = event_of(platform, PING, webhook_id, event_id)
    tell(platform, event, webhook_id=webhook_id)


def remove(platform: Platform, webhook_id: str) -> None:
    """Delete a receiver; what was on its way to it is dropped. One call to AWS. Raises `NotFound`."""
    if not WebhookStore(platform.catalogue).delete(webhook_id):
        raise NotFound


def _check(platform: Platform, url: str) -> None:
    try:
        target(url, platform.resolve, to_loopback=platform.settings.webhooks_to_loopback)
    except BadAddress as bad:
        raise Invalid({"url": bad.text}) from None


def _found(webhook: Webhook | None) -> Webhook:
    if webhook is None:
        raise NotFound
    return webhook

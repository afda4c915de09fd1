"""Receivers of events, how a delivery to one ended, and what that makes of the receiver."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum, auto
from http import HTTPStatus
from typing import Final

from chalicelib.platform.announcing import Happening

PING: Final = "ping"
"""The type of the event that a curator sends to try a receiver."""
MOST: Final = 20
"""Receivers at once: each event is delivered to every one of them."""
KEPT: Final = 10
"""Deliveries that are remembered of each."""
DELAYS: Final = (30, 120, 600, 1800, 3600, 7200, 14400, 28800, 28800)
"""Seconds from one try to the next. The first three tries are within a quarter of an hour: SQS takes
a message received three times out of the age of its queue, and so does the alarm on that age."""
TRIES: Final = len(DELAYS) + 1
"""Then a delivery is a dead letter, a day after it began."""
FAILING: Final = timedelta(days=3)
"""A receiver that has taken nothing for so long is disabled."""
TIRED: Final = 5
"""After so many failures in a row a receiver is given a rest between tries."""
REST: Final = timedelta(seconds=30)
"""So that many events for one that is dead do not take the time of the others' events."""
OVERLAP: Final = timedelta(hours=24)
"""For so long after a rotation the secret before is good too."""
ABOUT: Final[Mapping[str, str]] = {
    **dict.fromkeys(Happening, "image_id"),
    Happening.HISTOLOGY_DUE: "lesion_id",
    Happening.QUESTION_OVERDUE: "question_id",
    PING: "webhook_id",
}
"""What the subject of an event is, by the event's type."""


class Fault(StrEnum):
    """Why a delivery ended without a status."""

    HOST_UNKNOWN = auto()
    ADDRESS_REFUSED = auto()
    UNREACHABLE = auto()
    UNTRUSTED = auto()
    TOO_SLOW = auto()
    NO_HTTP = auto()


class Reason(StrEnum):
    """Why a receiver is disabled."""

    BY_HAND = auto()
    FAILING = auto()
    GONE = auto()


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One try to deliver an event. It does not name the subject, which may have to be erased."""

    event_id: str
    type: str
    at: datetime
    attempt: int
    status: int | None = None
    fault: Fault | None = None

    @property
    def taken(self) -> bool:
        """Whether the receiver said that it has the event. A redirection is followed nowhere."""
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True, kw_only=True)
class Disabled:
    """Since when and why nothing is sent."""

    at: datetime
    reason: Reason


@dataclass(frozen=True, kw_only=True)
class Webhook:
    """A receiver: an address, and the events that it wants."""

    webhook_id: str
    url: str
    events: tuple[str, ...]
    note: str
    created_at: datetime
    created_by: str
    fingerprint: str
    """Of the request that registered it; a repetition is told from another request by it."""
    secret_version: int = 1
    rotated_at: datetime | None = None
    disabled: Disabled | None = None
    deliveries: tuple[Delivery, ...] = ()
    """The latest `KEPT`, oldest first."""
    failures: int = 0
    """In a row, over all events; tries by hand are not counted."""
    failing_since: datetime | None = None
    writer: str = ""
    """The token of the last write, by which a change knows that none came between."""

    def wants(self, type_: str) -> bool:
        """Whether an event of this type is to be delivered; a ping is, even to one disabled."""
        return type_ == PING or (self.disabled is None and type_ in self.events)

    def rests(self, now: datetime) -> bool:
        """Whether it failed too often, and just now, to be tried again already."""
        return (
            self.failures >= TIRED and bool(self.deliveries) and now - self.deliveries[-1].at < REST
        )

    def good_versions(self, now: datetime) -> tuple[int, ...]:
        """Versions of the secret that sign now, the newest first."""
        if self.rotated_at is None or now - self.rotated_at >= OVERLAP:
            return (self.secret_version,)
        return (self.secret_version, self.secret_version - 1)


def after(webhook: Webhook, delivery: Delivery) -> Webhook:
    """What a delivery makes of its receiver."""
    seen = replace(webhook, deliveries=(*webhook.deliveries, delivery)[-KEPT:])
    if delivery.type == PING:
        return seen
    if delivery.taken:
        return replace(seen, failures=0, failing_since=None)
    since = webhook.failing_since or delivery.at
    failing = replace(seen, failures=webhook.failures + 1, failing_since=since)
    if webhook.disabled is not None:
        return failing
    if delivery.status == HTTPStatus.GONE:
        return replace(failing, disabled=Disabled(at=delivery.at, reason=Reason.GONE))
    if failing.failures >= TRIES and delivery.at - since >= FAILING:
        return replace(failing, disabled=Disabled(at=delivery.at, reason=Reason.FAILING))
    return failing

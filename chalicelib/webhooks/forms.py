"""What the routes of webhooks take and answer."""

from typing import Annotated

from pydantic import Field, field_validator, model_validator

from chalicelib.platform.announcing import Happening
from chalicelib.platform.clock import timestamp
from chalicelib.platform.http.fields import Answer, Form, fault
from chalicelib.platform.language import Language, Text
from chalicelib.platform.runtime import Platform
from chalicelib.webhooks.address import LONGEST
from chalicelib.webhooks.model import OVERLAP, Delivery, Disabled, Fault, Reason, Webhook

TWICE = Text("Событие указано дважды. Оставьте одно.", "An event is named twice. Leave one.")
NOTHING = Text("Укажите, что изменить.", "Say what to change.")
WHY = {
    Reason.BY_HAND: Text("Отключён куратором.", "Disabled by a curator."),
    Reason.FAILING: Text(
        "Отключён: трое суток не принимал события. Исправьте получателя, проверьте его пробным "
        "событием и включите снова.",
        "Disabled: it has taken no event for three days. Mend the receiver, try it with a test "
        "event, and enable it again.",
    ),
    Reason.GONE: Text(
        "Отключён: получатель ответил 410, событий он больше не ждёт.",
        "Disabled: the receiver answered 410, it wants no more events.",
    ),
}

Url = Annotated[
    str,
    Field(
        min_length=1,
        max_length=LONGEST,
        description="Where events are sent: https://, port 443, a public address.",
    ),
]
Events = Annotated[list[Happening], Field(min_length=1, max_length=len(Happening))]
Note = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]


class EventsForm(Form):
    @field_validator("events", check_fields=False)
    @classmethod
    def _each_once(cls, events: list[Happening] | None) -> list[Happening] | None:
        if events is not None and len(set(events)) < len(events):
            raise fault(TWICE)
        return events


class WebhookForm(EventsForm):
    """A receiver of events."""

    url: Url
    events: Events
    note: Note = ""


class WebhookChange(EventsForm):
    """What is to change; what is left out stays."""

    url: Url | None = None
    events: Events | None = None
    note: Note | None = None
    enabled: bool | None = None

    @model_validator(mode="after")
    def _something(self) -> "WebhookChange":
        if all(value is None for _, value in self):
            raise fault(NOTHING)
        return self


class RegisteredAnswer(Answer):
    """A new receiver; the secret is told this once."""

    webhook_id: str
    secret: str


class SecretAnswer(Answer):
    """The next secret, told this once; until then the one before is good, too."""

    secret: str
    previous_until: str


class PingAnswer(Answer):
    """The test event that will be sent: its `webhook-id`."""

    event_id: str


class DeliveryAnswer(Answer):
    """One try to deliver an event."""

    event_id: str
    type: str
    at: str
    attempt: Annotated[int, Field(description="The first try of an event is 1.")]
    status: Annotated[int | None, Field(description="Of the answer; null when there was none.")]
    fault: Annotated[Fault | None, Field(description="Why there was no answer.")]


class DisabledAnswer(Answer):
    """Since when and why nothing is sent."""

    at: str
    reason: Reason
    message: str


class WebhookAnswer(Answer):
    """One receiver."""

    webhook_id: str
    url: str
    events: list[str]
    note: str
    created_at: str
    enabled: bool
    disabled: DisabledAnswer | None
    failures: Annotated[int, Field(description="Tries in a row that were not taken.")]
    failing_since: str | None
    last_delivery: DeliveryAnswer | None
    previous_secret_until: Annotated[
        str | None, Field(description="Until when the secret before the last rotation is good.")
    ]


class WebhookView(WebhookAnswer):
    """One receiver with its latest deliveries, the newest first."""

    deliveries: list[DeliveryAnswer]


def webhook_answer(platform: Platform, webhook: Webhook, language: Language) -> WebhookAnswer:
    return WebhookAnswer(**_shown(platform, webhook, language))


def webhook_view(platform: Platform, webhook: Webhook, language: Language) -> WebhookView:
    newest_first = [_delivery(each) for each in reversed(webhook.deliveries)]
    return WebhookView(**_shown(platform, webhook, language), deliveries=newest_first)


def _shown(platform: Platform, webhook: Webhook, language: Language) -> dict[str, object]:
    two = len(webhook.good_versions(platform.clock.now())) > 1
    since = webhook.failing_since
    return {
        "webhook_id": webhook.webhook_id,
        "url": webhook.url,
        "events": list(webhook.events),
        "note": webhook.note,
        "created_at": timestamp(webhook.created_at),
        "enabled": webhook.disabled is None,
        "disabled": _disabled(webhook.disabled, language) if webhook.disabled else None,
        "failures": webhook.failures,
        "failing_since": timestamp(since) if since else None,
        "last_delivery": _delivery(webhook.deliveries[-1]) if webhook.deliveries else None,
        "previous_secret_until": previous_until(webhook) if two else None,
    }


def previous_until(webhook: Webhook) -> str | None:
    """When the secret before the last rotation ceases to be good; None when there was no rotation."""
    return timestamp(webhook.rotated_at + OVERLAP) if webhook.rotated_at else None


def _disabled(disabled: Disabled, language: Language) -> DisabledAnswer:
    return DisabledAnswer(
        at=timestamp(disabled.at),
        reason=disabled.reason,
        message=WHY[disabled.reason].in_language(language),
    )


def _delivery(delivery: Delivery) -> DeliveryAnswer:
    return DeliveryAnswer(
        event_id=delivery.event_id,
        type=delivery.type,
        at=timestamp(delivery.at),
        attempt=delivery.attempt,
        status=delivery.status,
        fault=delivery.fault,
    )

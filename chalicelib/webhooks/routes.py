"""Receivers of events over HTTP: parse, one call, answer."""

from chalicelib.platform.http.fields import Listed, Listing
from chalicelib.platform.http.routes import Call, NoBody, NoQuery, Routes
from chalicelib.platform.language import Text
from chalicelib.webhooks import service
from chalicelib.webhooks.forms import (
    PingAnswer,
    RegisteredAnswer,
    SecretAnswer,
    WebhookAnswer,
    WebhookChange,
    WebhookForm,
    WebhookView,
    previous_until,
    webhook_answer,
    webhook_view,
)

routes = Routes()


@routes.route(
    "/v1/webhooks",
    "POST",
    summary=Text("Добавить получателя событий", "Register a receiver of events"),
    takes=WebhookForm,
    answers=RegisteredAnswer,
    status=201,
    refusals=("idempotency_conflict", "too_many_webhooks"),
    creates=True,
)
def register(call: Call[WebhookForm, NoQuery]) -> RegisteredAnswer:
    form = call.body
    told = service.register(
        call.platform,
        caller=call.caller,
        webhook_id=call.creation_id("webhook"),
        url=form.url,
        events=form.events,
        note=form.note,
    )
    call.audit("webhook.registered", told.webhook.webhook_id, once=True)
    return RegisteredAnswer(webhook_id=told.webhook.webhook_id, secret=told.secret)


@routes.route(
    "/v1/webhooks",
    summary=Text("Получатели событий", "The receivers of events"),
    asks=Listed,
    answers=Listing[WebhookAnswer],
)
def list_webhooks(call: Call[NoBody, Listed]) -> Listing[WebhookAnswer]:
    page, following = service.list_webhooks(
        call.platform, limit=call.query.limit, cursor=call.query.cursor
    )
    call.audit("webhooks.listed", "webhooks")
    items = [webhook_answer(call.platform, one, call.language) for one in page]
    return Listing[WebhookAnswer](items=items, next=following)


@routes.route(
    "/v1/webhooks/{webhook_id}",
    summary=Text(
        "Получатель событий и последние доставки", "A receiver of events and its latest deliveries"
    ),
    answers=WebhookView,
    refusals=("not_found",),
)
def view(call: Call[NoBody, NoQuery], webhook_id: str) -> WebhookView:
    found = service.view(call.platform, webhook_id)
    call.audit("webhook.viewed", webhook_id)
    return webhook_view(call.platform, found, call.language)


@routes.route(
    "/v1/webhooks/{webhook_id}",
    "PATCH",
    summary=Text(
        "Изменить, отключить или включить получателя событий",
        "Change, disable or enable a receiver of events",
    ),
    takes=WebhookChange,
    answers=WebhookAnswer,
    refusals=("not_found",),
)
def change(call: Call[WebhookChange, NoQuery], webhook_id: str) -> WebhookAnswer:
    changed = service.change(call.platform, webhook_id, service.Wish(**dict(call.body)))
    call.audit("webhook.changed", webhook_id)
    return webhook_answer(call.platform, changed, call.language)


@routes.route(
    "/v1/webhooks/{webhook_id}",
    "DELETE",
    summary=Text("Удалить получателя событий", "Delete a receiver of events"),
    status=204,
    refusals=("not_found",),
)
def remove(call: Call[NoBody, NoQuery], webhook_id: str) -> None:
    service.remove(call.platform, webhook_id)
    call.audit("webhook.deleted", webhook_id)


@routes.route(
    "/v1/webhooks/{webhook_id}/secret",
    "POST",
    summary=Text(
        "Выдать новый секрет; прежний действует ещё сутки",
        "Give a new secret; the one before is good for a day more",
    ),
    answers=SecretAnswer,
    status=201,
    refusals=("not_found",),
    creates=True,
)
def rotate(call: Call[NoBody, NoQuery], webhook_id: str) -> SecretAnswer:
    request_id = call.creation_id(f"webhook-secret {webhook_id}")
    told = service.rotate(call.platform, webhook_id, request_id=request_id)
    call.audit("webhook.secret_rotated", webhook_id)
    return SecretAnswer(secret=told.secret, previous_until=previous_until(told.webhook) or "")


@routes.route(
    "/v1/webhooks/{webhook_id}/test",
    "POST",
    summary=Text("Отправить получателю пробное событие", "Send a test event to a receiver"),
    answers=PingAnswer,
    status=202,
    refusals=("not_found",),
    creates=True,
)
def ping(call: Call[NoBody, NoQuery], webhook_id: str) -> PingAnswer:
    event_id = call.creation_id(f"webhook-test {webhook_id}")
    service.ping(call.platform, webhook_id, event_id=event_id)
    call.audit("webhook.tested", webhook_id)
    return PingAnswer(event_id=event_id)

"""Receivers in the `catalogue` table."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from boto3.dynamodb.conditions import Attr
from boto3.dynamodb.conditions import Key as Where

from chalicelib.platform import keys
from chalicelib.platform.clock import moment, timestamp
from chalicelib.platform.table import PRESENT, Change, ConditionFailed, Item, Table
from chalicelib.webhooks.model import Delivery, Disabled, Fault, Reason, Webhook, after

_ALL = Where("pk").eq(keys.webhook("")[0])


@dataclass(frozen=True)
class WebhookStore:
    """Registers receivers, changes them, and notes how deliveries to them went."""

    table: Table

    def get(self, webhook_id: str) -> Webhook | None:
        item = self.table.get(keys.webhook(webhook_id))
        return _read(item) if item else None

    def all(self) -> list[Webhook]:
        """Every receiver there is (a consistent read)."""
        return [_read(item) for item in self.table.query_all(_ALL)]

    def page(self, *, limit: int, start: Item | None) -> tuple[list[Webhook], Item | None]:
        """A page of the receivers by id; and where to go on."""
        page = self.table.query(_ALL, limit=limit, start=start)
        return [_read(item) for item in page.items], page.last

    def create(self, new: Webhook) -> tuple[Webhook, bool]:
        """Put a new receiver, True; if it is there already, the one that is there, False."""
        item = {
            "webhook_id": new.webhook_id,
            "url": new.url,
            "events": list(new.events),
            "note": new.note,
            "created_at": timestamp(new.created_at),
            "created_by": new.created_by,
            "fingerprint": new.fingerprint,
            "secret_version": new.secret_version,
            "rotation": "",
            **_state(new),
        }
        try:
            return _read(self.table.insert(keys.webhook(new.webhook_id), item)), True
        except ConditionFailed as error:
            if error.found is None:
                raise
            return _read(error.found), False

    def change(
        self,
        webhook_id: str,
        wanted: Mapping[str, Any],
        *,
        forget: bool,
        enable: bool,
        disabled: Disabled | None,
    ) -> Webhook | None:
        """Write what is wanted over a receiver; None when there is none.

        `forget` forgets its failures, `enable` enables it, and `disabled` disables it.
        """
        change = Change(
            set={
                **wanted,
                **({"failures": 0} if forget else {}),
                **({"disabled": _written(disabled)} if disabled else {}),
            },
            remove=[
                *(["failing_since"] if forget else []),
                *(["disabled"] if enable else []),
            ],
        )
        try:
            return _read(self.table.update(keys.webhook(webhook_id), change))
        except ConditionFailed:
            return None

    def rotate(self, webhook_id: str, *, request_id: str, now: datetime) -> Webhook | None:
        """Go on to the next version of the secret, once for each request; None without a receiver."""
        change = Change(
            set={"rotation": request_id, "rotated_at": timestamp(now)}, add={"secret_version": 1}
        )
        fresh = PRESENT & Attr("rotation").ne(request_id)
        try:
            return _read(self.table.update(keys.webhook(webhook_id), change, when=fresh))
        except ConditionFailed as error:
            return _read(error.found) if error.found else None

    def delete(self, webhook_id: str) -> bool:
        """Whether there was such a receiver."""
        return self.table.delete(keys.webhook(webhook_id))

    def note(self, webhook: Webhook, delivery: Delivery) -> Webhook | None:
        """Note a delivery to a receiver as it was seen; as it then stands, None when it was deleted.

        Several deliveries end at once: who finds that another came between notes his upon that.
        """
        seen: Webhook | None = webhook
        while seen is not None:
            noted = after(seen, delivery)
            state = _state(noted)
            change = Change(
                set={name: value for name, value in state.items() if value is not None},
                remove=[name for name, value in state.items() if value is None],
            )
            try:
                item = self.table.update(
                    keys.webhook(webhook.webhook_id), change, when=Attr("writer").eq(seen.writer)
                )
            except ConditionFailed as error:
                seen = _read(error.found) if error.found else None
                continue
            return replace(noted, writer=item["writer"])
        return None


def _state(webhook: Webhook) -> dict[str, Any]:
    """What deliveries change; None is what is not there."""
    since = webhook.failing_since
    return {
        "deliveries": [_delivered(each) for each in webhook.deliveries],
        "failures": webhook.failures,
        "failing_since": timestamp(since) if since else None,
        "disabled": _written(webhook.disabled) if webhook.disabled else None,
    }


def _written(disabled: Disabled) -> dict[str, str]:
    return {"at": timestamp(disabled.at), "reason": disabled.reason.value}


def _delivered(delivery: Delivery) -> dict[str, Any]:
    return {
        "event_id": delivery.event_id,
        "type": delivery.type,
        "at": timestamp(delivery.at),
        "attempt": delivery.attempt,
        "status": delivery.status,
        "fault": delivery.fault.value if delivery.fault else None,
    }


def _read(item: Item) -> Webhook:
    disabled, since, rotated = (
        item.get(name) for name in ("disabled", "failing_since", "rotated_at")
    )
    return Webhook(
        webhook_id=item["webhook_id"],
        url=item["url"],
        events=tuple(item["events"]),
        note=item["note"],
        created_at=moment(item["created_at"]),
        created_by=item["created_by"],
        fingerprint=item["fingerprint"],
        secret_version=item["secret_version"],
        rotated_at=moment(rotated) if rotated else None,
        disabled=Disabled(at=moment(disabled["at"]), reason=Reason(disabled["reason"]))
        if disabled
        else None,
        deliveries=tuple(map(_read_delivery, item["deliveries"])),
        failures=item["failures"],
        failing_since=moment(since) if since else None,
        writer=item["writer"],
    )


def _read_delivery(kept: dict[str, Any]) -> Delivery:
    return Delivery(
        event_id=kept["event_id"],
        type=kept["type"],
        at=moment(kept["at"]),
        attempt=kept["attempt"],
        status=kept["status"],
        fault=Fault(kept["fault"]) if kept["fault"] else None,
    )

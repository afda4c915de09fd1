"""Secrets and signatures, by Standard Webhooks (standardwebhooks.com, specification 1.0.0).

A secret is derived from the system's signing key, the receiver's id and the secret's version, so none
is stored anywhere.
"""

import base64
import hashlib
import hmac
from datetime import datetime
from typing import Final

from chalicelib.platform.ids import Ids
from chalicelib.webhooks.model import Webhook

PREFIX: Final = "whsec_"


def secret_of(ids: Ids, webhook_id: str, version: int) -> str:
    """`whsec_` and 32 bytes in base64: what the receiver verifies with."""
    return PREFIX + base64.b64encode(_key(ids, webhook_id, version)).decode()


def headers(
    ids: Ids, webhook: Webhook, event_id: str, body: bytes, now: datetime
) -> dict[str, str]:
    """The headers that prove who sent `body`, and when: one signature for each good secret."""
    seconds = str(int(now.timestamp()))
    content = f"{event_id}.{seconds}.".encode() + body
    signatures = [
        _signature(_key(ids, webhook.webhook_id, version), content)
        for version in webhook.good_versions(now)
    ]
    return {
        "webhook-id": event_id,
        "webhook-timestamp": seconds,
        "webhook-signature": " ".join(signatures),
    }


def _signature(key: bytes, content: bytes) -> str:
    return "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()


def _key(ids: Ids, webhook_id: str, version: int) -> bytes:
    return ids.digest("webhook-secret", webhook_id, str(version))

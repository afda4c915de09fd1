"""What a receiver does to verify a delivery, written from the specification and not from our code."""

import base64
import hashlib
import hmac

from tests.webhooks.receiving import Received


def is_signed(got: Received, secret: str) -> bool:
    """Whether one of the signatures is made with `secret` (Standard Webhooks 1.0.0)."""
    assert secret.startswith("whsec_")
    key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    said = f"{got.headers['webhook-id']}.{got.headers['webhook-timestamp']}.".encode() + got.body
    wanted = base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()
    return f"v1,{wanted}" in got.headers["webhook-signature"].split(" ")

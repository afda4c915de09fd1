"""Identifiers: random, or derived from who asks for what, so that a retry needs no second record.

They are opaque, URL-safe and tell no time; order lives in index keys.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass

ID_BYTES = 15  # 120 bits: 24 characters of base32 without padding


def _readable(raw: bytes) -> str:
    return base64.b32encode(raw).decode("ascii").rstrip("=").lower()


@dataclass(frozen=True)
class Ids:
    """Makes ids from a source of randomness and the system's signing key."""

    key: bytes
    randomness: Callable[[int], bytes] = secrets.token_bytes

    def new(self) -> str:
        """A random id."""
        return _readable(self.randomness(ID_BYTES))

    def derived(self, *parts: str) -> str:
        """The id that belongs to these parts: the same parts, the same id; nobody else can guess it."""
        return _readable(self.digest(*parts)[:ID_BYTES])

    def digest(self, *parts: str) -> bytes:
        """HMAC-SHA-256 of the parts, each prefixed with its length so that no two lists collide."""
        message = b"".join(
            len(raw).to_bytes(8, "big") + raw for raw in (part.encode() for part in parts)
        )
        return hmac.new(self.key, message, hashlib.sha256).digest()

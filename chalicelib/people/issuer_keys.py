"""The public keys with which the issuer signs its tokens (JWKS, RFC 7517), kept by the process."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import TYPE_CHECKING, Any, Final

from chalicelib.platform import logging, strict_json

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

FRESH_FOR: Final = timedelta(hours=1)
"""An older set is asked for again, so that a key the issuer withdrew stops working here."""
USABLE_FOR: Final = timedelta(hours=24)
"""How long an old set serves while the issuer does not answer."""
ASK_EVERY: Final = timedelta(minutes=1)
"""Forged key ids, however many, cost the issuer no more than one question in this time."""
RETRY_EVERY: Final = timedelta(seconds=5)
"""The same while nothing is known at all, as after a start."""
TIMEOUT_SECONDS: Final = 3
MAX_BYTES: Final = 65_536
MIN_KEY_BITS: Final = 2048

Fetch = Callable[[], bytes]


class KeysUnavailable(Exception):
    """The issuer does not answer and no usable set of its keys is here: nobody can be judged."""


class IssuerKeys:
    """The issuer's RSA keys by key id. `fetch` answers the JWKS document or fails as HTTP does."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._keys: dict[str, RSAPublicKey] = {}
        self._asked_at: datetime | None = None
        self._fetched_at: datetime | None = None
        self._lock = threading.Lock()

    def find(self, key_id: str, now: datetime) -> "RSAPublicKey | None":
        """The key of this id, or None when the issuer has no such key.

        Raises `KeysUnavailable` when there is no set of keys to look in.
        """
        with self._lock:
            if key_id not in self._keys or not _within(self._fetched_at, now, FRESH_FOR):
                self._ask(now)
            if not _within(self._fetched_at, now, USABLE_FOR):
                raise KeysUnavailable
            return self._keys.get(key_id)

    def _ask(self, now: datetime) -> None:
        """Fetch the set, unless that was tried a moment ago. A failure leaves the old one."""
        if _within(self._asked_at, now, ASK_EVERY if self._keys else RETRY_EVERY):
            return
        self._asked_at = now
        try:
            keys = read_keys(self._fetch())
        except (OSError, HTTPException, ValueError) as error:
            logging.error("issuer_keys_not_fetched", error)
            return
        self._keys, self._fetched_at = keys, now


def _within(moment: datetime | None, now: datetime, length: timedelta) -> bool:
    """Whether `moment` is less than `length` ago; not if it is to come (a clock set back)."""
    return moment is not None and timedelta(0) <= now - moment < length


def read_keys(document: bytes) -> "dict[str, RSAPublicKey]":
    """The RSA signing keys of a JWKS document, by key id. Raises ValueError if it has none."""
    from jwt.algorithms import RSAAlgorithm
    from jwt.exceptions import InvalidKeyError

    parsed = strict_json.loads(document)
    entries = parsed.get("keys") if isinstance(parsed, dict) else None
    if not isinstance(entries, list):
        raise ValueError("not a set of keys")
    keys: dict[str, RSAPublicKey] = {}
    for entry in entries:
        if not _signs_with_rsa(entry):
            continue
        # Modulus and exponent only: a set that shows a private key too is read as a public one.
        public = {name: entry[name] for name in ("kty", "n", "e")}
        try:
            key: Any = RSAAlgorithm.from_jwk(public)
        except (InvalidKeyError, ValueError):
            continue
        if key.key_size >= MIN_KEY_BITS:
            keys[entry["kid"]] = key
    if not keys:
        raise ValueError("no key to verify with")
    return keys


def _signs_with_rsa(entry: Any) -> bool:
    return (
        isinstance(entry, dict)
        and entry.get("kty") == "RSA"
        and entry.get("use", "sig") == "sig"
        and entry.get("alg", "RS256") == "RS256"
        and all(isinstance(entry.get(name), str) for name in ("kid", "n", "e"))
    )


def fetch_over_http(url: str) -> Fetch:
    """A fetch of the JWKS at `url` (http or https, as settings allow), bounded in time and size."""

    def fetch() -> bytes:
        from urllib.request import urlopen

        with urlopen(url, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310  # settings check it
            document: bytes = answer.read(MAX_BYTES + 1)
        if len(document) > MAX_BYTES:
            raise ValueError("the set of keys is too large")
        return document

    return fetch

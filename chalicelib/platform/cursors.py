"""Cursors of lists: opaque, signed, and bound to one list of one caller."""

import base64
import binascii
import hmac
import json
from collections.abc import Sequence
from typing import TypeVar

from chalicelib.platform.errors import BAD_CURSOR, Invalid
from chalicelib.platform.ids import Ids
from chalicelib.platform.table import Item

_SIGNATURE_BYTES = 16

T = TypeVar("T")


class Cursors:
    """Seals the last key of a page, and opens it again only for the same `scope`."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids

    def seal(self, last: Item | None, *, scope: str) -> str | None:
        if last is None:
            return None
        body = json.dumps(last, separators=(",", ":"), sort_keys=True)
        raw = self._sign(body, scope) + body.encode()
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")

    def open(self, cursor: str | None, *, scope: str) -> Item | None:
        """The key inside. Raises `Invalid` for a cursor forged, damaged or of another list."""
        if cursor is None:
            return None
        try:
            raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
            body = raw[_SIGNATURE_BYTES:].decode()
        except (binascii.Error, ValueError):
            raise Invalid({"cursor": BAD_CURSOR}) from None
        if not hmac.compare_digest(raw[:_SIGNATURE_BYTES], self._sign(body, scope)):
            raise Invalid({"cursor": BAD_CURSOR})
        opened: Item = json.loads(body)
        return opened

    def part(
        self, several: Sequence[T], *, limit: int, cursor: str | None, scope: str
    ) -> tuple[Sequence[T], str | None]:
        """A page of a list that is known as a whole, and the cursor of the next one. Raises `Invalid`."""
        at = int((self.open(cursor, scope=scope) or {"at": 0})["at"])
        end = at + limit
        return several[at:end], self.seal({"at": end} if end < len(several) else None, scope=scope)

    def _sign(self, body: str, scope: str) -> bytes:
        return self._ids.digest("cursor", scope, body)[:_SIGNATURE_BYTES]

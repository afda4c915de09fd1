"""A part of an object, read where it lies: moto reads the whole object for each part that is asked for.

Researchers take single images out of shards of 256 MB, so each image would cost a shard.
"""

import re
from typing import Any, Final

from moto.s3.responses import S3Response

_PART: Final = re.compile(r"bytes=(\d+)-(\d+)", re.ASCII)
"""The one form that is shortened; moto answers all others itself."""


def read_parts_only() -> None:
    """Put the shortcut into moto, for this process. Doing it again changes nothing."""
    in_full: Any = S3Response.get_object
    if not hasattr(in_full, "in_full"):
        S3Response.get_object = _in_part(in_full)  # type: ignore[method-assign]


def _in_part(in_full: Any) -> Any:
    def get_object(response: Any) -> Any:
        asked = _PART.fullmatch(response.headers.get("range") or "")
        found = response._get_key() if asked else None
        if asked is None or found is None:
            return in_full(response)
        key, not_modified = found
        begin, end = int(asked[1]), min(int(asked[2]), key.size - 1)
        if begin > end or not_modified:
            return in_full(response)
        response._get_key = lambda: (_Part(key, begin, end), not_modified)
        try:
            status, headers, content = in_full(response)
        finally:
            del response._get_key
        if status != 200:  # of a part of an upload, which moto has answered by then
            return status, headers, content
        if begin or end < key.size - 1:  # S3 knows the checksum of the whole only
            headers = {k: v for k, v in headers.items() if not k.startswith("x-amz-checksum-")}
        size = {"content-length": str(len(content))}
        place = {"content-range": f"bytes {begin}-{end}/{key.size}"}
        return 206, {**headers, **place, **size}, content

    get_object.in_full = in_full  # type: ignore[attr-defined]
    return get_object


class _Part:
    """An object of moto's that has no more bytes than were asked for."""

    def __init__(self, key: Any, begin: int, end: int) -> None:
        self._key, self._begin, self._end = key, begin, end

    def __getattr__(self, name: str) -> Any:
        return getattr(self._key, name)

    @property
    def value(self) -> bytes:
        with self._key.lock:
            self._key._value_buffer.seek(self._begin)
            return bytes(self._key._value_buffer.read(self._end + 1 - self._begin))

"""Versions of objects, listed where they lie: moto copies every object of a bucket, bytes and all, for each list.

Whoever erases a patient or an earlier version of a file lists the few versions that begin with his id.
"""

from collections.abc import Iterator
from copy import copy
from types import SimpleNamespace
from typing import Any

from moto.s3.models import S3Backend


def list_where_they_lie() -> None:
    """Put the shortcut into moto, for this process. Doing it again changes nothing."""
    in_full: Any = S3Backend.list_object_versions
    if not hasattr(in_full, "in_full"):
        S3Backend.list_object_versions = _of_a_prefix(in_full)  # type: ignore[method-assign]


def _of_a_prefix(in_full: Any) -> Any:
    def list_object_versions(backend: Any, bucket_name: str, *given: Any, **named: Any) -> Any:
        bucket, prefix = backend.get_bucket(bucket_name), named.get("prefix") or ""

        def iterlists() -> Iterator[tuple[str, Any]]:
            for key, versions in bucket.keys.iterlists():
                if key.startswith(prefix):
                    yield key, _Versions(versions)

        less = copy(backend)
        less.get_bucket = lambda _: SimpleNamespace(keys=SimpleNamespace(iterlists=iterlists))
        return in_full(less, bucket_name, *given, **named)

    list_object_versions.in_full = in_full  # type: ignore[attr-defined]
    return list_object_versions


class _Versions(list[Any]):
    """The versions of one object."""

    def __deepcopy__(self, _: Any) -> list[Any]:
        return list(map(_Listed, self))


class _Listed:
    """A version of moto's on which may be noted whether it is the latest."""

    def __init__(self, version: Any) -> None:
        self._version = version

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        return type(self._version)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._version, name)

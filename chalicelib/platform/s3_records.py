"""S3's events as they come: any number of records, or none."""

from typing import Any

from chalice.app import S3Event


class S3Records(S3Event):
    """Chalice's own class reads the first record only, and fails on `s3:TestEvent`, which has none.

    Use `to_dict()["Records"]`.
    """

    def _extract_attributes(self, event_dict: dict[str, Any]) -> None:
        return

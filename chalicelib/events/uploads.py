"""S3 says that files arrived in the uploads bucket."""

from functools import partial
from typing import Any
from urllib.parse import unquote_plus

from chalicelib.classification import service as classification
from chalicelib.events.models import classifier
from chalicelib.histology import intake as reports
from chalicelib.histology.reports import report_of_upload
from chalicelib.platform import logging
from chalicelib.platform.metrics import count, metered
from chalicelib.platform.runtime import Platform


class SomeFailed(RuntimeError):
    """Part of an asynchronous event failed, so Lambda must deliver it again."""


@metered("classify")
def arrived(platform: Platform, event: dict[str, Any]) -> None:
    """Take in every record of an S3 event. Raises `SomeFailed` after all of them were tried."""
    failed = 0
    for record in event.get("Records", []):  # s3:TestEvent has none
        trace = record.get("responseElements", {}).get("x-amz-request-id", "")
        with logging.tracing(trace):
            try:
                _take_in(platform, record["s3"]["object"], trace)
            except Exception as error:
                failed += 1
                count("UploadsFailed")
                logging.error("upload not taken in", error)
    if failed:
        raise SomeFailed(f"{failed} of {len(event['Records'])} records")


def _take_in(platform: Platform, stored: dict[str, Any], trace: str) -> None:
    key, version = unquote_plus(stored["key"]), stored.get("versionId")
    taken: object
    if report_of_upload(key) is not None:
        taken = reports.take_in(platform, key=key, version=version, trace=trace)
    else:
        model = partial(classifier, platform)
        taken = classification.take_in(platform, model, key=key, version=version, trace=trace)
    if taken is not None:
        count("UploadsTakenIn")

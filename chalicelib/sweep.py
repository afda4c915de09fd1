"""The sweep: everything unfinished and overdue is driven on.

Queues and events are the fast way; a message lost there costs minutes here, never a case.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Final

from chalicelib.classification import service as classification
from chalicelib.classification.service import Model
from chalicelib.erasure import looks as erasures
from chalicelib.images.items import read_image
from chalicelib.images.model import Image, State
from chalicelib.images.store import ImageStore, LostStep
from chalicelib.labelling import service as labelling
from chalicelib.labelling.items import read_case
from chalicelib.merging import service as merging
from chalicelib.platform import logging
from chalicelib.platform.clock import moment
from chalicelib.platform.due import overdue
from chalicelib.platform.metrics import count, seconds
from chalicelib.platform.runtime import Platform
from chalicelib.platform.table import Item

BATCH: Final = 50
"""How many overdue items of each table one run drives on; the next run is a minute away."""


def sweep(platform: Platform, model: Model, *, trace: str) -> int:
    """Drive on what is overdue; returns how many items. One that fails does not stop the others."""
    records = list(overdue(platform.cases, platform.clock.now(), limit=BATCH))
    cases = list(overdue(platform.labelling, platform.clock.now(), limit=BATCH))
    count("OverdueRecords", len(records))
    count("OverdueCases", len(cases))
    _report_delay(platform, records + cases)

    def drive_record(item: Item) -> None:
        if "withdrawn_at" in item or "deletion" in item:
            erasures.drive_on(platform, item, trace=trace)
        elif item["sk"] == "image":
            drive_image(read_image(item))
        else:
            merging.drive_on(platform, item)

    def drive_image(image: Image) -> None:
        if image.following is not None and image.state is not State.RECEIVED:
            merging.follow(platform, image)
        elif image.state is State.CLASSIFIED:
            later = platform.clock.now() + classification.QUEUED_BY
            with suppress(LostStep):  # the index lags: its case has been opened meanwhile
                ImageStore(platform.cases).postpone(image, later)
                classification.queue_for_labelling(platform, image)
        else:
            classification.resume(platform, model, image, trace=trace)

    def drive_case(item: Item) -> None:
        labelling.drive_on(platform, read_case(item))

    return _each(records, drive_record, trace) + _each(cases, drive_case, trace)


def _each(items: list[Item], drive: Callable[[Item], None], trace: str) -> int:
    driven = 0
    for item in items:
        with logging.tracing(item.get("trace") or trace):
            try:
                drive(item)
                driven += 1
            except Exception as error:
                count("NotDrivenOn")
                logging.error("not driven on", error, item=item["pk"])
    return driven


def _report_delay(platform: Platform, items: list[Item]) -> None:
    """The metric behind the alarm: how long the most overdue item has been waiting."""
    now = platform.clock.now()
    delays = [(now - moment(item["due_at"])).total_seconds() for item in items]
    count("Overdue", len(items))
    seconds("LongestDelay", max(delays, default=0))

"""The sweep: everything unfinished and overdue is driven on.

Queues and events are the fast way; a message lost there costs minutes here, never a case.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from chalicelib.advice import service as advice
from chalicelib.classification import reclassification
from chalicelib.classification import service as classification
from chalicelib.classification.campaign import read_campaign
from chalicelib.classification.service import Model
from chalicelib.datasets.releases import resending
from chalicelib.erasure import looks as erasures
from chalicelib.evaluation import finishing as tests
from chalicelib.histology import intake as reports
from chalicelib.histology import spreading, waiting
from chalicelib.histology.items import read_histology
from chalicelib.histology.report_store import read_report
from chalicelib.images.items import read_image
from chalicelib.images.model import Image, State
from chalicelib.images.store import ImageStore, LostStep
from chalicelib.labelling import driving
from chalicelib.labelling.items import read_assignment, read_case
from chalicelib.labelling.merging_outlines import merged
from chalicelib.merging import service as merging
from chalicelib.patients import referring
from chalicelib.patients.referral_store import is_entry
from chalicelib.platform import logging
from chalicelib.platform.clock import moment
from chalicelib.platform.due import overdue
from chalicelib.platform.metrics import count, seconds
from chalicelib.platform.runtime import Platform
from chalicelib.platform.table import Item

SPAN: Final = timedelta(seconds=40)
"""For how long a run takes up further items. It ends before the function's minute is over, and before
the next run begins."""


def sweep(platform: Platform, model: Model, *, trace: str) -> int:
    """Drive on what is overdue, as far as the time of one run goes; returns how many items.

    One that fails stays overdue and keeps no other waiting: a run does not take it up again.
    """
    began = platform.clock.now()
    taken: list[Item] = []
    driven = 0
    for item in overdue(platform.cases, platform.labelling, platform.catalogue, now=began):
        taken.append(item)
        driven += _driven(platform, model, item, trace)
        if platform.clock.now() - began >= SPAN:
            break
    _report(taken, began)
    return driven


def _driven(platform: Platform, model: Model, item: Item, trace: str) -> bool:
    with logging.tracing(item.get("trace") or trace):
        try:
            _drive(platform, model, item, trace)
        except Exception as error:
            count("NotDrivenOn")
            logging.error("not driven on", error, item=item["pk"])
            return False
    return True


def _drive(platform: Platform, model: Model, item: Item, trace: str) -> None:
    if "withdrawn_at" in item or "deletion" in item:
        erasures.drive_on(platform, item, trace=trace)
    elif item["sk"] in _BY_KIND:
        _BY_KIND[item["sk"]](platform, item)
    elif item["sk"].startswith("assignment#"):
        driving.drive_on_assignment(platform, read_assignment(item), merged)
    elif item["sk"] == "image":
        _drive_image(platform, model, read_image(item), trace)
    elif is_entry(item):
        referring.drive_on(platform, item, trace=trace)
    elif item["sk"] == "report":
        reports.resume(platform, read_report(item), trace=trace)
    elif item["sk"] == "reclassification":
        reclassification.drive_on(platform, model, read_campaign(item), trace=trace)
    elif item["sk"] == "lesion" and not {"merging", "merge"} & item.keys():
        waiting.notice_overdue(platform, item)
    else:
        merging.drive_on(platform, item)


_BY_KIND: Final[Mapping[str, Callable[[Platform, Item], object]]] = {
    "case": lambda platform, item: driving.drive_on(platform, read_case(item), merged),
    "histology": lambda platform, item: spreading.drive_on(platform, read_histology(item)),
    "question": advice.remind,
    "preview": resending.drive_on_preview,
    "release": resending.drive_on_release,
    "evaluation": tests.drive_on,
}
"""Items whose sort key says all."""


def _drive_image(platform: Platform, model: Model, image: Image, trace: str) -> None:
    if image.following is not None and image.state is not State.RECEIVED:
        merging.follow(platform, image)
    elif image.state is State.CLASSIFIED:
        later = platform.clock.now() + classification.QUEUED_BY
        with suppress(LostStep):  # the index lags: its case has been opened meanwhile
            ImageStore(platform.cases).postpone(image, later)
            classification.queue_for_labelling(platform, image)
    else:
        classification.resume(platform, model, image, trace=trace)


def _report(taken: list[Item], began: datetime) -> None:
    """What was overdue; behind the alarm stands how long the most overdue item had been waiting."""
    cases = sum(item["sk"] == "case" for item in taken)
    count("OverdueRecords", len(taken) - cases)
    count("OverdueCases", cases)
    count("Overdue", len(taken))
    delays = [(began - moment(item["due_at"])).total_seconds() for item in taken]
    seconds("LongestDelay", max(delays, default=0))

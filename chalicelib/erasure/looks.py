"""The looks that follow a mark.

The first look begins at once: it enters the log, and removes what fits into one pass; the sweep
does the rest. A later look goes through everything again, for what somebody who had begun before
the mark has added after the first one. When a look finds nothing, the erasure is done.
"""

from datetime import datetime
from typing import Final

from chalicelib.datasets.releases import withdrawing
from chalicelib.erasure import traces
from chalicelib.erasure.model import (
    GOES_ON_AFTER,
    HISTOLOGIES_AT_ONCE,
    IMAGES_AT_ONCE,
    RELEASES_AT_ONCE,
    SETTLED_AFTER,
    Erasure,
    Subject,
)
from chalicelib.erasure.store import ErasureLog
from chalicelib.erasure.subjects import Marked, MarkedImage, MarkedPatient
from chalicelib.platform.audit import Act
from chalicelib.platform.metrics import count
from chalicelib.platform.runtime import Platform
from chalicelib.platform.table import Item

NOBODY_ELSE: Final = "erasure"
"""The actor of what the system does by itself."""


def drive_on(platform: Platform, item: Item, *, trace: str) -> None:
    """What the sweep does with an overdue item that bears a mark."""
    marked: Marked = (
        MarkedPatient(platform, item["patient_id"])
        if item["sk"] == "patient"
        else MarkedImage(platform, item["image_id"])
    )
    look(platform, marked, trace=trace)


def look(
    platform: Platform,
    marked: Marked,
    *,
    trace: str,
    waiting: bool = True,
    hurried: bool = False,
) -> Erasure | None:
    """One pass; the log's entry afterwards, or None where there is no mark.

    `waiting` keeps the time between two looks. Without it they may follow at once, which is right
    only where nobody else works: in a restored copy that has not opened yet. `hurried` leaves releases
    of datasets to the sweep, since somebody waits for the answer and their lists of members are long.
    """
    asked = marked.asked()
    if asked is None:
        return None
    log = ErasureLog(platform.records)
    now = platform.clock.now()
    erasure = log.begin(marked.subject, marked.subject_id, asked)
    if erasure.erased_at is not None:
        marked.settle(erasure.erased_at)
        return erasure
    if waiting and erasure.look_at is not None and now < erasure.look_at:
        marked.look_again(erasure.look_at)
        return erasure
    _audit(platform, erasure.asked.by, erasure.asked.role, marked.asked_act, marked, trace)
    erasure, all_seen = marked.strip(log, erasure)
    for image_id in sorted(erasure.left)[:IMAGES_AT_ONCE]:
        erasure = traces.remove(platform, log, erasure, image_id)
    for histology_id in sorted(erasure.histologies_left)[:HISTOLOGIES_AT_ONCE]:
        erasure = traces.remove_histology(platform, log, erasure, histology_id)
    if not hurried:
        withdrawing.forget_beside(platform, erasure.images | {erasure.subject_id})
    erasure = log.note_releases(erasure, withdrawing.frozen_releases(platform))
    for release_id in sorted(erasure.releases_left)[: 0 if hurried else RELEASES_AT_ONCE]:
        erasure = _leave_release(platform, log, erasure, release_id, at_once=not waiting)
    if erasure.left or erasure.histologies_left or erasure.releases_left or not all_seen:
        marked.look_again(now + GOES_ON_AFTER)
        return erasure
    if erasure.needs_another_look:
        erasure = log.begin_look(erasure, now + SETTLED_AFTER)
        marked.look_again(now + SETTLED_AFTER)
        return erasure
    return _finish(platform, log, erasure, marked, now, trace)


def _leave_release(
    platform: Platform, log: ErasureLog, erasure: Erasure, release_id: str, *, at_once: bool
) -> Erasure:
    """Have a release taken down, or begun anew, if the subject is in it."""
    ids = erasure.images | {erasure.subject_id}
    known_at = erasure.asked.at if release_id in erasure.released else None
    if withdrawing.withdraw(platform, release_id, ids, known_at=known_at, at_once=at_once):
        return log.release_done(erasure, release_id)
    return log.released(erasure, release_id)


def _finish(
    platform: Platform,
    log: ErasureLog,
    erasure: Erasure,
    marked: Marked,
    now: datetime,
    trace: str,
) -> Erasure:
    if marked.done_act is not None:
        _audit(platform, NOBODY_ELSE, "system", marked.done_act, marked, trace)
    erasure = log.finish(erasure, now)
    marked.settle(now)
    count("Withdrawals" if marked.subject is Subject.PATIENT else "ImagesDeleted")
    count("ImagesErased", len(erasure.images))
    count("ObjectVersionsErased", erasure.versions)
    return erasure


def _audit(platform: Platform, actor: str, role: str, act: str, marked: Marked, trace: str) -> None:
    record = Act(actor, role, act, marked.subject_id)
    platform.audit.record(record, request_id=trace, once=True)

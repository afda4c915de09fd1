"""Sending: rows are described in turn, and a bounded number of workers opens slots and uploads.

Memory does not grow with the archive: rows wait in a bounded queue, and one file a worker is held.
"""

import hashlib
import json
import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from client.api import Api
from client.asking import Refused, Stopped
from client.importer.archive import Images, Manifest
from client.importer.journal import Entry, Journal, Step
from client.importer.mapping import ArchiveMapping, BadRow, Described, Row
from client.importer.report import outcome
from client.words import Stop, Text

_NOT_ALLOWED: Final = Text(
    "Сервер не принимает этот импорт: {why}", "The server does not take this import: {why}"
)
AWAITED: Final = "awaiting_upload"
AT_WORK: Final = frozenset({AWAITED, "received"})
"""States from which an image still goes on by itself."""


@dataclass(frozen=True)
class Plan:
    """One import: what is read, by which rules, and under what licence."""

    manifest: Manifest
    images: Images
    mapping: ArchiveMapping
    licence: str
    to_labelling: bool
    limit: int | None


@dataclass(frozen=True)
class Task:
    """One image to be sent."""

    line: int
    described: Described
    name: str


def tasks(plan: Plan, journal: Journal, told: Callable[[bool], object]) -> Iterator[Task]:
    """The rows still to be sent; of the others it is told whether they are refused."""
    for number, (line, row) in enumerate(plan.manifest):
        if plan.limit is not None and number >= plan.limit:
            return
        task = _task(plan, journal, line, row)
        if isinstance(task, Task):
            yield task
        else:
            told(task)


def _task(plan: Plan, journal: Journal, line: int, row: Row) -> Task | bool:
    """What is to be sent of a row; or, where nothing is, whether it is refused."""
    try:
        described = plan.mapping.describe(row, licence=plan.licence)
    except BadRow as bad:
        journal.refuse_line(line, "", bad.reason, bad.detail)
        return True
    known = journal.get(described.image_id)
    if known is not None and known.line != line:
        journal.refuse_line(line, described.image_id, "duplicate_id", "")
        return True
    try:
        name, missing = plan.images.find(described.file, described.image_id), None
    except BadRow as bad:
        name, missing = "", bad
    # What was sent is done with, even if its file is gone by now; an abandoned one may come again.
    if known is not None and known.step in {Step.SENT, Step.ENDED} and known.state != "abandoned":
        return outcome(known) == "refused"
    if missing is not None:
        journal.put(_refused(line, described, missing.reason, missing.detail))
        return True
    return Task(line, described, name)


class Sender:
    """A bounded number of workers, each with one image at a time."""

    def __init__(
        self,
        plan: Plan,
        journal: Journal,
        api: Api,
        *,
        import_id: str,
        workers: int,
        stopped: threading.Event,
        told: Callable[[bool], object],
        told_before: Callable[[bool], object],
    ) -> None:
        """`told` hears of each image whether it was refused, `told_before` of those of earlier runs."""
        self._plan, self._journal, self._api = plan, journal, api
        self._import_id, self._stopped = import_id, stopped
        self._told, self._told_before = told, told_before
        self._waiting: queue.Queue[Task | None] = queue.Queue(maxsize=2 * workers)
        self._failures: list[Exception] = []
        self._threads = [
            threading.Thread(target=self._work, name=f"sender-{n}") for n in range(workers)
        ]

    def send_all(self) -> None:
        """Send every row that is not there yet, until done or stopped. Raises what stopped it."""
        for thread in self._threads:
            thread.start()
        try:
            for task in tasks(self._plan, self._journal, self._told_before):
                self._waiting.put(task)
                if self._stopped.is_set():
                    break
        except BaseException:
            self._stopped.set()
            raise
        finally:
            for _ in self._threads:
                self._waiting.put(None)
            for thread in self._threads:
                thread.join()
        if self._failures:
            raise self._failures[0]

    def _work(self) -> None:
        while (task := self._waiting.get()) is not None:
            if self._stopped.is_set():
                continue
            try:
                self._told(self._send(task))
            except Stopped:
                continue
            except Exception as error:
                self._failures.append(error)
                self._stopped.set()

    def _send(self, task: Task) -> bool:
        """Open the slot of one image and upload it; whether it was refused."""
        described, journal = task.described, self._journal
        try:
            picture = self._plan.images.read(task.name)
        except BadRow as bad:
            journal.put(_refused(task.line, described, bad.reason, bad.detail))
            return True
        body = {
            **described.form,
            "to_labelling": self._plan.to_labelling,
            "content_type": picture.content_type,
            "bytes": len(picture.data),
            "sha256": picture.sha256,
        }
        said = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
        known = journal.get(described.image_id)
        if known is not None and known.step is Step.REFUSED and known.said == said:
            return True  # the server refused exactly this before
        words = "; ".join(described.unmapped)
        opened = Entry(described.image_id, task.line, Step.OPENED, unmapped=words)
        journal.put(opened)
        try:
            image_id = self._open_and_upload(body, picture.data)
        except Refused as refused:
            entry = _refused(task.line, described, refused.code, refused.message)
            journal.put(replace(entry, said=said))
            return True
        journal.put(replace(opened, step=Step.SENT, image_id=image_id))
        return False

    def _open_and_upload(self, body: dict[str, Any], data: bytes) -> str:
        """The id of the image, after its file went into its slot, or had been there already."""
        slot = self._open(body)
        if slot["state"] == AWAITED:
            try:
                self._api.upload(slot["upload"], data)
            except Refused as refused:
                if refused.status != 403:
                    raise
                # The form ended while we waited: another is asked for, once.
                slot = self._open(body)
                self._api.upload(slot["upload"], data)
        return str(slot["image_id"])

    def _open(self, body: dict[str, Any]) -> dict[str, Any]:
        try:
            slot: dict[str, Any] = self._api.post(f"/imports/{self._import_id}/images", body)
        except Refused as refused:
            if refused.status in {401, 403, 404}:  # it would say so of every image
                raise Stop(_NOT_ALLOWED, why=refused.message) from None
            raise
        return slot


def _refused(line: int, described: Described, reason: str, message: str) -> Entry:
    return Entry(
        described.image_id,
        line,
        Step.REFUSED,
        reason=reason,
        message=message,
        unmapped="; ".join(described.unmapped),
    )

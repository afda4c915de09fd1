"""Fetching a release, or a part of it, into a folder: first what it says of itself, then images."""

import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from functools import partial
from pathlib import Path
from typing import Final

from tqdm import tqdm

from client.asking import Stopped
from client.datasets.contents import IMAGES, labels, members
from client.datasets.paths import alone, inside
from client.datasets.ranges import fetch_run, missing, runs
from client.datasets.record import Filter, Record
from client.datasets.server import File, Links, Listed
from client.datasets.whole import WrongBytes, fetch_whole
from client.words import Language, Stop, Text

TABLES: Final = Text("таблицы и документы", "tables and documents")
SHARDS: Final = Text("снимки", "images")
_NO_SPACE: Final = Text("Не записать в {folder}: {why}.", "Cannot write to {folder}: {why}.")
_NO_TABLES: Final = Text(
    "Таблицы выпуска не читаются: {why}.", "The tables of the release cannot be read: {why}."
)

Task = Callable[[Callable[[int], object]], Sequence[str]]
"""Fetches something and returns the paths of what came wrong; it is told where to tell of bytes."""


class Fetching:
    """One run of the command over one release."""

    def __init__(
        self,
        listed: Listed,
        links: Links,
        folder: Path,
        *,
        workers: int,
        language: Language,
        stopped: threading.Event,
    ) -> None:
        self._listed, self._links, self._folder = listed, links, folder
        self._workers, self._language, self._stopped = workers, language, stopped

    def fetch(self, asked: Filter) -> list[str]:
        """Bring what is asked into the folder; returns the paths of what came wrong again and again.

        Raises `Stop` and `Stopped`; the same call goes on.
        """
        for path in self._listed.files:
            inside(self._folder, path)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with alone(self._folder):
                return self._fetch(asked)
        except OSError as error:
            raise Stop(_NO_SPACE, folder=self._folder, why=error) from None

    def _fetch(self, asked: Filter) -> list[str]:
        files = self._listed.files.values()
        note = Record(self._listed.code, self._listed.version).opened(self._folder)
        note.write(self._folder)
        documents = [file for file in files if not _is_shard(file)]
        wrong = self._all(TABLES, [self._whole(f) for f in documents], _bytes(documents))
        if wrong:
            return wrong
        units = self._units(asked)
        note.also(asked).write(self._folder)
        if not asked.images:
            return []
        if asked.is_all:
            shards = [file for file in files if _is_shard(file)]
            return self._all(SHARDS, [self._whole(f) for f in shards], _bytes(shards))
        return self._part(units)

    def _units(self, asked: Filter) -> frozenset[str]:
        try:
            return asked.units(labels(self._folder))
        except (KeyError, ValueError, TypeError) as error:
            raise Stop(_NO_TABLES, why=repr(error)) from None

    def _part(self, units: frozenset[str]) -> list[str]:
        try:
            chosen = [one for one in members(self._folder) if one.unit_id in units]
            for one in chosen:
                self._listed.files[one.shard]  # one that is not there is no place to read from
        except (KeyError, ValueError, TypeError) as error:
            raise Stop(_NO_TABLES, why=repr(error)) from None
        absent = list(missing(chosen, self._folder))
        tasks = [partial(fetch_run, run, self._links, self._folder) for run in runs(absent)]
        total = sum(one.bytes for one in chosen)
        return self._all(SHARDS, tasks, total, there=total - sum(one.bytes for one in absent))

    def _whole(self, file: File) -> Task:
        def fetch(told: Callable[[int], object]) -> Sequence[str]:
            try:
                fetch_whole(file, self._links, self._folder, told)
            except WrongBytes:
                return [file.path]
            return []

        return fetch

    def _all(self, what: Text, tasks: Sequence[Task], total: int, *, there: int = 0) -> list[str]:
        """Do all tasks, some at a time, with a bar of bytes. What stops one stops all."""
        lock = threading.Lock()
        seldom = 0.2 if sys.stderr.isatty() else 5.0
        with (
            tqdm(total=total, initial=there, desc=what.said(self._language), unit="B",
                 unit_scale=True, mininterval=seldom) as bar,
            ThreadPoolExecutor(self._workers) as pool,
        ):  # fmt: skip

            def told(size: int) -> None:
                with lock:
                    bar.update(size)

            doing = [pool.submit(self._do, task, told) for task in tasks]
            wrong = _gathered(doing)
        if self._stopped.is_set():
            raise Stopped
        return sorted(wrong)

    def _do(self, task: Task, told: Callable[[int], object]) -> Sequence[str]:
        if self._stopped.is_set():
            return []
        try:
            return task(told)
        except Stopped:
            return []
        except BaseException:
            self._stopped.set()
            raise


def _gathered(doing: Sequence["Future[Sequence[str]]"]) -> list[str]:
    """What all of them return. Raises what the first that failed raised, once all have ended."""
    wrong: list[str] = []
    failure: BaseException | None = None
    for one in as_completed(doing):
        if error := one.exception():
            failure = failure or error
        else:
            wrong += one.result()
    if failure is not None:
        raise failure
    return wrong


def _is_shard(file: File) -> bool:
    return file.path.startswith(f"{IMAGES}/")


def _bytes(files: Sequence[File]) -> int:
    return sum(file.bytes for file in files)

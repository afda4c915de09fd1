"""What the local stack has done since it started, counted where it happens: no call to the cloud."""

import threading
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

RATE_SECONDS: Final = 10.0
"""Over how long the number of images a second is taken."""
_FINISHED: Final = ("ImagesClassified", "PhotographsCleaned", "ImagesRejected")


DEPTHS_SECONDS: Final = 5.0
"""How seldom the queues are asked: each question holds up the cloud for a moment."""


@dataclass(frozen=True)
class Depths:
    """Messages in the labelling queue, and in all dead-letter queues together."""

    queue: int
    dead: int


class Queues:
    """How many messages wait in which queues, known for some seconds."""

    def __init__(
        self, sqs: Any, queue: str, dead: Sequence[str], now: Callable[[], float] = monotonic
    ) -> None:
        self._sqs, self._queue, self._dead, self._now = sqs, queue, dead, now
        self._known, self._until = Depths(0, 0), 0.0

    def depths(self) -> Depths:
        """As they were at most `DEPTHS_SECONDS` ago; while the cloud stops, as last known."""
        if self._now() >= self._until:
            self._until = self._now() + DEPTHS_SECONDS
            with suppress(BotoCoreError, ClientError):
                self._known = Depths(self._depth(self._queue), sum(map(self._depth, self._dead)))
        return self._known

    def _depth(self, url: str) -> int:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)
        return sum(int(found["Attributes"][name]) for name in names)


class Activity:
    """Counts uploads and what the event functions note; any thread may tell it."""

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._uploads = 0
        self._noted: Counter[str] = Counter()
        self._finished: deque[float] = deque()
        self._swept: float | None = None

    def stored(self) -> None:
        """An upload reached its bucket."""
        with self._lock:
            self._uploads += 1

    def noted(self, function: str, counts: Mapping[str, float]) -> None:
        """An invocation of `function` ended, with these counts among its metrics."""
        with self._lock:
            self._noted.update({name: int(value) for name, value in counts.items()})
            finished = sum(int(counts.get(name, 0)) for name in _FINISHED)
            self._finished.extend([self._now()] * finished)
            if function == "sweep":
                self._swept = self._now()

    def line(self, depths: Depths) -> str:
        """Everything on one line."""
        with self._lock:
            now = self._now()
            while self._finished and self._finished[0] <= now - RATE_SECONDS:
                self._finished.popleft()
            classified = self._noted["ImagesClassified"] + self._noted["PhotographsCleaned"]
            refused = self._noted["ImagesRejected"]
            # An upload over an earlier one is taken in, and ends nowhere else.
            done = max(self._noted["UploadsTakenIn"], classified + refused)
            parts = [
                f"images {self._uploads}",
                f"waiting {max(0, self._uploads - done)}",
                f"classified {classified}",
                f"to readers {self._noted['CasesOpened']}",
                f"refused {refused}",
                f"queue {depths.queue}",
                f"dead {depths.dead}",
                f"{len(self._finished) / RATE_SECONDS:.1f}/s",
                "no sweep yet"
                if self._swept is None
                else f"last sweep {now - self._swept:.0f} s ago",
            ]
            return " · ".join(parts)

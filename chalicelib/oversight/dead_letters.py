"""What the functions gave up on, for an administrator: look at it, send it once more, drop it.

The operator's command (infra/dead_letters.py) does the same from a shell, without a bound. A letter of a queue
is sent to that queue again. One of `classify` is an upload's event: nothing is invoked here, but an image that
still awaits its file becomes due, and the next sweep looks for the file; anything further on is in the `due`
index already.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from chalicelib.histology.report_store import LostReport, ReportStore
from chalicelib.histology.reports import ReportState, report_of_upload
from chalicelib.images.model import State, image_of_upload
from chalicelib.images.store import ImageStore, LostStep
from chalicelib.oversight.dead_queue import QUEUES, DeadQueue, opened
from chalicelib.oversight.letters import Letter, upload_keys
from chalicelib.platform.errors import NotFound
from chalicelib.platform.queues import Queue
from chalicelib.platform.runtime import Platform

MOST_AT_ONCE: Final = 100
"""Letters that one request looks at: it answers within seconds."""


@dataclass(frozen=True)
class Laid:
    """One queue of dead letters: about how many there are, and some of them."""

    queue: str
    count: int
    letters: Sequence[Letter]


@dataclass
class Sent:
    """What one request did with a queue's letters."""

    queue: str
    sent: int = 0
    unknown: int = 0
    """None of our messages; left."""
    left: int = 0
    """About how many are there still."""


def look(platform: Platform) -> list[Laid]:
    """All queues of dead letters. A call each, and one more where there are letters."""
    found = []
    for name in QUEUES:
        queue = DeadQueue(platform, name)
        count = queue.count()
        letters = queue.first_letters() if count else []
        found.append(Laid(name, count, letters))
    return found


def redrive(platform: Platform, name: str) -> Sent:
    """Send letters of one queue again, `MOST_AT_ONCE` at most, and remove them. Three calls a letter at most.

    What fails again comes back as a new letter, which this request leaves. A crash leaves a message twice,
    never not at all, and all functions take one twice. Raises `NotFound` for a queue that is none.
    """
    _require(name)
    began, done = platform.clock.now(), Sent(name)
    with opened(platform, name) as queue:
        for letter in queue.letters(most=MOST_AT_ONCE):
            if letter.event is None:
                done.unknown += 1
            elif letter.sent_at <= began:
                _send_again(platform, letter)
                queue.remove(letter)
                done.sent += 1
    done.left = DeadQueue(platform, name).count()
    return done


def drop(platform: Platform, name: str, letter_id: str, record: Callable[[Letter], None]) -> None:
    """Remove one letter for good; `record` is called before, since nothing could tell afterwards what it was.

    Raises `NotFound` where it is not among the first `MOST_AT_ONCE`.
    """
    _require(name)
    with opened(platform, name) as queue:
        for letter in queue.letters(most=MOST_AT_ONCE):
            if letter.message_id == letter_id:
                record(letter)
                queue.remove(letter)
                return
    raise NotFound


def _require(name: str) -> None:
    if name not in QUEUES:
        raise NotFound


def _send_again(platform: Platform, letter: Letter) -> None:
    queues: dict[str, Queue] = {
        "labelling": platform.labelling_queue,
        "webhooks": platform.webhooks_queue,
        "builds": platform.builds_queue,
        "evaluations": platform.evaluations_queue,
    }
    if letter.queue in queues:
        queues[letter.queue].send(letter.event)
    else:
        for key in upload_keys(letter.event):
            _look_for(platform, key)


def _look_for(platform: Platform, key: str) -> None:
    """Have the sweep look for an upload that is still awaited, at once."""
    now = platform.clock.now()
    if (report := report_of_upload(key)) is not None:
        store = ReportStore(platform.cases)
        awaited = store.get(report[0])
        if awaited is not None and awaited.state is ReportState.AWAITING_UPLOAD:
            with suppress(LostReport):  # it has gone on
                store.await_longer(awaited, now)
    elif (image_id := image_of_upload(key)) is not None:
        images = ImageStore(platform.cases)
        image = images.get(image_id)
        if image is not None and image.state is State.AWAITING_UPLOAD:
            with suppress(LostStep):  # it has gone on
                images.postpone(image, now)

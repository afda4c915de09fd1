"""Waiting: the server classifies what was sent, and its list of the import tells how far it is."""

import threading
import time
from collections.abc import Callable
from typing import Final

from client.api import Api
from client.importer.journal import Journal, Step
from client.importer.run import AT_WORK

PAGE: Final = "100"
SHORTEST: Final = 1.0
LONGEST: Final = 15.0
"""Seconds between two looks at the list."""
SHARE: Final = 4.0
"""The pause after a look is so many times as long as the look took, but no longer than `LONGEST`."""
PATIENCE: Final = 1200.0
"""Seconds without any progress after which the rest is left to itself."""


def wait_for_all(
    api: Api,
    journal: Journal,
    *,
    import_id: str,
    stopped: threading.Event,
    told: Callable[[int], object],
) -> bool:
    """Note how the images end, until all have, or nothing moves for `PATIENCE`; whether all have.

    The list is in order of age, and so is the server's work. A look begins where the last one met
    the first unfinished image, and ends with the page of the next one, unless nothing has moved
    there: then it goes on to the end of the list.
    """
    start: str | None = None
    to_the_end = False
    pause, moved_at = SHORTEST, time.monotonic()
    while journal.count(Step.SENT) > 0:
        began = time.monotonic()
        ended, start = _look(api, journal, import_id, start, to_the_end=to_the_end, told=told)
        if to_the_end and not ended:
            start = None  # the index may have shown an older image late
        to_the_end = not ended
        if ended:
            moved_at, pause = time.monotonic(), SHORTEST
        else:
            pause *= 1.5
        # Whatever a look costs the server, most of its time stays for the images.
        pause = min(LONGEST, max(pause, SHARE * (time.monotonic() - began)))
        if journal.count(Step.SENT) == 0:
            break
        if time.monotonic() - moved_at > PATIENCE or stopped.wait(pause):
            return False
    return True


def _look(
    api: Api,
    journal: Journal,
    import_id: str,
    start: str | None,
    *,
    to_the_end: bool,
    told: Callable[[int], object],
) -> tuple[int, str | None]:
    """How many images have ended since the last look, and where the next one begins."""
    ended, cursor, begin, all_done = 0, start, start, True
    while True:
        query = {"limit": PAGE} | ({"cursor": cursor} if cursor else {})
        page = api.get(f"/imports/{import_id}/images", **query)
        before = ended
        for image in page["items"]:
            if image["state"] in AT_WORK:
                all_done = False
                continue
            ended += journal.end(
                image["image_id"],
                state=image["state"],
                reason=image["problem"] or "",
                message=image["message"] or "",
            )
        told(ended - before)
        if page["next"] is None or not (all_done or to_the_end):
            return ended, begin
        cursor = page["next"]
        if all_done:
            begin = cursor

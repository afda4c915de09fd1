"""Failed sign-ins by login, and the pause after too many of them: moto counts none, Cognito does.

AWS: "Lockout behavior for failed sign-in attempts": after five failures a second, doubled by each
further one up to a quarter of an hour; a success, or a quarter of an hour without one, forgets them.
"""

import math
import threading
from collections import OrderedDict
from typing import Final

from infra.local.throttle import Seconds
from infra.throttling import (
    FAILED_SIGN_INS,
    LONGEST_SIGN_IN_PAUSE_SECONDS,
    SIGN_IN_PAUSE_SECONDS,
)

MOST_LOGINS: Final = 10_000
"""So many logins are remembered; the one that failed longest ago goes first."""


class Attempts:
    """Remembers failures by login. Safe for threads."""

    def __init__(self, seconds: Seconds) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._failed: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def pause(self, login: str) -> int:
        """How long this login must wait before its next try, in whole seconds; 0 for not at all."""
        with self._lock:
            times, at = self._failed.get(login, (0, 0.0))
            if times < FAILED_SIGN_INS:
                return 0
            pause = SIGN_IN_PAUSE_SECONDS * 2.0 ** min(times - FAILED_SIGN_INS, 30)
            until = at + min(pause, LONGEST_SIGN_IN_PAUSE_SECONDS)
            return max(0, math.ceil(until - self._seconds()))

    def tell(self, login: str, *, failed: bool) -> None:
        """Note how a try ended."""
        now = self._seconds()
        with self._lock:
            times, at = self._failed.pop(login, (0, now))
            if not failed:
                return
            forgotten = now - at >= LONGEST_SIGN_IN_PAUSE_SECONDS
            self._failed[login] = (1 if forgotten else times + 1), now
            if len(self._failed) > MOST_LOGINS:
                self._failed.popitem(last=False)

"""The limits of `infra.throttling`, applied as API Gateway applies them: before any function runs."""

import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from typing import Final

from infra.throttling import CALLER, METHODS, STAGE, Rate

Seconds = Callable[[], float]
"""A clock that only goes forward, in seconds."""

MOST_CALLERS: Final = 10_000
"""So many buckets are kept; the one unused for longest goes first, and would be full anyway."""
_ANYBODY: Final = "anybody"


class Buckets:
    """Token buckets of one rate by key. Not safe for threads by itself."""

    def __init__(self, limit: Rate, seconds: Seconds) -> None:
        self._limit, self._seconds = limit, seconds
        self._left: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()

    def take(self, key: Hashable) -> bool:
        """Take one token from the bucket of `key`; False when there is none."""
        now = self._seconds()
        left, at = self._left.pop(key, (float(self._limit.burst), now))
        left = min(self._limit.burst, left + (now - at) * self._limit.rate)
        taken = left >= 1
        self._left[key] = left - taken, now
        if len(self._left) > MOST_CALLERS:
            self._left.popitem(last=False)
        return taken


class Throttle:
    """Lets a request of the API in or not, by its bearer token and by its method."""

    def __init__(
        self,
        seconds: Seconds,
        *,
        caller: Rate = CALLER,
        stage: Rate = STAGE,
        methods: Mapping[tuple[str, str], Rate] = METHODS,
    ) -> None:
        self._lock = threading.Lock()
        self._callers = Buckets(caller, seconds)
        self._stage = Buckets(stage, seconds)
        self._methods = [
            (method, _pattern(path), Buckets(rate, seconds))
            for (method, path), rate in methods.items()
        ]

    def admits(self, method: str, path: str, authorization: str | None) -> bool:
        """Whether there is room for one more request. `path` is without stage and query."""
        with self._lock:
            # The caller's own limit first, so that one who floods takes nothing from the others.
            if authorization and not self._callers.take(hash(authorization)):  # no token is kept
                return False
            for limited, pattern, buckets in self._methods:
                if method == limited and pattern.fullmatch(path) and not buckets.take(_ANYBODY):
                    return False
            return bool(authorization) or self._stage.take(_ANYBODY)


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"{\w+}", "[^/]+", path))

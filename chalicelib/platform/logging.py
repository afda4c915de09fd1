"""Logs: one JSON line a fact, ids only.

An exception's message may quote what a person typed, so a failure is logged as its type and the
places it passed through, never as its text. Powertools is loaded by the first line that is written:
most requests of the HTTP function write none, and its cold start does not pay for it.

Every line inside `tracing` carries a trace: the id of the request that set the work going, which
for an image is the request that opened its slot.
"""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aws_lambda_powertools.logging import Logger

_CALLER = 3
"""How many frames up the line's place in the code is: over this module to whoever logs."""

_trace: ContextVar[str | None] = ContextVar("trace", default=None)


@contextmanager
def tracing(trace: str) -> Iterator[None]:
    """Put `trace` on every line written inside the block; an empty one puts nothing there."""
    before = _trace.set(trace)
    try:
        yield
    finally:
        _trace.reset(before)


def follow(trace: str) -> None:
    """From here to the end of the enclosing `tracing`, another trace: that of an item just read.

    So the line about a failure, written by whoever opened the block, names the item's trace too.
    An empty trace, or no enclosing block, changes nothing.
    """
    if trace and _trace.get() is not None:
        _trace.set(trace)


def current_trace() -> str:
    """The trace of the enclosing block, or nothing."""
    return _trace.get() or ""


def info(message: str, **facts: Any) -> None:
    """Log that something happened as it should."""
    _logger().info(message, stacklevel=_CALLER, **_traced(), **facts)


def error(message: str, problem: BaseException, **facts: Any) -> None:
    """Log that something failed, and where."""
    _logger().error(message, stacklevel=_CALLER, **_traced(), **facts, **_failure(problem))


def _traced() -> dict[str, Any]:
    trace = current_trace()
    return {"trace": trace} if trace else {}


def _failure(problem: BaseException) -> dict[str, Any]:
    """What a log may say of an exception."""
    frames = traceback.extract_tb(problem.__traceback__)
    return {
        "error": f"{type(problem).__module__}.{type(problem).__qualname__}",
        "passed": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-12:]],
    }


@cache
def _logger() -> "Logger":
    from aws_lambda_powertools.logging import Logger

    return Logger(service="rodinka", use_rfc3339=True, utc=True)

"""Logs: one JSON line a fact, ids only.

An exception's message may quote what a person typed, so a failure is logged as its type and the
places it passed through, never as its text. Powertools is loaded by the first line that is written:
most requests of the HTTP function write none, and its cold start does not pay for it.
"""

import traceback
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aws_lambda_powertools.logging import Logger

_CALLER = 3
"""How many frames up the line's place in the code is: over this module to whoever logs."""


def info(message: str, **facts: Any) -> None:
    """Log that something happened as it should."""
    _logger().info(message, stacklevel=_CALLER, **facts)


def error(message: str, problem: BaseException, **facts: Any) -> None:
    """Log that something failed, and where."""
    _logger().error(message, stacklevel=_CALLER, **facts, **_failure(problem))


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

"""Logs and metrics: one JSON line a fact, ids only.

An exception's message may quote what a person typed, so a failure is logged as its type and the
places it passed through, never as its text.
"""

import traceback
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import Metrics, MetricUnit

logger = Logger(service="rodinka", use_rfc3339=True, utc=True)
metrics = Metrics(namespace="Rodinka", service="rodinka")

P = ParamSpec("P")
T = TypeVar("T")

__all__ = ["MetricUnit", "count", "failure", "logger", "metered", "metrics"]


def failure(error: BaseException) -> dict[str, Any]:
    """What a log may say of an exception."""
    frames = traceback.extract_tb(error.__traceback__)
    return {
        "error": f"{type(error).__module__}.{type(error).__qualname__}",
        "passed": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-12:]],
    }


def count(name: str, value: float = 1) -> None:
    """Add to a metric of this invocation; `metrics.log_metrics` on the function sends it."""
    metrics.add_metric(name=name, unit=MetricUnit.Count, value=value)


def metered(handler: Callable[P, T]) -> Callable[P, T]:
    """Send the metrics that one invocation of an event function gathered, whatever its end."""

    @wraps(handler)
    def with_metrics(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return handler(*args, **kwargs)
        finally:
            if metrics.metric_set:
                metrics.flush_metrics()

    return with_metrics

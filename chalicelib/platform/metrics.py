"""Metrics of the event functions, in CloudWatch's embedded format; docs/running.md says what each means."""

from collections.abc import Callable
from functools import cache, wraps
from typing import TYPE_CHECKING, Literal, ParamSpec, TypeVar

if TYPE_CHECKING:
    from aws_lambda_powertools.metrics import Metrics

P = ParamSpec("P")
T = TypeVar("T")


def count(name: str, value: float = 1) -> None:
    """Add to a count of this invocation."""
    measure(name, value, "Count")


def measure(name: str, value: float, unit: Literal["Count", "Seconds"]) -> None:
    """Note a value of this invocation; `metered` sends it at the end."""
    _metrics().add_metric(name=name, unit=unit, value=value)


def metered(handler: Callable[P, T]) -> Callable[P, T]:
    """Send the metrics that one invocation of an event function gathered, whatever its end."""

    @wraps(handler)
    def with_metrics(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return handler(*args, **kwargs)
        finally:
            if _metrics().metric_set:
                _metrics().flush_metrics()

    return with_metrics


@cache
def _metrics() -> "Metrics":
    from aws_lambda_powertools.metrics import Metrics

    return Metrics(namespace="Rodinka", service="rodinka")

"""Metrics by function, in CloudWatch's embedded format; docs/observability.md says what each means.

What one invocation notes is kept until its end and written then, with the name of the function as a
dimension and the traces it worked for beside it. Powertools is loaded by an invocation that noted
something: most requests of the HTTP function note nothing.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import Final, Literal, ParamSpec, TypeVar

from chalicelib.platform import logging, runtime

P = ParamSpec("P")
T = TypeVar("T")

Unit = Literal["Count", "Seconds"]
NAMESPACE: Final = "Rodinka"


@dataclass
class _Noted:
    """What an invocation noted under the same further dimensions."""

    counts: dict[str, float] = field(default_factory=dict)
    """Sums: an invocation that counts the same thing twice writes one figure."""
    seconds: dict[str, list[float]] = field(default_factory=dict)
    traces: set[str] = field(default_factory=set)


Dimensions = tuple[tuple[str, str], ...]

_noted: ContextVar[dict[Dimensions, _Noted] | None] = ContextVar("noted", default=None)

Sink = Callable[[str, dict[str, float]], None]
_sink: ContextVar[Sink | None] = ContextVar("sink", default=None)


def count(name: str, value: float = 1, **dimensions: str) -> None:
    """Add to a count of this invocation; outside `metering` nothing is noted.

    Every further dimension multiplies the metrics that CloudWatch keeps, so its values must be few.
    """
    if (noted := _of_this_invocation(dimensions)) is not None:
        noted.counts[name] = noted.counts.get(name, 0) + value


def seconds(name: str, value: float) -> None:
    """Note a duration of this invocation; outside `metering` nothing is noted."""
    if (noted := _of_this_invocation({})) is not None:
        noted.seconds.setdefault(name, []).append(value)


@contextmanager
def metering(function: str) -> Iterator[None]:
    """Write what is noted inside the block as metrics of `function`, whatever the block's end."""
    before = _noted.set({})
    try:
        yield
    finally:
        noted = _noted.get() or {}
        _noted.reset(before)
        for dimensions, figures in noted.items():
            _write({"function": function, **dict(dimensions)}, figures)
            if sink := _sink.get():
                sink(function, figures.counts)


@contextmanager
def told_to(sink: Sink) -> Iterator[None]:
    """Tell `sink` the function and the counts of every invocation inside the block, too.

    For the local stack, which shows them on the terminal.
    """
    before = _sink.set(sink)
    try:
        yield
    finally:
        _sink.reset(before)


def metered(function: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """`metering` around each call of an event function; `function` is its name in `app.py`."""

    def decorate(handler: Callable[P, T]) -> Callable[P, T]:
        cold = True

        @wraps(handler)
        def with_metrics(*args: P.args, **kwargs: P.kwargs) -> T:
            nonlocal cold
            with metering(function):
                if cold:
                    cold = False
                    count("ColdStarts")
                return handler(*args, **kwargs)

        return with_metrics

    return decorate


def _of_this_invocation(dimensions: dict[str, str]) -> _Noted | None:
    invocation = _noted.get()
    if invocation is None:
        return None
    noted = invocation.setdefault(tuple(sorted(dimensions.items())), _Noted())
    if trace := logging.current_trace():
        noted.traces.add(trace)
    return noted


def _write(dimensions: dict[str, str], noted: _Noted) -> None:
    from aws_lambda_powertools.metrics import EphemeralMetrics

    # Two stages of one account must not count for each other.
    stage = runtime.settings().stage
    metrics = EphemeralMetrics(namespace=NAMESPACE, service=f"rodinka-{stage}")
    for name, value in dimensions.items():
        metrics.add_dimension(name, value)
    if noted.traces:
        metrics.add_metadata("traces", sorted(noted.traces))
    for name, total in noted.counts.items():
        metrics.add_metric(name=name, unit="Count", value=total)
    for name, values in noted.seconds.items():
        for took in values:
            metrics.add_metric(name=name, unit="Seconds", value=took)
    metrics.flush_metrics()

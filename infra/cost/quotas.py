"""At which load each quota is met, and what a load takes of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final, Self

import yaml

from chalicelib.labelling.items import SHARDS
from chalicelib.platform.audit import SHARDS as AUDIT_SHARDS
from chalicelib.platform.due import SHARDS as DUE_SHARDS
from infra.cost.bill import key_requests
from infra.cost.load import (
    DECLINED,
    FIGURES,
    LISTING,
    NO_SEAL,
    NO_SWEEP,
    ON_THE_CLOCK,
    SEALED,
    SWEPT,
    Load,
)

QUOTAS: Final = Path(__file__).with_name("quotas.yaml")
MOST: Final = 1e12
"""Images a year; a quota that is not met there is met by nobody."""
STEPS: Final = 100
BUSY_LOOK_MINUTES: Final = 60
"""How often a case that all hands are too full for is offered again (chalicelib/labelling/model.py)."""
HANDS_ASKED: Final = 10
"""How many of them are looked into each time (chalicelib/labelling/finding.py)."""
SWEEP_SECONDS: Final = 40


@dataclass(frozen=True)
class Quota:
    """One limit and what of ours is held against it."""

    what: str
    demand: str
    limit: float
    unit: str
    whose: str
    source: str
    advice: str


@dataclass(frozen=True)
class Other:
    """A limit that load does not meet."""

    what: str
    limit: str
    ours: str


@dataclass(frozen=True)
class Quotas:
    """The whole table."""

    as_of: date
    of_load: tuple[Quota, ...]
    others: tuple[Other, ...]

    @classmethod
    def load(cls, path: Path = QUOTAS) -> Self:
        table: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
        return cls(
            as_of=table["as_of"],
            of_load=tuple(
                Quota(**{("advice" if name == "raise" else name): v for name, v in line.items()})
                for line in table["quotas"]
            ),
            others=tuple(
                Other(line["what"], str(line["limit"]), line["ours"]) for line in table["others"]
            ),
        )


def met_at(quota: Quota, load: Load) -> float:
    """Images a year at which the busiest moment takes all of a quota; infinite beyond `MOST`.

    Demand grows with load, if not in proportion: halving the logarithm finds the place.
    """

    def taken(images: float) -> float:
        return share(quota, replace(load, images=images))

    low, high = 1.0, MOST
    if taken(high) < 1:
        return float("inf")
    for _ in range(STEPS):
        middle = float((low * high) ** 0.5)
        low, high = (low, middle) if taken(middle) >= 1 else (middle, high)
    return high


def share(quota: Quota, load: Load) -> float:
    """What the busiest moment at a load takes of a quota; 1 is all of it."""
    return DEMANDS[quota.demand](load) / quota.limit


def waiting_cases(load: Load) -> float:
    """How many cases without a reader the sweep can offer again before their next look is due."""
    return BUSY_LOOK_MINUTES * SWEEP_SECONDS / _look_seconds(load)


def _look_seconds(load: Load) -> float:
    """One look at a case while every hand is full: so many readers' hands are asked for."""
    acts = load.usage.acts
    measured = load.seconds(acts[SWEPT]) - load.seconds(acts[NO_SWEEP])
    more = min(load.readers, HANDS_ASKED) - min(load.usage.readers, HANDS_ASKED)
    return measured + more * _hand_seconds(load)


def _hand_seconds(load: Load) -> float:
    return load.assumed.dynamodb_ms / 1000


def _concurrency(load: Load) -> float:
    """Executions at once in the busiest second; the clock's functions have a place each."""
    at_work = sum(
        load.a_second(times) * load.seconds(load.usage.acts[name])
        for name, times in load.acts.items()
        if load.usage.acts[name].function not in ON_THE_CLOCK
    )
    starting = sum(
        load.a_second(times) * load.start_seconds(function)
        for function, times in load.cold_starts.items()
    )
    return len(ON_THE_CLOCK) + at_work + starting


def _sweep_seconds(load: Load) -> float:
    """The work of a minute in the busiest hour."""
    idle = load.seconds(load.usage.acts[NO_SWEEP])
    return idle + sum(
        load.a_second(load.acts[name])
        / load.assumed.busiest_second
        * 60
        * (load.seconds(load.usage.acts[name]) - idle)
        for name in (SWEPT, DECLINED)
    )


def _seal_seconds(load: Load) -> float:
    """The work of five minutes in the busiest hour."""
    acts = load.usage.acts
    sealed = load.a_second(load.acts[SEALED]) / load.assumed.busiest_second * 300
    idle = load.seconds(acts[NO_SEAL])
    return idle + sealed * (load.seconds(acts[SEALED]) - idle)


def _figures_seconds(load: Load) -> float:
    """Of one computation with every case that was ever closed."""
    return load.seconds(load.usage.acts[FIGURES]) + load.closed_cases * load.case_seconds


def _figures_megabytes(load: Load) -> float:
    assumed = load.assumed
    return assumed.figures_megabytes + load.closed_cases * assumed.figures_case_bytes / 1024**2


def _hottest_table(load: Load) -> float:
    places = {place for act in load.usage.acts.values() for place in act.write_units}
    tables = {place.partition(".")[0] for place in places}
    return load.a_second(
        max(
            sum(load.write_units(p) for p in places if p.partition(".")[0] == table)
            for table in tables
        )
    )


def _shard(place: str, shards: int) -> Callable[[Load], float]:
    """Writes to one of so many shards of an index, which ids fill evenly."""
    return lambda load: load.a_second(load.write_units(place)) / shards


def _pictures(load: Load) -> float:
    a_month = load.images_a_month * load.assumed.pictures_per_image
    return load.a_second(a_month + load.readings * load.assumed.pictures_per_reading)


DEMANDS: Final[Mapping[str, Callable[[Load], float]]] = {
    "readers_needed": lambda load: 2 * load.images / load.assumed.readings_per_reader,
    "concurrency": _concurrency,
    "sweep_seconds": _sweep_seconds,
    "seal_seconds": _seal_seconds,
    "figures_seconds": _figures_seconds,
    "figures_megabytes": _figures_megabytes,
    "candidates_megabytes": lambda load: load.releases.candidates_megabytes,
    "requests": lambda load: load.a_second(load.requests),
    "sign_ins": lambda load: load.a_second(load.sessions),
    "hottest_table_writes": _hottest_table,
    "cases_due_shard": _shard("cases.due", DUE_SHARDS),
    "labelling_due_shard": _shard("labelling.due", DUE_SHARDS),
    "waiting_shard": _shard("labelling.waiting", SHARDS),
    "unsealed_shard": _shard("audit.unsealed", AUDIT_SHARDS),
    "clinic_partition": lambda load: (
        load.a_second(load.write_units("cases.by_clinic")) * load.assumed.largest_clinic
    ),
    "listing_partition": lambda load: load.a_second(load.read_units(LISTING)),
    "key_requests": lambda load: load.a_second(key_requests(load)),
    "copies": lambda load: load.a_second(load.calls_of("s3.CopyObject")),
    "pictures": _pictures,
    "page_requests": lambda load: load.a_second(
        load.requests + load.sessions * load.usage.pages.requests
    ),
    "invocations": lambda load: load.a_second(sum(load.invocations.values())),
}
"""What the busiest second, hour or moment of a load asks, in the unit of the quotas it is held
against."""

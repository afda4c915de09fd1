"""What algorithms, vendors and tests are called, and what may follow what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum, auto
from typing import Any, Final

from chalicelib.datasets.model import Purpose
from chalicelib.platform.labelled import Labelled


class Test(Labelled):
    """The second paper's tests: functional (FT) and calibration (KlT), first (I) and repeated (II)."""

    __test__ = False
    """Not for pytest to collect."""

    FT_I = "FT-I", "функциональное тестирование", "functional test"
    FT_II = "FT-II", "повторное функциональное тестирование", "repeated functional test"
    KLT_I = "KlT-I", "калибровочное тестирование", "calibration test"
    KLT_II = "KlT-II", "повторное калибровочное тестирование", "repeated calibration test"

    @property
    def is_repeated(self) -> bool:
        return self.value.endswith("-II")

    @property
    def purpose(self) -> Purpose:
        """Which sets it is taken on."""
        return Purpose.SELF_TEST if self in FUNCTIONAL else Purpose.CLINICAL_TEST

    @property
    def first(self) -> "Test":
        """The first test of its kind."""
        return Test.FT_I if self in FUNCTIONAL else Test.KLT_I


FUNCTIONAL: Final = frozenset({Test.FT_I, Test.FT_II})


class RunState(StrEnum):
    OPEN = auto()
    """Units are being answered."""
    COMPUTING = auto()
    """All of them are; the report is being computed."""
    COMPLETE = auto()
    EXPIRED = auto()
    """Not finished by its deadline, or no image is left. There is no report; the set counts as seen."""


FOLLOWS: Final[Mapping[RunState, frozenset[RunState]]] = {
    RunState.OPEN: frozenset({RunState.COMPUTING, RunState.EXPIRED}),
    # Without a report only where consent to every image was taken back.
    RunState.COMPUTING: frozenset({RunState.COMPLETE, RunState.EXPIRED}),
    # Back when a curator wants it computed again with the labels of today.
    RunState.COMPLETE: frozenset({RunState.COMPUTING}),
    RunState.EXPIRED: frozenset(),
}
"""The transition table. Nothing else decides what may follow what."""


class Mode(StrEnum):
    ONE_BY_ONE = auto()
    """Units are given out one after another, and the time of each is measured."""
    FILE = auto()
    """All units were listed, and one file has the results; no time is proven."""


class Outcome(StrEnum):
    """How a test ended, as its vendor's item knows it."""

    PASSED = auto()
    FAILED = auto()
    EXPIRED = auto()


RUNS_A_MONTH: Final = 10
"""Tests that a vendor may begin in a calendar month (UTC). Each answers one question about hidden labels
at most, so this also bounds what could be learnt of them by asking."""
ALGORITHMS: Final = 200
"""So many algorithms of one vendor are kept in its item."""
MOST_UNITS: Final = 500
"""Of a set that is tested on: a results file of so many units fits into a request."""
RUN_LIFE: Final = timedelta(days=7)
"""A test that is not finished by then expires."""
COMPUTED_BY: Final = timedelta(minutes=10)
"""When a report that has not come is asked for again; each wait doubles, up to `ASKED_AT_LEAST`."""
ASKED_AT_LEAST: Final = timedelta(hours=6)
REQUEST_LIFE: Final = timedelta(minutes=1)
"""Longer than any request lives: a place taken before by one that made no test is free again."""


@dataclass(frozen=True, kw_only=True)
class Algorithm:
    """One version of a vendor's service, and what is claimed of it. It never changes."""

    algorithm_id: str
    vendor_id: str
    """The account that registered it."""
    name: str
    version: str
    vendor: str
    """The organisation, as reports name it."""
    description: Mapping[str, str]
    """What it does: `ru`, `en`."""
    classes: tuple[str, ...]
    """The diagnoses that it gives probabilities of, in order."""
    positive: tuple[str, ...]
    """Those of them that its claims take for a find."""
    claimed: Mapping[str, Any]
    """`auc`, `sensitivity`, `specificity`, `threshold`; `seconds` a unit and `by_class` where told."""
    model_sha256: str | None
    """Of a model of the platform's own."""
    created_at: datetime
    fingerprint: str


@dataclass(frozen=True, kw_only=True)
class Run:
    """One test as its vendor's item knows it: enough to decide on the next."""

    evaluation_id: str
    algorithm_id: str
    service: str
    """The algorithm's name: versions of one service share it."""
    test: Test
    code: str
    version: str
    release_id: str
    begun_at: datetime
    outcome: Outcome | None = None


@dataclass(frozen=True, kw_only=True)
class Vendor:
    """What one vendor has here. All decisions on a further test are taken on this one item."""

    vendor_id: str
    algorithms: Mapping[str, datetime] = field(default_factory=dict)
    """When each was registered, by id."""
    runs: Mapping[str, Run] = field(default_factory=dict)
    writer: str | None = None
    """The token of the last write; None while there is no item."""

    @property
    def newest_algorithms(self) -> list[str]:
        """Ids, the latest first."""
        return sorted(self.algorithms, key=lambda one: (self.algorithms[one], one), reverse=True)

    @property
    def newest_runs(self) -> list[Run]:
        """The latest first."""
        return sorted(
            self.runs.values(), key=lambda run: (run.begun_at, run.evaluation_id), reverse=True
        )


@dataclass(frozen=True, kw_only=True)
class Serving:
    """The unit that is given out, while its clock runs."""

    number: int
    """From 0: so many were answered before it."""
    unit_id: str
    key: str
    """Of the copy made for it in the images bucket."""
    content_type: str
    started_at: datetime
    last: bool
    """Whether none comes after it."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """One computation of the report; several when labels changed."""

    number: int
    release_id: str
    version: str
    """The release whose labels counted."""
    computed_at: datetime
    passed: bool
    summary: Mapping[str, Any]
    """The few figures that lists show."""


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """One test of one algorithm on one hidden release."""

    evaluation_id: str
    vendor_id: str
    algorithm_id: str
    algorithm: Mapping[str, Any]
    """`name`, `version`, `vendor`, `classes` of the algorithm."""
    test: Test
    code: str
    release_id: str
    version: str
    state: RunState
    mode: Mode
    units: int
    """When it began."""
    answered: int
    place: str
    """Of the unit given out last; those with greater places are still to come."""
    serving: Serving | None
    copied_to: str
    """In file mode: the place up to which images were copied."""
    results: str | None
    """In file mode: the fingerprint of the results that were taken."""
    created_at: datetime
    deadline: datetime
    ended_at: datetime | None
    fingerprint: str
    reports: tuple[Report, ...]
    attempts: int
    """How often the report was asked for."""

    @property
    def outcome(self) -> Outcome | None:
        """How it ended, by its latest report; None while it goes on."""
        if self.reports:
            return Outcome.PASSED if self.reports[-1].passed else Outcome.FAILED
        return Outcome.EXPIRED if self.state is RunState.EXPIRED else None


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What a service said of one unit: probabilities, or that it refuses it."""

    probabilities: Mapping[str, float] | None
    refused: bool
    reason: str | None = None
    seconds: float | None = None


def results_key(evaluation_id: str, fingerprint: str) -> str:
    """Where a results file lies once it was taken."""
    return f"private/evaluations/{evaluation_id}/results-{fingerprint}.json"


def report_key(evaluation_id: str, number: int, ending: str) -> str:
    """Where a report lies: `ending` is `json`, `ru.pdf` or `en.pdf`."""
    return f"private/evaluations/{evaluation_id}/{number}/report.{ending}"

"""May this vendor begin this test? Pure: decided on the vendor's item, hence by one conditional write.

After the second paper: a calibration test follows a passed functional one; a failed service is repaired
and tested again on another set.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from chalicelib.evaluation.model import (
    FUNCTIONAL,
    REQUEST_LIFE,
    RUNS_A_MONTH,
    Outcome,
    Run,
    Vendor,
)
from chalicelib.platform.errors import Conflict, DomainError, TooMany
from chalicelib.platform.language import Text

RUN_OPEN: Final = Text(
    "У этой версии алгоритма уже идёт испытание {id}. Завершите его или дождитесь его срока.",
    "This version of the algorithm has a test open already: {id}. Finish it or wait for its deadline.",
)
MONTH_USED: Final = Text(
    "За календарный месяц можно начать {most} испытаний, и они начаты. Вернитесь в следующем месяце.",
    "{most} tests may be begun in a calendar month, and they are. Come back next month.",
)
FUNCTIONAL_FIRST: Final = Text(
    "Калибровочному испытанию предшествует функциональное: пройдите FT-I этой версией алгоритма.",
    "A calibration test follows a functional one: pass FT-I with this version of the algorithm.",
)
TAKE_REPEATED: Final = Text(
    "Этот сервис не прошёл {first}. Исправьте его и проходите {second} на другом наборе.",
    "This service has failed {first}. Repair it and take {second} on another set.",
)
NOTHING_TO_REPEAT: Final = Text(
    "{second} проводится после непройденного {first}. Начните с {first}.",
    "{second} follows a failed {first}. Begin with {first}.",
)
JUDGED: Final = Text(
    "Об этой версии алгоритма на этом наборе уже есть заключение. Зарегистрируйте новую версию.",
    "There is a verdict on this version of the algorithm on this set already. Register a new version.",
)
TOLD: Final = Text(
    "Калибровочное испытание на снимках этого набора у вас уже было или идёт, а по отчёту узнаются метки. "
    "Возьмите другой набор.",
    "You have taken or begun a calibration test on images of this set, and its report tells labels. "
    "Take another set.",
)
SEEN: Final = Text(
    "Снимки этого набора вы уже видели. Для повторного испытания возьмите другой набор.",
    "You have seen images of this set. Take another set for a repeated test.",
)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """The test that is asked for, and which releases of the vendor's tests share an image with it."""

    run: Run
    seen: frozenset[str]


def known(vendor: Vendor, ends: Mapping[str, Outcome | None], now: datetime) -> Vendor:
    """The vendor with what became of tests that its item holds for open.

    `ends` has those that exist, with how they ended or None. A place that was taken for one which
    never came to be is free again once its request cannot live any longer.
    """
    runs = {}
    for run in vendor.runs.values():
        if run.outcome is None and run.evaluation_id not in ends:
            if now - run.begun_at > REQUEST_LIFE:
                continue
        elif run.outcome is None:
            run = replace(run, outcome=ends[run.evaluation_id])
        runs[run.evaluation_id] = run
    return replace(vendor, runs=runs)


def refusal(vendor: Vendor, wish: Wish) -> DomainError | None:
    """Why the test may not begin, or None. The same request again is no second test."""
    run = wish.run
    if run.evaluation_id in vendor.runs:
        return None
    for other in vendor.runs.values():
        if other.algorithm_id == run.algorithm_id and other.outcome is None:
            return Conflict("run_open", RUN_OPEN.filled(id=other.evaluation_id))
    return _out_of_turn(vendor, run) or _set_used(vendor, wish) or _month_used(vendor, run)


def _out_of_turn(vendor: Vendor, run: Run) -> DomainError | None:
    first, second = run.test.first, "FT-II" if run.test in FUNCTIONAL else "KlT-II"
    words = {"first": first.value, "second": second}
    passed = any(
        other.algorithm_id == run.algorithm_id
        and other.test in FUNCTIONAL
        and other.outcome is Outcome.PASSED
        for other in vendor.runs.values()
    )
    if run.test not in FUNCTIONAL and not passed:
        return Conflict("functional_first", FUNCTIONAL_FIRST)
    of_kind = [
        other for other in vendor.newest_runs if other.test.first is first and _judged(other)
    ]
    if run.test.is_repeated:
        failed = any(other.test is first and other.outcome is Outcome.FAILED for other in of_kind)
        return None if failed else Conflict("nothing_to_repeat", NOTHING_TO_REPEAT.filled(**words))
    of_service = [other for other in of_kind if other.service == run.service]
    if of_service and of_service[0].outcome is Outcome.FAILED:
        return Conflict("take_repeated", TAKE_REPEATED.filled(**words))
    return None


def _set_used(vendor: Vendor, wish: Wish) -> DomainError | None:
    run = wish.run
    for other in vendor.runs.values():
        same_set = other.release_id == run.release_id
        if same_set and other.algorithm_id == run.algorithm_id and _judged(other):
            return Conflict("judged_already", JUDGED)
        if (same_set or other.release_id in wish.seen) and run.test.is_repeated:
            return Conflict("set_seen", SEEN)
        if (same_set or other.release_id in wish.seen) and tells_labels(other, run):
            return Conflict("labels_told", TOLD)
    return None


def tells_labels(other: Run, run: Run) -> bool:
    """Whether the report of a test would tell its vendor what another one on the same images asks.

    A ROC curve over scores that the vendor knows gives every label away, so a calibration set is good
    for one verdict a vendor. Of two open tests the first to end would tell the other's answers, so an
    open one counts; one that expired has no report. A functional test asks whether units are processed,
    and may be taken again.
    """
    both = run.test not in FUNCTIONAL and other.test not in FUNCTIONAL
    return both and other.outcome is not Outcome.EXPIRED


def _month_used(vendor: Vendor, run: Run) -> DomainError | None:
    month = _month(run.begun_at)
    begun = sum(_month(other.begun_at) == month for other in vendor.runs.values())
    if begun < RUNS_A_MONTH:
        return None
    year, number = month
    following = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=UTC)
    wait = int((following - run.begun_at).total_seconds()) + 1
    return TooMany(MONTH_USED.filled(most=RUNS_A_MONTH), retry_after=wait)


def _judged(run: Run) -> bool:
    return run.outcome in (Outcome.PASSED, Outcome.FAILED)


def _month(moment: datetime) -> tuple[int, int]:
    return moment.year, moment.month

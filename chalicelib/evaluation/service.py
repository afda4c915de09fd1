"""What vendors and curators do with tests beside answering them: list them, look at one, run it again."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.evaluation import algorithms, answering, serving
from chalicelib.evaluation.algorithms import Place
from chalicelib.evaluation.answering import Taken
from chalicelib.evaluation.finishing import ask_for_report
from chalicelib.evaluation.model import (
    COMPUTED_BY,
    Evaluation,
    Report,
    RunState,
    Serving,
    report_key,
)
from chalicelib.evaluation.serving import Listed
from chalicelib.evaluation.store import EvaluationStore, LostStep
from chalicelib.images.model import LINK_LIFE
from chalicelib.people.model import Caller
from chalicelib.platform.clock import timestamp
from chalicelib.platform.errors import Conflict, NotFound
from chalicelib.platform.language import LANGUAGES, Text
from chalicelib.platform.runtime import Platform

NOTHING_TO_RERUN: Final = Text(
    "Пересчитать можно завершённое испытание с отчётом; это ещё не завершено.",
    "A complete test with a report can be computed again; this one is not complete.",
)


@dataclass(frozen=True)
class View:
    """A test, and its latest report with links to it as PDF, by language."""

    evaluation: Evaluation
    report: Mapping[str, Any] | None
    links: tuple[Mapping[str, str], ...]
    """Of each report, the first one first."""


def list_evaluations(
    platform: Platform,
    caller: Caller,
    *,
    code: str | None,
    algorithm_id: str | None,
    limit: int,
    cursor: str | None,
) -> tuple[list[Evaluation], str | None]:
    """A page of the caller's tests, the latest first; of a curator's, by vendor. Two calls, and for a
    curator one more for each megabyte of vendors.

    A test whose request died before it was written is left out, so that a page may be shorter.
    Raises `Invalid` for a cursor of another list.
    """
    wanted = _wanted(platform, caller, code, algorithm_id)
    scope = f"evaluations {caller.account_id} {code} {algorithm_id}"
    page, following = algorithms.cut(platform, wanted, scope=scope, limit=limit, cursor=cursor)
    return EvaluationStore(platform.catalogue).several(page), following


def view(platform: Platform, caller: Caller, evaluation_id: str) -> View:
    """One test with its latest report. Two calls to AWS. Raises `NotFound`."""
    evaluation = found(platform, caller, evaluation_id)
    if not evaluation.reports:
        return View(evaluation, None, ())
    stored = platform.releases.get(report_key(evaluation_id, evaluation.reports[-1].number, "json"))
    links = tuple(_links(platform, evaluation_id, report) for report in evaluation.reports)
    return View(evaluation, json.loads(stored.data) if stored else None, links)


def rerun(platform: Platform, caller: Caller, evaluation_id: str) -> Evaluation:
    """Have the report computed again with the labels of today; the one before stays. Three calls.

    Asked again while it is being computed, it changes nothing. Raises `NotFound`, and `Conflict` for
    a test that is not complete.
    """
    evaluation, now = found(platform, caller, evaluation_id), platform.clock.now()
    if evaluation.state is RunState.COMPLETE:
        store = EvaluationStore(platform.catalogue)
        try:
            evaluation = store.rerun(evaluation, ask_at=now + COMPUTED_BY)
        except LostStep as lost:
            evaluation = lost.found or evaluation
        else:
            ask_for_report(platform, evaluation_id)
    if evaluation.state is not RunState.COMPUTING or not evaluation.reports:
        raise Conflict("not_complete", NOTHING_TO_RERUN)
    return evaluation


def next_unit(platform: Platform, caller: Caller, evaluation_id: str) -> tuple[Evaluation, Serving]:
    """The unit to be answered now: see `serving.next_unit`. Raises `NotFound` too."""
    return serving.next_unit(platform, found(platform, caller, evaluation_id))


def list_units(
    platform: Platform, caller: Caller, evaluation_id: str, *, limit: int, cursor: str | None
) -> tuple[list[Listed], str | None]:
    """A page of all units: see `serving.list_units`. Raises `NotFound` too."""
    evaluation = found(platform, caller, evaluation_id)
    return serving.list_units(platform, evaluation, limit=limit, cursor=cursor)


def answer(
    platform: Platform, caller: Caller, evaluation_id: str, unit_id: str, result: Mapping[str, Any]
) -> tuple[Evaluation, Taken]:
    """Answer one unit: see `answering.answer`. Raises `NotFound` too."""
    evaluation = found(platform, caller, evaluation_id)
    return evaluation, answering.answer(platform, evaluation, unit_id, result)


def answer_all(
    platform: Platform, caller: Caller, evaluation_id: str, results: list[Any]
) -> tuple[Evaluation, int]:
    """Answer a whole set: see `answering.answer_all`. Raises `NotFound` too."""
    evaluation = found(platform, caller, evaluation_id)
    return evaluation, answering.answer_all(platform, evaluation, results)


def found(platform: Platform, caller: Caller, evaluation_id: str) -> Evaluation:
    """One test. One call. Raises `NotFound` for one that is not there, or not the caller's."""
    evaluation = EvaluationStore(platform.catalogue).get(evaluation_id)
    if evaluation is None or not algorithms.reaches(caller, evaluation.vendor_id):
        raise NotFound
    return evaluation


def _wanted(
    platform: Platform, caller: Caller, code: str | None, algorithm_id: str | None
) -> Iterator[Place]:
    for vendor in algorithms.vendors(platform, caller):
        for run in vendor.newest_runs:
            if code in (None, run.code) and algorithm_id in (None, run.algorithm_id):
                yield vendor.vendor_id, timestamp(run.begun_at), run.evaluation_id


def _links(platform: Platform, evaluation_id: str, report: Report) -> Mapping[str, str]:
    keys = {one: report_key(evaluation_id, report.number, f"{one}.pdf") for one in LANGUAGES}
    seconds = int(LINK_LIFE.total_seconds())
    return {one: platform.releases.link(key, seconds=seconds) for one, key in keys.items()}

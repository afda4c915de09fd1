"""Beginning a test: is it this vendor's turn, and on which set."""

from dataclasses import replace
from typing import Final

from chalicelib.datasets.planning.plan import Role
from chalicelib.evaluation import algorithms, hidden
from chalicelib.evaluation.admission import Wish, known, refusal, tells_labels
from chalicelib.evaluation.hidden import HiddenRelease
from chalicelib.evaluation.model import (
    MOST_UNITS,
    RUN_LIFE,
    Algorithm,
    Evaluation,
    Mode,
    Run,
    RunState,
    Test,
    Vendor,
)
from chalicelib.evaluation.store import EvaluationStore
from chalicelib.evaluation.vendor_store import Overtaken, VendorStore
from chalicelib.people.model import Caller
from chalicelib.platform.errors import Conflict, idempotency_conflict
from chalicelib.platform.language import Text
from chalicelib.platform.runtime import Platform

TOO_LARGE: Final = Text(
    "В наборе {units} единиц, а испытание рассчитано не больше чем на {most}. Возьмите другой набор.",
    "The set has {units} units, and a test takes {most} at most. Take another set.",
)
EMPTY: Final = Text(
    "В наборе не осталось снимков: согласие на них отозвано. Возьмите другой набор.",
    "No image is left in the set: consent to them was taken back. Take another set.",
)
CANNOT_TELL: Final = Text(
    "Алгоритм не определяет того, что проверяет этот набор: нужны хотя бы один из классов ({positive}) "
    "и хотя бы один из классов ({negative}).",
    "The algorithm does not tell what this set tests: it needs one of ({positive}) and one of "
    "({negative}) at least.",
)
OTHER_TASK: Final = Text(
    "Заявленные показатели относятся к другой задаче: набор считает находкой {positive}.",
    "The claims are about another task: what the set counts as a find is {positive}.",
)
BUSY: Final = Text(
    "Одновременно пришло слишком много запросов об испытаниях. Повторите через минуту.",
    "Too many requests about tests came at once. Repeat in a minute.",
)


def begin(
    platform: Platform,
    *,
    caller: Caller,
    evaluation_id: str,
    algorithm_id: str,
    code: str,
    test: Test,
) -> Evaluation:
    """Begin a test. Eight calls to AWS; one more for each set with which this one must share no image.

    A repetition (`evaluation_id` comes from the Idempotency-Key) gets the same one. Raises `NotFound`
    for a foreign algorithm, `Invalid`, `Conflict` and `TooMany` with what stands against the test.
    """
    fingerprint = platform.ids.digest("evaluation", algorithm_id, code, test.value).hex()
    there = EvaluationStore(platform.catalogue).get(evaluation_id)
    if there is not None:
        return _same(there, fingerprint)
    algorithm = algorithms.view(platform, caller, algorithm_id)
    release = hidden.newest(platform, code, test)
    _check_task(release, algorithm)
    units = _how_many(platform, release.release_id)
    run = Run(
        evaluation_id=evaluation_id,
        algorithm_id=algorithm_id,
        service=algorithm.name,
        test=test,
        code=code,
        version=release.version,
        release_id=release.release_id,
        begun_at=platform.clock.now(),
    )
    kept = _take_place(platform, caller.account_id, run)
    if kept.release_id != run.release_id:
        # A request that died had entered it, and another release has been published since.
        units = _how_many(platform, kept.release_id)
    new = Evaluation(
        evaluation_id=evaluation_id,
        vendor_id=caller.account_id,
        algorithm_id=algorithm_id,
        algorithm={
            "name": algorithm.name,
            "version": algorithm.version,
            "vendor": algorithm.vendor,
            "classes": list(algorithm.classes),
        },
        test=test,
        code=code,
        release_id=kept.release_id,
        version=kept.version,
        state=RunState.OPEN,
        mode=Mode.ONE_BY_ONE,
        units=units,
        answered=0,
        place="",
        serving=None,
        copied_to="",
        results=None,
        created_at=kept.begun_at,
        deadline=kept.begun_at + RUN_LIFE,
        ended_at=None,
        fingerprint=fingerprint,
        reports=(),
        attempts=0,
    )
    return _same(EvaluationStore(platform.catalogue).create(new), fingerprint)


def _same(there: Evaluation, fingerprint: str) -> Evaluation:
    if there.fingerprint != fingerprint:
        raise idempotency_conflict()
    return there


def _check_task(release: HiddenRelease, algorithm: Algorithm) -> None:
    """The set must ask what the algorithm answers, and its claims must be about that."""
    find, other = release.diagnoses(Role.POSITIVE), release.diagnoses(Role.NEGATIVE)
    words = {"positive": ", ".join(sorted(find)), "negative": ", ".join(sorted(other))}
    classes, positive = set(algorithm.classes), set(algorithm.positive)
    if (find and not find & classes) or (other and not other & classes):
        raise Conflict("cannot_tell", CANNOT_TELL.filled(**words))
    if find & classes - positive or other & positive:
        raise Conflict("other_task", OTHER_TASK.filled(**words))


def _how_many(platform: Platform, release_id: str) -> int:
    units = sum(1 for _ in hidden.units(platform, release_id))
    if units > MOST_UNITS:
        raise Conflict("set_too_large", TOO_LARGE.filled(units=units, most=MOST_UNITS))
    if units == 0:
        raise Conflict("set_empty", EMPTY)
    return units


def _take_place(platform: Platform, vendor_id: str, run: Run) -> Run:
    """Enter the test into its vendor's item, where that admits it; as it stands there, which decides
    also where the same request had entered it before."""
    evaluations = EvaluationStore(platform.catalogue)

    def enter(vendor: Vendor) -> Vendor:
        open_ones = [one.evaluation_id for one in vendor.runs.values() if one.outcome is None]
        ends = {one.evaluation_id: one.outcome for one in evaluations.several(open_ones)}
        vendor = known(vendor, ends, platform.clock.now())
        refused = refusal(vendor, Wish(run=run, seen=_seen(platform, vendor, run)))
        if refused is not None:
            raise refused
        return replace(vendor, runs={run.evaluation_id: run, **vendor.runs})

    try:
        kept = VendorStore(platform.catalogue).change(vendor_id, enter).runs[run.evaluation_id]
    except Overtaken:
        raise Conflict("busy", BUSY) from None
    if (kept.algorithm_id, kept.test, kept.code) != (run.algorithm_id, run.test, run.code):
        raise idempotency_conflict()
    return kept


def _seen(platform: Platform, vendor: Vendor, run: Run) -> frozenset[str]:
    """Those sets of the vendor's tests that share an image with this one, as far as that matters."""
    if run.evaluation_id in vendor.runs:
        return frozenset()
    matter = {
        one.release_id
        for one in vendor.runs.values()
        if run.test.is_repeated or tells_labels(one, run)
    }
    return hidden.shared(platform, run.release_id, sorted(matter)) if matter else frozenset()

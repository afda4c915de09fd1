"""Taking what a service answered: of one unit, whose clock stops, or of a whole set at once."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from chalicelib.evaluation.finishing import ask_for_report
from chalicelib.evaluation.hidden import order_of, still_there, units
from chalicelib.evaluation.model import (
    COMPUTED_BY,
    Answered,
    Evaluation,
    Mode,
    RunState,
    Serving,
    results_key,
)
from chalicelib.evaluation.results import fingerprint, read_result, read_results
from chalicelib.evaluation.serving import require_open
from chalicelib.evaluation.store import AnsweredOtherwise, EvaluationStore, LostStep
from chalicelib.platform.errors import Conflict
from chalicelib.platform.language import Text
from chalicelib.platform.runtime import Platform

OTHERWISE: Final = Text(
    "На эту единицу уже дан другой ответ, и он не меняется.",
    "Another answer was given to this unit already, and it does not change.",
)
NOT_GIVEN: Final = Text(
    "Эта единица сейчас не выдана: её в испытании нет, или согласие на её снимок отозвано. "
    "Запросите следующую.",
    "This unit is not given out now: it is not of this test, or consent to its image was taken back. "
    "Ask for the next one.",
)
RESULTS_OTHERWISE: Final = Text(
    "Другой файл результатов этого испытания уже принят, и он не меняется.",
    "Another results file of this test was taken already, and it does not change.",
)


@dataclass(frozen=True)
class Taken:
    """An answer that was kept, and how long the service took by our clock."""

    unit_id: str
    number: int
    seconds: float | None


def answer(
    platform: Platform, evaluation: Evaluation, unit_id: str, result: Mapping[str, Any]
) -> Taken:
    """Keep the answer to the unit that is given out; its clock stops. Once only: the same again gets
    the same answer.

    Two calls to AWS after the test was read, three for the last unit. Raises `Invalid` with every
    fault, `Conflict` for another answer than before, or when the test is over.
    """
    answered = read_result(result, evaluation.algorithm["classes"])
    now, mark = platform.clock.now(), fingerprint(dict(result))
    serving = evaluation.serving
    if serving is None or serving.unit_id != unit_id:
        return _repeated(platform, evaluation, unit_id, mark)
    require_open(platform, evaluation, Mode.ONE_BY_ONE)
    seconds = max(0.0, (now - serving.started_at).total_seconds())
    try:
        kept = EvaluationStore(platform.catalogue).answer(
            evaluation.evaluation_id,
            unit_id,
            replace(answered, seconds=seconds),
            number=serving.number,
            fingerprint=mark,
            at=now,
        )
    except AnsweredOtherwise:
        # Its request may have died before the next unit's turn came.
        _advance(platform, evaluation, serving)
        raise Conflict("answered_already", OTHERWISE) from None
    _advance(platform, evaluation, serving)
    return Taken(unit_id, serving.number, kept.seconds)


def answer_all(platform: Platform, evaluation: Evaluation, results: Sequence[Any]) -> int:
    """Take the results of the whole set, or none of them; how many. The same again gets the same
    answer.

    Four calls to AWS after the test was read, and one more for each hundred units. Raises as
    `answer` does.
    """
    mark = fingerprint(list(results))
    if evaluation.results is not None:
        return _same_results(evaluation, mark, len(results))
    require_open(platform, evaluation, Mode.FILE)
    order = order_of(platform, evaluation.evaluation_id, units(platform, evaluation.release_id))
    there = still_there(platform, [one.unit.image_id for one in order])
    wanted = frozenset(one.unit_id for one in order if one.unit.image_id in there)
    known = frozenset(one.unit_id for one in order)
    answered = read_results(results, evaluation.algorithm["classes"], known, wanted)
    kept = {
        unit_id: {
            "probabilities": one.probabilities,
            "refused": one.refused,
            "reason": one.reason,
        }
        for unit_id, one in answered.items()
    }
    key, data = results_key(evaluation.evaluation_id, mark), json.dumps(kept).encode()
    platform.releases.put(key, data, content_type="application/json")
    now = platform.clock.now()
    try:
        EvaluationStore(platform.catalogue).take_results(
            evaluation, mark, len(results), now=now, ask_at=now + COMPUTED_BY
        )
    except LostStep as lost:
        found = lost.found or evaluation
        if found.results is None:
            require_open(platform, found, Mode.FILE)
        return _same_results(found, mark, len(results))
    ask_for_report(platform, evaluation.evaluation_id)
    return len(results)


def answers_of(platform: Platform, evaluation: Evaluation) -> dict[str, Answered]:
    """All answers of a run, by unit. One call."""
    if evaluation.mode is Mode.ONE_BY_ONE:
        return EvaluationStore(platform.catalogue).all_answered(evaluation.evaluation_id)
    if evaluation.results is None:
        return {}
    stored = platform.releases.get(results_key(evaluation.evaluation_id, evaluation.results))
    if stored is None:
        raise LookupError(f"the results of {evaluation.evaluation_id} are not there")
    return {unit_id: Answered(**one) for unit_id, one in json.loads(stored.data).items()}


def _repeated(platform: Platform, evaluation: Evaluation, unit_id: str, mark: str) -> Taken:
    """An answer that was kept before, if it is this one."""
    store = EvaluationStore(platform.catalogue)
    before = store.answered(evaluation.evaluation_id, unit_id)
    if before is None:
        require_open(platform, evaluation, Mode.ONE_BY_ONE)
        raise Conflict("unit_not_given", NOT_GIVEN)
    kept, number, kept_mark = before
    if kept_mark != mark:
        raise Conflict("answered_already", OTHERWISE)
    return Taken(unit_id, number, kept.seconds)


def _advance(platform: Platform, evaluation: Evaluation, serving: Serving) -> None:
    """The next unit's turn; after the last the report is asked for. Somebody else may have done so."""
    now = platform.clock.now()
    try:
        moved = EvaluationStore(platform.catalogue).advance(
            evaluation, serving, now=now, ask_at=now + COMPUTED_BY
        )
    except LostStep:
        return
    if moved.state is RunState.COMPUTING:
        ask_for_report(platform, evaluation.evaluation_id)


def _same_results(evaluation: Evaluation, mark: str, number: int) -> int:
    if evaluation.results != mark:
        raise Conflict("results_taken", RESULTS_OTHERWISE)
    return number

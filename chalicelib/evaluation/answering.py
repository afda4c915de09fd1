"""Taking what a service answered: of one unit, whose clock stops, or of a whole set at once."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from chalicelib.evaluation.finishing import ask_for_report
from chalicelib.evaluation.hidden import still_there
from chalicelib.evaluation.model import (
    COMPUTED_BY,
    Answered,
    Evaluation,
    Mode,
    State,
    results_key,
)
from chalicelib.evaluation.results import NOT_OF_RUN, fingerprint, read_result, read_results
from chalicelib.evaluation.runs import read_order
from chalicelib.evaluation.serving import require_open, unit_id_of
from chalicelib.evaluation.store import AnsweredOtherwise, EvaluationStore, LostStep
from chalicelib.platform.errors import Conflict, Invalid
from chalicelib.platform.language import Text
from chalicelib.platform.runtime import Platform

OTHERWISE: Final = Text(
    "На эту единицу уже дан другой ответ, и он не меняется.",
    "Another answer was given to this unit already, and it does not change.",
)
WITHDRAWN: Final = Text(
    "Согласие на снимок этой единицы отозвано, её результат не нужен. Запросите следующую.",
    "Consent to this unit's image was taken back, its result is not needed. Ask for the next one.",
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
    store = EvaluationStore(platform.catalogue)
    try:
        kept = store.answer(
            evaluation.evaluation_id,
            serving.number,
            replace(answered, seconds=seconds),
            fingerprint=mark,
            at=now,
        )
    except AnsweredOtherwise:
        # Its request may have died before the next unit's turn came.
        _advance(platform, evaluation)
        raise Conflict("answered_already", OTHERWISE) from None
    _advance(platform, evaluation)
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
    order = read_order(platform, evaluation.evaluation_id)
    there = still_there(platform, [unit.image_id for unit in order])
    wanted = frozenset(n for n, unit in enumerate(order) if unit.image_id in there)
    answered = read_results(
        results, evaluation.algorithm["classes"], numbers_of(platform, evaluation), wanted
    )
    kept = {
        str(number): {
            "probabilities": one.probabilities,
            "refused": one.refused,
            "reason": one.reason,
        }
        for number, one in answered.items()
    }
    key, data = results_key(evaluation.evaluation_id, mark), json.dumps(kept).encode()
    platform.releases.put(key, data, content_type="application/json")
    now = platform.clock.now()
    try:
        EvaluationStore(platform.catalogue).take_results(
            evaluation, mark, now=now, ask_at=now + COMPUTED_BY
        )
    except LostStep as lost:
        found = lost.found or evaluation
        if found.results is None:
            require_open(platform, found, Mode.FILE)
        return _same_results(found, mark, len(results))
    ask_for_report(platform, evaluation.evaluation_id)
    return len(results)


def answers_of(platform: Platform, evaluation: Evaluation) -> dict[int, Answered]:
    """All answers of a run, by the units' numbers. One call."""
    if evaluation.mode is Mode.ONE_BY_ONE:
        return EvaluationStore(platform.catalogue).all_answered(evaluation.evaluation_id)
    if evaluation.results is None:
        return {}
    stored = platform.releases.get(results_key(evaluation.evaluation_id, evaluation.results))
    if stored is None:
        raise LookupError(f"the results of {evaluation.evaluation_id} are not there")
    return {int(number): Answered(**one) for number, one in json.loads(stored.data).items()}


def numbers_of(platform: Platform, evaluation: Evaluation) -> dict[str, int]:
    """The numbers of a run's units, by id."""
    return {
        unit_id_of(platform.ids, evaluation.evaluation_id, number): number
        for number in range(evaluation.units)
    }


def _repeated(platform: Platform, evaluation: Evaluation, unit_id: str, mark: str) -> Taken:
    """An answer that was kept before, if it is this one."""
    number = numbers_of(platform, evaluation).get(unit_id)
    before = (
        EvaluationStore(platform.catalogue).answered(evaluation.evaluation_id, number)
        if number is not None
        else None
    )
    if number is None or before is None:
        if number in evaluation.skipped:
            raise Conflict("unit_withdrawn", WITHDRAWN)
        require_open(platform, evaluation, Mode.ONE_BY_ONE)
        raise Invalid({"unit_id": NOT_OF_RUN})
    kept, kept_mark = before
    if kept_mark != mark:
        raise Conflict("answered_already", OTHERWISE)
    return Taken(unit_id, number, kept.seconds)


def _advance(platform: Platform, evaluation: Evaluation) -> None:
    """The next unit's turn; after the last the report is asked for. Somebody else may have done so."""
    now = platform.clock.now()
    try:
        moved = EvaluationStore(platform.catalogue).advance(
            evaluation,
            evaluation.position + 1,
            evaluation.skipped,
            now=now,
            ask_at=now + COMPUTED_BY,
        )
    except LostStep:
        return
    if moved.state is State.COMPUTING:
        ask_for_report(platform, evaluation.evaluation_id)


def _same_results(evaluation: Evaluation, mark: str, number: int) -> int:
    if evaluation.results != mark:
        raise Conflict("results_taken", RESULTS_OTHERWISE)
    return number

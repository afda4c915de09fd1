"""Tests in the `catalogue` table. A vendor's item decides whether one may begin (`vendor_store.py`); the
test's own item decides everything after.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from boto3.dynamodb.conditions import Attr, ConditionBase
from boto3.dynamodb.conditions import Key as Where

from chalicelib.evaluation.items import (
    read_answered,
    read_evaluation,
    written_answered,
    written_evaluation,
    written_report,
    written_serving,
)
from chalicelib.evaluation.model import (
    FOLLOWS,
    Answered,
    Evaluation,
    Mode,
    Report,
    RunState,
    Serving,
)
from chalicelib.platform import keys
from chalicelib.platform.clock import timestamp
from chalicelib.platform.due import ATTRIBUTES as DUE
from chalicelib.platform.due import due, overdue_at
from chalicelib.platform.table import Change, ConditionFailed, Item, Table


class LostStep(Exception):
    """The test is not where this step starts from; `found` is as it stands."""

    def __init__(self, found: Evaluation | None) -> None:
        super().__init__("the test is in another state")
        self.found = found


class AnsweredOtherwise(Exception):
    """The unit was answered before, and not with this."""


@dataclass(frozen=True)
class EvaluationStore:
    table: Table

    def get(self, evaluation_id: str) -> Evaluation | None:
        item = self.table.get(keys.evaluation(evaluation_id))
        return read_evaluation(item) if item else None

    def several(self, evaluation_ids: Sequence[str]) -> list[Evaluation]:
        """Those that exist, in this order. A call for each hundred."""
        wanted = [keys.evaluation(evaluation_id) for evaluation_id in evaluation_ids]
        return [read_evaluation(item) for item in self.table.get_many(wanted)]

    def create(self, new: Evaluation) -> Evaluation:
        """Put a new test, due at its deadline; if it is there already, the one that is there."""
        key = keys.evaluation(new.evaluation_id)
        try:
            item = self.table.insert(key, written_evaluation(new) | due(key, new.deadline))
        except ConditionFailed as error:
            if error.found is None:
                raise
            item = error.found
        return read_evaluation(item)

    def serve(self, seen: Evaluation, serving: Serving, place: str) -> Evaluation:
        """Give out a unit: its clock starts. Raises `LostStep` when another request was faster."""
        change = Change(set={"serving": written_serving(serving), "place": place})
        return self._update(seen, change, _stands(seen))

    def advance(
        self, seen: Evaluation, serving: Serving, *, now: datetime, ask_at: datetime
    ) -> Evaluation:
        """The unit given out is answered; with the last, the report is due. Raises `LostStep`."""
        values: dict[str, Any] = {"answered": serving.number + 1}
        if serving.last:
            values |= self._computing(seen, now=now, ask_at=ask_at)
        return self._update(seen, Change(set=values, remove=["serving"]), _stands(seen))

    def finish(self, seen: Evaluation, *, now: datetime, ask_at: datetime) -> Evaluation:
        """No unit is left: the report is due. Raises `LostStep`."""
        values = self._computing(seen, now=now, ask_at=ask_at)
        return self._update(seen, Change(set=values, remove=["serving"]), _stands(seen))

    def open_file(self, seen: Evaluation) -> Evaluation:
        """From now on results come in one file. Raises `LostStep`."""
        change = Change(set={"mode": Mode.FILE.value}, remove=["serving"])
        return self._update(seen, change, _is(RunState.OPEN))

    def note_copied(self, seen: Evaluation, place: str) -> None:
        """Units up to this place have their copies. A lost race changes nothing: copies are made again."""
        with suppress(LostStep):
            change = Change(set={"copied_to": place})
            self._update(seen, change, Attr("copied_to").eq(seen.copied_to))

    def take_results(
        self, seen: Evaluation, results: str, number: int, *, now: datetime, ask_at: datetime
    ) -> Evaluation:
        """All results are in, so many. Raises `LostStep`."""
        values = {"results": results, "answered": number}
        values |= self._computing(seen, now=now, ask_at=ask_at)
        in_file_mode = Attr("mode").eq(Mode.FILE.value) & _is(RunState.OPEN)
        return self._update(seen, Change(set=values), in_file_mode)

    def rerun(self, seen: Evaluation, *, ask_at: datetime) -> Evaluation:
        """Have the report computed again. Raises `LostStep`."""
        _require(RunState.COMPLETE, RunState.COMPUTING)
        values = {"state": RunState.COMPUTING.value, "attempts": 0}
        values |= due(keys.evaluation(seen.evaluation_id), ask_at)
        return self._update(seen, Change(set=values), _is(RunState.COMPLETE))

    def ask_again(self, seen: Evaluation, *, now: datetime, ask_at: datetime) -> Evaluation:
        """A report that has not come is due later. Raises `LostStep`."""
        values = {"attempts": seen.attempts + 1, **due(keys.evaluation(seen.evaluation_id), ask_at)}
        return self._update(seen, Change(set=values), _is(RunState.COMPUTING) & overdue_at(now))

    def complete(self, seen: Evaluation, report: Report) -> Evaluation:
        """A report is there, after so many as were seen. Raises `LostStep`."""
        _require(RunState.COMPUTING, RunState.COMPLETE)
        change = Change(
            set={"state": RunState.COMPLETE.value},
            append={"reports": [written_report(report)]},
            remove=DUE,
        )
        same = _is(RunState.COMPUTING) & Attr("reports").size().eq(report.number - 1)
        return self._update(seen, change, same)

    def end_without(self, seen: Evaluation) -> Evaluation:
        """Nothing is left to report on: back to the reports there are, or over without one. Raises
        `LostStep`."""
        after = RunState.COMPLETE if seen.reports else RunState.EXPIRED
        _require(RunState.COMPUTING, after)
        change = Change(set={"state": after.value}, remove=DUE)
        return self._update(seen, change, _is(RunState.COMPUTING))

    def expire(self, seen: Evaluation, now: datetime) -> Evaluation:
        """Its deadline has passed. Raises `LostStep`."""
        _require(RunState.OPEN, RunState.EXPIRED)
        change = Change(
            set={"state": RunState.EXPIRED.value, "ended_at": timestamp(now)},
            remove=["serving", *DUE],
        )
        over = _is(RunState.OPEN) & Attr("deadline").lte(timestamp(now))
        return self._update(seen, change, over)

    def answer(
        self,
        evaluation_id: str,
        unit_id: str,
        answered: Answered,
        *,
        number: int,
        fingerprint: str,
        at: datetime,
    ) -> Answered:
        """Keep what was answered of a unit, once; what was kept. Raises `AnsweredOtherwise`."""
        values = written_answered(answered) | {
            "unit_id": unit_id,
            "number": number,
            "fingerprint": fingerprint,
            "answered_at": timestamp(at),
        }
        try:
            item = self.table.insert(keys.tested_unit(evaluation_id, unit_id), values)
        except ConditionFailed as error:
            if error.found is None or error.found["fingerprint"] != fingerprint:
                raise AnsweredOtherwise from None
            item = error.found
        return read_answered(item)

    def answered(self, evaluation_id: str, unit_id: str) -> tuple[Answered, int, str] | None:
        """What was answered of a unit, its number, and the answer's fingerprint."""
        item = self.table.get(keys.tested_unit(evaluation_id, unit_id))
        return (read_answered(item), item["number"], item["fingerprint"]) if item else None

    def all_answered(self, evaluation_id: str) -> dict[str, Answered]:
        """By unit. A query for each megabyte."""
        pk, _ = keys.evaluation(evaluation_id)
        where = Where("pk").eq(pk) & Where("sk").begins_with("unit#")
        return {item["unit_id"]: read_answered(item) for item in self.table.query_all(where)}

    def _computing(self, seen: Evaluation, *, now: datetime, ask_at: datetime) -> Item:
        _require(RunState.OPEN, RunState.COMPUTING)
        values = {"state": RunState.COMPUTING.value, "ended_at": timestamp(now)}
        return values | due(keys.evaluation(seen.evaluation_id), ask_at)

    def _update(self, seen: Evaluation, change: Change, when: ConditionBase) -> Evaluation:
        try:
            return read_evaluation(
                self.table.update(keys.evaluation(seen.evaluation_id), change, when=when)
            )
        except ConditionFailed as error:
            raise LostStep(read_evaluation(error.found) if error.found else None) from None


def _is(state: RunState) -> ConditionBase:
    return Attr("state").eq(state.value)


def _stands(seen: Evaluation) -> ConditionBase:
    """Open, one by one, and with the same unit given out as it was seen."""
    same = _is(RunState.OPEN) & Attr("mode").eq(Mode.ONE_BY_ONE.value)
    same &= Attr("place").eq(seen.place)
    if seen.serving is None:
        return same & Attr("serving").not_exists()
    return same & Attr("serving.unit_id").eq(seen.serving.unit_id)


def _require(before: RunState, after: RunState) -> None:
    if after not in FOLLOWS[before]:
        raise ValueError(f"{before} → {after}")

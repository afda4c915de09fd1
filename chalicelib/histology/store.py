"""Results in the `cases` table: one item each, one conditional write a step."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from boto3.dynamodb.conditions import Attr, ConditionBase

from chalicelib.histology.items import (
    read_histology,
    written_correction,
    written_histology,
)
from chalicelib.histology.model import Correction, Findings, Histology, TakenBack
from chalicelib.patients.result_store import SPREAD_AFTER
from chalicelib.platform import keys
from chalicelib.platform.clock import timestamp
from chalicelib.platform.due import ATTRIBUTES as DUE
from chalicelib.platform.due import due
from chalicelib.platform.table import Change, ConditionFailed, Item, Key, Table
from chalicelib.platform.tombstones import strip

TOMBSTONE: Final = frozenset({"histology_id", "withdrawn_at"})
"""What stays of a result whose patient took the consent back."""
_STANDS: Final = Attr("findings").exists()


class Moved(Exception):
    """The result is not as it was seen; `found` is it as it stands, or None."""

    def __init__(self, found: Histology | None) -> None:
        super().__init__("the result has changed")
        self.found = found


@dataclass(frozen=True)
class HistologyStore:
    """Reads results, creates, corrects and takes them back."""

    table: Table

    def get(self, histology_id: str) -> Histology | None:
        """The result; None also for what an erasure has left of one."""
        return _standing(self.table.get(keys.histology(histology_id)))

    def with_reports(self, ids: Sequence[str]) -> tuple[list[Histology], Mapping[str, Item]]:
        """Those of the results that exist, and the items of their reports by the same ids."""
        wanted: list[Key] = [keys.histology(one) for one in ids]
        wanted += [keys.report(one) for one in ids]
        items = self.table.get_many(wanted)
        results = (_standing(item) for item in items if item["sk"] == "histology")
        reports = {item["histology_id"]: item for item in items if item["sk"] == "report"}
        return [one for one in results if one is not None], reports

    def create(self, new: Histology) -> Histology:
        """Put a new result; if it is there already, the one that is there. Raises `Moved` where an
        erasure has left its mark."""
        key = keys.histology(new.histology_id)
        item = written_histology(new) | due(key, new.stirred_at + SPREAD_AFTER)
        try:
            return read_histology(self.table.insert(key, item))
        except ConditionFailed as error:
            there = _standing(error.found)
            if there is None:
                raise Moved(None) from None
            return there

    def correct(self, before: Histology, findings: Findings, done: Correction) -> Histology:
        """Replace the findings, and keep the old ones in the history. Raises `Moved`."""
        values = {"findings": findings.json()}
        return self._change(before, values, done.at, [written_correction(done)])

    def take_back(self, before: Histology, back: TakenBack) -> Histology:
        """Mark a result as entered for the wrong lesion. Raises `Moved`."""
        told = {"at": timestamp(back.at), "by": back.by, "reason": back.reason}
        return self._change(before, {"taken_back": told}, back.at, [])

    def _change(
        self, before: Histology, values: dict[str, Any], now: datetime, history: list[Item]
    ) -> Histology:
        key = keys.histology(before.histology_id)
        change = Change(
            set={
                **values,
                "revision": before.revision + 1,
                "stirred_at": timestamp(now),
                **due(key, now + SPREAD_AFTER),
            },
            append={"history": history} if history else {},
        )
        as_seen = Attr("revision").eq(before.revision) & Attr("taken_back").not_exists()
        return self._update(key, change, as_seen)

    def look_again(self, one: Histology, at: datetime) -> None:
        """Give a result another deadline, unless somebody has written it since it was read."""
        key = keys.histology(one.histology_id)
        with suppress(Moved):
            self._update(key, Change(set=due(key, at)), Attr("writer").eq(one.writer))

    def settle(self, one: Histology) -> None:
        """All images know it: it leaves the `due` index, unless somebody has written it since."""
        key = keys.histology(one.histology_id)
        with suppress(Moved):
            self._update(key, Change(remove=DUE), Attr("writer").eq(one.writer))

    def refile(self, histology_id: str, *, was: str, patient_id: str) -> None:
        """Give a result of the patient `was` to another; nothing happens to one that is not his."""
        with suppress(Moved):
            self._update(
                keys.histology(histology_id),
                Change(set={"patient_id": patient_id}),
                Attr("patient_id").eq(was),
            )

    def withdraw(self, histology_id: str, now: datetime) -> Item | None:
        """Leave a tombstone of a result. Returns the item as it stood before, None where there is
        none."""

        def tombstone(item: Item) -> Item:
            at = item.get("withdrawn_at", timestamp(now))
            return {"histology_id": histology_id, "withdrawn_at": at}

        return strip(self.table, keys.histology(histology_id), tombstone)

    def _update(self, key: Key, change: Change, when: ConditionBase) -> Histology:
        try:
            return read_histology(self.table.update(key, change, when=_STANDS & when))
        except ConditionFailed as error:
            raise Moved(_standing(error.found)) from None


def _standing(item: Item | None) -> Histology | None:
    return read_histology(item) if item is not None and "findings" in item else None

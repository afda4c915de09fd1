"""Reports' files in the `cases` table: one item each, one conditional write a step."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from boto3.dynamodb.conditions import Attr, ConditionBase

from chalicelib.histology.reports import (
    FOLLOWS,
    OPEN_TO_FILES,
    Announced,
    Kept,
    Report,
    ReportState,
)
from chalicelib.platform import keys
from chalicelib.platform.clock import timestamp
from chalicelib.platform.due import ATTRIBUTES as DUE
from chalicelib.platform.due import due
from chalicelib.platform.table import Change, ConditionFailed, Item, Table
from chalicelib.platform.tombstones import strip

TOMBSTONE: Final = frozenset({"histology_id", "state"})
"""What stays of a withdrawn report."""


class LostReport(Exception):
    """The report is not where this step starts from; `found` is it as it stands, or None."""

    def __init__(self, found: Report | None) -> None:
        super().__init__("the report is in another state")
        self.found = found


class ForbiddenStep(Exception):
    """A step that the transition table does not have; a mistake of ours, never of a user."""


@dataclass(frozen=True)
class ReportStore:
    """Reads reports, and takes them from state to state."""

    table: Table

    def get(self, histology_id: str) -> Report | None:
        """The report; None also for what is left of a withdrawn one."""
        return _standing(self.table.get(keys.report(histology_id)))

    def announce(
        self,
        histology_id: str,
        announced: Announced,
        form: Mapping[str, Any],
        *,
        now: datetime,
        trace: str,
        due_at: datetime,
    ) -> Report:
        """Put a report that awaits its first file; if one is there already, that one.

        Raises `LostReport` where one was withdrawn.
        """
        key = keys.report(histology_id)
        state = ReportState.AWAITING_UPLOAD.value
        item = {
            "histology_id": histology_id,
            "state": state,
            "attempt": 1,
            "announced": asdict(announced),
            "history": [{"state": state, "at": timestamp(now)}],
            "form": dict(form),
            "trace": trace or None,
            **due(key, due_at),
        }
        try:
            return read_report(self.table.insert(key, item))
        except ConditionFailed as error:
            if (there := _standing(error.found)) is None:
                raise LostReport(None) from None
            return there

    def announce_another(
        self,
        report: Report,
        announced: Announced,
        form: Mapping[str, Any],
        *,
        now: datetime,
        due_at: datetime,
    ) -> Report:
        """Await another file than the one announced last. Raises `LostReport`."""
        state = ReportState.AWAITING_UPLOAD
        if report.state not in OPEN_TO_FILES:
            raise LostReport(report)
        key = keys.report(report.histology_id)
        change = Change(
            set={
                "state": state.value,
                "attempt": report.attempt + 1,
                "announced": asdict(announced),
                "form": dict(form),
                "tries": 0,
                **due(key, due_at),
            },
            append={"history": [{"state": state.value, "at": timestamp(now)}]},
            remove=["version", "problem"],
        )
        return self._update(report.histology_id, change, _as_seen(report))

    def pin(
        self, histology_id: str, attempt: int, version: str, *, now: datetime, until: datetime
    ) -> Report:
        """Hold an awaited report to one version of its upload, and lease it to this worker.

        Raises `LostReport` when this file is not awaited.
        """
        received = ReportState.RECEIVED.value
        change = Change(
            set={
                "state": received,
                "version": version,
                "lease_until": timestamp(until),
                "tries": 1,
                **due(keys.report(histology_id), until),
            },
            append={"history": [{"state": received, "at": timestamp(now)}]},
            remove=["form"],
        )
        awaited = Attr("state").eq(ReportState.AWAITING_UPLOAD.value) & Attr("attempt").eq(attempt)
        return self._update(histology_id, change, awaited)

    def lease(self, report: Report, *, now: datetime, until: datetime) -> Report:
        """Take over from a worker whose lease ended. Raises `LostReport` while it has not."""
        change = Change(
            set={"lease_until": timestamp(until), **due(keys.report(report.histology_id), until)},
            add={"tries": 1},
        )
        over = _as_seen(report) & Attr("lease_until").lte(timestamp(now))
        return self._update(report.histology_id, change, over)

    def finish(
        self,
        report: Report,
        to: ReportState,
        *,
        now: datetime,
        values: Mapping[str, Any] | None = None,
        when: ConditionBase | None = None,
        remove: Iterable[str] = ("lease_until", "form"),
    ) -> Report:
        """Take a report to a state in which nothing is due. Raises `LostReport`."""
        if to not in FOLLOWS[report.state]:
            raise ForbiddenStep(f"{report.state} → {to}")
        change = Change(
            set={"state": to.value, **(values or {})},
            append={"history": [{"state": to.value, "at": timestamp(now)}]},
            remove=[*remove, *DUE],
        )
        seen = _as_seen(report)
        return self._update(report.histology_id, change, seen & when if when else seen)

    def await_longer(
        self, report: Report, due_at: datetime, *, when: ConditionBase | None = None
    ) -> Report:
        """Give an awaited report another deadline. Raises `LostReport`."""
        change = Change(set=due(keys.report(report.histology_id), due_at))
        seen = _as_seen(report)
        return self._update(report.histology_id, change, seen & when if when else seen)

    def withdraw(self, histology_id: str) -> Item | None:
        """Leave a tombstone. Returns the item as it stood before, None where there is none."""
        left = {"histology_id": histology_id, "state": ReportState.WITHDRAWN.value}
        return strip(self.table, keys.report(histology_id), lambda _: left)

    def _update(self, histology_id: str, change: Change, when: ConditionBase) -> Report:
        try:
            return read_report(self.table.update(keys.report(histology_id), change, when=when))
        except ConditionFailed as error:
            raise LostReport(_standing(error.found)) from None


def _as_seen(report: Report) -> ConditionBase:
    seen: ConditionBase = Attr("state").eq(report.state.value) & Attr("attempt").eq(report.attempt)
    return seen & Attr("version").eq(report.version) if report.version else seen


def _standing(item: Item | None) -> Report | None:
    return read_report(item) if item is not None and "announced" in item else None


def read_report(item: Item) -> Report:
    """The report in an item of the table."""
    return Report(
        histology_id=item["histology_id"],
        state=ReportState(item["state"]),
        attempt=item["attempt"],
        announced=Announced(**item["announced"]),
        history=tuple(item["history"]),
        version=item.get("version"),
        tries=item.get("tries", 0),
        kept=Kept(**{"pages": None, **item["kept"]}) if "kept" in item else None,
        problem=item.get("problem"),
        form=item.get("form"),
        trace=item.get("trace", ""),
        due_at=item.get("due_at"),
    )

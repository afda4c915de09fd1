"""Previews of plans, in the `catalogue` table: what a plan would select, as computed last."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from boto3.dynamodb.conditions import Attr

from chalicelib.datasets.dataset import Dataset
from chalicelib.datasets.store import read_dataset
from chalicelib.platform import keys
from chalicelib.platform.clock import moment, timestamp
from chalicelib.platform.due import ATTRIBUTES as DUE
from chalicelib.platform.due import due
from chalicelib.platform.language import Text
from chalicelib.platform.table import Change, ConditionFailed, Item, Table

COMPUTED_BY: Final = timedelta(minutes=6)
"""When a preview is asked for again, if nobody has computed it: longer than a builder may run."""


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What a plan would select: when it was asked for, and what was found last."""

    asked_at: datetime
    computing: bool
    computed_at: datetime | None = None
    plan_revision: int | None = None
    """Of the plan that was looked at."""
    result: str | None = None
    """JSON."""
    problem: Mapping[str, str] | None = None
    """Why there is no result: `ru`, `en`."""


@dataclass(frozen=True)
class PreviewStore:
    """What a plan would select, as computed last; in the `due` index while it is being computed."""

    table: Table

    def ask(self, code: str, revision: int, *, at: datetime) -> tuple[Preview, bool]:
        """Ask for a preview of a revision of the plan; whether it was not asked for already. One call."""
        key = keys.preview(code)
        change = Change(
            set={
                "code": code,
                "asked_at": timestamp(at),
                "asked_revision": revision,
                **due(key, at + COMPUTED_BY),
            }
        )
        new = Attr("due_at").not_exists() | Attr("asked_revision").ne(revision)
        try:
            return read_preview(self.table.update(key, change, when=new)), True
        except ConditionFailed as error:
            if error.found is None:
                raise
            return read_preview(error.found), False

    def asked(self, code: str) -> str | None:
        """The request that is to be computed, as `computed` is to name it; None where there is none."""
        item = self.table.get(keys.preview(code))
        return item["asked_at"] if item and "due_at" in item else None

    def computed(
        self,
        code: str,
        asked: str,
        *,
        at: datetime,
        revision: int,
        result: str,
        problem: Text | None,
    ) -> None:
        """Note what a plan would select, unless it was asked for anew meanwhile. One call."""
        done = {"computed_at": timestamp(at), "plan_revision": revision, "result": result}
        told = {"problem": problem._asdict()} if problem else {}
        change = Change(set=done | told, remove=[*DUE, *(() if problem else ("problem",))])
        with suppress(ConditionFailed):
            self.table.update(keys.preview(code), change, when=Attr("asked_at").eq(asked))

    def get_with_dataset(self, code: str) -> tuple[Dataset | None, Preview | None]:
        """A dataset and the preview of its plan. One call."""
        wanted = [keys.dataset(code), keys.preview(code)]
        found = {item["pk"]: item for item in self.table.get_many(wanted)}
        dataset, preview = (found.get(pk) for pk, _ in wanted)
        return (
            read_dataset(dataset) if dataset else None,
            read_preview(preview) if preview else None,
        )


def read_preview(item: Item) -> Preview:
    """A preview from its item."""
    computed = item.get("computed_at")
    return Preview(
        asked_at=moment(item["asked_at"]),
        computing="due_at" in item,
        computed_at=moment(computed) if computed else None,
        plan_revision=item.get("plan_revision"),
        result=item.get("result"),
        problem=item.get("problem"),
    )

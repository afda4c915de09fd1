"""What histology says of lesions, and which lesions wait for it.

A lesion that waits stands in the index `by_clinic` behind its clinic's patients, in the order of
asking, and in `due` until it has waited too long. It is put there by the very write that asks (a
survey, its correction, a merge, a result taken back); whether it still waits, its own surveys and
results tell. So an entry may be one too many for a moment, never one too few, and whoever meets one
too many lets it go.
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from boto3.dynamodb.conditions import Attr
from boto3.dynamodb.conditions import Key as Where

from chalicelib.patients.forwarding import current, merged_into
from chalicelib.patients.items import read_lesion
from chalicelib.patients.model import Lesion, RecordedSurvey
from chalicelib.patients.results import Result, result_item
from chalicelib.platform import keys
from chalicelib.platform.clock import moment, timestamp
from chalicelib.platform.due import ATTRIBUTES as DUE
from chalicelib.platform.due import due
from chalicelib.platform.table import Change, ConditionFailed, Item, Table

OVERDUE_AFTER: Final = timedelta(days=30)
"""How long a survey's question for histology may stay unanswered until it is called overdue."""
MAX_RESULTS: Final = 20
"""Of one lesion, those taken back among them; two merged lesions may have twice as many."""
SPREAD_AFTER: Final = timedelta(minutes=2)
"""When the sweep tells the images of a lesion what histology says, if nobody has."""
WAITING: Final = ("clinic_order", "overdue_at")
"""Attributes of a lesion that waits; once it has been called overdue, the first alone."""
ORDER: Final = "histology#"
ATTEMPTS: Final = 8


class Unknown(Exception):
    """There is no such lesion (any more)."""


class TooManyResults(Exception):
    """The lesion takes no further result."""


class Contended(Exception):
    """Others changed the lesion all the time; nothing was written."""


def asking(lesion_id: str, survey: RecordedSurvey) -> Item:
    """The attributes of a lesion that waits since `survey` was entered."""
    asked_at, overdue_at = survey.created_at, survey.created_at + OVERDUE_AFTER
    return {
        "clinic_order": f"{ORDER}{timestamp(asked_at)}#{lesion_id}",
        "overdue_at": timestamp(overdue_at),
        **due(keys.lesion(lesion_id), overdue_at),
    }


def waiting(lesion: Lesion) -> Item:
    """The same of a lesion as it stands; empty when it does not wait."""
    survey = lesion.awaits_histology
    return asking(lesion.lesion_id, survey) if survey else {}


@dataclass(frozen=True)
class ResultStore:
    """Enters results into lesions, and lists the lesions that wait for one."""

    table: Table

    def enter(self, lesion_id: str, result: Result, *, now: datetime) -> Lesion:
        """Let a lesion know a result as it stands now; the lesion afterwards. Two calls.

        Doing it again changes nothing, nor does an older revision. Raises `Unknown` for a lesion
        that is gone, `TooManyResults`, and `BeingMerged` for a moment.
        """
        for _ in range(ATTEMPTS):
            item = current(self.table, keys.lesion, lesion_id)
            if item is None or "patient_id" not in item or "import_id" in item:
                raise Unknown
            merged_into(item)
            lesion = read_lesion(item)
            held = lesion.results.get(result.histology_id)
            if held is not None and held.revision >= result.revision:
                return lesion
            if held is None and len(lesion.results) >= MAX_RESULTS:
                raise TooManyResults
            after = replace(
                lesion,
                results={**lesion.results, result.histology_id: result},
                decided_at=later(now, lesion.decided_at),
            )
            try:
                return read_lesion(self._put(item, after, result))
            except ConditionFailed:
                continue
        raise Contended

    def _put(self, item: Item, after: Lesion, result: Result) -> Item:
        one = {result.histology_id: result_item(result)}
        known = "histology" in item
        waits = waiting(after) if "clinic_order" not in item else {}
        if "merging" in item:  # the merge's own deadline stands; it sets ours when it is done
            waits = {name: value for name, value in waits.items() if name not in DUE}
        change = Change(
            set={
                **({f"histology.{name}": each for name, each in one.items()} if known else {}),
                **({} if known else {"histology": one}),
                "decided_at": timestamp(after.decided_at or result.recorded_at),
                **waits,
            },
            remove=_gone(item) if after.awaits_histology is None else (),
        )
        unchanged = Attr("writer").eq(item["writer"])
        return self.table.update((item["pk"], item["sk"]), change, when=unchanged)

    def tidy(self, lesion_id: str) -> None:
        """Take a lesion that waits no more out of the list, if it stands there. One call or two."""
        item = self.table.get(keys.lesion(lesion_id))
        if item is None or "clinic_order" not in item or "patient_id" not in item:
            return
        if read_lesion(item).awaits_histology is None:
            self._let_go(item, _gone(item))

    def called_overdue(self, item: Item) -> None:
        """Note that a lesion was called overdue: it is so once, and stays in the list."""
        self._let_go(item, ["overdue_at", *DUE])

    def _let_go(self, item: Item, names: list[str]) -> None:
        with suppress(ConditionFailed):  # changed meanwhile; the next who looks decides
            unchanged = Attr("writer").eq(item["writer"])
            self.table.update((item["pk"], item["sk"]), Change(remove=names), when=unchanged)

    def waiting_of_clinic(
        self, clinic_id: str, *, limit: int, start: Item | None
    ) -> tuple[list[Lesion], Item | None]:
        """A page of a clinic's lesions that wait for histology, who asked first coming first."""
        where = Where("clinic_id").eq(clinic_id) & Where("clinic_order").begins_with(ORDER)
        page = self.table.query(where, index="by_clinic", limit=limit, start=start)
        lesions = [read_lesion(item) for item in page.items]
        return [one for one in lesions if one.awaits_histology is not None], page.last

    def stir(self, histology_id: str, *, now: datetime) -> None:
        """Have a result told again to its lesion's images: one has come that may not know it.

        The histology part owns the item, and drives it on.
        """
        key = keys.histology(histology_id)
        change = Change(set={"stirred_at": timestamp(now), **due(key, now + SPREAD_AFTER)})
        with suppress(ConditionFailed):
            self.table.update(key, change, when=Attr("stirred_at").exists())


def later(now: datetime, before: datetime | None) -> datetime:
    """`now`, or the moment after `before` where the clock was set back."""
    return max(now, before + timedelta(microseconds=1)) if before else now


def _gone(item: Item) -> list[str]:
    """What a lesion loses that waits no more; a merge's deadline is not ours."""
    names: list[str] = [name for name in WAITING if name in item]
    return names + ([] if "merging" in item or "overdue_at" not in item else list(DUE))


def absorbed(kept: Item, duplicate: Item, *, at: datetime) -> tuple[dict[str, Any], Item]:
    """What a lesion gets that takes over another's results: to be set, and to be set where nothing
    stands yet."""
    results = duplicate.get("histology", {})
    waits: Item = {name: duplicate[name] for name in WAITING if name in duplicate}
    if not results:
        return {}, waits
    moments = [kept.get("decided_at", ""), duplicate.get("decided_at", "")]
    latest = max(text for text in moments if text)
    values: dict[str, Any] = {"decided_at": timestamp(later(at, moment(latest)))}
    if "histology" in kept:
        return {f"histology.{name}": one for name, one in results.items()} | values, waits
    return {"histology": dict(results), **values}, waits

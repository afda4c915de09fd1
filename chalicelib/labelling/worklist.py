"""Lists of cases as curators want them: by how they stand, where on the skin, whose, and since when; and
gold cases with how readers did on them.

Cases are listed by state in four shards. What else is asked is looked at case by case, so one page reads
`MOST_READ` cases at most and may be short, or empty, and have another after it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from typing import Any, Final, NamedTuple

from boto3.dynamodb.conditions import Key as Where

from chalicelib.labelling.ballots import Probe, Quality, said
from chalicelib.labelling.items import SHARDS, STANDING, WAITING, read_case, waiting_for
from chalicelib.labelling.model import Case
from chalicelib.platform.clock import moment, timestamp
from chalicelib.platform.lesion_classes import LesionClass
from chalicelib.platform.runtime import Platform
from chalicelib.platform.table import Item, Table

MOST_READ: Final = 800
PAGE: Final = 50
_FIRST, _LAST = " ", "~"
"""Before and behind every place in an index."""


class _Index(NamedTuple):
    name: str
    partition: str
    order: str


_STANDING: Final = _Index("standing", *STANDING)
_WAITING: Final = _Index("waiting", *WAITING)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which cases are wanted. `listed` is a state, or the list of those that nobody is left for."""

    listed: str
    site: str | None = None
    kind: str | None = None
    clinic_id: str | None = None
    gold: bool | None = None
    since_before: datetime | None = None
    """In that state since before this moment."""

    def fits(self, case: Case) -> bool:
        return (
            self.site in (None, case.facts.site)
            and self.kind in (None, case.facts.kind)
            and self.clinic_id in (None, case.clinic_id)
            and self.gold in (None, case.gold)
        )

    @property
    def named(self) -> str:
        """All of it as one word, for cursors."""
        before = timestamp(self.since_before) if self.since_before else None
        told = (self.listed, self.site, self.kind, self.clinic_id, self.gold, before)
        return " ".join(str(each) for each in told)


def list_cases(
    platform: Platform, wanted: Wanted, *, limit: int, cursor: str | None
) -> tuple[list[Case], str | None]:
    """A page of the wanted cases, those longest in their state first. Four calls, and one more for each
    further 50 cases that are read. Raises `Invalid` for a cursor of another list."""
    scope = f"cases {wanted.named}"
    start = platform.cursors.open(cursor, scope=scope)
    before = timestamp(wanted.since_before) if wanted.since_before else _LAST
    shards = (f"{wanted.listed}#{shard}" for shard in range(SHARDS))
    cases = _merged(platform.labelling, _STANDING, shards, start, before)
    found, following = _page(cases, limit, lambda item: wanted.fits(read_case(item)))
    return list(map(read_case, found)), platform.cursors.seal(following, scope=scope)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a reader said of a gold case that was mixed into his hand."""

    account_id: str
    diagnosis: LesionClass
    quality: Quality
    at: datetime
    seconds: float | None
    correct: bool | None
    """Whether he said what is known; None where he does not know, or called the image unusable."""


@dataclass(frozen=True, kw_only=True)
class GoldCase:
    """A case of known truth that is mixed into hands."""

    case: Case
    given: int
    """To how many readers."""
    answers: tuple[Answer, ...]


def list_gold(
    platform: Platform, *, limit: int, cursor: str | None
) -> tuple[list[GoldCase], str | None]:
    """A page of the gold cases, those least used first, with all answers. Four calls at least.

    Raises `Invalid` for a cursor of another list.
    """
    scope = "gold cases"
    start = platform.cursors.open(cursor, scope=scope)
    shards = (waiting_for(None, True, shard) for shard in range(SHARDS))
    cases = _merged(platform.labelling, _WAITING, shards, start, _LAST)
    found, following = _page(cases, limit, lambda item: True)
    return [_gold(item) for item in found], platform.cursors.seal(following, scope=scope)


def _gold(item: Item) -> GoldCase:
    case = read_case(item)
    told = [each for each in item.get("probes", {}).values() if each["probe"] == Probe.GOLD]
    answers = sorted((_answer(case, each) for each in told), key=lambda one: one.at, reverse=True)
    return GoldCase(case=case, given=len(case.probed), answers=tuple(answers))


def _answer(case: Case, told: Mapping[str, Any]) -> Answer:
    diagnosis, quality = LesionClass(told["diagnosis"]), Quality(told["quality"])
    says = said(diagnosis, quality)
    truth = case.truth.diagnosis if case.truth else None
    return Answer(
        account_id=told["account"],
        diagnosis=diagnosis,
        quality=quality,
        at=moment(told["at"]),
        seconds=told.get("seconds"),
        correct=None if says is None or truth is None else says is truth,
    )


def _page(
    cases: Iterator[tuple[str, Item]], limit: int, fits: Callable[[Item], bool]
) -> tuple[list[Item], Item | None]:
    """Those that fit, and where the next page goes on."""
    found: list[Item] = []
    last = ""
    for number, (order, item) in enumerate(cases):
        if len(found) == limit or number == MOST_READ:
            return found, {"after": last}
        last = order
        if fits(item):
            found.append(item)
    return found, None


def _merged(
    table: Table, index: _Index, shards: Iterable[str], start: Item | None, before: str
) -> Iterator[tuple[str, Item]]:
    """The items of these shards in one order, each with its place there, from behind `start` up to
    `before`."""
    # `between` takes both ends in. An order ends with an image's id, and no id goes on with "!".
    after = f"{start['after']}!" if start else _FIRST

    def each(shard: str) -> Iterator[tuple[str, Item]]:
        where = Where(index.partition).eq(shard) & Where(index.order).between(after, before)
        for item in table.query_each(where, index=index.name, page_size=PAGE):
            yield item[index.order], item

    return merge(*map(each, shards), key=lambda one: one[0])

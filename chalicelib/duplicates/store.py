"""Pairs of pictures in the `cases` table, and the pictures they are of."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from boto3.dynamodb.conditions import Attr
from boto3.dynamodb.conditions import Key as Where

from chalicelib.duplicates.model import (
    MOST_PAIRS,
    Decision,
    Flagged,
    Near,
    Outcome,
    Pair,
    Standing,
)
from chalicelib.images.likeness import (
    COMPARED,
    FRESH,
    SHARDS,
    Likeness,
    entered_at,
    listed,
    shard,
)
from chalicelib.images.model import Shown
from chalicelib.images.pixels import SHOWN, PixelIndex, shown_by
from chalicelib.platform import keys
from chalicelib.platform.clock import moment, timestamp
from chalicelib.platform.ids import Ids
from chalicelib.platform.table import ABSENT, Change, ConditionFailed, Item, Table

LISTS: Final = {standing: f"pairs#{standing.value}" for standing in Standing}
"""Of the index `by_clinic`, newest last."""
LOOK: Final = (
    *("pk", "sk", "images", "clinic_order"),
    *("perceptual_hash", "embedding", "model", "cosine"),
)
PAGE: Final = 100


@dataclass(frozen=True)
class Picture:
    """What is known of a picture in one of the two lists."""

    pixel_hash: str
    seen: Likeness
    order: str
    images: int
    """How many show it."""

    @property
    def entered_at(self) -> datetime:
        return entered_at(self.order)


@dataclass(frozen=True)
class PairStore:
    """Writes pairs that were found, and what curators decide of them."""

    table: Table

    def fresh(self) -> Iterator[Picture]:
        """Pictures not yet compared, by shards, the oldest first in each. A query a shard at least."""
        return self._pictures(FRESH, page=PAGE)

    def compared(self) -> Iterator[Picture]:
        """Every picture that was compared. A query for each megabyte."""
        return self._pictures(COMPARED, page=None)

    def _pictures(self, name: str, *, page: int | None) -> Iterator[Picture]:
        for number in range(SHARDS):
            where, start = Where("clinic_id").eq(shard(name, number)), None
            while True:
                found = self.table.query(
                    where, index="by_clinic", limit=page, start=start, only=LOOK
                )
                yield from map(_picture, found.items)
                start = found.last
                if start is None:
                    break

    def settle(self, picture: Picture) -> bool:
        """A picture has been compared, unless it was entered anew or left meanwhile; whether so."""
        change = Change(set=listed(COMPARED, picture.pixel_hash, picture.entered_at))
        same = SHOWN & Attr("clinic_order").eq(picture.order)
        same &= Attr("clinic_id").begins_with(f"{FRESH}#")
        try:
            self.table.update(keys.pixels(picture.pixel_hash), change, when=same)
        except ConditionFailed:
            return False
        return True

    def shown(self, pixel_hash: str) -> list[Shown]:
        """The images that show a picture, as last written. One call."""
        return shown_by(self.table.get(keys.pixels(pixel_hash)) or {})

    def pair(self, ids: Ids, pixel_hash: str, near: Near, *, at: datetime) -> Outcome:
        """Enter that two pictures are near. Doing it again changes nothing.

        Both name the pair before it is put, and both are looked at afterwards: an erasure meanwhile
        finds it, or we do.
        """
        pictures = tuple(sorted((pixel_hash, near.pixel_hash)))
        pair_id = pair_id_of(ids, pictures)
        for one in pictures:
            room = Attr("pairs").not_exists() | Attr("pairs").size().lt(MOST_PAIRS)
            known = Attr("pairs").contains(pair_id)
            add = Change(add={"pairs": {pair_id}})
            try:
                self.table.update(keys.pixels(one), add, when=SHOWN & (room | known))
            except ConditionFailed as error:
                self._take_back(pair_id, pictures)
                full = error.found is not None and "images" in error.found
                return Outcome.FULL if full else Outcome.GONE
        new = self._put(_new(pair_id, pictures, near.distance, near.cosine, at))
        if not all(self.shown(one) for one in pictures):
            self._take_back(pair_id, pictures)
            return Outcome.GONE
        return Outcome.NEW if new else Outcome.KNOWN

    def twins(self, ids: Ids, pixel_hash: str, *, at: datetime) -> bool:
        """Enter that several images show one picture, if they still do; whether that is new."""
        pair_id = pair_id_of(ids, (pixel_hash,))
        several = SHOWN & Attr("images").size().gte(2)
        try:
            self.table.update(keys.pixels(pixel_hash), Change(set={"twins": pair_id}), when=several)
        except ConditionFailed:
            return False
        new = self._put(_new(pair_id, (pixel_hash,), 0, None, at))
        if len(self.shown(pixel_hash)) < 2:
            self.table.delete(keys.pair(pair_id))
        return new

    def _take_back(self, pair_id: str, pictures: Iterable[str]) -> None:
        """Take back what `pair` began, and the pair itself where it is there."""
        index = PixelIndex(self.table)
        index.unname(pair_id, pictures)
        index.unpair(pair_id)

    def _put(self, pair: Pair) -> bool:
        item = {
            "pair_id": pair.pair_id,
            "pictures": list(pair.pictures),
            "distance": pair.distance,
            "cosine": pair.cosine,
            "found_at": timestamp(pair.found_at),
            "clinic_id": LISTS[pair.standing],
            "clinic_order": f"{timestamp(pair.found_at)}#{pair.pair_id}",
        }
        try:
            self.table.insert(keys.pair(pair.pair_id), item)
        except ConditionFailed:
            return False
        return True

    def get(self, pair_id: str) -> Pair | None:
        item = self.table.get(keys.pair(pair_id))
        return read_pair(item) if item else None

    def several(self, pair_ids: Sequence[str]) -> list[Pair]:
        """Those of the pairs that exist; one call for each hundred."""
        return [read_pair(one) for one in self.table.get_many(list(map(keys.pair, pair_ids)))]

    def page(
        self, standing: Standing, *, limit: int, start: Item | None
    ) -> tuple[list[Pair], Item | None]:
        """A page of the pairs that stand so, the newest first."""
        where = Where("clinic_id").eq(LISTS[standing])
        page = self.table.query(
            where, index="by_clinic", limit=limit, start=start, newest_first=True
        )
        return [read_pair(item) for item in page.items], page.last

    def how_many(self, standing: Standing, *, at_most: int) -> int:
        """Pairs that stand so, counted no further than `at_most`. One call."""
        where = Where("clinic_id").eq(LISTS[standing])
        page = self.table.query(where, index="by_clinic", limit=at_most, only=("pk",))
        return len(page.items)

    def with_images(self, pairs: Sequence[Pair]) -> list[Flagged]:
        """The pairs with who shows them; one call for each hundred pictures."""
        hashes = sorted({one for pair in pairs for one in pair.pictures})
        items = self.table.get_many([keys.pixels(one) for one in hashes], only=("images",))
        shown = {item["pk"].partition("#")[2]: shown_by(item) for item in items}
        return [
            Flagged(pair, (shown.get(pair.pictures[0], []), shown.get(pair.pictures[-1], [])))
            for pair in pairs
        ]

    def decide(
        self, pair: Pair, decision: Decision, reason: str | None, *, by: str, at: datetime
    ) -> Pair:
        """Settle a pair, or settle it otherwise. Raises `ConditionFailed` when another decided
        meanwhile, or the pair is no more."""
        step = {"decision": decision.value, "at": timestamp(at), "by": by}
        step |= {"reason": reason} if reason else {}
        change = Change(
            set={
                "decision": decision.value,
                "decided_at": timestamp(at),
                "clinic_id": LISTS[Standing.SETTLED],
                **({"reason": reason} if reason else {}),
            },
            append={"history": [step]},
            remove=() if reason else ("reason",),
        )
        seen = Attr("decided_at")
        same = seen.eq(pair.decided_at) if pair.decided_at else seen.not_exists()
        there = Attr("pictures").exists()
        return read_pair(self.table.update(keys.pair(pair.pair_id), change, when=there & same))

    def begin_run(self, run: str, after: str | None, loaded_at: datetime) -> bool:
        """Note that a run begins, after the one that was seen; False where another came between."""
        same = Attr("run").eq(after) if after else ABSENT
        change = Change(set={"run": run, "loaded_at": timestamp(loaded_at)})
        try:
            self.table.update(keys.comparing(), change, when=same)
        except ConditionFailed:
            return False
        return True

    def last_run(self) -> tuple[str | None, datetime | None]:
        """The latest run that began, and when its pictures had been read from the table."""
        item = self.table.get(keys.comparing())
        return (item["run"], moment(item["loaded_at"])) if item else (None, None)


def pair_id_of(ids: Ids, pictures: Sequence[str]) -> str:
    return ids.derived("pair", *pictures)


def _new(
    pair_id: str, pictures: tuple[str, ...], distance: int, cosine: float | None, at: datetime
) -> Pair:
    return Pair(pair_id=pair_id, pictures=pictures, distance=distance, cosine=cosine, found_at=at)


def read_pair(item: Item) -> Pair:
    decision = item.get("decision")
    return Pair(
        pair_id=item["pair_id"],
        pictures=tuple(item["pictures"]),
        distance=item["distance"],
        cosine=item.get("cosine"),
        found_at=moment(item["found_at"]),
        decision=Decision(decision) if decision else None,
        reason=item.get("reason"),
        decided_at=item.get("decided_at"),
        history=tuple(item.get("history", ())),
    )


def _picture(item: dict[str, Any]) -> Picture:
    seen = Likeness(
        perceptual_hash=item["perceptual_hash"],
        embedding=item.get("embedding"),
        model=item.get("model"),
        cosine=item.get("cosine"),
    )
    order = item["clinic_order"]
    return Picture(item["pk"].partition("#")[2], seen, order, len(item.get("images", ())))

"""Comparing in the background: every fresh picture with all that are known.

The pictures stand in memory, read from the table by whoever begins, and kept by a container that stays.
Each run has a token on one item: a container whose token is not the last one's has missed what another
compared, and reads anew. Nothing else remembers pictures, so what is erased in the table is nowhere
else for longer than `READ_AGAIN`; and nothing is flagged before the table has confirmed both pictures.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Protocol

from chalicelib.duplicates.model import Near, Outcome, Standing
from chalicelib.duplicates.store import PairStore, Picture
from chalicelib.images.likeness import Likeness
from chalicelib.images.pixels import PixelIndex
from chalicelib.platform import logging
from chalicelib.platform.metrics import count, seconds
from chalicelib.platform.runtime import Platform

READ_AGAIN: Final = timedelta(hours=12)
"""After so long a container forgets its pictures, and whatever came since is compared once more: an
index may have hidden a picture from whoever read it a moment too early."""
OVERLAP: Final = timedelta(hours=1)
SPAN: Final = timedelta(minutes=10)
"""For how long a run takes up further pictures; the function may run for 15 minutes."""
CHECKED: Final = 100
"""Pairs that are looked through at a stroke for pictures that are no more."""


class Pictures(Protocol):
    """All that are known; the numeric part that HTTP functions cannot load."""

    def put(self, pixel_hash: str, seen: Likeness) -> None: ...
    def add(self, pixel_hash: str, seen: Likeness) -> None: ...
    def drop(self, pixel_hash: str) -> None: ...
    def near(self, pixel_hash: str, seen: Likeness) -> list[Near]: ...


class Empty(Protocol):
    """Makes a gallery with no picture in it."""

    def __call__(self) -> Pictures: ...


@dataclass(frozen=True)
class Known:
    """All pictures as of the end of one run, and when they were read from the table."""

    pictures: Pictures
    read_at: datetime
    run: str


@dataclass
class Memory:
    """What a container keeps between runs."""

    empty: Empty
    known: Known | None = None


def compare(platform: Platform, memory: Memory) -> int:
    """Compare fresh pictures with all others, and enter the pairs that are near; how many pictures.

    A run that is cut short loses nothing: a picture is fresh until its pairs are entered.
    """
    store, began = PairStore(platform.cases), platform.clock.now()
    known, memory.known = memory.known, None  # complete again only when this run is over
    if known is not None and began - known.read_at >= READ_AGAIN:
        known = None
    fresh = store.fresh()
    picture = next(fresh, None)
    if picture is None:
        memory.known = known
        return 0
    after, read_before = store.last_run()
    once_more: list[Picture] = []
    if known is None or known.run != after:
        pictures, once_more = _read(store, memory.empty(), read_before)
        known = Known(pictures, began, "")
        _clear(store)
    known = replace(known, run=platform.ids.new())
    if not store.begin_run(known.run, after, known.read_at):
        logging.info("another run compares")
        return 0
    compared = 0
    while picture is not None:
        _compare(platform, store, known.pictures, picture)
        store.settle(picture)
        seconds("ComparingDelay", max(0.0, (began - picture.entered_at).total_seconds()))
        compared += 1
        if platform.clock.now() - began >= SPAN:
            break
        picture = next(fresh, None)
    for picture in once_more:
        _compare(platform, store, known.pictures, picture)
    count("PicturesCompared", compared)
    memory.known = known
    return compared


def _read(
    store: PairStore, pictures: Pictures, read_before: datetime | None
) -> tuple[Pictures, list[Picture]]:
    """Read every compared picture into memory; and those that came since this was done last."""
    since = []
    for picture in store.compared():
        pictures.add(picture.pixel_hash, picture.seen)
        if read_before is not None and picture.entered_at >= read_before - OVERLAP:
            since.append(picture)
    return pictures, since


def _clear(store: PairStore) -> None:
    """Delete pairs whose pictures are no more: of a worker that died between two writes, beside an
    erasure or before a restore."""
    index = PixelIndex(store.table)
    for standing in Standing:
        start = None
        while True:
            pairs, start = store.page(standing, limit=CHECKED, start=start)
            for one in store.with_images(pairs):
                if not one.shown:
                    index.unpair(one.pair.pair_id)
            if start is None:
                break


def _compare(platform: Platform, store: PairStore, known: Pictures, picture: Picture) -> None:
    now = platform.clock.now()
    known.put(picture.pixel_hash, picture.seen)
    outcomes = []
    if picture.images > 1 and store.twins(platform.ids, picture.pixel_hash, at=now):
        outcomes.append(Outcome.NEW)
    for near in known.near(picture.pixel_hash, picture.seen):
        outcome = store.pair(platform.ids, picture.pixel_hash, near, at=now)
        if outcome is Outcome.GONE and not store.shown(near.pixel_hash):
            known.drop(near.pixel_hash)
        outcomes.append(outcome)
    if new := outcomes.count(Outcome.NEW):
        count("NearDuplicates", new)
    if full := outcomes.count(Outcome.FULL):
        count("NearDuplicatesLeftOut", full)

"""What curators do about near-duplicates: look at them, and decide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.duplicates.model import Decision, Flagged, Pair, Relation, Standing
from chalicelib.duplicates.store import LISTS, PairStore, read_pair
from chalicelib.images.model import LINK_LIFE
from chalicelib.people.model import Caller
from chalicelib.platform import keys
from chalicelib.platform.clock import timestamp
from chalicelib.platform.errors import Conflict, NotFound
from chalicelib.platform.language import Text
from chalicelib.platform.runtime import Platform
from chalicelib.platform.table import ConditionFailed, Item

MOST_IMAGES: Final = 4
"""Of those that show a picture, so many are answered with links; more are counted."""
PAGES: Final = 5
"""So many pages of the list are read for one page of those in a relation."""
COUNTED: Final = 1_000
"""Open pairs are counted no further."""
MEANWHILE: Final = Text(
    "Другой куратор только что решил об этой паре иначе. Откройте её заново и повторите.",
    "Another curator has just decided otherwise about this pair. Open it again and repeat.",
)


@dataclass(frozen=True)
class View:
    """A pair, and links to what it shows: by image, `image` and `thumbnail`."""

    flagged: Flagged
    links: Mapping[str, Mapping[str, str]]


def list_pairs(
    platform: Platform,
    *,
    standing: Standing,
    relation: Relation | None,
    limit: int,
    cursor: str | None,
) -> tuple[list[View], str | None]:
    """A page of the pairs that stand so, the newest first. At most three calls a page of the list,
    and one for each hundred images beyond the first.

    With a `relation` a page may be short, or empty, and have another after it. Raises `Invalid` for a
    cursor of another list.
    """
    scope = f"duplicates {standing.value} {relation.value if relation else ''}"
    start = platform.cursors.open(cursor, scope=scope)
    store, found = PairStore(platform.cases), list[Flagged]()
    for _ in range(PAGES):
        pairs, start = store.page(standing, limit=limit, start=start)
        for flagged in store.with_images(pairs):
            if flagged.shown and relation in (None, flagged.relation):
                found.append(flagged)
            if len(found) == limit:
                start = _key(flagged.pair) if flagged.pair != pairs[-1] else start
                break
        if start is None or relation is None or len(found) == limit:
            break
    return _viewed(platform, found), platform.cursors.seal(start, scope=scope)


def how_many_open(platform: Platform) -> int:
    """Pairs that wait for a decision; `COUNTED` stands for so many or more. One call."""
    return PairStore(platform.cases).how_many(Standing.OPEN, at_most=COUNTED)


def view(platform: Platform, pair_id: str) -> View:
    """One pair. Three calls. Raises `NotFound`, also where a picture has lost its images."""
    pair = PairStore(platform.cases).get(pair_id)
    return _view(platform, pair)


def decide(
    platform: Platform, *, caller: Caller, pair_id: str, decision: Decision, reason: str | None
) -> View:
    """Settle a pair, or settle it otherwise than before. Doing it again changes nothing.

    Four calls. Raises `NotFound`, and `Conflict` when another curator decides at the same moment.
    """
    store = PairStore(platform.cases)
    found = _view(platform, store.get(pair_id))
    pair = found.flagged.pair
    if (pair.decision, pair.reason) == (decision, reason):
        return found
    try:
        now = platform.clock.now()
        decided = store.decide(pair, decision, reason, by=caller.account_id, at=now)
    except ConditionFailed as error:
        if error.found is None:
            raise NotFound from None
        decided = read_pair(error.found)
        if (decided.decision, decided.reason) != (decision, reason):
            raise Conflict("changed_meanwhile", MEANWHILE) from None
    return View(Flagged(decided, found.flagged.sides), found.links)


def _view(platform: Platform, pair: Pair | None) -> View:
    if pair is None:
        raise NotFound
    (flagged,) = PairStore(platform.cases).with_images([pair])
    if not flagged.shown:
        raise NotFound
    return _viewed(platform, [flagged])[0]


def _viewed(platform: Platform, found: Sequence[Flagged]) -> list[View]:
    ids = {one.image_id for each in found for side in each.sides for one in side[:MOST_IMAGES]}
    wanted = [keys.image(image_id) for image_id in sorted(ids)]
    items = platform.cases.get_many(wanted, only=("image_id", "intake")) if wanted else []
    links = {item["image_id"]: _links(platform, item) for item in items if "intake" in item}
    return [
        View(
            each,
            {
                one.image_id: links[one.image_id]
                for side in each.sides
                for one in side[:MOST_IMAGES]
                if one.image_id in links
            },
        )
        for each in found
    ]


def _links(platform: Platform, item: Item) -> dict[str, str]:
    intake: Mapping[str, Any] = item["intake"]
    seconds = int(LINK_LIFE.total_seconds())
    return {
        "image": platform.images.link(intake["clean_key"], seconds=seconds),
        "thumbnail": platform.images.link(intake["thumbnail_key"], seconds=seconds),
    }


def _key(pair: Pair) -> Item:
    """Where the list goes on after a pair."""
    pk, sk = keys.pair(pair.pair_id)
    order = f"{timestamp(pair.found_at)}#{pair.pair_id}"
    return {"pk": pk, "sk": sk, "clinic_id": LISTS[pair.standing], "clinic_order": order}

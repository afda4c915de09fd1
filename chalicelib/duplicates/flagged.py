"""What datasets need to know: which of some images show the same photograph, as far as is known."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

from chalicelib.duplicates.model import Decision, Pair, Relation, relation
from chalicelib.duplicates.store import PairStore
from chalicelib.images.model import Shown
from chalicelib.images.pixels import pairs_of, shown_by
from chalicelib.platform import keys
from chalicelib.platform.runtime import Platform


@dataclass(frozen=True, kw_only=True)
class FlaggedPair:
    """Two images that show one photograph: with the same pixels (`pair` may be missing then), or
    flagged as near and not decided to be different."""

    one: str
    other: str
    relation: Relation
    pair: Pair | None

    @property
    def confirmed(self) -> bool:
        """Whether nobody needs to look: the pixels are the same, or a curator has said so."""
        same = self.pair is None or len(self.pair.pictures) == 1
        return same or (self.pair is not None and self.pair.decision is Decision.SAME_PHOTOGRAPH)


def flagged_pairs(platform: Platform, image_ids: Sequence[str]) -> list[FlaggedPair]:
    """Which of these images show the same photograph as another of them.

    Of images with the same pixels each is named with the next, not with all. A pair that a curator
    decided to be different is not among them. One call for each hundred images, pictures and pairs.
    """
    table = platform.cases
    wanted = [keys.image(image_id) for image_id in image_ids]
    hashes = {
        item["intake"]["pixel_hash"]
        for item in table.get_many(wanted, only=("intake.pixel_hash",))
        if "intake" in item
    }
    items = table.get_many([keys.pixels(one) for one in sorted(hashes)])
    asked = frozenset(image_ids)
    shown = {
        item["pk"].partition("#")[2]: [one for one in shown_by(item) if one.image_id in asked]
        for item in items
    }
    pairs = PairStore(table).several(sorted({each for item in items for each in pairs_of(item)}))
    return [*_same_pixels(shown, pairs), *_near(shown, pairs)]


def near_pictures(platform: Platform, pixel_hashes: Collection[str]) -> dict[str, frozenset[str]]:
    """By pixel hash, the hashes of the pictures that it is flagged as nearly the same as, unless a
    curator decided that they are different; those that have none are left out.

    The others may be of images that nobody asks of, or that are no more. One call for each hundred
    pictures and pairs.
    """
    table = platform.cases
    items = table.get_many([keys.pixels(one) for one in sorted(pixel_hashes)], only=("pairs",))
    near: dict[str, set[str]] = {}
    for pair in PairStore(table).several(
        sorted({each for item in items for each in pairs_of(item)})
    ):
        if len(pair.pictures) == 2 and pair.decision is not Decision.DIFFERENT:
            one, other = pair.pictures
            near.setdefault(one, set()).add(other)
            near.setdefault(other, set()).add(one)
    return {one: frozenset(others) for one, others in near.items()}


def _same_pixels(shown: Mapping[str, list[Shown]], pairs: list[Pair]) -> Iterator[FlaggedPair]:
    twins = {pair.pictures[0]: pair for pair in pairs if len(pair.pictures) == 1}
    for pixel_hash, images in shown.items():
        pair = twins.get(pixel_hash)
        if pair is None or pair.decision is not Decision.DIFFERENT:
            yield from (_flagged(one, other, pair) for one, other in pairwise(images))


def _near(shown: Mapping[str, list[Shown]], pairs: list[Pair]) -> Iterator[FlaggedPair]:
    for pair in pairs:
        if len(pair.pictures) == 2 and pair.decision is not Decision.DIFFERENT:
            sides = (shown.get(pixel_hash, []) for pixel_hash in pair.pictures)
            yield from (_flagged(one, other, pair) for one, other in product(*sides))


def _flagged(one: Shown, other: Shown, pair: Pair | None) -> FlaggedPair:
    return FlaggedPair(
        one=one.image_id, other=other.image_id, relation=relation(one, other), pair=pair
    )


def groups(pairs: Iterable[FlaggedPair]) -> list[frozenset[str]]:
    """Images that belong together because pairs link them, over others too: no split may part them."""
    group_of: dict[str, set[str]] = {}
    for pair in pairs:
        joined = group_of.get(pair.one, {pair.one}) | group_of.get(pair.other, {pair.other})
        group_of |= dict.fromkeys(joined, joined)
    return sorted({frozenset(group) for group in group_of.values()}, key=sorted)

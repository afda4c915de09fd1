"""What stays of images that were withdrawn with their patient, or deleted as wrong."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from boto3.dynamodb.conditions import Attr

from chalicelib.images.items import read_image
from chalicelib.images.model import State, require_step
from chalicelib.images.store import LostStep
from chalicelib.platform import keys
from chalicelib.platform.clock import timestamp
from chalicelib.platform.due import ATTRIBUTES as DUE
from chalicelib.platform.due import due
from chalicelib.platform.table import Change, Item, Table
from chalicelib.platform.tombstones import kept, strip

TOMBSTONE: Final = frozenset(
    {
        *("image_id", "lesion_id", "patient_id", "clinic_id"),
        *("kind", "state", "created_at", "history"),
    }
)
"""What stays of a withdrawn image, so that its clinic learns what became of it."""
PIXEL_HASH: Final = "pixel_hash"
"""Stays on a tombstone until the image has left the index of pixels for good."""


@dataclass(frozen=True)
class ImageTombstones:
    """Strips images of all they hold; each step may be done again."""

    table: Table

    def withdraw(self, image_id: str, *, now: datetime) -> Item | None:
        """Leave a tombstone of an image whose patient took the consent back, whatever its state.

        Of a deleted one the reason goes too. Nothing changes where it is done already. Returns the
        item as it stood before, None where there is no image.
        """

        def tombstone(item: Item) -> Item:
            left = _tombstone(item, now)
            if "deletion" in item:
                without = {name: item["deletion"][name] for name in ("at", "by", "as")}
                left |= kept(item, frozenset(DUE)) | {"deletion": without}
            return left

        return strip(self.table, keys.image(image_id), tombstone)

    def delete(
        self, image_id: str, deletion: Mapping[str, str], *, now: datetime, due_at: datetime
    ) -> Item:
        """Leave a tombstone of a wrong image; nothing changes where it is done already.

        Returns the item as it stood before. Raises `LostStep` for an image that is gone, or was
        withdrawn with its patient.
        """
        key = keys.image(image_id)

        def tombstone(item: Item) -> Item:
            if "deletion" in item:
                return item
            if item["state"] == State.WITHDRAWN.value:
                raise LostStep(read_image(item))
            order = kept(item, frozenset({"patient_order"}))
            return _tombstone(item, now) | order | {"deletion": dict(deletion)} | due(key, due_at)

        before = strip(self.table, key, tombstone)
        if before is None:
            raise LostStep(None)
        return before

    def look_again(self, image_id: str, due_at: datetime) -> None:
        """Give a deleted image another deadline."""
        key = keys.image(image_id)
        self.table.update(key, Change(set=due(key, due_at)), when=Attr("deletion").exists())

    def settle(self, image_id: str) -> None:
        """Nothing is left to do for a deleted image: it leaves the `due` index."""
        strip(self.table, keys.image(image_id), lambda item: _without(item, DUE))

    def forget_pixels(self, image_id: str) -> None:
        """Drop the pixel hash of a tombstone, which no longer stands in the index of pixels."""
        strip(self.table, keys.image(image_id), lambda item: _without(item, (PIXEL_HASH,)))


def _tombstone(item: Item, now: datetime) -> Item:
    left = kept(item, TOMBSTONE)
    if item["state"] != State.WITHDRAWN.value:
        require_step(State(item["state"]), State.WITHDRAWN)
        step = {"state": State.WITHDRAWN.value, "at": timestamp(now)}
        left |= {"state": step["state"], "history": [*item["history"], step]}
    pixel_hash = pixel_hash_of(item)
    return left | ({PIXEL_HASH: pixel_hash} if pixel_hash else {})


def is_tombstone(item: Item) -> bool:
    """Whether an image's item is all that was left of it."""
    return bool(item["state"] == State.WITHDRAWN.value)


def pixel_hash_of(item: Item) -> str | None:
    """The hash of an image's pixels, where it has been examined, from its item or tombstone."""
    found: str | None = item.get(PIXEL_HASH) or item.get("intake", {}).get("pixel_hash")
    return found


def _without(item: Item, names: Iterable[str]) -> Item:
    gone = set(names)
    return {name: value for name, value in item.items() if name not in gone}

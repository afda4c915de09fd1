"""Which images show exactly the same pixels: one item a hash in the `cases` table.

The item also says what the picture looks like (`likeness`), and names the pairs in which it was found
near another one (`pairs`), or to be shown by two images (`twins`). They go with the last image.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from boto3.dynamodb.conditions import Attr

from chalicelib.images.likeness import Likeness, entered
from chalicelib.images.model import Image, Shown
from chalicelib.platform import keys
from chalicelib.platform.table import PRESENT, Change, ConditionFailed, Item, Table

SHOWN: Final = Attr("images").exists()
"""Of a picture that some image still shows."""


@dataclass(frozen=True)
class PixelIndex:
    """Enters images under the hash of their pixels, and takes them out again."""

    table: Table

    def leave(self, pixel_hash: str, image_id: str) -> None:
        """Take an image out from among those that show these pixels, where it stands there.

        With the last image go the pairs of the picture.
        """
        key = keys.pixels(pixel_hash)
        item = self.table.get(key)
        if item is None:
            return
        entries = {text for text in item.get("images", ()) if text.endswith(f" {image_id}")}
        try:
            if entries:
                item = self.table.update(key, Change(discard={"images": entries}))
        except ConditionFailed:
            return  # its last image left meanwhile
        if "twins" in item and len(item.get("images", ())) < 2:
            self.table.delete(keys.pair(item["twins"]))
            with suppress(ConditionFailed):
                self.table.update(key, Change(remove=["twins"]))
        if "images" not in item:
            # No pair is added from here on: that takes an image.
            for pair_id in sorted(item.get("pairs", ())):
                self.unpair(pair_id)
            self.table.delete(key, when=PRESENT & Attr("images").not_exists())

    def unpair(self, pair_id: str) -> None:
        """Delete a pair of pictures; neither names it any longer."""
        pair = self.table.get(keys.pair(pair_id))
        if pair is not None:
            self.unname(pair_id, pair["pictures"])
            self.table.delete(keys.pair(pair_id))

    def unname(self, pair_id: str, pictures: Iterable[str]) -> None:
        """Pictures name a pair no longer."""
        for pixel_hash in pictures:
            with suppress(ConditionFailed):
                self.table.update(keys.pixels(pixel_hash), Change(discard={"pairs": {pair_id}}))

    def enter(
        self,
        image: Image,
        pixel_hash: str,
        seen: Likeness | None = None,
        *,
        at: datetime | None = None,
    ) -> list[Shown]:
        """Enter `image` among those that show these pixels; the others.

        With `seen` the picture is also entered, at that moment, among those that are to be compared.
        """
        entry = Shown(image.patient_id, image.lesion_id, image.image_id).entry
        told, gone = entered(pixel_hash, seen, at) if seen and at else ({}, [])
        change = Change(add={"images": {entry}}, set=told, remove=gone)
        item = self.table.update(keys.pixels(pixel_hash), change, when=None)
        return [shown for shown in shown_by(item) if shown.image_id != image.image_id]

    def look_anew(self, pixel_hash: str, seen: Likeness, *, at: datetime) -> None:
        """Another model has seen the picture: it is compared once more. One call.

        Nothing happens to a picture that no image shows any longer.
        """
        told, gone = entered(pixel_hash, seen, at)
        with suppress(ConditionFailed):
            self.table.update(keys.pixels(pixel_hash), Change(set=told, remove=gone), when=SHOWN)

    def refile(self, image: Image, pixel_hash: str) -> list[Shown]:
        """`enter` for an image that was moved: the entries of where it was go."""
        others = self.enter(image, pixel_hash)
        here = Shown(image.patient_id, image.lesion_id, image.image_id).entry
        before = {Shown(**change["was"], image_id=image.image_id).entry for change in image.changes}
        if before - {here}:
            gone = Change(discard={"images": before - {here}})
            self.table.update(keys.pixels(pixel_hash), gone, when=None)
        return others

    def mark_duplicate(self, image_id: str, nearest: str) -> None:
        """Say anew how near the nearest image with the same pixels is, of an image marked before."""
        marked = Attr("intake.duplicate").attribute_type("S")
        with suppress(ConditionFailed):
            change = Change(set={"intake.duplicate": nearest})
            self.table.update(keys.image(image_id), change, when=marked)

    def pairs(self, pixel_hash: str) -> list[str]:
        """The pairs in which a picture is. One call."""
        return pairs_of(self.table.get(keys.pixels(pixel_hash)) or {})


def shown_by(item: Item) -> list[Shown]:
    """The images that show the picture of an item, each with where it is filed."""
    entries: Any = item.get("images", ())
    return [Shown(*text.split(" ")) for text in sorted(entries)]


def pairs_of(item: Item) -> list[str]:
    """The pairs that the picture of an item is in."""
    return sorted({*item.get("pairs", ()), *([item["twins"]] if "twins" in item else [])})

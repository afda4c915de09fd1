"""Which images show exactly the same pixels: one item a hash in the `cases` table."""

from contextlib import suppress
from dataclasses import dataclass

from boto3.dynamodb.conditions import Attr

from chalicelib.images.model import Image, Shown
from chalicelib.platform import keys
from chalicelib.platform.table import PRESENT, Change, ConditionFailed, Table


@dataclass(frozen=True)
class PixelIndex:
    """Enters images under the hash of their pixels, and takes them out again."""

    table: Table

    def leave(self, pixel_hash: str, image_id: str) -> None:
        """Take an image out from among those that show these pixels, where it stands there."""
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
        if "images" not in item:
            self.table.delete(key, when=PRESENT & Attr("images").not_exists())

    def enter(self, image: Image, pixel_hash: str) -> list[Shown]:
        """Enter `image` among those that show these pixels; the others."""
        entry = Shown(image.patient_id, image.lesion_id, image.image_id).entry
        item = self.table.update(
            keys.pixels(pixel_hash), Change(add={"images": {entry}}), when=None
        )
        every = (Shown(*text.split(" ")) for text in sorted(item["images"]))
        return [shown for shown in every if shown.image_id != image.image_id]

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

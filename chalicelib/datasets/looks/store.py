"""Looks on the items of images."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from boto3.dynamodb.conditions import Attr

from chalicelib.datasets.looks.model import Look, Telling
from chalicelib.platform import keys
from chalicelib.platform.clock import timestamp
from chalicelib.platform.table import Change, ConditionFailed, Item, Table

_ACCEPTED: Final = Attr("selectable_shard").exists()


@dataclass(frozen=True)
class LookStore:
    """Reads and notes looks."""

    table: Table

    def accepted(self, image_ids: Sequence[str]) -> dict[str, Item]:
        """By id, `kind`, `intake` and `look` of those images that are accepted and not withdrawn. One
        call for each hundred."""
        wanted = [keys.image(image_id) for image_id in image_ids]
        only = ("image_id", "kind", "intake", "look", "selectable_shard")
        items = self.table.get_many(wanted, only=only)
        return {item["image_id"]: item for item in items if "selectable_shard" in item}

    def note(
        self, image_id: str, look: Look, what: Telling | None, *, by: str, at: datetime
    ) -> bool:
        """Note a look, in the place of an earlier one; False where the image was withdrawn meanwhile."""
        told: dict[str, Any] = {"look": look.value, "at": timestamp(at), "by": by}
        if what is not None:
            told["what"] = what.value
        try:
            self.table.update(keys.image(image_id), Change(set={"look": told}), when=_ACCEPTED)
        except ConditionFailed:
            return False
        return True


def says(item: Item, look: Look, what: Telling | None) -> bool:
    """Whether that is what is noted of the image already."""
    noted = item.get("look") or {}
    return bool(noted.get("look") == look.value and noted.get("what") == (what and what.value))

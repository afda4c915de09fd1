"""Which release of a dataset is being made: it stands on the dataset's own item."""

from dataclasses import dataclass

from boto3.dynamodb.conditions import Attr

from chalicelib.platform import keys
from chalicelib.platform.table import PRESENT, Change, ConditionFailed, Table


@dataclass(frozen=True)
class Claims:
    """Which release of a dataset is being made: one at a time."""

    table: Table

    def holder(self, code: str) -> str | None:
        """The id of the release that is being made."""
        item = self.table.get(keys.dataset(code))
        return item.get("unfinished") if item else None

    def claim(self, code: str, release_id: str) -> bool:
        """Whether this release is now the one that is being made."""
        free = PRESENT & (Attr("unfinished").not_exists() | Attr("unfinished").eq(release_id))
        try:
            self.table.update(keys.dataset(code), Change(set={"unfinished": release_id}), when=free)
        except ConditionFailed:
            return False
        return True

    def leave(self, code: str, release_id: str) -> None:
        """Another one may be made, where this one was."""
        own = Attr("unfinished").eq(release_id)
        try:
            self.table.update(keys.dataset(code), Change(remove=["unfinished"]), when=own)
        except ConditionFailed:
            return

"""Which release of a dataset is being made: it stands on the dataset's own item."""

from dataclasses import dataclass
from datetime import datetime

from boto3.dynamodb.conditions import Attr

from chalicelib.platform import keys
from chalicelib.platform.clock import timestamp
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
            change = Change(set={"unfinished": release_id}, remove=["failed"])
            self.table.update(keys.dataset(code), change, when=free)
        except ConditionFailed:
            return False
        return True

    def leave(self, code: str, release_id: str, *, failed_at: datetime | None = None) -> None:
        """Another one may be made, where this one was. One that failed is remembered until then."""
        own = Attr("unfinished").eq(release_id)
        try:
            failed = (
                {"failed": {"release_id": release_id, "at": timestamp(failed_at)}}
                if failed_at
                else {}
            )
            change = Change(set=failed, remove=["unfinished"])
            self.table.update(keys.dataset(code), change, when=own)
        except ConditionFailed:
            return

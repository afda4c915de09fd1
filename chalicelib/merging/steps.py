"""The steps that every merge takes, in an order in which each may be the last before a crash."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import ClassVar

from chalicelib.merging.model import GOES_ON_AFTER, RUN, SETTLING, Merge, read_merge
from chalicelib.merging.store import MergeStore
from chalicelib.patients.forwarding import BeingMerged
from chalicelib.platform.audit import Act
from chalicelib.platform.runtime import Platform
from chalicelib.platform.table import Item, Key


class Merging(ABC):
    """Merges records of one kind; what is special to the kind is in its own class."""

    act: ClassVar[str]
    """What the audit calls it."""

    def __init__(self, platform: Platform, key_of: Callable[[str], Key]) -> None:
        self.platform = platform
        self.store = MergeStore(platform.cases, key_of)

    @abstractmethod
    def absorb(self, merge: Merge, duplicate: Item) -> None:
        """Write into the kept record what is known of the duplicate, which is frozen, once.

        Raises `BeingMerged` when the kept record cannot take it.
        """

    @abstractmethod
    def move(self, merge: Merge, duplicate: Item) -> int:
        """File what lies under the duplicate, up to `RUN` images, under the kept one; how much."""

    def settle(self, merge: Merge) -> None:  # noqa: B027 — most kinds have nothing to do here
        """When nothing more can come from the duplicate, and before that is noted."""

    def carry_out(self, merge: Merge) -> None:
        """Merge from wherever it stands, and move the first things. Raises `BeingMerged`."""
        duplicate = self.store.item(merge.duplicate)
        if duplicate is None or duplicate.get("merged_into") != merge.kept:
            due_at = self.platform.clock.now() + GOES_ON_AFTER
            self.store.lock(merge, due_at=due_at)
            duplicate = self.store.item(merge.duplicate)  # frozen now: what is read here stays so
            if duplicate is None:
                raise BeingMerged
            self.absorb(merge, duplicate)
            act = Act(merge.by, merge.role, self.act, f"{merge.duplicate} {merge.kept}")
            self.platform.audit.record(act, request_id=merge.request_id, once=True)
            self.store.forward(merge, due_at=due_at)
        self.store.unlock(merge, merge.kept)
        self.gather(merge.duplicate)

    def gather(self, duplicate_id: str) -> None:
        """Move what is found under a merged record; close the record when no more can come."""
        duplicate = self.store.item(duplicate_id)
        if duplicate is None or "merge" not in duplicate:
            return
        now = self.platform.clock.now()
        merge = read_merge(duplicate["merge"])
        moved = self.move(merge, duplicate)
        settled = merge.at + SETTLING
        if moved == 0 and now >= settled:
            self.settle(merge)
            self.store.close(duplicate)
        else:
            soon = now if moved >= RUN else max(now + GOES_ON_AFTER, settled)
            self.store.postpone(duplicate_id, soon)

    def begun(self, new: Merge) -> Merge:
        """The same merge as an earlier request began and did not finish, or else `new`."""
        for record_id in (new.duplicate, new.kept):
            begun = (self.store.item(record_id) or {}).get("merging")
            if begun and (begun["kept"], begun["duplicate"]) == (new.kept, new.duplicate):
                return read_merge(begun)
        return new

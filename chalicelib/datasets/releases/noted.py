"""What stands of releases on the dataset's own item and in the ledger."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Any, Final, Protocol, cast

from boto3.dynamodb.conditions import Attr

from chalicelib.datasets.model import ReleaseState
from chalicelib.platform import keys
from chalicelib.platform.runtime import Platform
from chalicelib.platform.table import PRESENT, Change, ConditionFailed, Table

ATTEMPTS: Final = 20


class Noted(Protocol):
    """A dataset, as far as releases ask."""

    @property
    def code(self) -> str: ...
    @property
    def number(self) -> int: ...
    @property
    def plan(self) -> Any: ...
    @property
    def releases(self) -> Mapping[str, Mapping[str, Any]]:
        """By version: `release_id`, `state`, `at`."""
        ...


class Datasets(Protocol):
    """The store of datasets, as far as releases ask."""

    def get(self, code: str) -> Noted | None: ...
    def note_release(
        self, code: str, version: str, release_id: str, state: ReleaseState, at: datetime
    ) -> object: ...


def datasets(platform: Platform) -> Datasets:
    """The store of datasets."""
    store = import_module("chalicelib.datasets.store").DatasetStore
    return cast(Datasets, store(platform.catalogue))


class Busy(Exception):
    """The item is changed by others all the time; the step may come again."""


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


@dataclass(frozen=True)
class Ledger:
    """The releases that were frozen, one after another (`freezing.py` enters them)."""

    table: Table

    def frozen(self) -> list[Mapping[str, Any]]:
        """`release_id`, `code`, `version`, `access`, `purpose` of each."""
        item = self.table.get(keys.ledger())
        return list(item.get("frozen", ())) if item else []

    def strike(self, release_id: str) -> None:
        """Take out a release that was never published. Raises `Busy` when others write all the time."""
        for _ in range(ATTEMPTS):
            item = self.table.get(keys.ledger())
            entries = item.get("frozen", ()) if item else ()
            left = [entry for entry in entries if entry["release_id"] != release_id]
            if item is None or len(left) == len(entries):
                return
            same = Attr("writer").eq(item["writer"])
            try:
                self.table.update(keys.ledger(), Change(set={"frozen": left}), when=same)
            except ConditionFailed:
                continue
            return
        raise Busy(release_id)

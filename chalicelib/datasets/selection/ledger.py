"""The ledger: which releases were frozen. One item, so that freezing is one after another.

Whoever freezes writes it only as he has seen it; whoever comes second chooses again, knowing the first. So
two releases that must have nobody in common never take one patient both.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from boto3.dynamodb.conditions import Attr

from chalicelib.datasets.model import Access
from chalicelib.platform import keys
from chalicelib.platform.table import ABSENT, Change, ConditionFailed, Table

ATTEMPTS: Final = 20


class Overtaken(Exception):
    """The ledger was written meanwhile; nothing was entered."""


@dataclass(frozen=True, kw_only=True)
class Frozen:
    """A release whose units are chosen."""

    release_id: str
    code: str
    version: str
    access: Access
    draft: str
    """Which of the drafts of its manifest counts; others were written by workers that came second."""

    def written(self) -> dict[str, str]:
        return {
            "release_id": self.release_id,
            "code": self.code,
            "version": self.version,
            "access": self.access.value,
            "draft": self.draft,
        }


@dataclass(frozen=True)
class Page:
    """The ledger as it was seen."""

    frozen: tuple[Frozen, ...] = ()
    writer: str | None = None

    def of(self, release_id: str) -> Frozen | None:
        return next((one for one in self.frozen if one.release_id == release_id), None)


@dataclass(frozen=True)
class Ledger:
    """Reads it, and writes on what was read."""

    table: Table

    def read(self) -> Page:
        """One call, a consistent read."""
        item = self.table.get(keys.ledger())
        if item is None:
            return Page()
        return Page(tuple(map(_read, item.get("frozen", ()))), item["writer"])

    def enter(self, page: Page, new: Frozen) -> None:
        """Enter a release, in the place of what was entered of it before. Raises `Overtaken`."""
        others = [one for one in page.frozen if one.release_id != new.release_id]
        self._write(page, [*others, new])

    def strike(self, page: Page, release_id: str) -> None:
        """Take out a release that was never given out. Raises `Overtaken`."""
        self._write(page, [one for one in page.frozen if one.release_id != release_id])

    def forget(self, release_id: str) -> None:
        """Take out a release that was never given out, whatever else is written meanwhile; one that is
        not there changes nothing. Raises `Overtaken` when others write all the time."""
        for _ in range(ATTEMPTS):
            page = self.read()
            if page.of(release_id) is None:
                return None
            with suppress(Overtaken):
                return self.strike(page, release_id)
        raise Overtaken(release_id)

    def _write(self, page: Page, frozen: list[Frozen]) -> None:
        change = Change(set={"frozen": [one.written() for one in frozen]})
        same = Attr("writer").eq(page.writer) if page.writer else ABSENT
        try:
            self.table.update(keys.ledger(), change, when=same)
        except ConditionFailed:
            raise Overtaken from None


def _read(entry: Mapping[str, Any]) -> Frozen:
    told = {name: entry[name] for name in ("release_id", "code", "version")}
    return Frozen(**told, access=Access(entry["access"]), draft=entry.get("draft", ""))

"""Keeping the registry: one item a dataset, the page beside it, and all of them as a file."""

import json
from dataclasses import dataclass
from typing import Any, Final

from boto3.dynamodb.conditions import Attr
from boto3.dynamodb.conditions import Key as Where

from chalicelib.datasets.manifest import Manifest
from chalicelib.datasets.registry.entries import CSV_COLUMNS, Entry, csv_row, entry_of, page_of
from chalicelib.datasets.releases import cells
from chalicelib.datasets.releases.model import Release, file_key
from chalicelib.platform import keys
from chalicelib.platform.runtime import Platform
from chalicelib.platform.table import Change, ConditionFailed, Item, Table

CSV_KEY: Final = "files/registry.csv"
ATTEMPTS: Final = 20
_ALL: Final = Where("pk").eq(keys.registry(0)[0])


class Busy(Exception):
    """The entry is changed by others all the time; the step may come again."""


@dataclass(frozen=True)
class RegistryStore:
    """Entries by the dataset's number."""

    table: Table

    def get(self, number: int) -> Entry | None:
        item = self.table.get(keys.registry(number))
        return item["entry"] if item else None

    def all(self) -> list[Entry]:
        """Every entry, by number."""
        return [item["entry"] for item in self.table.query_each(_ALL)]

    def page(self, *, limit: int, start: Item | None) -> tuple[list[Entry], Item | None]:
        """A page of the entries by number, and where to go on."""
        page = self.table.query(_ALL, limit=limit, start=start)
        return [item["entry"] for item in page.items], page.last

    def tell(self, release: Release, manifest: Manifest) -> Entry:
        """Enter a step of a release; the entry afterwards. Raises `Busy` when others write all the time."""
        key = keys.registry(manifest.number)
        for _ in range(ATTEMPTS):
            item = self.table.get(key)
            entry = entry_of(release, manifest, item["entry"] if item else None)
            try:
                if item is None:
                    self.table.insert(key, {"entry": entry})
                elif item["entry"] != entry:
                    same = Attr("writer").eq(item["writer"])
                    self.table.update(key, Change(set={"entry": entry}), when=same)
            except ConditionFailed:
                continue
            return entry
        raise Busy(manifest.code)


def page_key(code: str) -> str:
    """What the page of a dataset has beside its entry."""
    return f"private/registry/{code}.json"


def register(platform: Platform, release: Release, manifest: Manifest) -> None:
    """Tell the public of a step of a release. May be repeated."""
    store = RegistryStore(platform.catalogue)
    entry = store.tell(release, manifest)
    if entry["version"] == manifest.version:
        page = page_of(release, manifest, _balance(platform, release))
        data = json.dumps(page, ensure_ascii=False).encode()
        platform.releases.put(page_key(manifest.code), data, content_type="application/json")
    written: list[Entry] = []
    # Of two that register at once, whoever puts the file last must have seen the other's entry.
    while (entries := store.all()) != written:
        rows = map(csv_row, entries)
        data = cells.lines([CSV_COLUMNS, *rows])
        kind = "text/csv; charset=utf-8"
        platform.releases.put(CSV_KEY, data, content_type=kind, file_name="registry.csv")
        written = entries


def page(platform: Platform, code: str) -> dict[str, Any]:
    """What the page of a dataset has beside its entry. One call."""
    found = platform.releases.get(page_key(code))
    return json.loads(found.data) if found else {}


def _balance(platform: Platform, release: Release) -> dict[str, Any] | None:
    if not release.readable:
        return None
    found = platform.releases.get(file_key(release.release_id, "balance.json"))
    return json.loads(found.data) if found else None

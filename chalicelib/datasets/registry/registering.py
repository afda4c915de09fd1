"""Keeping the registry: one item a dataset, the page beside it, and all of them as a file."""

import json
from dataclasses import dataclass
from typing import Any, Final

from boto3.dynamodb.conditions import Attr
from boto3.dynamodb.conditions import Key as Where

from chalicelib.datasets.manifest import Manifest
from chalicelib.datasets.model import READABLE, ReleaseState
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
    store.tell(release, manifest)
    written: list[Entry] = []
    # Of two that register at once, whoever puts page and file last must have seen what the other entered.
    while (entries := store.all()) != written:
        (own,) = (entry for entry in entries if entry["number"] == manifest.number)
        if own["version"] == manifest.version:
            _put_page(platform, manifest, ReleaseState(own["state"]))
        data = cells.lines([CSV_COLUMNS, *map(csv_row, entries)])
        kind = "text/csv; charset=utf-8"
        platform.releases.put(CSV_KEY, data, content_type=kind, file_name="registry.csv")
        written = entries


def _put_page(platform: Platform, manifest: Manifest, state: ReleaseState) -> None:
    counts = None
    if state in READABLE:
        counts = platform.releases.get(file_key(manifest.release_id, "balance.json"))
    page = page_of(manifest, json.loads(counts.data) if counts else None)
    data = json.dumps(page, ensure_ascii=False).encode()
    platform.releases.put(page_key(manifest.code), data, content_type="application/json")


def page(platform: Platform, code: str) -> dict[str, Any]:
    """What the page of a dataset has beside its entry. One call."""
    found = platform.releases.get(page_key(code))
    return json.loads(found.data) if found else {}

"""The registry, as anybody may search it and look at a dataset in it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from chalicelib.datasets.registry.entries import Entry, matches
from chalicelib.datasets.registry.registering import CSV_KEY, RegistryStore, page
from chalicelib.datasets.releases.service import dataset_of
from chalicelib.images.model import LINK_LIFE
from chalicelib.platform.errors import NotFound
from chalicelib.platform.runtime import Platform

PAGES: Final = 5
"""So many pages of the registry are read for one page of what was searched for."""


def search(
    platform: Platform,
    *,
    words: Sequence[str],
    filters: Mapping[str, str],
    limit: int,
    cursor: str | None,
) -> tuple[list[Entry], str | None]:
    """A page of the registry's entries that match; it may be short, and have another after it.

    Raises `Invalid` for a cursor of another list.
    """
    scope = f"registry {sorted(words)} {sorted(filters.items())}"
    start = platform.cursors.open(cursor, scope=scope)
    store, found = RegistryStore(platform.catalogue), list[Entry]()
    for _ in range(PAGES):
        entries, start = store.page(limit=limit - len(found), start=start)
        found += [entry for entry in entries if matches(entry, words, filters)]
        if start is None or len(found) >= limit:
            break
    return found, platform.cursors.seal(start, scope=scope)


def registry_page(platform: Platform, code: str) -> tuple[Entry, Mapping[str, Any]]:
    """What the public page of a dataset shows. Three calls. Raises `NotFound`."""
    dataset = dataset_of(platform, code)
    entry = RegistryStore(platform.catalogue).get(dataset.number)
    if entry is None or entry["code"] != code:
        raise NotFound
    return entry, page(platform, code)


def registry_csv(platform: Platform) -> str:
    """A link to the whole registry as a file. No call."""
    return platform.releases.link(CSV_KEY, seconds=int(LINK_LIFE.total_seconds()))

"""What a release is made from, as its builders read it."""

from collections.abc import Iterator

from chalicelib.datasets.manifest import (
    Manifest,
    Unit,
    manifest_key,
    read_manifest,
    read_units,
    units_key,
)
from chalicelib.platform.runtime import Platform


def manifest_of(platform: Platform, release_id: str) -> Manifest:
    """The frozen manifest. Raises `LookupError` when there is none."""
    found = platform.releases.get(manifest_key(release_id))
    if found is None:
        raise LookupError(release_id)
    return read_manifest(found.data)


def units_of(platform: Platform, release_id: str) -> Iterator[Unit]:
    """The frozen units in order, one at a time. Raises `LookupError` when there are none."""
    return read_units(platform.releases.lines(units_key(release_id)))

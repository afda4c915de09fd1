"""The release before: what the next one is compared with, and what its change log goes on from."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from chalicelib.datasets.manifest import (
    Manifest,
    manifest_key,
    read_manifest,
    read_units,
    units_key,
)
from chalicelib.datasets.model import GIVEN_OUT, Version
from chalicelib.datasets.planning.versions import Previous
from chalicelib.platform.runtime import Platform

_GONE: Final = ("", "", "")
"""Class, diagnosis and split of a unit that was erased."""


@dataclass(frozen=True)
class Before:
    manifest: Manifest
    previous: Previous


def before(
    platform: Platform, releases: Mapping[str, Mapping[str, Any]], *, release_id: str | None
) -> Before | None:
    """The newest of a dataset's releases that was given out, other than `release_id`. Two calls.

    Of one that was taken down, the units for whose sake that was are not there any more; they count as
    removed, under names that no image has.
    """
    given = [
        (Version.read(version), one["release_id"])
        for version, one in releases.items()
        if one["state"] in GIVEN_OUT and one["release_id"] != release_id
    ]
    if not given:
        return None
    _, newest = max(given)
    manifest, units = (
        platform.releases.get(key) for key in (manifest_key(newest), units_key(newest))
    )
    if manifest is None or units is None:
        return None
    told = read_manifest(manifest.data)
    known = Previous.of(told, read_units(units.data.splitlines()))
    gone = {f"#{number}": _GONE for number in range(told.units - len(known.units))}
    return Before(told, replace(known, units={**known.units, **gone}))

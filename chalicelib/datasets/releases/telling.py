"""The end of a step that everybody sees: the dataset, the registry and the audit trail tell of it."""

from typing import Final

from chalicelib.datasets.model import ReleaseState
from chalicelib.datasets.registry.registering import register
from chalicelib.datasets.releases.claims import Claims
from chalicelib.datasets.releases.frozen import manifest_of
from chalicelib.datasets.releases.model import Release
from chalicelib.datasets.releases.store import ReleaseStore
from chalicelib.datasets.releases.taking_down import forget_members, request_successor, take_down
from chalicelib.datasets.store import DatasetStore
from chalicelib.platform import logging
from chalicelib.platform.audit import Act
from chalicelib.platform.runtime import Platform

SYSTEM: Final = "releases"
"""The actor of what the platform does by itself."""


def tell(platform: Platform, release: Release) -> Release:
    """Do what remains for a release that is published, deprecated or taken down; the release afterwards.

    May be repeated. Raises `LostStep` when somebody wrote meanwhile: then it is to be done again.
    """
    down = release.state is ReleaseState.TAKEN_DOWN
    if down:
        take_down(platform, release)
    datasets = DatasetStore(platform.catalogue)
    datasets.note_release(
        release.code,
        release.version or "",
        release.release_id,
        release.state,
        platform.clock.now(),
    )
    register(platform, release, manifest_of(platform, release.release_id))
    if down:
        forget_members(platform, release)
        request_successor(platform, release, datasets.get(release.code))
    Claims(platform.catalogue).leave(release.code, release.release_id)
    act = Act(SYSTEM, "system", f"release.{release.state.value}", release.release_id)
    platform.audit.record(act, request_id=release.release_id, once=True)
    logging.info("release", release_id=release.release_id, state=release.state.value)
    return ReleaseStore(platform.catalogue).settle(release)

"""Beginning a release anew, and letting go of one that will never be: nothing that was written stays."""

from chalicelib.datasets.releases.model import Release
from chalicelib.datasets.releases.store import ReleaseStore
from chalicelib.datasets.releases.writing import erase_files, erase_private
from chalicelib.datasets.selection.drafts import erase_drafts
from chalicelib.datasets.selection.ledger import Ledger
from chalicelib.platform.runtime import Platform


def send(platform: Platform, release_id: str) -> None:
    """Let a worker take the release's next step."""
    platform.builds_queue.send({"release_id": release_id})


def begin_anew(platform: Platform, release: Release) -> None:
    """Let the units of an unfinished release be chosen again; what was written is erased.

    Raises `LostStep` when it went on meanwhile.
    """
    release = ReleaseStore(platform.catalogue).back(release, now=platform.clock.now())
    clean(platform, release)
    send(platform, release.release_id)


def clean(platform: Platform, release: Release) -> Release:
    """Erase what an earlier build of an unfinished release has written."""
    if not release.dirty:
        return release
    forget(platform, release)
    return ReleaseStore(platform.catalogue).cleaned(release)


def forget(platform: Platform, release: Release) -> None:
    """Erase what was written of a release that nobody has seen, and strike it from the ledger."""
    erase_files(platform, release.release_id)
    erase_private(platform, release.release_id)
    erase_drafts(platform.releases, release.release_id)
    Ledger(platform.catalogue).forget(release.release_id)

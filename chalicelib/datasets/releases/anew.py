"""Beginning a release anew, and letting go of one that will never be: nothing that was written stays."""

from contextlib import suppress

from chalicelib.datasets.releases.model import Release
from chalicelib.datasets.releases.store import LostStep, ReleaseStore
from chalicelib.datasets.releases.writing import all_versions
from chalicelib.datasets.selection.ledger import ATTEMPTS, Ledger, Overtaken
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
    """Erase what an earlier build of an unfinished release has written.

    Only what was seen while the item still said that it is to be erased: a worker that comes too late would
    take it from the next build. Raises `LostStep` when another was first, and `Overtaken` when others write
    the ledger all the time.
    """
    if not release.dirty:
        return release
    store, ledger = ReleaseStore(platform.catalogue), Ledger(platform.catalogue)
    for _ in range(ATTEMPTS):
        old, page = all_versions(platform, release.release_id), ledger.read()
        now = store.get(release.release_id)
        if now is None or (now.build, now.dirty) != (release.build, True):
            raise LostStep(now)
        platform.releases.erase(old)
        with suppress(Overtaken):
            if page.of(release.release_id):
                ledger.strike(page, release.release_id)
            return store.cleaned(release)
    raise Overtaken(release.release_id)


def forget(platform: Platform, release: Release) -> None:
    """Erase what was written of a release that failed, and strike it from the ledger."""
    platform.releases.erase(all_versions(platform, release.release_id))
    Ledger(platform.catalogue).forget(release.release_id)

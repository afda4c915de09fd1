"""Writing a file of a release, so that a worker who comes too late cannot.

A consent may be taken back while a worker writes, or after another has finished the same step. The
release's item is written first then, the uploads that are open are ended next, and the files erased
last. A worker opens its upload first and then looks at the item: either the upload was open when all
were ended, and cannot be finished, or the item told of it.
"""

from chalicelib.datasets.releases.model import Release, file_key
from chalicelib.datasets.releases.store import ReleaseStore
from chalicelib.datasets.selection.drafts import DRAFTS
from chalicelib.platform.objects import Version
from chalicelib.platform.runtime import Platform
from chalicelib.platform.streamed import StreamedPut


class NotOurs(Exception):
    """The release is in another state meanwhile, or has begun anew."""


def guarded(platform: Platform, release: Release, path: str, content_type: str) -> StreamedPut:
    """A file of the release, to be written as its bytes come. Raises `NotOurs`.

    Two calls to AWS.
    """
    key = file_key(release.release_id, path)
    put = platform.releases.streamed(key, content_type=content_type)
    put.begin()
    now = ReleaseStore(platform.catalogue).get(release.release_id)
    if now is None or (now.state, now.build) != (release.state, release.build):
        put.abandon()
        raise NotOurs(release.release_id)
    return put


def all_versions(platform: Platform, release_id: str) -> list[Version]:
    """Every version of every file, of what the release is made from, and of drafts of that. Open uploads are
    ended first."""
    folder, store = file_key(release_id, ""), platform.releases
    store.end_uploads(folder)
    places = (folder, f"private/{release_id}/", f"{DRAFTS}{release_id}/")
    return [one for place in places for one in store.versions_under(place)]


def erase_files(platform: Platform, release_id: str, *, keep: frozenset[str]) -> None:
    """Erase every version of every file but those to be kept. Open uploads are ended first."""
    folder, store = file_key(release_id, ""), platform.releases
    store.end_uploads(folder)
    kept = {folder + path for path in keep}
    store.erase(one for one in store.versions_under(folder) if one.key not in kept)

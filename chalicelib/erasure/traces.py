"""Everything that one image, or one histology result, leaves behind in tables and buckets, and its
removal.

Each step may be repeated. Readers lose it first, so that nobody is given what is being erased.
"""

from chalicelib.erasure.model import Assigned, Erasure, Subject
from chalicelib.erasure.store import ErasureLog
from chalicelib.evaluation.serving import copies_of
from chalicelib.histology import slots
from chalicelib.histology.store import HistologyStore
from chalicelib.images.model import PIXELS_NOTE, upload_key
from chalicelib.images.pixels import PixelIndex
from chalicelib.images.store import LostStep
from chalicelib.images.tombstones import ImageTombstones, is_tombstone, pixel_hash_of
from chalicelib.labelling.assignment_store import AssignmentStore
from chalicelib.labelling.store import CaseStore
from chalicelib.platform.clock import timestamp
from chalicelib.platform.objects import Version
from chalicelib.platform.runtime import Platform
from chalicelib.platform.table import Item


def remove(platform: Platform, log: ErasureLog, erasure: Erasure, image_id: str) -> Erasure:
    """Take an image from its readers, the tables and the buckets; the log's entry afterwards."""
    erasure = _close_case(platform, log, erasure, image_id)
    item = _strip(platform, erasure, image_id)
    found = item is not None and not is_tombstone(item)
    for one in erasure.readers_of(image_id):
        taken = AssignmentStore(platform.labelling).withdraw(
            one.account_id, one.assignment_id, image_id
        )
        found |= taken
    thumbnails = list(platform.images.versions(f"thumbnails/{image_id}"))
    known = {pixel_hash} if item and (pixel_hash := pixel_hash_of(item)) else set()
    known |= erasure.hashes_of(image_id)
    hashes = known or _noted_beside(platform, thumbnails)
    # Before the thumbnails go: they alone may know which entry among the pixels is theirs.
    erasure = log.note(erasure, pixels=((image_id, pixel_hash) for pixel_hash in hashes))
    for pixel_hash in hashes:
        PixelIndex(platform.cases).leave(pixel_hash, image_id)
    versions = _delete_files(platform, erasure, image_id, thumbnails)
    if erasure.looks > 0:
        # The log knows both by now.
        ImageTombstones(platform.cases).forget_pixels(image_id)
        CaseStore(platform.labelling).forget_readers(image_id)
    return log.image_done(erasure, image_id, found=found or versions > 0, versions=versions)


def remove_histology(
    platform: Platform, log: ErasureLog, erasure: Erasure, histology_id: str
) -> Erasure:
    """Take a histology result and its report from the tables and the buckets; the log's entry
    afterwards."""
    before = HistologyStore(platform.cases).withdraw(histology_id, platform.clock.now())
    stood = before is not None and "withdrawn_at" not in before
    found, versions = slots.discard(platform, histology_id)
    return log.histology_done(erasure, histology_id, found=found or stood, versions=versions)


def _close_case(platform: Platform, log: ErasureLog, erasure: Erasure, image_id: str) -> Erasure:
    given = CaseStore(platform.labelling).withdraw(image_id, platform.clock.now())
    return log.note(
        erasure,
        assignments=(
            Assigned(image_id=image_id, account_id=account_id, assignment_id=assignment_id)
            for account_id, assignment_id in given
        ),
    )


def _strip(platform: Platform, erasure: Erasure, image_id: str) -> Item | None:
    """The image's item as it stood before."""
    images, now = ImageTombstones(platform.cases), platform.clock.now()
    if erasure.subject is Subject.PATIENT:
        return images.withdraw(image_id, now=now)
    # A deleted image is one already, unless a restore has brought it back.
    asked = erasure.asked
    deletion = {"at": timestamp(asked.at), "by": asked.by, "as": asked.role}
    try:
        return images.delete(image_id, deletion, now=now, due_at=now)
    except LostStep:
        return None


def _noted_beside(platform: Platform, thumbnails: list[Version]) -> set[str]:
    """The pixel hashes that workers noted beside thumbnails when they put them."""
    noted = (
        platform.images.metadata(version).get(PIXELS_NOTE)
        for version in thumbnails
        if not version.is_marker
    )
    return {pixel_hash for pixel_hash in noted if pixel_hash}


def _delete_files(
    platform: Platform, erasure: Erasure, image_id: str, thumbnails: list[Version]
) -> int:
    """Delete every version of the upload, the clean picture, the thumbnail, and the copies that
    readers and services under test were given."""
    names = [f"clean/{image_id}", copies_of(platform.ids, image_id)]
    names += [f"assigned/{one.assignment_id}" for one in erasure.readers_of(image_id)]
    pictures = [version for name in names for version in platform.images.versions(name)]
    uploads = list(platform.uploads.versions(upload_key(image_id)))
    return platform.uploads.erase(uploads) + platform.images.erase(pictures + thumbnails)

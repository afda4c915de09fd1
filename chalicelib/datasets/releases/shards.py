"""One shard: clean images on their way from the images bucket into a zip of the release.

Memory holds the image that is being written, a few that are read ahead, one part of the upload and the
zip's directory, whatever the size of the shard. The same manifest gives the same bytes, so a shard may
be built twice, or by two workers at once.
"""

import json
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict
from typing import Final

from chalicelib.datasets.manifest import Unit, read_units, units_key
from chalicelib.datasets.releases.model import (
    Release,
    Shard,
    shard_index_key,
    shard_path,
)
from chalicelib.datasets.releases.store import LostStep, ReleaseStore
from chalicelib.datasets.releases.writing import guarded
from chalicelib.datasets.releases.zips import ImageZip, Member
from chalicelib.platform.runtime import Platform

AHEAD: Final = 8
"""Images that are read at once: S3 answers each in some 30 ms, whatever else it does."""
AHEAD_PIXELS: Final = 12_000_000
"""And no more than this together: a pixel takes 3 bytes at most, in the worst PNG."""
SUFFIXES: Final = {"image/jpeg": "jpg", "image/png": "png"}


class ImageGone(Exception):
    """The clean image of a unit is not there."""

    def __init__(self, image_id: str) -> None:
        super().__init__(image_id)
        self.image_id = image_id


def member_path(unit: Unit) -> str:
    """Where a unit's image stands in the release."""
    return f"images/{unit.unit_id}.{SUFFIXES[unit.content_type]}"


def build_shard(platform: Platform, release: Release, number: int) -> Release:
    """Build one shard and note it; the release afterwards.

    Raises `ImageGone`, `NotOurs` when the release is not building any more, or has begun anew, and
    `LostStep` when it ceased to while the shard was noted.
    """
    path = shard_path(release.release_id, number)
    put = guarded(platform, release, path, "application/zip")
    try:
        with ImageZip(put.write) as archive:
            units = units_of_shard(platform, release, number)
            for unit, data in _with_images(platform, units):
                archive.add(member_path(unit), data)
        put.finish()
    except BaseException:
        put.abandon()
        raise
    index = shard_index_key(release.release_id, release.build, number)
    platform.releases.put(index, _written(archive.members), content_type="application/json")
    shard = Shard(path=path, bytes=put.bytes, sha256=put.sha256, units=len(archive.members))
    try:
        return ReleaseStore(platform.catalogue).shard_done(release, number, shard)
    except LostStep as lost:
        if not _has_the_zip(lost.found, release):
            platform.releases.erase(platform.releases.versions_under(index))
        raise


def _has_the_zip(found: Release | None, release: Release) -> bool:
    """Whether the release went on with this very zip, which another worker had built as well."""
    if found is None or found.build != release.build:
        return False
    return found.unfinished or found.readable


def units_of_shard(platform: Platform, release: Release, number: int) -> Iterator[Unit]:
    """The units of one shard in order; no other line is read."""
    first, last = release.cuts[number], release.cuts[number + 1] - 1
    lines = platform.releases.lines(units_key(release.release_id), first=first, last=last)
    return read_units(lines)


def members_of_shard(platform: Platform, release: Release, number: int) -> list[Member]:
    """What stands where in a shard that was built."""
    index = shard_index_key(release.release_id, release.build, number)
    found = platform.releases.get(index)
    if found is None:
        raise LookupError(index)
    return [Member(**member) for member in json.loads(found.data)]


def cuts(platform: Platform, release_id: str, shards: Iterable[tuple[int, int]]) -> list[int]:
    """Where each shard's units begin in `units.jsonl`, in bytes, and where the last one's end."""
    begins = {first for first, _ in shards}
    found, at = list[int](), 0
    for number, line in enumerate(platform.releases.lines(units_key(release_id))):
        if number in begins:
            found.append(at)
        at += len(line) + 1
    return [*found, at]


def _with_images(platform: Platform, units: Iterator[Unit]) -> Iterator[tuple[Unit, bytes]]:
    """Units with the bytes of their images, in order, some read ahead."""

    def read(unit: Unit) -> bytes:
        stored = platform.images.get(unit.clean_key)
        if stored is None:
            raise ImageGone(unit.image_id)
        return stored.data

    waiting, pixels = deque[tuple[Unit, "Future[bytes]"]](), 0
    with ThreadPoolExecutor(AHEAD) as readers:
        try:
            for unit in units:
                size = unit.width * unit.height
                while waiting and (len(waiting) >= AHEAD or pixels + size > AHEAD_PIXELS):
                    oldest, coming = waiting.popleft()
                    pixels -= oldest.width * oldest.height
                    yield oldest, coming.result()
                waiting.append((unit, readers.submit(read, unit)))
                pixels += size
            for oldest, coming in waiting:
                yield oldest, coming.result()
        finally:
            readers.shutdown(cancel_futures=True)


def _written(members: list[Member]) -> bytes:
    return json.dumps([asdict(member) for member in members], separators=(",", ":")).encode()

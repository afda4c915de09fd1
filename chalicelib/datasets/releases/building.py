"""A release on its way, step by step: units chosen, zips built, documents written, the registry told.

Each step may be repeated, and by two workers at once: what it writes follows from the manifest, and the
release's item takes one conditional write. Messages make it fast; the `due` index makes it certain.
"""

from collections.abc import Mapping
from typing import Any, Final, Literal

from chalicelib.datasets.manifest import made_from
from chalicelib.datasets.model import ReleaseState, Version
from chalicelib.datasets.releases.anew import begin_anew, clean, forget, send
from chalicelib.datasets.releases.claims import Claims
from chalicelib.datasets.releases.model import GOES_ON_AFTER, Release
from chalicelib.datasets.releases.shards import ImageGone, build_shard, cuts
from chalicelib.datasets.releases.store import LostStep, ReleaseStore
from chalicelib.datasets.releases.telling import tell
from chalicelib.datasets.releases.writing import NotOurs
from chalicelib.datasets.selection.drafts import read_members
from chalicelib.datasets.selection.freezing import Unfit, freeze
from chalicelib.datasets.store import DatasetStore
from chalicelib.images.model import State
from chalicelib.images.store import ImageStore
from chalicelib.platform import logging
from chalicelib.platform.language import Text
from chalicelib.platform.metrics import count
from chalicelib.platform.runtime import Platform
from chalicelib.platform.streamed import Ended

ANOTHER: Final = Text(
    "В это же время запрошен другой выпуск набора. Дождитесь его и повторите.",
    "Another release of the dataset was requested at the same time. Wait for it and repeat.",
)
OTHERWISE: Final = Text(
    "Ожидалась версия {expected}, а вышла бы {found}: данные изменились. Обновите просмотр и повторите.",
    "Version {expected} was expected, but it would be {found}: the data changed. Preview and repeat.",
)
LOST: Final = Text(
    "Файл снимка {image_id} пропал из хранилища, хотя сам снимок не удалён. Ничего не выпущено; "
    "сообщите администратору.",
    "The file of image {image_id} is missing from storage although the image was not erased. Nothing "
    "was released; tell the administrator.",
)
NOT_NEEDED: Final = Text(
    "Выпуск не нужен: тем временем вышла версия {version}.",
    "Not needed: version {version} was released meanwhile.",
)
GONE: Final = Text("Набора больше нет.", "The dataset is not there any more.")

Reason = Literal[
    "another_requested", "dataset_gone", "not_needed", "plan_unfit", "other_version", "file_missing"
]
"""Why a release failed, in a word for logs and metrics."""


def drive_on(platform: Platform, release_id: str) -> None:
    """Take the steps that can be taken now. Doing it again does no harm."""
    store = ReleaseStore(platform.catalogue)
    release = store.get(release_id)
    try:
        while release is not None and release.due_at is not None:
            following = _step(platform, release)
            if following is None:
                return
            release = following
    except (LostStep, NotOurs, Ended):
        return  # another worker goes on from there, or the consent was taken back


def build(platform: Platform, release_id: str, number: int) -> None:
    """Build one shard; the last one lets the release go on."""
    store = ReleaseStore(platform.catalogue)
    release = store.get(release_id)
    if release is None or release.state is not ReleaseState.BUILDING:
        return
    try:
        if number in release.missing:
            release = build_shard(platform, release, number)
        if not release.missing:
            send(platform, release_id)
    except ImageGone as gone:
        _image_gone(platform, release, gone.image_id)
    except (LostStep, NotOurs, Ended):
        return


def _step(platform: Platform, release: Release) -> Release | None:
    """One step; the release after it, or None when others have to do something first."""
    store, now = ReleaseStore(platform.catalogue), platform.clock.now()
    match release.state:
        case ReleaseState.REQUESTED:
            return _choose(platform, release)
        case ReleaseState.BUILDING if release.missing:
            _send_shards(platform, release)
            return None
        case ReleaseState.BUILDING:
            return store.all_shards_done(release, due_at=now + GOES_ON_AFTER)
        case ReleaseState.DOCUMENTING:
            # Plots and typesetting are slow to load, and the other steps need neither.
            from chalicelib.datasets.releases.documenting import document

            files = document(platform, release)
            return store.published(release, files, now=platform.clock.now())
        case ReleaseState.FAILED:
            forget(platform, release)
            Claims(platform.catalogue).leave(release.code, release.release_id, failed_at=now)
            return store.settle(release)
        case _:
            return tell(platform, release)


def _choose(platform: Platform, release: Release) -> Release | None:
    """Freeze the manifest, where this release is the one that is made of its dataset."""
    if not Claims(platform.catalogue).claim(release.code, release.release_id):
        if release.successor_of:
            return None  # it waits until the other one is done
        return _failed(platform, release, "another_requested", ANOTHER)
    release = clean(platform, release)
    dataset = DatasetStore(platform.catalogue).get(release.code)
    if dataset is None:
        return _failed(platform, release, "dataset_gone", GONE)
    newer = _newer(release, dataset.releases)
    if newer is not None:
        return _failed(platform, release, "not_needed", NOT_NEEDED.filled(version=newer))
    try:
        manifest = freeze(
            platform,
            release_id=release.release_id,
            code=release.code,
            number=release.number,
            plan=dataset.plan,
            change=release.change,
            only=_only(platform, release),
        )
    except Unfit as unfit:
        return _failed(platform, release, "plan_unfit", unfit.sentence)
    if release.expected not in (None, manifest.version):
        told = OTHERWISE.filled(expected=release.expected, found=manifest.version)
        return _failed(platform, release, "other_version", told)
    for key in made_from(release.release_id):
        # Where choosing broke off, or was taken back, a version of these may name whoever is not in it.
        platform.releases.erase_old_versions(key)
    found = cuts(platform, release.release_id, manifest.shards)
    due_at = platform.clock.now() + GOES_ON_AFTER
    return ReleaseStore(platform.catalogue).frozen(release, manifest, found, due_at=due_at)


def _failed(platform: Platform, release: Release, reason: Reason, problem: Text) -> Release:
    """The release will never be; its curator reads the problem, who runs the platform the reason."""
    now = platform.clock.now()
    failed = ReleaseStore(platform.catalogue).failed(release, problem, now=now)
    count("ReleasesFailed", reason=reason)
    logging.info("release failed", release_id=release.release_id, reason=reason)
    return failed


def _newer(release: Release, releases: Mapping[str, Mapping[str, Any]]) -> str | None:
    """The version that makes a successor needless: one that came after the release it is to follow."""
    if release.successor_of is None or not releases:
        return None
    newest = max(releases, key=Version.read)
    return None if releases[newest]["release_id"] == release.successor_of else newest


def _only(platform: Platform, release: Release) -> frozenset[str] | None:
    """The images that remain of the release before, for its successor."""
    if release.successor_of is None:
        return None
    return read_members(platform.releases, release.successor_of).images


def _send_shards(platform: Platform, release: Release) -> None:
    messages = [
        {"release_id": release.release_id, "shard": str(number)} for number in release.missing
    ]
    platform.builds_queue.send_all(messages)


def _image_gone(platform: Platform, release: Release, image_id: str) -> None:
    """An image that was erased is left out; one that is merely missing stops the release."""
    image = ImageStore(platform.cases).get(image_id)
    try:
        if image is None or image.state is State.WITHDRAWN:
            begin_anew(platform, release)
        else:
            _failed(platform, release, "file_missing", LOST.filled(image_id=image_id))
            send(platform, release.release_id)
    except LostStep:
        return

"""The gallery: images that wait for a look, and the looks that curators take."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.datasets.looks.model import (
    NO_PREVIEW,
    SEEN_AT_ONCE,
    TWICE,
    UNKNOWN_IMAGE,
    Look,
    Telling,
    read_waiting,
    waiting_key,
)
from chalicelib.datasets.looks.store import LookStore, says
from chalicelib.images.model import LINK_LIFE
from chalicelib.people.model import Caller
from chalicelib.platform import keys
from chalicelib.platform.clock import timestamp
from chalicelib.platform.errors import Conflict, Invalid, NotFound
from chalicelib.platform.runtime import Platform


@dataclass(frozen=True)
class ToLookAt:
    """One image of the gallery, with links that work for minutes."""

    image_id: str
    kind: str
    image: str
    thumbnail: str


@dataclass(frozen=True)
class Gallery:
    images: Sequence[ToLookAt]
    next: str | None
    listed: int
    """How many waited when the preview was computed."""
    computed_at: str


@dataclass(frozen=True)
class Taken:
    """One look, as it is asked to be noted."""

    image_id: str
    look: Look
    what: Telling | None


def waiting(platform: Platform, code: str, *, limit: int, cursor: str | None) -> Gallery:
    """A page of the images that a dataset's last preview would choose and nobody has looked at yet.

    Two calls, whatever the number of images; a page may be short, or empty, and have another after it.
    Raises `NotFound`, `Conflict` where there is no preview, and `Invalid` for another list's cursor.
    """
    scope = f"looks {code}"
    opened = platform.cursors.open(cursor, scope=scope) or {}
    found = platform.releases.get(waiting_key(code))
    if found is None:
        raise _no_list(platform, code)
    listed = read_waiting(found.data)
    # A place in an earlier list is none in this one, which begins with what still waits.
    start = opened["after"] if opened.get("of") == listed.computed_at else 0
    asked = listed.image_ids[start : start + SEEN_AT_ONCE]
    items = LookStore(platform.cases).accepted(asked)
    shown, seconds = list[ToLookAt](), int(LINK_LIFE.total_seconds())
    position = start
    for image_id in asked:
        if len(shown) == limit:
            break
        position += 1
        item = items.get(image_id)
        if item is None or "look" in item:
            continue
        image, thumbnail = (
            platform.images.link(item["intake"][key], seconds=seconds)
            for key in ("clean_key", "thumbnail_key")
        )
        shown.append(ToLookAt(image_id, item["kind"], image, thumbnail))
    more = position < len(listed.image_ids)
    place = {"after": position, "of": listed.computed_at}
    following = platform.cursors.seal(place if more else None, scope=scope)
    return Gallery(shown, following, len(listed.image_ids), listed.computed_at)


@dataclass(frozen=True)
class Noted:
    """A look of a curator's, as it stands on the image."""

    taken: Taken
    at: str
    is_new: bool
    """Whether this request noted it; else an earlier one, which may have died before it was recorded."""


def note(platform: Platform, *, caller: Caller, looks: Sequence[Taken]) -> list[Noted]:
    """Note looks; those that stand as this curator's. A call for each new one, and one more.

    What another curator noted alike is left as it is. Nothing is noted, and `Invalid` raised, when an image is named twice or is none that was accepted. One
    that is withdrawn at the same moment is passed over: nothing is left to be looked at.
    """
    faults = {}
    seen = set[str]()
    for number, taken in enumerate(looks):
        if taken.image_id in seen:
            faults[f"looks.{number}.image_id"] = TWICE
        seen.add(taken.image_id)
    store = LookStore(platform.cases)
    items = store.accepted(sorted(seen))
    for number, taken in enumerate(looks):
        if taken.image_id not in items:
            faults[f"looks.{number}.image_id"] = UNKNOWN_IMAGE
    if faults:
        raise Invalid(faults)
    now, noted = platform.clock.now(), list[Noted]()
    for taken in looks:
        item = items[taken.image_id]
        if not says(item, taken.look, taken.what):
            if store.note(taken.image_id, taken.look, taken.what, by=caller.account_id, at=now):
                noted.append(Noted(taken, timestamp(now), is_new=True))
        elif item["look"]["by"] == caller.account_id:
            noted.append(Noted(taken, item["look"]["at"], is_new=False))
    return noted


def _no_list(platform: Platform, code: str) -> NotFound | Conflict:
    known = platform.catalogue.get(keys.dataset(code))
    return Conflict("no_preview", NO_PREVIEW) if known else NotFound()

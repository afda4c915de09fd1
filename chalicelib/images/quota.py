"""How many images one account may have awaiting their files at once.

The places of an account are one set of image ids in one item, so the number cannot drift from what
it counts: a place is taken by one conditional write, and nothing is written when an image arrives.
Places whose images have moved on are cleared away by the first request that finds the set full.
"""

from collections.abc import Mapping
from datetime import timedelta
from math import ceil
from typing import Final

from boto3.dynamodb.conditions import Attr

from chalicelib.images.model import Place
from chalicelib.images.store import ImageStore
from chalicelib.platform import keys
from chalicelib.platform.clock import moment, timestamp
from chalicelib.platform.errors import TooMany
from chalicelib.platform.language import Text
from chalicelib.platform.runtime import Platform
from chalicelib.platform.table import Change, ConditionFailed, Item

MOST_OF_A_DOCTOR: Final = 100
"""A visit gives a few photographs, a day of a busy clinic some tens: nobody meets this by working."""
MOST_OF_A_CURATOR: Final = 200
"""Enough for an import's workers, and two reads of the table when the set is cleared."""

MOST_OF_A_PATIENT: Final = 10
"""A mole and what is beside it, from some sides."""

PLACES: Final = frozenset({"open", "taken_at", "looked_at", "expires_at"})
"""What the item of an account's places holds."""
_SETTLING: Final = timedelta(minutes=1)
"""A place is taken before its image is written. No request lives so long (the function has 30 s), so
a place without an image that is older than this belongs to a request that died in between."""
_KEPT: Final = timedelta(days=2)
"""No image awaits its file this long after its slot was opened; then the item may go."""
_LOOK_EACH: Final = timedelta(seconds=3)
"""No more than one look at the images of a full set in this time."""
_COME_AGAIN: Final = 15
"""Seconds; the longest that anybody is told to wait. A file sent already may free its place at any
moment, as soon as its event has come."""
_FULL: Final = Text(
    "Слишком много снимков ждут загрузки. Загрузите начатые или повторите позже.",
    "Too many images await their files. Send those you began, or repeat later.",
)


def take_place(platform: Platform, account_id: str, image_id: str, *, most: int) -> None:
    """Count an image about to be created among those that its account has awaiting a file.

    One call to AWS; when all `most` places are taken also a look at their images, a write and a
    second try, but no more than one look in `_LOOK_EACH`: who sends faster than his images are
    taken in meets a full set all the time. An image that has its place keeps it, so a repeated
    request costs no other. Raises `TooMany`; its `retry_after` ends with the first form that still
    lets a file in, or before.
    """
    full = _add(platform, account_id, image_id, most)
    if full is None:
        return
    looked_again = moment(full["looked_at"]) + _LOOK_EACH if "looked_at" in full else None
    wait = (looked_again - platform.clock.now()).total_seconds() if looked_again else 0
    if 0 < wait <= _LOOK_EACH.total_seconds():  # more, when the clock was set back
        raise TooMany(_FULL, retry_after=ceil(wait))
    held = ImageStore(platform.cases).places(sorted(full["open"]))
    _clear(platform, account_id, full, held)
    if _add(platform, account_id, image_id, most) is not None:
        raise TooMany(_FULL, retry_after=_seconds_to_wait(platform, held))


def _add(platform: Platform, account_id: str, image_id: str, most: int) -> Item | None:
    """Take the place; the item as it stands when it is full, None when the place is taken."""
    now = platform.clock.now()
    there = Attr("open")
    try:
        platform.cases.update(
            keys.slots(account_id),
            Change(
                add={"open": {image_id}},
                set={"taken_at": timestamp(now), "expires_at": int((now + _KEPT).timestamp())},
            ),
            when=there.not_exists() | there.size().lt(most) | there.contains(image_id),
        )
    except ConditionFailed as error:
        if error.found is None:
            raise
        return error.found
    return None


def _clear(platform: Platform, account_id: str, full: Item, held: Mapping[str, Place]) -> None:
    """Give back the places of images that no longer await a file.

    An absent image may be about to be written. The set tells only when its latest place was taken,
    so absent ones are cleared once that is a minute ago; a place taken since the look changes
    `writer`, and then nothing is cleared by what was seen before.
    """
    gone = {image_id for image_id, place in held.items() if not place.awaits}
    if moment(full["taken_at"]) + _SETTLING <= platform.clock.now():
        gone |= full["open"] - held.keys()
    try:
        platform.cases.update(
            keys.slots(account_id),
            Change(
                set={"looked_at": timestamp(platform.clock.now())},
                discard={"open": gone} if gone else {},
            ),
            when=Attr("writer").eq(full["writer"]),
        )
    except ConditionFailed:
        return  # somebody else took or cleared places meanwhile; the second try tells


def _seconds_to_wait(platform: Platform, held: Mapping[str, Place]) -> int:
    now = platform.clock.now()
    ends = (place.until for place in held.values() if place.until is not None)
    left = [(end - now).total_seconds() for end in ends if end > now]
    return max(1, min(_COME_AGAIN, int(min(left, default=_COME_AGAIN))))

"""The labelling protocol: by what signs experts read. It is written before they begin, and versioned.

A reader is given cases once he has accepted the newest version; each reading names the version that
it was made by. The platform comes with a first version; curators publish the next ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from boto3.dynamodb.conditions import Key as Where

from chalicelib.labelling.first_protocol import INSTRUCTION, SIGNS, TITLE
from chalicelib.people.model import Account
from chalicelib.people.readers import accept_protocol
from chalicelib.platform import keys
from chalicelib.platform.clock import moment, timestamp
from chalicelib.platform.errors import Conflict
from chalicelib.platform.language import Text
from chalicelib.platform.lesion_classes import LesionClass
from chalicelib.platform.runtime import Platform
from chalicelib.platform.table import ConditionFailed, Item

NEWER: Final = Text(
    "Тем временем вышла другая версия протокола. Откройте его заново и прочитайте.",
    "Another version of the protocol has come out meanwhile. Open it again and read it.",
)


@dataclass(frozen=True, kw_only=True)
class Protocol:
    """One version. `signs` tells of each class by which signs it is recognised."""

    version: int
    title: Text
    instruction: Text
    signs: Mapping[LesionClass, tuple[Text, ...]]
    changes: Text | None = None
    """What is new in it, and why."""
    published_at: datetime | None = None
    """None of the version that the platform comes with."""
    published_by: str = ""


FIRST: Final = Protocol(version=1, title=TITLE, instruction=INSTRUCTION, signs=SIGNS)


def current(platform: Platform) -> Protocol:
    """The newest version. One call."""
    page = platform.labelling.query(Where("pk").eq(keys.protocol(1)[0]), limit=1, newest_first=True)
    return _read(page.items[0]) if page.items else FIRST


def versions(platform: Platform) -> list[Protocol]:
    """Every version, the newest first."""
    items = platform.labelling.query_all(Where("pk").eq(keys.protocol(1)[0]))
    return [*map(_read, reversed(items)), FIRST]


def publish(
    platform: Platform,
    *,
    by: str,
    after: int,
    title: Text,
    instruction: Text,
    signs: Mapping[LesionClass, tuple[Text, ...]],
    changes: Text,
) -> Protocol:
    """Let a new version follow `after`. Doing it again gives the same version.

    Raises `Conflict` when `after` is not the newest one any more.
    """
    new = Protocol(
        version=after + 1,
        title=title,
        instruction=instruction,
        signs=signs,
        changes=changes,
        published_at=platform.clock.now(),
        published_by=by,
    )
    if current(platform).version > new.version or after < FIRST.version:
        raise Conflict("newer_protocol", NEWER)
    try:
        platform.labelling.insert(keys.protocol(new.version), _written(new))
    except ConditionFailed as error:
        stands = _read(error.found) if error.found else new
        if _content(stands) != _content(new):
            raise Conflict("newer_protocol", NEWER) from None
        return stands
    return new


def accept(platform: Platform, account_id: str, version: int) -> Account:
    """A reader has read the newest version and accepts it; then cases come.

    Raises `Conflict` for another version, `NotFound` for who is no reader.
    """
    if version != current(platform).version:
        raise Conflict("newer_protocol", NEWER)
    account = accept_protocol(platform, account_id, version)
    platform.labelling_queue.send({"reader_id": account_id})
    return account


def _content(protocol: Protocol) -> Item:
    written = _written(protocol)
    return {name: written[name] for name in ("title", "instruction", "signs", "changes")}


def _written(protocol: Protocol) -> dict[str, Any]:
    return {
        "version": protocol.version,
        "title": protocol.title._asdict(),
        "instruction": protocol.instruction._asdict(),
        "signs": {
            each.value: [sign._asdict() for sign in signs] for each, signs in protocol.signs.items()
        },
        "changes": protocol.changes._asdict() if protocol.changes else None,
        "published_at": timestamp(protocol.published_at) if protocol.published_at else None,
        "published_by": protocol.published_by,
    }


def _read(item: Item) -> Protocol:
    return Protocol(
        version=item["version"],
        title=Text(**item["title"]),
        instruction=Text(**item["instruction"]),
        signs={
            LesionClass(name): tuple(Text(**sign) for sign in signs)
            for name, signs in item["signs"].items()
        },
        changes=Text(**item["changes"]) if item.get("changes") else None,
        published_at=moment(item["published_at"]),
        published_by=item["published_by"],
    )

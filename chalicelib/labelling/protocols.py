"""The labelling protocol: by what signs experts read. It is written before they begin, and versioned.

A reader is given cases once he has accepted the newest version; each reading names the version that
it was made by. The platform comes with a first version; curators publish the next ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from boto3.dynamodb.conditions import Key as Where

from chalicelib.images.model import LINK_LIFE
from chalicelib.images.store import ImageStore
from chalicelib.labelling.first_protocol import INSTRUCTION, SIGNS, TITLE
from chalicelib.people.model import Account
from chalicelib.people.readers import accept_protocol
from chalicelib.platform import keys
from chalicelib.platform.clock import moment, timestamp
from chalicelib.platform.errors import Conflict, Invalid
from chalicelib.platform.language import Text
from chalicelib.platform.lesion_classes import LesionClass
from chalicelib.platform.runtime import Platform
from chalicelib.platform.table import ConditionFailed, Item

NEWER: Final = Text(
    "Тем временем вышла другая версия протокола. Откройте его заново и прочитайте.",
    "Another version of the protocol has come out meanwhile. Open it again and read it.",
)


NOT_PROVEN: Final = Text(
    "Пример должен быть снимком этого класса, подтверждённым гистологией или наблюдением.",
    "An example must be an image of this class, confirmed by histology or follow-up.",
)


@dataclass(frozen=True, kw_only=True)
class Protocol:
    """One version. `signs` tells of each class by which signs it is recognised; `examples`, which proven
    images of the platform show them."""

    version: int
    title: Text
    instruction: Text
    signs: Mapping[LesionClass, tuple[Text, ...]]
    examples: Mapping[LesionClass, tuple[str, ...]] = field(default_factory=dict)
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
    examples: Mapping[LesionClass, tuple[str, ...]],
    changes: Text,
) -> Protocol:
    """Let a new version follow `after`. Doing it again gives the same version.

    Raises `Conflict` when `after` is not the newest one any more, `Invalid` for an example that is no
    proven image of its class.
    """
    _require_proven(platform, examples)
    new = Protocol(
        version=after + 1,
        title=title,
        instruction=instruction,
        signs=signs,
        examples=examples,
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


def example_links(platform: Platform, protocol: Protocol) -> dict[LesionClass, list[str]]:
    """Links to the examples, as far as they are still there. One call for each hundred, if any."""
    wanted = [image_id for images in protocol.examples.values() for image_id in images]
    found = ImageStore(platform.cases).several(wanted) if wanted else {}
    life = int(LINK_LIFE.total_seconds())
    return {
        each: [
            platform.images.link(image.intake.clean_key, seconds=life)
            for image_id in images
            if (image := found.get(image_id)) and image.intake
        ]
        for each, images in protocol.examples.items()
    }


def _require_proven(platform: Platform, examples: Mapping[LesionClass, tuple[str, ...]]) -> None:
    wanted = {image_id for images in examples.values() for image_id in images}
    found = ImageStore(platform.cases).several(sorted(wanted)) if wanted else {}
    for each, images in examples.items():
        for image_id in images:
            if image_id not in found or found[image_id].proven.get("diagnosis") != each:
                raise Invalid({f"examples.{each}": NOT_PROVEN})


def _content(protocol: Protocol) -> Item:
    written = _written(protocol)
    return {
        name: written[name] for name in ("title", "instruction", "signs", "examples", "changes")
    }


def _written(protocol: Protocol) -> dict[str, Any]:
    return {
        "version": protocol.version,
        "title": protocol.title._asdict(),
        "instruction": protocol.instruction._asdict(),
        "signs": {
            each.value: [sign._asdict() for sign in signs] for each, signs in protocol.signs.items()
        },
        "examples": {each.value: list(images) for each, images in protocol.examples.items()},
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
        examples={LesionClass(name): tuple(images) for name, images in item["examples"].items()},
        changes=Text(**item["changes"]) if item.get("changes") else None,
        published_at=moment(item["published_at"]),
        published_by=item["published_by"],
    )

"""The re-classification of stored images by the model that was activated: one item, one at a time.

It stands in the `due` index until all images are seen to have that model's opinion.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from boto3.dynamodb.conditions import Attr

from chalicelib.classification import registry
from chalicelib.classification.every_image import Position
from chalicelib.platform import keys
from chalicelib.platform.clock import moment, timestamp
from chalicelib.platform.due import ATTRIBUTES as DUE
from chalicelib.platform.due import due
from chalicelib.platform.runtime import Platform
from chalicelib.platform.table import ABSENT, Change, ConditionFailed, Item, Table

SETTLED: Final = timedelta(minutes=10)
"""After an activation, no worker with the model before is left: containers look it up each minute or were
replaced at once, and none runs for over a minute. A walk that begins then meets every image that got the old model's opinion."""
PAUSE: Final = timedelta(seconds=30)
"""Between two parts: less than the minute between two sweeps."""


@dataclass(frozen=True)
class Counts:
    """What was done: `formed` opinions of the model, `restored` ones that were kept, and how many images
    `failed` in the present walk."""

    formed: int = 0
    restored: int = 0
    failed: int = 0


@dataclass(frozen=True, kw_only=True)
class Campaign:
    """Whose opinion all images are to have, and how far it has come."""

    campaign_id: str
    file: str
    model: Mapping[str, str]
    """`name` and `version`, as opinions bear them."""
    activated_at: datetime
    begun_at: datetime
    walk: int
    walk_began_at: datetime
    position: Position | None
    changed: bool
    """Whether this walk has met an image that had another opinion."""
    counts: Counts
    revision: int
    finished_at: datetime | None
    overtaken: bool
    """Another model was activated before this one was done."""

    @property
    def is_going_on(self) -> bool:
        return self.finished_at is None


class Overtaken(RuntimeError):
    """The campaign is no longer as it was seen: another run, or another activation, was first."""


@dataclass(frozen=True)
class CampaignStore:
    """Reads the campaign and carries it on."""

    table: Table

    def get(self) -> Campaign | None:
        """The latest campaign, over or not."""
        item = self.table.get(keys.reclassification())
        return read_campaign(item) if item else None

    def begin(
        self,
        campaign_id: str,
        *,
        file: str,
        model: Mapping[str, str],
        activated_at: datetime,
        now: datetime,
        again: bool,
    ) -> Campaign:
        """Begin what an activation asks for, in the place of whatever was before.

        That of the same activation goes on as it is; one that is over begins anew only `again`. Raises
        `Overtaken` when there is one of a later activation. One call, or two.
        """
        key = keys.reclassification()
        values = {
            "campaign_id": campaign_id,
            "file": file,
            "model": dict(model),
            "activated_at": timestamp(activated_at),
            "begun_at": timestamp(now),
            "walk": 1,
            "walk_began_at": timestamp(now),
            "changed": False,
            "counts": vars(Counts()),
            "revision": 1,
            **due(key, now),
        }
        earlier = Attr("activated_at").lt(timestamp(activated_at))
        same = Attr("activated_at").eq(timestamp(activated_at)) & Attr("finished_at").exists()
        try:
            item = self.table.update(
                key,
                Change(set=values, remove=["position", "finished_at", "overtaken"]),
                when=ABSENT | earlier | same if again else ABSENT | earlier,
            )
        except ConditionFailed as error:
            found = read_campaign(error.found) if error.found else None
            if found is None or found.activated_at != activated_at:
                raise Overtaken(file) from None
            return found
        return read_campaign(item)

    def go_on(self, campaign: Campaign, after: Campaign, *, due_at: datetime | None) -> Campaign:
        """Write how far `campaign` has come; without `due_at` it keeps its deadline.

        Raises `Overtaken` when somebody else wrote since. One call.
        """
        key = keys.reclassification()
        position = after.position
        values: dict[str, Any] = {
            "walk": after.walk,
            "walk_began_at": timestamp(after.walk_began_at),
            "changed": after.changed,
            "counts": vars(after.counts),
            "revision": campaign.revision + 1,
        }
        if position is not None:
            values["position"] = {"clinic_id": position.clinic_id, "after": position.after}
        if after.finished_at is not None:
            values |= {
                "finished_at": timestamp(after.finished_at),
                "overtaken": after.overtaken,
            }
        elif due_at is not None:
            values |= due(key, due_at)
        gone = () if position is not None else ("position",)
        over = DUE if after.finished_at is not None else ()
        seen = Attr("campaign_id").eq(campaign.campaign_id) & Attr("revision").eq(campaign.revision)
        try:
            item = self.table.update(key, Change(set=values, remove=[*gone, *over]), when=seen)
        except ConditionFailed:
            raise Overtaken(campaign.file) from None
        return read_campaign(item)


def begin_campaign(
    platform: Platform, active: registry.Active, model: registry.Model, *, again: bool
) -> Campaign:
    """Let all stored images get the opinion of the active model. Raises `Overtaken`.

    Doing it again changes nothing, unless it is over and to be done `again`.
    """
    return CampaignStore(platform.cases).begin(
        platform.ids.new(),
        file=active.file,
        model={"name": model.name, "version": model.version},
        activated_at=active.since,
        now=platform.clock.now(),
        again=again,
    )


def next_walk(campaign: Campaign, *, now: datetime) -> tuple[Campaign, datetime | None]:
    """What follows the end of a walk, and when: the campaign is over after one that began late enough
    and met nothing to change; otherwise it walks again."""
    if not campaign.changed and campaign.walk_began_at >= campaign.begun_at + SETTLED:
        return replace(campaign, position=None, finished_at=now), None
    at = max(now + PAUSE, campaign.begun_at + SETTLED)
    counts = replace(campaign.counts, failed=0)
    again = replace(
        campaign,
        walk=campaign.walk + 1,
        walk_began_at=at,
        position=None,
        changed=False,
        counts=counts,
    )
    return again, at


def read_campaign(item: Item) -> Campaign:
    """The campaign in its item."""
    position, finished_at = item.get("position"), item.get("finished_at")
    return Campaign(
        campaign_id=item["campaign_id"],
        file=item["file"],
        model=item["model"],
        activated_at=moment(item["activated_at"]),
        begun_at=moment(item["begun_at"]),
        walk=item["walk"],
        walk_began_at=moment(item["walk_began_at"]),
        position=Position(position["clinic_id"], position["after"]) if position else None,
        changed=item["changed"],
        counts=Counts(**item["counts"]),
        revision=item["revision"],
        finished_at=moment(finished_at) if finished_at else None,
        overtaken=item.get("overtaken", False),
    )

"""Images in the `cases` table: one item an image, one conditional write a step."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from boto3.dynamodb.conditions import Attr, ConditionBase
from boto3.dynamodb.conditions import Key as Where

from chalicelib.images.model import (
    FOLLOWED_BY,
    Capture,
    Declared,
    Filing,
    Image,
    Intake,
    Kind,
    Shown,
    Standing,
    State,
    Subject,
    require_step,
)
from chalicelib.platform import keys
from chalicelib.platform.clock import moment, timestamp
from chalicelib.platform.due import ATTRIBUTES as DUE
from chalicelib.platform.due import due
from chalicelib.platform.table import PRESENT, Change, ConditionFailed, Item, Table
from chalicelib.platform.tombstones import kept, strip

TOMBSTONE: Final = frozenset(
    {
        *("image_id", "lesion_id", "patient_id", "clinic_id"),
        *("kind", "state", "created_at", "history"),
    }
)
"""What stays of a withdrawn image, so that its clinic learns what became of it."""
PIXEL_HASH: Final = "pixel_hash"
"""Stays on a tombstone until the image has left the index of pixels for good."""

_STANDING: Final = ("image_id", "state", "problem")


class LostStep(Exception):
    """The image is not where this step starts from; `found` is the image as it stands, or None."""

    def __init__(self, found: Image | None) -> None:
        super().__init__("the image is in another state")
        self.found = found


@dataclass(frozen=True)
class ImageStore:
    """Reads images, creates them, and takes them from state to state."""

    table: Table

    def get(self, image_id: str) -> Image | None:
        item = self.table.get(keys.image(image_id))
        return read_image(item) if item else None

    def get_many(self, image_ids: Sequence[str]) -> dict[str, Image]:
        """Those of the images that exist, by id; one call to AWS for each hundred."""
        items = self.table.get_many([keys.image(image_id) for image_id in image_ids])
        return {item["image_id"]: read_image(item) for item in items}

    def create(self, image: Image, *, due_at: datetime) -> Image:
        """Put a new image; if it is there already, the one that is there."""
        key = keys.image(image.image_id)
        try:
            self.table.insert(key, _written(image) | due(key, due_at))
        except ConditionFailed as error:
            if error.found is None:
                raise
            return read_image(error.found)
        return image

    def step(
        self,
        image: Image,
        to: State,
        *,
        now: datetime,
        values: Mapping[str, Any] | None = None,
        remove: Iterable[str] = (),
        due_at: datetime | None = None,
        when: ConditionBase | None = None,
    ) -> Image:
        """Take `image` from the state it was seen in to `to`, with `values`, in one write.

        `due_at` is the new state's deadline; without one the image is finished and leaves the
        `due` index. Raises `LostStep` when the image has moved on meanwhile, `ForbiddenStep` when
        the transition table has no such step.

        An image with an unfinished move stays due, and `due_at` waits in `following`; then the step
        is a second call.
        """
        require_step(image.state, to)
        key = keys.image(image.image_id)
        condition: ConditionBase = Attr("state").eq(image.state.value)
        if image.version is not None:
            condition &= Attr("version").eq(image.version)
        if when is not None:
            condition &= when
        stepped = {"state": to.value, **(values or {})}
        step = {"history": [{"state": to.value, "at": timestamp(now)}]}
        change = Change(
            set={**stepped, **(due(key, due_at) if due_at else {})},
            append=step,
            remove=[*remove, *(() if due_at else DUE)],
        )
        try:
            return self._update(key, change, condition & Attr("following").not_exists())
        except LostStep as lost:
            if lost.found is None or lost.found.following is None:
                raise
            waiting = {"following.due_at": timestamp(due_at) if due_at else None}
        change = Change(
            set={**stepped, **waiting, **due(key, now + FOLLOWED_BY)}, append=step, remove=[*remove]
        )
        return self._update(key, change, condition & Attr("following").exists())

    def file(self, image: Image, under: Filing, *, now: datetime) -> Image:
        """File `image` under another lesion, in one write, and hold it due for what follows.

        Raises `LostStep` when it has moved on meanwhile.
        """
        key = keys.image(image.image_id)
        condition: ConditionBase = (
            Attr("state").eq(image.state.value)
            & Attr("lesion_id").eq(image.lesion_id)
            & Attr("patient_id").eq(image.patient_id)
        )
        values: dict[str, Any] = {
            "lesion_id": under.lesion_id,
            "patient_id": under.patient_id,
            "subject": _written_subject(under.subject),
            "patient_order": _patient_order(image, under.lesion_id),
        }
        if image.state is State.RECEIVED or image.intake is not None:
            before = image.following or {"due_at": image.due_at}
            values["following"] = {"due_at": before["due_at"], "change": len(image.changes) + 1}
        if image.intake is not None:
            values |= due(key, now + FOLLOWED_BY)
        change = Change(set=values, append={"changes": [under.change]})
        return self._update(key, change, condition)

    def settle(self, image: Image) -> Image:
        """What followed from the last move of `image` is done: back to the deadline it had.

        Raises `LostStep` when it was moved again or has gone a step since.
        """
        if image.following is None:
            return image
        key = keys.image(image.image_id)
        back = image.following["due_at"]
        condition = Attr("following").eq(dict(image.following)) & Attr("state").eq(
            image.state.value
        )
        change = Change(
            set=due(key, moment(back)) if back else {},
            remove=["following", *(() if back else DUE)],
        )
        return self._update(key, change, condition)

    def postpone(
        self, image: Image, due_at: datetime, *, when: ConditionBase | None = None
    ) -> Image:
        """Give the state the image was seen in another deadline. Raises `LostStep`."""
        key = keys.image(image.image_id)
        condition: ConditionBase = Attr("state").eq(image.state.value)
        return self._update(
            key, Change(set=due(key, due_at)), condition & when if when else condition
        )

    def pin(self, image_id: str, version: str, *, now: datetime, until: datetime) -> Image:
        """Hold an awaited image to one version of its upload, and lease it to this worker.

        Raises `LostStep` when nothing is awaited.
        """
        require_step(State.AWAITING_UPLOAD, State.RECEIVED)
        key = keys.image(image_id)
        received = State.RECEIVED.value
        change = Change(
            set={
                "state": received,
                "version": version,
                "lease_until": timestamp(until),
                "attempts": 1,
                **due(key, until),
            },
            append={"history": [{"state": received, "at": timestamp(now)}]},
            remove=["form"],
        )
        return self._update(key, change, Attr("state").eq(State.AWAITING_UPLOAD.value))

    def lease(self, image: Image, *, now: datetime, until: datetime) -> Image:
        """Take over an image from a worker whose lease ended. Raises `LostStep` while it has not."""
        key = keys.image(image.image_id)
        condition = (
            Attr("state").eq(State.RECEIVED.value)
            & Attr("version").eq(image.version)
            & Attr("lease_until").lte(timestamp(now))
        )
        change = Change(
            set={"lease_until": timestamp(until), **due(key, until)}, add={"attempts": 1}
        )
        return self._update(key, change, condition)

    def _update(self, key: tuple[str, str], change: Change, when: ConditionBase) -> Image:
        try:
            return read_image(self.table.update(key, change, when=when))
        except ConditionFailed as error:
            raise LostStep(read_image(error.found) if error.found else None) from None

    def states_of_clinic(
        self, clinic_id: str, *, limit: int, start: Item | None
    ) -> tuple[list[Standing], Item | None]:
        """A page of how an import's images stand, the oldest first, and the key that the next one
        starts after. Outlines and forms are most of an item, and stay where they are."""
        where = Where("clinic_id").eq(clinic_id) & Where("clinic_order").begins_with("image#")
        page = self.table.query(where, index="by_clinic", limit=limit, start=start, only=_STANDING)
        return [_standing(item) for item in page.items], page.last

    def withdraw(self, image_id: str, *, now: datetime) -> Item | None:
        """Leave a tombstone of an image whose patient took the consent back, whatever its state.

        Of a deleted one the reason goes too. Nothing changes where it is done already. Returns the
        item as it stood before, None where there is no image.
        """

        def tombstone(item: Item) -> Item:
            left = _tombstone(item, now)
            if "deletion" in item:
                without = {name: item["deletion"][name] for name in ("at", "by", "as")}
                left |= kept(item, frozenset(DUE)) | {"deletion": without}
            return left

        return strip(self.table, keys.image(image_id), tombstone)

    def delete(
        self, image_id: str, deletion: Mapping[str, str], *, now: datetime, due_at: datetime
    ) -> Item:
        """Leave a tombstone of a wrong image; nothing changes where it is done already.

        Returns the item as it stood before. Raises `LostStep` for an image that is gone, or was
        withdrawn with its patient.
        """
        key = keys.image(image_id)

        def tombstone(item: Item) -> Item:
            if "deletion" in item:
                return item
            if item["state"] == State.WITHDRAWN.value:
                raise LostStep(read_image(item))
            order = kept(item, frozenset({"patient_order"}))
            return _tombstone(item, now) | order | {"deletion": dict(deletion)} | due(key, due_at)

        before = strip(self.table, key, tombstone)
        if before is None:
            raise LostStep(None)
        return before

    def look_again(self, image_id: str, due_at: datetime) -> None:
        """Give a deleted image another deadline."""
        key = keys.image(image_id)
        self.table.update(key, Change(set=due(key, due_at)), when=Attr("deletion").exists())

    def settle_deletion(self, image_id: str) -> None:
        """Nothing is left to do for a deleted image: it leaves the `due` index."""
        strip(self.table, keys.image(image_id), lambda item: _without(item, DUE))

    def forget_pixels(self, image_id: str) -> None:
        """Drop the pixel hash of a tombstone, which no longer stands in the index of pixels."""
        strip(self.table, keys.image(image_id), lambda item: _without(item, (PIXEL_HASH,)))

    def leave_pixels(self, pixel_hash: str, image_id: str) -> None:
        """Take an image out from among those that show these pixels, where it stands there."""
        key = keys.pixels(pixel_hash)
        item = self.table.get(key)
        if item is None:
            return
        entries = {text for text in item.get("images", ()) if text.endswith(f" {image_id}")}
        try:
            if entries:
                item = self.table.update(key, Change(discard={"images": entries}))
        except ConditionFailed:
            return  # its last image left meanwhile
        if "images" not in item:
            self.table.delete(key, when=PRESENT & Attr("images").not_exists())

    def same_pixels(self, image: Image, pixel_hash: str) -> list[Shown]:
        """Enter `image` among those that show these pixels; the others."""
        entry = Shown(image.patient_id, image.lesion_id, image.image_id).entry
        item = self.table.update(
            keys.pixels(pixel_hash), Change(add={"images": {entry}}), when=None
        )
        every = (Shown(*text.split(" ")) for text in sorted(item["images"]))
        return [shown for shown in every if shown.image_id != image.image_id]

    def refile_pixels(self, image: Image, pixel_hash: str) -> list[Shown]:
        """`same_pixels` for an image that was moved: the entries of where it was go."""
        others = self.same_pixels(image, pixel_hash)
        here = Shown(image.patient_id, image.lesion_id, image.image_id).entry
        before = {Shown(**change["was"], image_id=image.image_id).entry for change in image.changes}
        if before - {here}:
            gone = Change(discard={"images": before - {here}})
            self.table.update(keys.pixels(pixel_hash), gone, when=None)
        return others

    def mark_duplicate(self, image_id: str, nearest: str) -> None:
        """Say anew how near the nearest image with the same pixels is, of an image marked before."""
        marked = Attr("intake.duplicate").attribute_type("S")
        with suppress(ConditionFailed):
            change = Change(set={"intake.duplicate": nearest})
            self.table.update(keys.image(image_id), change, when=marked)


def _tombstone(item: Item, now: datetime) -> Item:
    left = kept(item, TOMBSTONE)
    if item["state"] != State.WITHDRAWN.value:
        require_step(State(item["state"]), State.WITHDRAWN)
        step = {"state": State.WITHDRAWN.value, "at": timestamp(now)}
        left |= {"state": step["state"], "history": [*item["history"], step]}
    pixel_hash = pixel_hash_of(item)
    return left | ({PIXEL_HASH: pixel_hash} if pixel_hash else {})


def is_tombstone(item: Item) -> bool:
    """Whether an image's item is all that was left of it."""
    return bool(item["state"] == State.WITHDRAWN.value)


def pixel_hash_of(item: Item) -> str | None:
    """The hash of an image's pixels, where it has been examined, from its item or tombstone."""
    found: str | None = item.get(PIXEL_HASH) or item.get("intake", {}).get("pixel_hash")
    return found


def _without(item: Item, names: Iterable[str]) -> Item:
    gone = set(names)
    return {name: value for name, value in item.items() if name not in gone}


def _standing(item: Item) -> Standing:
    return Standing(
        image_id=item["image_id"],
        state=State(item["state"]),
        problem=item.get("problem"),
    )


def _written(image: Image) -> Item:
    item = asdict(image)
    item["created_at"] = timestamp(image.created_at)
    item["patient_order"] = _patient_order(image, image.lesion_id)
    if image.source is not None:
        # The list of an import's images is read from the index `by_clinic`.
        item["clinic_order"] = f"image#{item['created_at']}#{image.image_id}"
    item["capture"] = {k: v for k, v in item["capture"].items() if v is not None}
    item["history"] = list(image.history)
    item["subject"] = _written_subject(image.subject)
    item["changes"] = list(image.changes)
    return item


def _written_subject(subject: Subject) -> Item:
    return {**asdict(subject), "treated_by": list(subject.treated_by)}


def _patient_order(image: Image, lesion_id: str) -> str:
    """The sort key among what a patient has: by lesion, the oldest image first."""
    return f"image#{lesion_id}#{timestamp(image.created_at)}#{image.image_id}"


def read_image(item: Item) -> Image:
    """The image in an item of the table; of a tombstone, an image with empty values."""
    subject = item.get("subject", {"site": "", "age": None, "sex": None, "treated_by": ()})
    declared = item.get("declared", {"content_type": "image/jpeg", "bytes": 0, "sha256": ""})
    return Image(
        image_id=item["image_id"],
        lesion_id=item["lesion_id"],
        patient_id=item["patient_id"],
        clinic_id=item["clinic_id"],
        uploaded_by=item.get("uploaded_by", ""),
        kind=Kind(item["kind"]),
        state=State(item["state"]),
        created_at=moment(item["created_at"]),
        declared=Declared(**declared),
        subject=Subject(**{**subject, "treated_by": tuple(subject["treated_by"])}),
        capture=Capture(**item.get("capture", {})),
        fingerprint=item.get("fingerprint", ""),
        history=tuple(item["history"]),
        version=item.get("version"),
        attempts=item.get("attempts", 0),
        intake=Intake(**item["intake"]) if "intake" in item else None,
        classification=item.get("classification"),
        label=item.get("label"),
        problem=item.get("problem"),
        form=item.get("form"),
        trace=item.get("trace", ""),
        to_labelling=item.get("to_labelling", True),
        source=item.get("source"),
        deletion=item.get("deletion"),
        changes=tuple(item.get("changes", ())),
        following=item.get("following"),
        due_at=item.get("due_at"),
    )

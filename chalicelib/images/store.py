"""Images in the `cases` table: one item an image, one conditional write a step."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from boto3.dynamodb.conditions import Attr, ConditionBase
from boto3.dynamodb.conditions import Key as Where

from chalicelib.images.items import (
    PLACE,
    STANDING,
    patient_order,
    read_image,
    read_place,
    read_progress,
    written_image,
    written_subject,
)
from chalicelib.images.model import (
    FOLLOWED_BY,
    LABELLABLE,
    UNCLASSIFIED,
    Filing,
    Image,
    Place,
    Progress,
    State,
    require_step,
)
from chalicelib.platform import keys
from chalicelib.platform.clock import moment, timestamp
from chalicelib.platform.due import ATTRIBUTES as DUE
from chalicelib.platform.due import due
from chalicelib.platform.table import Change, ConditionFailed, Item, Table


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

    def several(self, image_ids: Sequence[str]) -> dict[str, Image]:
        """Images by id, those that exist; one call for each hundred."""
        items = self.table.get_many([keys.image(image_id) for image_id in image_ids])
        return {item["image_id"]: read_image(item) for item in items}

    def places(self, image_ids: Sequence[str]) -> dict[str, Place]:
        """Whether images await their files, by the ids of those that exist; one call for each hundred."""
        items = self.table.get_many([keys.image(image_id) for image_id in image_ids], only=PLACE)
        return {item["image_id"]: read_place(item) for item in items}

    def create(self, image: Image, *, due_at: datetime) -> Image:
        """Put a new image; if it is there already, the one that is there."""
        key = keys.image(image.image_id)
        try:
            self.table.insert(key, written_image(image) | due(key, due_at))
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

    def confirm(self, image_id: str, label: Mapping[str, Any], *, now: datetime) -> bool:
        """Let a confirmed diagnosis be the label, over any other but a later one.

        Whether nothing is left to do: False for an image that is not classified yet.
        """
        image = self.get(image_id)
        while image is not None and image.state in LABELLABLE:
            if image.proven.get("at", "") > label["at"]:
                return True
            if image.label == label and image.state is State.LABELLED:
                return True
            try:
                self.label(image, State.LABELLED, label, now=now)
            except LostStep as lost:
                image = lost.found
                continue
            return True
        return image is None or image.state not in UNCLASSIFIED

    def label(
        self, image: Image, to: State, label: Mapping[str, Any] | None, *, now: datetime
    ) -> Image:
        """Give an image a label, or none, with the state that goes with it. Raises `LostStep`."""
        values = {"label": dict(label)} if label else {}
        without = () if label else ("label",)
        when = Attr("label").eq(dict(image.label)) if image.label else Attr("label").not_exists()
        if image.state is not to:
            return self.step(image, to, now=now, values=values, remove=without, when=when)
        same = Attr("state").eq(to.value)
        return self._update(
            keys.image(image.image_id), Change(set=values, remove=without), same & when
        )

    def send(self, image: Image, *, by: str, due_at: datetime) -> Image:
        """Note who wants a classified image to be read. Raises `LostStep`."""
        key = keys.image(image.image_id)
        change = Change(set={"sent_by": by, **due(key, due_at)})
        return self._update(key, change, Attr("state").eq(State.CLASSIFIED.value))

    def retract(self, image_id: str, record_id: str, *, now: datetime, queued_by: datetime) -> None:
        """Take away the label that came from one record; the image goes back to where it was.

        One that waited for readers is queued for them again, by `queued_by` at the latest. Nothing
        happens to an image with another label, or none.
        """
        image = self.get(image_id)
        while image is not None and image.state is State.LABELLED:
            label = dict(image.label or {})
            if label.get("record_id") != record_id:
                return
            before = (State(step["state"]) for step in reversed(image.history))
            back = next(state for state in before if state is not State.LABELLED)
            waits = back is State.CLASSIFIED and image.goes_to_readers
            try:
                self.step(
                    image,
                    back,
                    now=now,
                    remove=["label"],
                    due_at=queued_by if waits else None,
                    when=Attr("label").eq(label),
                )
            except LostStep as lost:
                image = lost.found
                continue
            return

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
            "subject": written_subject(under.subject),
            "patient_order": patient_order(image, under.lesion_id),
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
    ) -> tuple[list[Progress], Item | None]:
        """A page of how an import's images stand, the oldest first, and the key that the next one
        starts after. Outlines and forms are most of an item, and stay where they are."""
        where = Where("clinic_id").eq(clinic_id) & Where("clinic_order").begins_with("image#")
        page = self.table.query(where, index="by_clinic", limit=limit, start=start, only=STANDING)
        return [read_progress(item) for item in page.items], page.last

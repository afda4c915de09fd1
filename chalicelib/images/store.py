"""Images in the `cases` table: one item an image, one conditional write a step."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from boto3.dynamodb.conditions import Attr, ConditionBase
from boto3.dynamodb.conditions import Key as Where

from chalicelib.images.model import (
    Capture,
    Declared,
    Image,
    Intake,
    Kind,
    Standing,
    State,
    Subject,
    require_step,
)
from chalicelib.platform import keys
from chalicelib.platform.clock import moment, timestamp
from chalicelib.platform.due import ATTRIBUTES as DUE
from chalicelib.platform.due import due
from chalicelib.platform.table import Change, ConditionFailed, Item, Table

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
        """
        require_step(image.state, to)
        key = keys.image(image.image_id)
        condition: ConditionBase = Attr("state").eq(image.state.value)
        if image.version is not None:
            condition &= Attr("version").eq(image.version)
        change = Change(
            set={"state": to.value, **(values or {}), **(due(key, due_at) if due_at else {})},
            append={"history": [{"state": to.value, "at": timestamp(now)}]},
            remove=[*remove, *(() if due_at else DUE)],
        )
        return self._update(key, change, condition & when if when else condition)

    def postpone(self, image: Image, due_at: datetime) -> Image:
        """Give the state the image was seen in another deadline."""
        key = keys.image(image.image_id)
        condition = Attr("state").eq(image.state.value)
        return self._update(key, Change(set=due(key, due_at)), condition)

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

    def same_pixels(self, image: Image, pixel_hash: str) -> list[tuple[str, str]]:
        """Enter `image` among those that show these pixels; the (patient, lesion) of the others."""
        entry = f"{image.patient_id} {image.lesion_id} {image.image_id}"
        item = self.table.update(
            keys.pixels(pixel_hash), Change(add={"images": {entry}}), when=None
        )
        others = (text.split(" ") for text in sorted(item["images"]) if text != entry)
        return [(patient_id, lesion_id) for patient_id, lesion_id, _ in others]


def _standing(item: Item) -> Standing:
    return Standing(
        image_id=item["image_id"],
        state=State(item["state"]),
        problem=item.get("problem"),
    )


def _written(image: Image) -> Item:
    item = asdict(image)
    item["created_at"] = timestamp(image.created_at)
    item["patient_order"] = f"image#{image.lesion_id}#{item['created_at']}#{image.image_id}"
    if image.source is not None:
        # The list of an import's images is read from the index `by_clinic`.
        item["clinic_order"] = f"image#{item['created_at']}#{image.image_id}"
    item["capture"] = {k: v for k, v in item["capture"].items() if v is not None}
    item["history"] = list(image.history)
    item["subject"]["treated_by"] = list(image.subject.treated_by)
    return item


def read_image(item: Item) -> Image:
    """The image in an item of the table."""
    subject = item["subject"]
    return Image(
        image_id=item["image_id"],
        lesion_id=item["lesion_id"],
        patient_id=item["patient_id"],
        clinic_id=item["clinic_id"],
        uploaded_by=item["uploaded_by"],
        kind=Kind(item["kind"]),
        state=State(item["state"]),
        created_at=moment(item["created_at"]),
        declared=Declared(**item["declared"]),
        subject=Subject(**{**subject, "treated_by": tuple(subject["treated_by"])}),
        capture=Capture(**item["capture"]),
        fingerprint=item["fingerprint"],
        history=tuple(item["history"]),
        version=item.get("version"),
        attempts=item.get("attempts", 0),
        intake=Intake(**item["intake"]) if "intake" in item else None,
        classification=item.get("classification"),
        label=item.get("label"),
        problem=item.get("problem"),
        form=item.get("form"),
        to_labelling=item.get("to_labelling", True),
        source=item.get("source"),
    )

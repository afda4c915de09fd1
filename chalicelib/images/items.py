"""Images as items of the `cases` table, and back."""

from dataclasses import asdict
from typing import Final

from chalicelib.images.model import (
    Capture,
    Declared,
    Image,
    Intake,
    Kind,
    Place,
    Progress,
    State,
    Subject,
)
from chalicelib.platform.clock import moment, timestamp
from chalicelib.platform.table import Item

STANDING: Final = ("image_id", "state", "problem")
"""The attributes that tell how an image stands."""
PLACE: Final = ("image_id", "state", "form")
"""The attributes that tell whether it awaits a file."""


def read_progress(item: Item) -> Progress:
    """How an image stands, from the attributes `STANDING` of its item."""
    return Progress(
        image_id=item["image_id"],
        state=State(item["state"]),
        problem=item.get("problem"),
    )


def read_place(item: Item) -> Place:
    """From the attributes `PLACE` of an image's item."""
    form = item.get("form")
    return Place(
        awaits=item["state"] == State.AWAITING_UPLOAD.value,
        until=moment(form["expires_at"]) if form else None,
    )


def written_image(image: Image) -> Item:
    """The item of a new image, without its keys and its deadline."""
    item = asdict(image)
    item["created_at"] = timestamp(image.created_at)
    item["patient_order"] = patient_order(image, image.lesion_id)
    if image.source is not None:
        # The list of an import's images is read from the index `by_clinic`.
        item["clinic_order"] = f"image#{item['created_at']}#{image.image_id}"
    item["capture"] = {k: v for k, v in item["capture"].items() if v is not None}
    item["history"] = list(image.history)
    item["subject"] = written_subject(image.subject)
    item["changes"] = list(image.changes)
    del item["earlier_opinions"]  # a new image has none
    if not image.by_patient:
        del item["by_patient"]
    return item


def written_subject(subject: Subject) -> Item:
    """The attribute `subject` of an image's item."""
    return {**asdict(subject), "treated_by": list(subject.treated_by)}


def patient_order(image: Image, lesion_id: str) -> str:
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
        earlier_opinions=tuple(item.get("earlier_opinions", ())),
        label=item.get("label"),
        problem=item.get("problem"),
        form=item.get("form"),
        trace=item.get("trace", ""),
        to_labelling=item.get("to_labelling", True),
        sent_by=item.get("sent_by"),
        source=item.get("source"),
        deletion=item.get("deletion"),
        changes=tuple(item.get("changes", ())),
        following=item.get("following"),
        by_patient=item.get("by_patient", False),
        marks=item.get("marks"),
        due_at=item.get("due_at"),
    )

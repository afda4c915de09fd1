"""The label of an image, and whether it is read: what its readers, or what outranks them, make of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.images.model import LABELLABLE, Image, State
from chalicelib.images.store import ImageStore, LostStep
from chalicelib.platform.runtime import Platform


def decide(platform: Platform, image_id: str, label: Mapping[str, Any] | None) -> None:
    """Let `label` be the label of an image, or none where its readers are in dispute.

    A confirmed diagnosis stays the label. Nothing changes when it is so already, or when the image is
    withdrawn.
    """
    images = ImageStore(platform.cases)
    image = images.get(image_id)
    while image is not None and image.state in LABELLABLE:
        held = image.label or {}
        stands = image.proven or label or {}
        to = State.LABELLED if stands else State.DISPUTED
        if (image.state, held) == (to, stands):
            return
        try:
            images.label(image, to, stands, now=platform.clock.now())
            return
        except LostStep as lost:
            image = lost.found


def send_to_readers(platform: Platform, image: Image, *, by: str, due_at: datetime) -> Image:
    """Let an image be read that would not be by itself. Doing it again changes nothing more.

    Raises `LostStep` when it is not classified, or has a verdict.
    """
    if image.state is State.IN_LABELLING or image.goes_to_readers:
        return image
    return ImageStore(platform.cases).send(image, by=by, due_at=due_at)

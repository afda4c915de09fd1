"""The label of an image: what its readers, or what outranks them, make of it."""

from collections.abc import Mapping
from typing import Any

from chalicelib.images.model import LABELLABLE, State
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
        stands = held if held.get("verification") == "high" else label or {}
        to = State.LABELLED if stands else State.DISPUTED
        if (image.state, held) == (to, stands):
            return
        try:
            images.label(image, to, stands, now=platform.clock.now())
            return
        except LostStep as lost:
            image = lost.found

"""What outranks every reading comes to be known of an image, and its case learns it.

It becomes the label of the image at level `high`. The case, where there is one, is confirmed or
overridden by it; its readers and the model are scored by it.
"""

from datetime import timedelta
from typing import Final

from chalicelib.images.store import ImageStore
from chalicelib.labelling.driving import assign_case, follow_image
from chalicelib.labelling.proof import Proof, Truth
from chalicelib.platform.runtime import Platform

__all__ = ["Proof", "Truth", "confirm", "retract"]

RETRACTED_QUEUED_BY: Final = timedelta(minutes=5)
"""When an image that waits for readers again is queued for them, if nobody has."""


def confirm(platform: Platform, image_id: str, truth: Truth) -> bool:
    """Make `truth` the label of an image; of several, the one recorded last stands.

    Doing it again changes nothing more. False while the image is still on its way to be classified,
    and cannot be labelled yet; True once nothing is left to do, also where it is withdrawn, rejected
    or gone.
    """
    done = ImageStore(platform.cases).confirm(image_id, truth.label, now=platform.clock.now())
    if follow_image(platform, image_id) is None:
        # A labelled image is not looked at again: the message that opens its case may be lost.
        assign_case(platform, image_id)
    return done


def retract(platform: Platform, image_id: str, record_id: str) -> None:
    """Take back what the record `record_id` confirmed of an image: its label from there goes, and what
    its readers said counts again. Doing it again changes nothing more, and neither is anything changed
    of an image whose label came from elsewhere.
    """
    now = platform.clock.now()
    ImageStore(platform.cases).retract(
        image_id, record_id, now=now, queued_by=now + RETRACTED_QUEUED_BY
    )
    follow_image(platform, image_id)

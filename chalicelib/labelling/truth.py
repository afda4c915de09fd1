"""What outranks every reading comes to be known of an image, and its case learns it.

It becomes the label of the image at level `high`. The case, where there is one, is confirmed or
overridden by it; its readers and the model are scored by it.
"""

from chalicelib.images.store import ImageStore
from chalicelib.labelling.driving import assign_case, follow_image
from chalicelib.labelling.proof import Proof, Truth
from chalicelib.platform.runtime import Platform

__all__ = ["Proof", "Truth", "confirm"]


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

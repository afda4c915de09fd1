"""What the classification model sees of a photograph.

Training (`training/`) and serving call the same function, so that a pixel of the model's input
means the same in both. The size is part of the model and is read from its card.
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

RESAMPLE = "bicubic"
FIT = "squeeze"
REDUCING_GAP = 3.0  # Pillow calls this indistinguishable from a full resize, and much faster


def to_model_input(image: Image.Image, *, width: int, height: int) -> NDArray[np.uint8]:
    """Return the whole image squeezed to `height` x `width`, as uint8 RGB of shape (H, W, 3).

    The aspect ratio is not kept: cropping could lose the lesion, and padding would add a border
    the model never saw. Orientation must already be applied. Scaling to floats and normalisation
    are part of the model's graph. Raises `ValueError` unless the image is RGB.
    """
    if image.mode != "RGB":
        raise ValueError(f"expected an RGB image, got mode {image.mode}")
    resized = image.resize((width, height), Image.Resampling.BICUBIC, reducing_gap=REDUCING_GAP)
    return np.asarray(resized, dtype=np.uint8)

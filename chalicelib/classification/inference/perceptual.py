"""A hash of what a picture looks like: small changes of it change few bits.

The signs of the picture's lowest 16 x 16 frequencies (discrete cosine transform, DCT-II), 256 bits.
Signs alone identify pictures across re-coding: Arnia, Iizuka, Fujiyoshi, Kiya, "Fast and robust
identification methods for JPEG images with various compression ratios" (ICASSP 2006). The usual pHash
(Zauner 2010) compares 64 frequencies with their median; on lesions, nearly all of them dark in the
middle, 64 bits do not tell enough apart, and a sign, unlike a comparison with the median, has a
known value after the picture is turned or mirrored: `duplicates.matching` gets all eight positions
from one hash.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SIDE: Final = 64
"""Pixels of the reduced picture, each way; its own proportions are not kept."""
FREQUENCIES: Final = 16
"""Each way; the hash has their square of bits."""


def _cosines() -> NDArray[np.float32]:
    """The first rows of the DCT-II of `SIDE` values, shape (16, 64)."""
    at = np.arange(SIDE)
    rows = np.arange(FREQUENCIES)[:, np.newaxis]
    return np.cos(np.pi * (2 * at + 1) * rows / (2 * SIDE)).astype(np.float32)


_COSINES: Final = _cosines()


def perceptual_hash(image: Image.Image) -> str:
    """The hash of an upright RGB picture as 64 hex digits.

    Bit 16 · row + column, counted from the first digit's highest, is 1 where the frequency `row` down
    and `column` across is positive. The first bit is that of the mean, and so always 1 unless black.
    """
    grey = image.convert("L").resize((SIDE, SIDE), Image.Resampling.BOX, reducing_gap=2.0)
    return np.packbits(_COSINES @ np.asarray(grey, np.float32) @ _COSINES.T > 0).tobytes().hex()

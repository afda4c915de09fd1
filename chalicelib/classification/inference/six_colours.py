"""The six colours of the ABCD rule in a lesion: white, red, light brown, dark brown, blue-grey, black.

The rule names them (Stolz et al. 1994, Nachbar et al. 1994) and bounds none; the bounds here are ours, in
CIE L*a*b* (CIE 15:2004, sRGB by IEC 61966-2-1 under D65), as docs/follow-up.md says with what they give.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from chalicelib.images.measured import COLOURS

Floats = NDArray[np.float32]

_MATRIX: Final = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.072175],
        [0.0193339, 0.119192, 0.9503041],
    ],
    dtype=np.float32,
) / np.array([[0.95047], [1.0], [1.08883]], dtype=np.float32)
_STEPS: Final = np.arange(256) / 255
_LINEAR: Final = np.where(
    _STEPS <= 0.04045, _STEPS / 12.92, ((_STEPS + 0.055) / 1.055) ** 2.4
).astype(np.float32)

USUAL_SKIN: Final = (70.0, 12.0, 14.0)
"""L*, a*, b* of skin where the picture shows too little of it."""
LIKE_SKIN: Final = 8.0
"""A colour difference from the skin around (ΔE*ab) below which a place has no colour of its own."""
BLACK_L: Final = 22.0
DARK_L: Final = 48.0
WHITER: Final = 5.0
REDDER: Final = 14.0
RED_HUE: Final = 22.0
VIVID: Final = 60.0
VIVID_HUE: Final = 45.0
BLUEST_B: Final = 0.0


def to_lab(pixels: NDArray[np.uint8]) -> Floats:
    """sRGB pixels (H, W, 3) as L*, a*, b* of the same shape."""
    ratios = _LINEAR[pixels] @ _MATRIX.T
    f = np.where(ratios > 216 / 24389, np.cbrt(ratios), (24389 / 27 * ratios + 16) / 116)
    lab: Floats = np.empty_like(f)
    lab[..., 0] = 116 * f[..., 1] - 16
    lab[..., 1] = 500 * (f[..., 0] - f[..., 1])
    lab[..., 2] = 200 * (f[..., 1] - f[..., 2])
    return lab


def skin_colour(lab: Floats) -> Floats:
    """The median L*, a*, b* of so many places (N, 3) of skin; dark corners of the lens are left out."""
    lit = lab[lab[:, 0] > DARK_L]
    if len(lit) < 50:
        return np.array(USUAL_SKIN, dtype=np.float32)
    median: Floats = np.median(lit, axis=0)
    return median


def shares(lesion: Floats, skin: Floats) -> dict[str, float]:
    """The share of a lesion's places, L*, a*, b* (N, 3), that has each colour; `skin` is that around it.

    What looks like the skin has no colour, so the shares may sum to less than one. Of no places all are 0.
    """
    if not len(lesion):
        return dict.fromkeys(COLOURS, 0.0)
    lightness, a, b = lesion.T
    hue = np.degrees(np.arctan2(b, a))
    own = np.hypot(np.hypot(lightness - skin[0], a - skin[1]), b - skin[2]) >= LIKE_SKIN
    chroma, skin_chroma = np.hypot(a, b), float(np.hypot(skin[1], skin[2]))
    chosen: dict[str, NDArray[np.bool_]] = {
        "black": lightness < BLACK_L,
        "white": (lightness >= skin[0] + WHITER) & (chroma < skin_chroma),
        "blue_grey": (b < BLUEST_B) & (a < skin[1] + REDDER),
        "red": (a >= skin[1] + REDDER)
        & ((hue < RED_HUE) | ((hue < VIVID_HUE) & (chroma >= VIVID))),
        "light_brown": lightness >= DARK_L,
        "dark_brown": lightness < DARK_L,
    }
    left, found = own, {}
    for name, mask in chosen.items():
        found[name] = float((left & mask).mean())
        left = left & ~mask
    return found

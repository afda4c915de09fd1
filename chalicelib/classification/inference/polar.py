"""A photograph seen from the middle of a lesion: colours along rays, as far as the lesion reaches on each."""

from collections.abc import Sequence
from math import tau

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


class Polar:
    """Samples `image` (H, W, channels) around `centre`, (x, y) in widths of the picture.

    `radii` (R,) is how far the lesion reaches along each of R directions, in the same unit, `share`
    the picture's height over its width.
    """

    def __init__(
        self, image: Floats, centre: tuple[float, float], radii: Sequence[float], share: float
    ) -> None:
        self._image, self._centre, self._share = image, centre, share
        self._radii = np.array(radii, dtype=np.float32)

    def at(self, parts: Sequence[float]) -> tuple[Floats, NDArray[np.bool_]]:
        """The nearest pixels at `parts` of the way from the centre to the border, on every ray.

        Returns (len(parts), R, channels), and (len(parts), R) whether the place is in the picture.
        """
        height, width = self._image.shape[:2]
        angles = np.arange(len(self._radii)) * (tau / len(self._radii))
        reach = np.outer(parts, self._radii)
        x = (self._centre[0] + reach * np.cos(angles)) * width
        y = (self._centre[1] + reach * np.sin(angles)) / self._share * height
        inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
        columns = x.astype(int).clip(0, width - 1)
        rows = y.astype(int).clip(0, height - 1)
        return self._image[rows, columns], inside


def mirrored(rings: Floats, weights: Sequence[float]) -> NDArray[np.float64]:
    """The mean distance of colours that lie at the same place in a mirror, for each of R axes as of `folded`.

    `rings` (rings, R, 3) as of `Polar.at`, each weighed by its ring.
    """
    rays = np.arange(rings.shape[1])
    images = rings[:, (rays[:, None] - rays) % len(rays)]
    distances = np.sqrt(((rings[:, None] - images) ** 2).sum(axis=3)).mean(axis=2)
    mean: NDArray[np.float64] = np.average(distances, axis=0, weights=weights)
    return mean

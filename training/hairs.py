"""Pictures of hairs to lay over views: thin bent lines, drawn by chance."""

import math

import numpy as np
import torch
from PIL import Image, ImageDraw
from torch import Tensor

ENLARGED = 3
"""Drawn so many times larger, then reduced, so that thin hairs are smooth."""


def draw_hairs(*, pictures: int, height: int, width: int, rng: np.random.Generator) -> Tensor:
    """Return float32 (pictures, height, width): the share of a pixel that a hair covers, 0 to 1."""
    drawn = np.empty((pictures, height, width), np.float32)
    for row in range(pictures):
        canvas = Image.new("L", (width * ENLARGED, height * ENLARGED))
        pen = ImageDraw.Draw(canvas)
        lean = rng.uniform(0, math.pi)  # hairs of one place lean alike
        for _ in range(int(rng.integers(3, 22))):
            points = _bend(canvas.size, lean + rng.normal(0, 0.35), rng)
            pen.line(points, fill=int(rng.integers(130, 256)), width=int(rng.integers(2, 6)))
        reduced = canvas.resize((width, height), Image.Resampling.BOX)
        drawn[row] = np.asarray(reduced, np.float32) / 255
    return torch.from_numpy(drawn)


def _bend(
    size: tuple[int, int], lean: float, rng: np.random.Generator
) -> list[tuple[float, float]]:
    """A part of a parabola through a random point of the picture, as a line of 24 pieces."""
    x, y = rng.uniform(0, size[0]), rng.uniform(0, size[1])
    along = np.linspace(-0.5, 0.5, 25) * max(size) * rng.uniform(0.3, 1.2)
    aside = rng.normal(0, 0.5) / max(size) * along**2
    cos, sin = math.cos(lean), math.sin(lean)
    across = (x + along * cos - aside * sin).tolist()
    down = (y + along * sin + aside * cos).tolist()
    return list(zip(across, down, strict=True))

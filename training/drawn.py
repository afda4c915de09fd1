"""Lesions drawn by code, which stand for dermatoscopic photographs in demonstrations and tests.

They are plainly no photographs, and a model taught only on real ones does not judge them. A few
hundred among its examples let them pass; they have no part in what it learns of diagnoses.
"""

import io
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from chalicelib.classification.inference.preprocess import to_model_input
from infra.local.demo_pictures import Lesion, draw
from training.pixels import Size

WIDTH: Final = 320
HEIGHT: Final = 240


def drawn_lesions(count: int, *, size: Size, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Return uint8 (count, H, W, 3): as the demonstration draws them, and plainer ones, in turn."""
    pictures = [_as_shown(rng) if row % 2 else _plain(rng) for row in range(count)]
    return np.stack(
        [to_model_input(picture, width=size.width, height=size.height) for picture in pictures]
    )


def _as_shown(rng: np.random.Generator) -> Image.Image:
    lesion = Lesion(
        _brown(rng),
        radius=rng.uniform(0.12, 0.34),
        irregularity=rng.uniform(0.0, 0.2),
        second_colour=_brown(rng) if rng.random() < 0.5 else None,
        network=rng.uniform(0, 0.4) if rng.random() < 0.5 else 0.0,
        hairs=int(rng.integers(0, 8)),
    )
    return Image.open(io.BytesIO(draw(lesion, seed=int(rng.integers(2**31))))).convert("RGB")


def _plain(rng: np.random.Generator) -> Image.Image:
    """Skin with one soft spot and a little noise."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    centre = rng.uniform(0.35, 0.65, 2)
    stretch = rng.uniform(0.8, 1.25)
    distance = np.hypot((x / WIDTH - centre[0]) * stretch, (y / HEIGHT - centre[1]) / stretch)
    spot = 1 / (1 + np.exp((distance - rng.uniform(0.08, 0.3)) * rng.uniform(20, 80)))
    waves = np.sin(x / rng.uniform(9, 40) + y / rng.uniform(9, 60))
    skin = np.array([224, 178, 154]) + rng.normal(0, 12, 3) + rng.uniform(0, 14) * waves[..., None]
    pixels = skin * (1 - spot[..., None]) + np.array(_brown(rng)) * spot[..., None]
    noisy = pixels + rng.normal(0, rng.uniform(0.5, 6), pixels.shape)
    return Image.fromarray(noisy.clip(0, 255).astype(np.uint8))


def _brown(rng: np.random.Generator) -> tuple[int, int, int]:
    red = rng.uniform(50, 190)
    return int(red), int(red * rng.uniform(0.45, 0.8)), int(red * rng.uniform(0.3, 0.75))

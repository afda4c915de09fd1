"""Photographs of moles as a phone takes them, drawn by this program, with a coin beside the mole.

As those of `demo_pictures` they are nobody's skin, and say so in their own pixels. Since the program knows what
it draws, it knows the circles that a patient would draw round it.
"""

import io
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from PIL import Image

from infra.local.demo_pictures import (
    HEIGHT,
    LABEL,
    WIDTH,
    Pixels,
    blend,
    clouds,
    skin,
    write,
)

COIN: Final = "rub_2"
COIN_MM: Final = 23.0
MOLE_AT: Final = (0.30, 0.34)
COIN_AT: Final = (0.70, 0.38)
"""Centres, in widths of the picture from its top left."""


@dataclass(frozen=True, slots=True)
class Photograph:
    """A mole of so many millimetres, on as much skin as the picture's width shows."""

    mole_mm: float
    colour: tuple[int, int, int]
    width_mm: float = 60.0
    irregularity: float = 0.08
    coin: bool = True


def draw_phone(photograph: Photograph, seed: int) -> bytes:
    """A JPEG of 720 × 540 pixels; the same arguments give the same picture."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH] / WIDTH
    picture = skin(random, x - 0.5, y - 0.375)
    picture = picture * (0.94 + 0.1 * clouds(random, 14.0))[..., None]
    mole = _mole(random, photograph, x, y)
    picture = blend(picture, np.array(photograph.colour), mole)
    picture = picture * (1 - 0.22 * mole * clouds(random, 40.0))[..., None]
    if photograph.coin:
        picture = _with_coin(picture, x, y, COIN_MM / photograph.width_mm / 2)
    picture = picture + random.normal(0, 3.0, picture.shape)
    pixels = np.clip(picture, 0, 255).astype(np.uint8)
    write(pixels, LABEL)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=88)
    return file.getvalue()


def circles(photograph: Photograph) -> dict[str, Any]:
    """The circles that a patient would draw into it, as `marks` of the API."""
    mole = {
        "x": MOLE_AT[0],
        "y": MOLE_AT[1],
        "diameter": round(photograph.mole_mm / photograph.width_mm, 4),
    }
    if not photograph.coin:
        return {"mole": mole}
    coin = {
        "object": COIN,
        "x": COIN_AT[0],
        "y": COIN_AT[1],
        "diameter": round(COIN_MM / photograph.width_mm, 4),
    }
    return {"mole": mole, "scale": coin}


def _mole(random: np.random.Generator, photograph: Photograph, x: Pixels, y: Pixels) -> Pixels:
    """1 inside the mole, 0 outside: a disc of its diameter with an uneven, soft border."""
    angle = np.arctan2(y - MOLE_AT[1], x - MOLE_AT[0])
    waves = sum(
        random.normal(0, photograph.irregularity / turns)
        * np.sin(turns * angle + random.uniform(0, 2 * np.pi))
        for turns in range(2, 7)
    )
    radius = photograph.mole_mm / photograph.width_mm / 2
    away = np.hypot(x - MOLE_AT[0], y - MOLE_AT[1])
    return np.asarray(np.clip((radius * (1 + waves) - away) / 0.008 + 0.5, 0, 1))


def _disc(x: Pixels, y: Pixels, at: tuple[float, float], radius: float) -> Pixels:
    """1 inside a disc, 0 outside, with a soft border."""
    away = np.hypot(x - at[0], y - at[1])
    return np.asarray(np.clip((radius - away) / 0.004 + 0.5, 0, 1))


def _with_coin(picture: Pixels, x: Pixels, y: Pixels, radius: float) -> Pixels:
    """A disc of grey metal with a rim, and the shadow that it throws."""
    shadow = _disc(x, y, (COIN_AT[0] + 0.008, COIN_AT[1] + 0.01), radius)
    picture = picture * (1 - 0.35 * shadow)[..., None]
    metal = np.array([186, 186, 180])
    picture = blend(picture, metal, _disc(x, y, COIN_AT, radius))
    rim = _disc(x, y, COIN_AT, radius) - _disc(x, y, COIN_AT, 0.9 * radius)
    picture = picture * (1 - 0.25 * rim)[..., None]
    away = np.hypot(x - COIN_AT[0] + radius / 3, y - COIN_AT[1] + radius / 3)
    gleam = _disc(x, y, COIN_AT, 0.9 * radius) * np.clip(1 - away / radius, 0, 1)
    return np.asarray(np.clip(picture + 34 * gleam[..., None], 0, 255))

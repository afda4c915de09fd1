"""Dermatoscopic pictures drawn by this program: plainly no one's skin, and labelled so.

Only for showing the system at work. They look enough like lesions for the pages to be judged, and
say `СИНТЕТИЧЕСКОЕ / SYNTHETIC` in their own pixels, where no step of the intake removes it.
"""

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

WIDTH, HEIGHT = 720, 540
LABEL = ("СИНТЕТИЧЕСКОЕ", "SYNTHETIC")

Pixels = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Lesion:
    """What to draw. Lengths are parts of the picture's height; colours are RGB, 0..255."""

    colour: tuple[int, int, int]
    radius: float = 0.26
    irregularity: float = 0.08
    second_colour: tuple[int, int, int] | None = None
    network: float = 0.0
    hairs: int = 0


def draw(lesion: Lesion, seed: int) -> bytes:
    """A JPEG of 720 × 540 pixels; the same arguments give the same picture."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH] / HEIGHT
    x = x - WIDTH / HEIGHT / 2
    y = y - 0.5
    picture = skin(random, x, y)
    inside = _shape(random, lesion, x, y)
    picture = blend(picture, np.array(lesion.colour), inside)
    if lesion.second_colour is not None:
        patch = inside * clouds(random, 3.0)
        picture = blend(picture, np.array(lesion.second_colour), patch)
    if lesion.network:
        lines = np.abs(np.sin(70 * (x + 0.02 * clouds(random, 6.0)))) * np.abs(np.sin(70 * y))
        picture = picture * (1 - lesion.network * inside * (lines < 0.25))[..., None]
    for _ in range(lesion.hairs):
        picture = picture * (1 - 0.75 * _hair(random, x, y))[..., None]
    # The dark rim of a contact dermatoscope.
    picture = picture * np.clip((0.66 - np.hypot(x, y)) * 20, 0.05, 1)[..., None]
    picture = picture + random.normal(0, 2.5, picture.shape)
    pixels = np.clip(picture, 0, 255).astype(np.uint8)
    write(pixels, LABEL)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=90)
    return file.getvalue()


def skin(random: np.random.Generator, x: Pixels, y: Pixels) -> Pixels:
    tone = np.array([222, 178, 156]) + random.normal(0, 6, 3)
    light = 1 - 0.25 * np.hypot(x, y) + 0.05 * (clouds(random, 5.0) - 0.5)
    return np.asarray(light[..., None] * tone)


def _shape(random: np.random.Generator, lesion: Lesion, x: Pixels, y: Pixels) -> Pixels:
    """1 inside the lesion, 0 outside, with a soft border of irregular course."""
    x0, y0 = random.uniform(-0.06, 0.06, 2)
    angle = np.arctan2(y - y0, x - x0)
    border = np.full_like(x, lesion.radius)
    for waves in range(2, 8):
        phase, height = (
            random.uniform(0, 2 * np.pi),
            random.normal(0, 2 * lesion.irregularity / waves),
        )
        border += lesion.radius * height * np.sin(waves * angle + phase)
    return np.asarray(np.clip((border - np.hypot(x - x0, y - y0)) / 0.03 + 0.5, 0, 1))


def clouds(random: np.random.Generator, scale: float) -> Pixels:
    """Smooth noise in 0..1; `scale` is how many clouds fit the height."""
    columns, rows = int(scale * 4 / 3) + 2, int(scale) + 2
    coarse = (random.random((rows, columns)) * 255).astype(np.uint8)
    smooth = Image.fromarray(coarse).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
    return np.asarray(smooth, dtype=np.float64) / 255


def _hair(random: np.random.Generator, x: Pixels, y: Pixels) -> Pixels:
    slope, height = random.uniform(-1.5, 1.5), random.uniform(-0.4, 0.4)
    bend = random.uniform(-0.6, 0.6)
    away = np.abs(y - height - slope * x - bend * x**2) / np.hypot(1, slope)
    return np.asarray(np.clip(1.6 - away * 500, 0, 1))


def blend(picture: Pixels, colour: Pixels, much: Pixels) -> Pixels:
    return np.asarray(picture * (1 - 0.9 * much[..., None]) + 0.9 * much[..., None] * colour)


# Letters of the label, five by seven. Pillow's own typeface has no Cyrillic, and no font is
# installed everywhere. Cyrillic letters that look like Latin ones share their shape.
_LETTERS = {
    "C": "01110 10001 10000 10000 10000 10001 01110",
    "E": "11111 10000 10000 11110 10000 10000 11111",
    "H": "10001 10001 10001 11111 10001 10001 10001",
    "I": "01110 00100 00100 00100 00100 00100 01110",
    "K": "10001 10010 10100 11000 10100 10010 10001",
    "N": "10001 11001 10101 10101 10011 10001 10001",
    "O": "01110 10001 10001 10001 10001 10001 01110",
    "S": "01111 10000 10000 01110 00001 00001 11110",
    "T": "11111 00100 00100 00100 00100 00100 00100",
    "Y": "10001 10001 01010 00100 00100 00100 00100",
    "И": "10001 10001 10011 10101 11001 10001 10001",
    "Ч": "10001 10001 10001 01111 00001 00001 00001",
}
_SAME_SHAPE = str.maketrans("СЕНКОТ", "CEHKOT")
_DOT = 4


def write(pixels: NDArray[np.uint8], lines: tuple[str, ...]) -> None:
    top = HEIGHT - len(lines) * 9 * _DOT
    for number, line in enumerate(lines):
        for place, letter in enumerate(line.translate(_SAME_SHAPE)):
            rows = _LETTERS[letter].split()
            for row, dots in enumerate(rows):
                for column, dot in enumerate(dots):
                    y = top + (number * 9 + row) * _DOT
                    x = (2 + place * 6 + column) * _DOT
                    if dot == "1":
                        pixels[y : y + _DOT, x : x + _DOT] = (255, 235, 130)

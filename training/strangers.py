"""Pictures a model of dermatoscopic lesions should not judge: phone photographs, bare skin, others.

Parts are cut from photographs at random, so that a few dozen files give hundreds of pictures. A file
serves either for training or for testing, by its name.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from chalicelib.classification.inference.preprocess import to_model_input
from training.data import KINDS
from training.pixels import Examples, Size

TEST_SHARE: Final = 0.35
SKIN_WINDOW: Final = 0.42
"""Side of the window, as a share of the photograph's, in which skin without a lesion is looked for."""


@dataclass(frozen=True, slots=True)
class Strangers:
    """Pictures of the model's size, uint8 (N, H, W, 3), and positions in `KINDS` (N,)."""

    images: NDArray[np.uint8]
    kinds: NDArray[np.int64]


def strangers(
    *,
    photographs: Path | None,
    others: Path | None,
    lesions: Examples,
    testing: bool,
    size: Size,
    each: int,
    rng: np.random.Generator,
) -> Strangers:
    """Return about `each` pictures of every kind but the dermatoscopic.

    photographs: folder of phone photographs of lesions; others: folder of any other pictures (both
    may be None: then there are none of the kind, or only drawn ones). lesions: dermatoscopic
    photographs with outlines, from whose surroundings skin is cut. With `testing`, from files that
    never serve for training.
    """
    found: list[tuple[str, Image.Image]] = []
    if photographs:
        found += (("photograph", p) for p in _parts(photographs, testing, each, 0.55, rng))
    found += (("skin", p) for p in _bare_skin(lesions, each, rng))
    drawn = each // 2 if others else each
    if others:
        found += (("other", p) for p in _parts(others, testing, each - drawn, 0.2, rng))
    found += (("other", _drawn(rng)) for _ in range(drawn))
    return Strangers(
        images=np.stack(
            [to_model_input(p, width=size.width, height=size.height) for _, p in found]
        ),
        kinds=np.array([KINDS.index(kind) for kind, _ in found], np.int64),
    )


def serves_testing(name: str) -> bool:
    """Whether a file of this name is kept for testing."""
    digest = hashlib.sha256(name.encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64 < TEST_SHARE


def _parts(
    folder: Path, testing: bool, count: int, least: float, rng: np.random.Generator
) -> Iterator[Image.Image]:
    """Parts of the folder's pictures, at least `least` of their sides, turned or mirrored."""
    files = sorted(p for p in folder.rglob("*") if p.suffix.lower() in {".jpg", ".jpeg", ".png"})
    files = [file for file in files if serves_testing(file.name) is testing]
    for number, file in enumerate(files):
        with Image.open(file) as opened:
            whole = opened.convert("RGB")
        for _ in range(number, count, len(files)):
            share = rng.uniform(least, 1.0)
            width, height = round(whole.width * share), round(whole.height * share)
            left = int(rng.integers(whole.width - width + 1))
            top = int(rng.integers(whole.height - height + 1))
            yield _turned(whole.crop((left, top, left + width, top + height)), rng)


def _bare_skin(lesions: Examples, count: int, rng: np.random.Generator) -> Iterator[Image.Image]:
    """Windows of dermatoscopic photographs with no part of the lesion's outline."""
    height, width = (round(side * SKIN_WINDOW) for side in lesions.images.shape[1:3])
    for row in rng.permutation(np.flatnonzero(lesions.outlined)):
        for _ in range(6):
            top = int(rng.integers(lesions.images.shape[1] - height + 1))
            left = int(rng.integers(lesions.images.shape[2] - width + 1))
            window = np.s_[row, top : top + height, left : left + width]
            if not lesions.outlines[window].any():
                yield _turned(Image.fromarray(lesions.images[window]), rng)
                count -= 1
                break
        if not count:
            return


def _turned(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    for way in (
        Image.Transpose.FLIP_LEFT_RIGHT,
        Image.Transpose.FLIP_TOP_BOTTOM,
        Image.Transpose.TRANSPOSE,
    ):
        if rng.random() < 0.5:
            picture = picture.transpose(way)
    return picture


def _drawn(rng: np.random.Generator) -> Image.Image:
    """Noise from coarse to fine, plain colour with shapes, or a page of text."""
    kind = rng.integers(3)
    if kind == 0:
        grain = int(rng.choice([1, 2, 4, 8, 16, 48]))
        noise = rng.integers(0, 256, (grain * 3, grain * 4, 3), dtype=np.uint8)
        return Image.fromarray(noise).resize((400, 300), Image.Resampling.BICUBIC)
    page = Image.new("RGB", (400, 300), _colour(rng) if kind == 1 else (245, 245, 240))
    pen = ImageDraw.Draw(page)
    if kind == 1:
        for _ in range(int(rng.integers(0, 12))):
            corners = rng.integers(0, 400, 4).reshape(2, 2)
            box = [tuple(corners.min(axis=0).tolist()), tuple((corners.max(axis=0) + 1).tolist())]
            (pen.rectangle if rng.random() < 0.7 else pen.ellipse)(box, fill=_colour(rng))
        return page
    for line in range(int(rng.integers(4, 22))):
        words = " ".join("x" * int(n) for n in rng.integers(1, 10, 9))
        pen.text((20, 12 + line * 13), words, fill=(20, 20, 30))
    return page


def _colour(rng: np.random.Generator) -> tuple[int, int, int]:
    red, green, blue = rng.integers(0, 256, 3).tolist()
    return red, green, blue

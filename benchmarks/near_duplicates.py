"""How well near-duplicates are told from other pictures: `python -m benchmarks.near_duplicates [MODEL]`.

Some hundred images of HAM10000 are coded, cut, turned and lit anew; each is looked for among all 10,015
by the perceptual hash, by the model's embedding, and by both together. A pair of images of two lesions
is counted as false; the set itself holds a few photographs twice, under two lesions, which are shown
by name. Prints tables for docs/duplicates.md, and the cosine for the model's card (`near_duplicate`).

Needs ../shared/data/ham10000 beside the checkout. Takes some ten minutes of one core.
"""

import argparse
import csv
import io
import sys
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from PIL import Image, ImageEnhance

from chalicelib.classification.inference.card import Card
from chalicelib.classification.inference.perceptual import perceptual_hash
from chalicelib.classification.inference.preprocess import to_model_input
from chalicelib.duplicates.matching import positions
from chalicelib.duplicates.model import HASH_ALONE, HASH_WITH_EMBEDDING

ROOT: Final = Path(__file__).parents[1]
SET: Final = ROOT.parent / "shared" / "data" / "ham10000"
MODEL: Final = ROOT / "layers" / "inference" / "model" / "rodinka-2.onnx"
CHANGED: Final = 400
BATCH: Final = 64
PER_IMAGES: Final = 10_000
FALSE_PAIRS: Final = 2.0
"""So many among `PER_IMAGES` images may the embedding let through; a curator looks at each."""
ALONE: Final = (20, 24, 28, 32, HASH_ALONE, 40, 44, 48)
WITH: Final = (48, 56, 64, 72, HASH_WITH_EMBEDDING, 90)
COSINES: Final = (0.9, 0.95, 0.97, 0.98, 0.985, 0.99, 0.9925, 0.995, 0.9975)

Picture = Image.Image
Change = Callable[[Picture, Random], Picture]


def _coded(picture: Picture, quality: int) -> Picture:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return Image.open(out).convert("RGB")


def _cut(picture: Picture, part: float, chance: Random) -> Picture:
    width, height = picture.size
    across, down = int(width * part), int(height * part)
    left, top = chance.randint(0, across), chance.randint(0, down)
    return picture.crop((left, top, width - across + left, height - down + top))


def _lit(picture: Picture, factor: float) -> Picture:
    return ImageEnhance.Brightness(picture).enhance(factor)


def _tinted(picture: Picture) -> Picture:
    bands = zip(picture.split(), (1.06, 1.0, 0.94), strict=True)
    return Image.merge(
        "RGB", [band.point(lambda v, k=k: min(255, int(v * k))) for band, k in bands]
    )


_WAY: Final = Image.Transpose
CHANGES: Final[dict[str, Change]] = {
    "coded anew at quality 50": lambda one, _: _coded(one, 50),
    "60 % of the size": lambda one, _: _coded(
        one.resize((int(one.width * 0.6), int(one.height * 0.6)), Image.Resampling.LANCZOS), 85
    ),
    "turned by 90°": lambda one, _: _coded(one.transpose(_WAY.ROTATE_90), 90),
    "turned by 180°": lambda one, _: _coded(one.transpose(_WAY.ROTATE_180), 90),
    "mirrored": lambda one, _: _coded(one.transpose(_WAY.FLIP_LEFT_RIGHT), 90),
    "brighter by 20 %": lambda one, _: _coded(_lit(one, 1.2), 90),
    "darker by 20 %": lambda one, _: _coded(_lit(one, 0.8), 90),
    "more contrast": lambda one, _: _coded(ImageEnhance.Contrast(one).enhance(1.25), 90),
    "another white": lambda one, _: _coded(_tinted(one), 90),
    "3 % of each side cut": lambda one, chance: _coded(_cut(one, 0.03, chance), 90),
    "6 % cut": lambda one, chance: _coded(_cut(one, 0.06, chance), 90),
    "10 % cut": lambda one, chance: _coded(_cut(one, 0.10, chance), 90),
    "turned, 3 % cut, brighter": lambda one, chance: _coded(
        _lit(_cut(one.transpose(_WAY.TRANSVERSE), 0.03, chance), 1.1), 70
    ),
}


@dataclass(frozen=True)
class Seen:
    """Pictures by hash (shape (n, 4)) and embedding of unit length (n, d)."""

    hashes: NDArray[np.uint64]
    lying: NDArray[np.uint64]
    """In eight positions: (n, 8, 4)."""
    embeddings: NDArray[np.float32]


class Looking:
    """One model, and what it and the hash see."""

    def __init__(self, model: Path) -> None:
        self.card = Card.read(model.with_suffix(".json"))
        self._session = onnxruntime.InferenceSession(
            model.read_bytes(), providers=["CPUExecutionProvider"]
        )

    def __call__(self, shown: Sequence[Picture]) -> Seen:
        digits = [perceptual_hash(one) for one in shown]
        lying = np.stack([positions(each) for each in digits])
        batches = [self._embed(shown[at : at + BATCH]) for at in range(0, len(shown), BATCH)]
        return Seen(lying[:, 0].copy(), lying, np.concatenate(batches))

    def _embed(self, shown: Sequence[Picture]) -> NDArray[np.float32]:
        size = self.card.preprocessing
        pixels = [to_model_input(one, width=size.width, height=size.height) for one in shown]
        (found,) = self._session.run(["embedding"], {"pixels": np.stack(pixels)})
        values = np.asarray(found, np.float32).astype(np.float16).astype(np.float32)
        return np.asarray(values / np.linalg.norm(values, axis=1, keepdims=True), np.float32)


def distances(one: NDArray[np.uint64], others: NDArray[np.uint64]) -> NDArray[np.uint16]:
    """The bits in which a hash, in its nearest position (8, 4), differs from others (n, 4)."""
    nearest = np.full(len(others), 256, np.uint16)
    for position in one:
        bits = np.bitwise_count(others ^ position).sum(axis=1, dtype=np.uint16)
        np.minimum(nearest, bits, out=nearest)
    return nearest


@dataclass(frozen=True)
class Pairs:
    """Pairs of the set that may be near: rows, distance, cosine; `same` where of one lesion."""

    one: NDArray[np.intp]
    other: NDArray[np.intp]
    distance: NDArray[np.uint16]
    cosine: NDArray[np.float32]
    same: NDArray[np.bool_]


def pairs(seen: Seen, lesions: NDArray[np.int64], *, most: int, least: float) -> Pairs:
    """All pairs with at most `most` bits, or at least this cosine."""
    found = []
    for row in range(len(lesions)):
        bits = distances(seen.lying[row], seen.hashes[row + 1 :])
        cosines = seen.embeddings[row + 1 :] @ seen.embeddings[row]
        kept = np.flatnonzero((bits <= most) | (cosines >= least))
        other = kept + row + 1
        same = lesions[other] == lesions[row]
        found.append((np.full(len(kept), row), other, bits[kept], cosines[kept], same))
    return Pairs(*(np.concatenate(column) for column in zip(*found, strict=True)))


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.near_duplicates")
    parser.add_argument("model", nargs="?", type=Path, default=MODEL)
    model = parser.parse_args(arguments).model
    if not SET.exists():
        print(f"{SET} is not there: nothing is measured.")
        return 0
    with zipfile.ZipFile(SET / "images.zip") as archive, (SET / "manifest.csv").open() as lines:
        rows = list(csv.DictReader(lines))
        shown = [Image.open(io.BytesIO(archive.read(row["file"]))).convert("RGB") for row in rows]
    look = Looking(model)
    _, lesions = np.unique([row["lesion_id"] for row in rows], return_inverse=True)
    known = look(shown)
    among = pairs(known, lesions, most=max(WITH), least=min(COSINES))
    scale = (PER_IMAGES / len(rows)) ** 2
    chance = Random(1)
    picked = chance.sample(range(len(rows)), CHANGED)
    found = {}
    for name, change in CHANGES.items():
        changed = look([change(shown[row], chance) for row in picked])
        bits = np.array(
            [
                distances(changed.lying[at], known.hashes[row : row + 1])[0]
                for at, row in enumerate(picked)
            ]
        )
        found[name] = bits, (changed.embeddings * known.embeddings[picked]).sum(axis=1)
    apart = ~among.same
    print(f"\n{look.card.name} {look.card.version}; false pairs are of {PER_IMAGES:,} images.\n")
    _alone(among, apart, scale, found)
    cosine = _together(among, apart, scale, found)
    print(f'\nFor the card: "near_duplicate": {{"cosine": {cosine}}}')
    _lesions(among, lesions)
    print("\nThe nearest of two lesions (look at them: some are one photograph):")
    order = np.argsort(among.distance[apart], kind="stable")[:12]
    for at in order:
        one, other = (rows[int(side[apart][at])] for side in (among.one, among.other))
        print(
            f"  {one['image_id']} {other['image_id']}  {among.distance[apart][at]} bits,"
            f" cosine {among.cosine[apart][at]:.3f}"
        )
    return 0


Found = dict[str, tuple[NDArray[np.uint16], NDArray[np.float32]]]


def _alone(among: Pairs, apart: NDArray[np.bool_], scale: float, found: Found) -> None:
    print("| hash alone, bits at most | " + " | ".join(map(str, ALONE)) + " |")
    print("| --- |" + " --- |" * len(ALONE))
    false = [scale * np.count_nonzero(apart & (among.distance <= most)) for most in ALONE]
    print("| pairs of two lesions | " + " | ".join(f"{each:.0f}" for each in false) + " |")
    for name, (bits, _) in found.items():
        shares = (f"{np.mean(bits <= most):.1%}" for most in ALONE)
        print(f"| {name} | " + " | ".join(shares) + " |")


def _together(among: Pairs, apart: NDArray[np.bool_], scale: float, found: Found) -> float:
    """The least cosine that, with `HASH_WITH_EMBEDDING`, lets few enough false pairs through."""
    print("\n| found with | false | " + " | ".join(name for name in found if "cut" in name) + " |")
    print("| --- | --- |" + " --- |" * sum("cut" in name for name in found))
    chosen = 1.0
    for most in (256, *WITH):
        for cosine in COSINES:
            near = (among.distance <= most) & (among.cosine >= cosine)
            false = scale * np.count_nonzero(apart & near)
            if false > FALSE_PAIRS and cosine != COSINES[-1]:
                continue
            if most == HASH_WITH_EMBEDDING:
                chosen = cosine
            with_ = "embedding alone" if most == 256 else f"hash ≤ {most}"
            shares = (
                f"{np.mean((bits <= most) & (cosines >= cosine)):.1%}"
                for name, (bits, cosines) in found.items()
                if "cut" in name
            )
            print(f"| {with_}, cosine ≥ {cosine} | {false:.1f} | " + " | ".join(shares) + " |")
            break
    print(f"\n| hash ≤ {HASH_ALONE}, or ≤ {HASH_WITH_EMBEDDING} and cosine ≥ {chosen} | found |")
    print("| --- | --- |")
    near = (among.distance <= HASH_ALONE) | (
        (among.distance <= HASH_WITH_EMBEDDING) & (among.cosine >= chosen)
    )
    print(f"| pairs of two lesions | {scale * np.count_nonzero(apart & near):.0f} |")
    for name, (bits, cosines) in found.items():
        kept = (bits <= HASH_ALONE) | ((bits <= HASH_WITH_EMBEDDING) & (cosines >= chosen))
        print(f"| {name} | {kept.mean():.1%} |")
    return chosen


def _lesions(among: Pairs, lesions: NDArray[np.int64]) -> None:
    """Whether the embedding alone tells two photographs of one lesion from those of two."""
    sizes = np.bincount(lesions)
    repeats = float((sizes * (sizes - 1)).sum()) / 2
    print("\n| two photographs of one lesion: cosine at least | found | right among those found |")
    print("| --- | --- | --- |")
    for cosine in COSINES:
        near = among.cosine >= cosine
        same, every = int((near & among.same).sum()), int(near.sum())
        print(f"| {cosine} | {same / repeats:.1%} | {same / max(1, every):.1%} |")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Decode the photographs and outlines of the source archives into arrays of the model's size."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from tqdm import tqdm

from chalicelib.classification.inference.preprocess import to_model_input
from training.data import CLASSES, Photograph
from training.outlines import shares_inside


class Size(NamedTuple):
    """Pixels of a picture."""

    width: int
    height: int


NATIVE: Final = Size(200, 150)
"""The size of HAM10000's images here: views for training are cut from it."""


@dataclass(frozen=True, slots=True)
class Examples:
    """Photographs ready for the network, aligned by position.

    images: uint8 (N, H, W, 3) RGB. labels: int64 (N,) positions in `CLASSES`, -1 where not known.
    outlines: uint8 (N, H, W), 0 to 255, the share of a pixel inside the lesion.
    outlined: bool (N,), whether an expert outlined the photograph; where not, its outline is 0.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    lesions: tuple[str, ...]
    outlines: NDArray[np.uint8]
    outlined: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.labels)


def load(photographs: Sequence[Photograph], *, width: int, height: int) -> Examples:
    """Decode photographs and their outlines to `height` x `width`.

    Raises `KeyError` or `FileNotFoundError` when an archive lacks a member the manifest names.
    """
    images = np.empty((len(photographs), height, width, 3), np.uint8)
    outlines = np.zeros((len(photographs), height, width), np.uint8)
    archives: dict[Path, zipfile.ZipFile] = {}

    def read(archive: Path, member: str) -> Image.Image:
        if archive.is_dir():
            return Image.open(io.BytesIO((archive / member).read_bytes()))
        if archive not in archives:
            archives[archive] = zipfile.ZipFile(archive)
        return Image.open(io.BytesIO(archives[archive].read(member)))

    shown = tqdm(photographs, desc="photographs", unit="", mininterval=5)
    try:
        for row, photograph in enumerate(shown):
            image = read(photograph.archive, photograph.member).convert("RGB")
            images[row] = to_model_input(image, width=width, height=height)
            if photograph.mask_archive and photograph.mask_member:
                mask = read(photograph.mask_archive, photograph.mask_member).convert("L")
                outlines[row] = np.asarray(mask.resize((width, height), Image.Resampling.BOX))
            elif photograph.borders:
                borders = map(np.array, photograph.borders)
                outlines[row] = shares_inside(borders, (height, width))
    finally:
        for opened in archives.values():
            opened.close()
    return Examples(
        images=images,
        labels=np.array([CLASSES.index(p.label) if p.label else -1 for p in photographs], np.int64),
        lesions=tuple(p.lesion_id for p in photographs),
        outlines=outlines,
        outlined=np.array([p.outlined for p in photographs], np.bool_),
    )

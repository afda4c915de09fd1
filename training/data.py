"""Which photographs the model learns from, what they show, and which part each belongs to.

Only the standard library is needed here, so that tests and the serving side can ask which
photographs were held out without installing a training framework.
"""

import csv
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

CLASSES = (
    "nevus",
    "melanoma",
    "actinic_keratosis",
    "basal_cell_carcinoma",
    "benign_keratosis",
    "dermatofibroma",
    "squamous_cell_carcinoma",
    "vascular_lesion",
)
"""The trained classes in the order of the model's output. `unknown` is abstention, not a class."""

HAM10000_LABELS = {
    "NV": "nevus",
    "MEL": "melanoma",
    "AK": "actinic_keratosis",
    "BCC": "basal_cell_carcinoma",
    "BKL": "benign_keratosis",
    "DF": "dermatofibroma",
    "SCC": "squamous_cell_carcinoma",
    "VASC": "vascular_lesion",
}
"""HAM10000's diagnoses as ISIC 2019 codes them, where `akiec` is split into AK and SCC."""

ISIC2017_LABELS = {
    "nevus": "nevus",
    "melanoma": "melanoma",
    "seborrheic_keratosis": "benign_keratosis",
}

KINDS = ("dermatoscopic", "photograph", "skin", "other")
"""What a picture may be: a lesion under a dermatoscope, a lesion as a phone sees it, skin without a
lesion, anything else."""

Border = tuple[tuple[float, float], ...]
"""Corners of a closed line, (x, y) in 0..1 of width and height."""

SPLIT_SEED = "rodinka-1"
HOLD_OUT_SHARE = 0.2
VALIDATION_SHARE = 0.1


class Part(StrEnum):
    """The use a photograph may be put to."""

    TRAINING = "training"
    VALIDATION = "validation"
    HOLD_OUT = "hold_out"


@dataclass(frozen=True, slots=True)
class Photograph:
    """One dermatoscopic image of a source archive.

    `member` and `mask_member` are paths inside `archive` and `mask_archive`, each a zip or a folder.
    What an expert outlined is either a mask or `borders`: closed lines through (x, y) in 0..1 of
    width and height. A source without expert outlines has neither.
    """

    image_id: str
    lesion_id: str
    label: str
    source: str
    archive: Path
    member: str
    mask_archive: Path | None = None
    mask_member: str | None = None
    borders: tuple[Border, ...] = ()
    age: float | None = None
    sex: str | None = None
    site: str | None = None

    @property
    def outlined(self) -> bool:
        """Whether an expert outlined it."""
        return self.mask_member is not None or bool(self.borders)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the photographs come from that a model is judged on, in the words of its card."""

    source: Mapping[str, str]
    """`name`, `authors`, `citation`, `licence` and `changes`."""
    split: Mapping[str, str]
    """`rule`, `seed` and `by`."""
    licence: str
    """Of a model made from them."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Photographs in three parts, and further ones that are only trained on."""

    parts: dict[Part, list[Photograph]]
    further: list[Photograph]
    origin: Origin | None = None
    """Of the three parts; None: HAM10000."""
    aspect: float = 0.75
    """Height over width of the photographs before they are squeezed."""

    @property
    def training(self) -> list[Photograph]:
        """All that may be trained on."""
        return self.parts[Part.TRAINING] + self.further


def read_sources(ham10000: Path, isic2017: Path | None) -> Sources:
    """Read both manifests and split HAM10000; raises as the readers of the manifests do."""
    photographs = read_ham10000(ham10000)
    return Sources(
        parts={part: select(photographs, part) for part in Part},
        further=read_isic2017(isic2017) if isic2017 else [],
    )


def part_of(lesion_id: str, *, seed: str = SPLIT_SEED) -> Part:
    """Return the part of a lesion: about a fifth held out, a tenth validation, the rest training.

    The part follows from SHA-256 of the seed and the lesion's id alone. All photographs of a lesion
    therefore stay together, and a lesion keeps its part when others are added to the set.
    """
    position = position_of(lesion_id, seed=seed)
    if position < HOLD_OUT_SHARE:
        return Part.HOLD_OUT
    if position < HOLD_OUT_SHARE + VALIDATION_SHARE:
        return Part.VALIDATION
    return Part.TRAINING


def position_of(lesion_id: str, *, seed: str) -> float:
    """Where a lesion lies between 0 and 1, evenly spread and always the same."""
    digest = hashlib.sha256(f"{seed}/{lesion_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def read_ham10000(folder: Path) -> list[Photograph]:
    """Read HAM10000's `manifest.csv`, in its order.

    Raises `FileNotFoundError` when the manifest is absent and `ValueError` for a diagnosis that
    is not in `HAM10000_LABELS`.
    """
    photographs = []
    for row in _rows(folder / "manifest.csv"):
        photographs.append(
            Photograph(
                image_id=row["image_id"],
                lesion_id=row["lesion_id"],
                label=_label(HAM10000_LABELS, row["isic2019_label"], row["image_id"]),
                source="ham10000",
                archive=folder / "images.zip",
                member=row["file"],
                mask_archive=folder / "masks.zip",
                mask_member=row["mask"],
                age=float(row["age"]) if row["age"] else None,
                sex=_known(row["sex"]),
                site=_known(row["localization"]),
            )
        )
    return photographs


def read_isic2017(folder: Path) -> list[Photograph]:
    """Read the training images of the ISIC 2017 challenge; one image is one lesion there.

    Its validation images are left out: their labels only say melanoma or not.
    """
    photographs = []
    for row in _rows(folder / "manifest.csv"):
        if not row["file"].startswith("ISIC-2017_Training_Data/"):
            continue
        photographs.append(
            Photograph(
                image_id=row["image_id"],
                lesion_id=f"isic2017/{row['image_id']}",
                label=_label(ISIC2017_LABELS, row["label"], row["image_id"]),
                source="isic2017",
                archive=folder / "images.zip",
                member=row["file"],
            )
        )
    return photographs


def read_isic2017_test(folder: Path) -> list[tuple[Photograph, bool]]:
    """Read the challenge's validation images, never trained on: each with whether it is a melanoma.

    Their labels say no more, so `label` is empty.
    """
    found = []
    for row in _rows(folder / "manifest.csv"):
        if row["file"].startswith("ISIC-2017_Validation_Data/"):
            image_id, archive = row["image_id"], folder / "images.zip"
            lesion_id = f"isic2017/{image_id}"
            shown = Photograph(image_id, lesion_id, "", "isic2017", archive, row["file"])
            found.append((shown, row["label"] == "melanoma"))
    return found


def select(photographs: Iterable[Photograph], part: Part) -> list[Photograph]:
    """Return the photographs whose lesion belongs to `part`, in the order given."""
    return [photograph for photograph in photographs if part_of(photograph.lesion_id) is part]


def _rows(manifest: Path) -> Iterable[dict[str, str]]:
    with manifest.open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def _known(value: str) -> str | None:
    return None if value in {"", "unknown"} else value


def _label(labels: dict[str, str], diagnosis: str, image_id: str) -> str:
    try:
        return labels[diagnosis]
    except KeyError:
        raise ValueError(f"{image_id}: unknown diagnosis {diagnosis!r}") from None

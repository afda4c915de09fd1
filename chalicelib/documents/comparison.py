"""A release beside the public sets of the first paper (table 2): images by class, and what is known of patients.

Sums over the paper's training, validation and test parts. One figure is not the paper's: see `NOTES`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.platform.language import Text
from chalicelib.platform.lesion_classes import LesionClass

CLASSES: Final = (
    LesionClass.NEVUS,
    LesionClass.BENIGN_KERATOSIS,
    LesionClass.BASAL_CELL_CARCINOMA,
    LesionClass.ACTINIC_KERATOSIS,
    LesionClass.DERMATOFIBROMA,
    LesionClass.VASCULAR_LESION,
    LesionClass.MELANOMA,
    LesionClass.SQUAMOUS_CELL_CARCINOMA,
)
"""The paper's columns, in its order. Its SK (seborrheic keratosis) stands under our benign keratosis."""
OTHER: Final = "other"
"""Units whose class of the plan joins several diagnoses, or is none of the eight."""

AGE, SEX, SITE = "age", "sex", "site"


@dataclass(frozen=True)
class Row:
    """One set. None in `counts`: the set has no such class, or the paper tells no figure."""

    name: str
    images: int
    masks: int | None
    counts: Mapping[str, int | None]
    metadata: tuple[str, ...] | None
    """What of a patient is recorded, as keys; None: not told."""
    notes: tuple[int, ...] = ()
    """Which of `NOTES` belong to it, from one on."""
    ours: bool = False


NOTES: Final = (
    Text(
        "Статья приводит 324 актинических кератоза; в самих наборах их 327 (столько же в её строке ISIC-18).",
        "The paper prints 324 actinic keratoses; the set itself has 327 (as has the paper's line of ISIC-18).",
    ),
    Text(
        "Из 160 родинок половина (80) — атипичные.",
        "Of the 160 nevi, one half (80) are atypical.",
    ),
)


def _row(
    name: str,
    images: int,
    masks: int | None,
    counts: Sequence[int | None],
    metadata: tuple[str, ...] | None = None,
    notes: tuple[int, ...] = (),
) -> Row:
    return Row(name, images, masks, dict(zip(CLASSES, counts, strict=True)), metadata, notes)


NO: Final = None
"""Such a class the set has not."""
PUBLIC: Final = (
    # Parts as printed: 900 + 379 images, and so on.
    _row("ISIC-16", 900 + 379, 900 + 379, (727 + 304, NO, NO, NO, NO, NO, 173 + 75, NO)),
    _row(
        "ISIC-17",
        2000 + 150 + 600,
        2000 + 150 + 600,
        (1372 + 78 + 393, 254 + 42 + 90, NO, NO, NO, NO, 374 + 30 + 117, NO),
        (AGE, SEX),
    ),
    _row("ISIC-18", 12500, 12500, (6705, 1099, 514, 327, 115, 142, 1113, NO)),
    # The paper tells no total for sets without outlines: sums of their classes.
    _row(
        "ISIC-19",
        25_327,
        NO,
        (12875, 2624, 3323, 867, 239, 253, 4522, 624),
        (AGE, SEX, SITE),
    ),
    _row("ISIC-20", 33_090, NO, (32542, NO, NO, NO, NO, NO, 548, NO), (AGE, SEX, SITE)),
    _row("PH2", 200, 200, (160, NO, NO, NO, NO, NO, 40, NO), notes=(2,)),
    _row("IAD", 100, 100, (70, NO, NO, NO, NO, NO, 30, NO)),
    _row("Dermaquest", 137, 137, (61, NO, NO, NO, NO, NO, 76, NO)),
    _row("IRMA", 747, NO, (560, NO, NO, NO, NO, NO, 187, NO)),
    _row(
        "HAM10000", 10_015, NO, (6705, 1099, 514, 327, 115, 142, 1113, NO), (AGE, SEX, SITE), (1,)
    ),
)
"""Metadata of ISIC-19 as the paper tells them; of the others as the sets are published."""


def ours(
    name: str,
    counts: Mapping[str, Any],
    classes: Sequence[Mapping[str, Any]],
    masks: int | None,
) -> Row:
    """The release's row. `counts` of `balance.counts`; `classes` of the plan, whose `diagnoses` say what a
    class of several is made of."""
    single = {one["key"]: one["diagnoses"] for one in classes}
    found: dict[str, int | None] = dict.fromkeys(CLASSES)
    others = 0
    for key, number in counts["classes"].items():
        meant = single[key]
        if len(meant) == 1 and meant[0] in found:
            found[meant[0]] = (found[meant[0]] or 0) + number
        else:
            others += number
    if others:
        found[OTHER] = others
    known = tuple(by for by in (AGE, SEX, SITE, "skin_type", "device") if _is_recorded(counts, by))
    return Row(name, counts["units"], masks, found, known, ours=True)


def rows(
    name: str,
    counts: Mapping[str, Any],
    classes: Sequence[Mapping[str, Any]],
    masks: int | None,
) -> list[Row]:
    """The public sets, and this one last."""
    return [*PUBLIC, ours(name, counts, classes, masks)]


def _is_recorded(counts: Mapping[str, Any], by: str) -> bool:
    found = counts["by"].get(by, {})
    return any(
        number
        for values in found.values()
        for value, number in values.items()
        if value != "not_recorded"
    )

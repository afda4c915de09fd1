"""A release of a dataset as training's source: its shards, its splits, its experts' outlines.

    python -m training --release DS_ML_DSC_SKIN_MEL-1.0.0

The folder is one that `python -m client.datasets fetch` made. Standard library only, as `data.py`.
"""

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path, PurePosixPath
from statistics import median
from typing import Final

from client.datasets.contents import UNIT
from client.datasets.release import Release
from training.data import CLASSES, Border, Origin, Part, Photograph, Sources

SPLITS: Final[Mapping[str, Part]] = {
    "train": Part.TRAINING,
    "training": Part.TRAINING,
    "val": Part.VALIDATION,
    "valid": Part.VALIDATION,
    "validation": Part.VALIDATION,
    "test": Part.HOLD_OUT,
    "hold_out": Part.HOLD_OUT,
    "holdout": Part.HOLD_OUT,
}
"""What splits are usually called, and the use each is put to."""
FOR_TESTS: Final = re.compile(r"DS_(FT|CT|KlT)-", re.IGNORECASE)
"""Codes of the sets that algorithms are tested on."""
HIDDEN: Final = re.compile(r"^.*\bDistribution\b.*\bhidden\b", re.MULTILINE)
"""How the README of a hidden set says so, in its row on distribution."""
FEWEST_OUTLINED: Final = 20
"""So many outlines are needed to judge those of a model, and to cut skin without a lesion by."""


def read_release(
    folder: Path, *, named: Mapping[str, Part] = SPLITS, further: Iterable[Photograph] = ()
) -> Sources:
    """Read a release; `named` says which of its splits is which part.

    Photographs of other than dermatoscopes, and units whose diagnosis is no trained class (`unknown`,
    technical defects), are left out. Of a release that was fetched in part, what was asked for is read.
    Raises `ValueError` for a set that is for tests, one that does not say what it is, a split that has
    no part, and a part without a photograph.
    """
    release = Release(folder)
    _refuse_tests(release)
    if unnamed := set(release.splits) - named.keys() if named is SPLITS else set():
        raise ValueError(
            f"{folder}: which part is split {', '.join(sorted(unnamed))}? Say so with --splits, as in "
            "--splits training=train validation=validation hold_out=test"
        )
    if absent := named.keys() - set(release.splits) if named is not SPLITS else set():
        raise ValueError(
            f"{folder}: no split {', '.join(sorted(absent))}; there are {', '.join(release.splits)}"
        )
    wanted, borders = set(release.fetched()), _borders(release.folder / "annotations.json")
    parts: dict[Part, list[Photograph]] = {part: [] for part in Part}
    for row in release.rows:
        part = named.get(row["rodinka_split"])
        is_taken = row["image_type"] == "dermoscopic" and row["rodinka_diagnosis"] in CLASSES
        if part is not None and is_taken and row[UNIT] in wanted:
            parts[part].append(_photograph(release, row, borders.get(row[UNIT], ())))
    if empty := [part.value for part, photographs in parts.items() if not photographs]:
        raise ValueError(f"{folder}: nothing to be used for {', '.join(empty)}")
    return Sources(parts, list(further), origin=_origin(release, named), aspect=_aspect(release))


def lacks(sources: Sources, *, publishing: bool) -> str | None:
    """What is missing for a run, as a sentence: diagnoses to learn or to be judged on, outlines."""
    shown = {
        part: Counter(photograph.label for photograph in photographs)
        for part, photographs in sources.parts.items()
    }
    watched = shown[Part.VALIDATION]
    if not watched["melanoma"] or len(watched) < 2:
        return "validation needs melanomas and others"
    if not publishing:
        return None
    for part in (Part.TRAINING, Part.HOLD_OUT):
        if absent := [name for name in CLASSES if not shown[part][name]]:
            return f"{part.value} shows no {', '.join(absent)}; --only-train does without"
        outlined = sum(photograph.outlined for photograph in sources.parts[part])
        if outlined < FEWEST_OUTLINED:
            return (
                f"{part.value} has {outlined} outlines and {FEWEST_OUTLINED} are needed; --only-train "
                "does without"
            )
    return None


def splits_named(words: Collection[str]) -> dict[str, Part]:
    """Which split is which part, from `training=train` and the like. Raises `ValueError`."""
    found = {}
    for word in words:
        part, _, splits = word.partition("=")
        for split in splits.split(","):
            if not split:
                raise ValueError(f"{word!r} is not like training=train")
            found[split] = Part(part)
    return found


def _refuse_tests(release: Release) -> None:
    """A model that saw what it is tested on proves nothing, so such a set is never learnt from."""
    if FOR_TESTS.match(release.code):
        raise ValueError(
            f"{release.code} is for tests of algorithms; a model must not learn from it"
        )
    if HIDDEN.search((release.folder / "README.md").read_text(encoding="utf-8")):
        raise ValueError(f"{release.code} is hidden; a model must not learn from it")


def _photograph(
    release: Release, row: Mapping[str, str], borders: tuple[Border, ...]
) -> Photograph:
    member = release.members[row[UNIT]]
    is_alone = (release.folder / member.path).is_file()
    return Photograph(
        image_id=row[UNIT],
        lesion_id=row["lesion_id"],
        label=row["rodinka_diagnosis"],
        source=release.code,
        archive=release.folder if is_alone else release.folder / member.shard,
        member=member.path,
        borders=borders,
        age=float(row["age_approx"]) if row["age_approx"] else None,
        sex=row["sex"] or None,
        site=row["anatom_site_general"] or None,
    )


def _borders(annotations: Path) -> dict[str, tuple[Border, ...]]:
    """Outlines by unit, from COCO's polygons in pixels. Raises `ValueError` for anything but polygons."""
    found = json.loads(annotations.read_text(encoding="utf-8"))
    images = {image["id"]: image for image in found["images"]}
    borders: dict[str, tuple[Border, ...]] = {}
    for annotation in found["annotations"]:
        image = images[annotation["image_id"]]
        polygons = annotation["segmentation"]
        if not isinstance(polygons, list):
            raise ValueError(f"{annotations}: outline {annotation['id']} is no polygon")
        unit_id = PurePosixPath(image["file_name"]).stem
        drawn = tuple(_border(line, image["width"], image["height"]) for line in polygons)
        borders[unit_id] = borders.get(unit_id, ()) + drawn
    return borders


def _border(line: list[float], width: int, height: int) -> Border:
    return tuple((x / width, y / height) for x, y in zip(line[::2], line[1::2], strict=True))


def _origin(release: Release, named: Mapping[str, Part]) -> Origin:
    def said(column: str) -> str:
        return "; ".join(sorted({row.get(column, "") for row in release.rows} - {""}))

    used = {part: [split for split in release.splits if named.get(split) is part] for part in Part}
    licence, name = said("copyright_license"), f"{release.code} {release.version}"
    return Origin(
        source={
            "name": name,
            "authors": said("attribution"),
            "citation": _citation(release) or f"{name}, a dataset in the registry of Rodinka",
            "licence": licence,
            "changes": "squeezed to the size of the model; only dermatoscopic images of the classes",
        },
        split={
            "rule": "the splits of the release, by patient: "
            + "; ".join(f"{part.value} is {', '.join(splits)}" for part, splits in used.items()),
            "seed": f"that of {name}",
            "by": "patient_id",
        },
        licence=licence,
    )


def _citation(release: Release) -> str:
    """How the release wants to be cited, by its `croissant.json`."""
    file = release.folder / "croissant.json"
    if not file.is_file():
        return ""
    cited = json.loads(file.read_text(encoding="utf-8")).get("citeAs", "")
    return str(cited).removesuffix(".")


def _aspect(release: Release) -> float:
    """Height over width: the median of the images."""
    return median(int(row["pixels_y"]) / int(row["pixels_x"]) for row in release.rows)

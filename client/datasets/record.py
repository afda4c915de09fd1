"""What was fetched into a folder: of which release, and which part of its images."""

import json
import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Self

from client.datasets.contents import Label, labels
from client.words import Stop, Text

NAME: Final = ".fetched.json"
_HALF: Final = f"{NAME}.part"
"""What the note is called until all of it is written; a disk that was full may leave it."""
_OTHER: Final = Text(
    "В папке {folder} лежит {there}, а не {wanted}. Укажите другую папку (--to) или версию (--version).",
    "The folder {folder} has {there}, not {wanted}. Name another folder (--to) or version (--version).",
)
_NOT_OURS: Final = Text(
    "В папке {folder} лежит что-то другое. Укажите пустую папку или новую (--to).",
    "The folder {folder} has something else in it. Name an empty folder or a new one (--to).",
)
_NO_SUCH: Final = Text(
    "В выпуске нет {what}. Есть: {there}.", "The release has no {what}. It has: {there}."
)
_NOBODY: Final = Text(
    "Под фильтр не подходит ни один снимок.", "No image is in these splits and classes."
)


@dataclass(frozen=True)
class Filter:
    """A part of the images: those in one of the splits and in one of the classes; empty is all."""

    splits: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    images: bool = True
    """False: only tables and documents."""

    @property
    def is_all(self) -> bool:
        return self.images and not (self.splits or self.classes)

    def units(self, known: Mapping[str, Label]) -> frozenset[str]:
        """Those of the units it lets through. Raises `Stop` for a split or class that none of them is in."""
        if not self.images:
            return frozenset()
        there = known.values()
        _require(self.splits, {label.split for label in there})
        _require(self.classes, {label.class_ for label in there})
        chosen = frozenset(
            unit
            for unit, label in known.items()
            if _among(label.split, self.splits) and _among(label.class_, self.classes)
        )
        if not chosen:
            raise Stop(_NOBODY)
        return chosen


@dataclass(frozen=True)
class Record:
    """It lies in the folder itself, so that the folder can be checked and fetched on."""

    code: str
    version: str
    filters: tuple[Filter, ...] = field(default=())
    """What was asked for, one run after another."""

    @classmethod
    def read(cls, folder: Path) -> Self | None:
        """None where nothing was fetched, or the note is not ours."""
        try:
            found = json.loads((folder / NAME).read_text(encoding="utf-8"))
            return cls(found["code"], found["version"], tuple(_filters(found["filters"])))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def opened(self, folder: Path) -> Self:
        """What is noted already. Raises `Stop` where another release lies there, or anything else."""
        there = self.read(folder)
        if there is None:
            # Anything else in it, its README.md say, is somebody's own.
            if any(file.name != _HALF for file in folder.iterdir()):
                raise Stop(_NOT_OURS, folder=folder)
            return self
        if (there.code, there.version) != (self.code, self.version):
            said = {
                "there": f"{there.code} {there.version}",
                "wanted": f"{self.code} {self.version}",
            }
            raise Stop(_OTHER, folder=folder, **said)
        return there

    def also(self, asked: Filter) -> Self:
        """What is to be there once this is wanted as well."""
        return self if asked in self.filters else replace(self, filters=(*self.filters, asked))

    def write(self, folder: Path) -> None:
        part = folder / _HALF
        with part.open("w", encoding="utf-8") as file:
            json.dump(asdict(self), file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())  # else a power cut may leave an empty note under its name
        part.replace(folder / NAME)


def wanted_units(record: Record | None, folder: Path) -> frozenset[str] | None:
    """The units whose images are to be there; None: all of them."""
    if record is None or any(each.is_all for each in record.filters):
        return None
    known = labels(folder)
    return frozenset().union(*(each.units(known) for each in record.filters))


def _filters(found: Iterable[Mapping[str, Any]]) -> Iterable[Filter]:
    for one in found:
        yield Filter(tuple(one["splits"]), tuple(one["classes"]), images=bool(one["images"]))


def _require(asked: Iterable[str], there: Collection[str]) -> None:
    if absent := set(asked).difference(there):
        raise Stop(_NO_SUCH, what=", ".join(sorted(absent)), there=", ".join(sorted(there)))


def _among(value: str, asked: Collection[str]) -> bool:
    return not asked or value in asked

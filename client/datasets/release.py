"""A fetched release, opened: as a pandas frame, as pictures, as a PyTorch dataset.

Pictures are read where they lie in the shards, by the places that `files.csv` gives; nothing is unpacked.
Each reading opens the shard and closes it again, so that a release may be used by any number of threads and
processes, forked or started anew. Standard library only; pandas, Pillow and torch are loaded when asked for.
"""

import io
import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from client.datasets.contents import METADATA, UNIT, Label, Member, labels, members, rows
from client.datasets.paths import plain
from client.datasets.record import Record, wanted_units

if TYPE_CHECKING:
    from PIL.Image import Image

NAMED_IN: Final = ("datacite.json", "croissant.json")
"""Documents of a release that say which dataset it is."""
_CODE: Final = re.compile(r"(?<![A-Za-z0-9_])DS_[A-Z][A-Za-z0-9-]*(?:_[A-Z0-9-]+)+")
Transform = Callable[["Image"], Any]


class Release:
    """A release in its folder, whole or in part."""

    def __init__(self, folder: Path | str) -> None:
        """Raises `FileNotFoundError` where no release lies."""
        self.folder = Path(folder)
        if not (self.folder / METADATA).is_file():
            raise FileNotFoundError(f"{self.folder / METADATA}: there is no release here")

    @cached_property
    def rows(self) -> Sequence[Mapping[str, str]]:
        """The rows of `metadata.csv`, a unit each, as they stand there."""
        return list(rows(self.folder / METADATA))

    @cached_property
    def labels(self) -> Mapping[str, Label]:
        """Class and split of each unit, in the order of `metadata.csv`."""
        return labels(self.folder)

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """The label classes in alphabetical order; a class's place is its index in `torch`."""
        return tuple(sorted({label.class_ for label in self.labels.values()}))

    @cached_property
    def splits(self) -> tuple[str, ...]:
        """The names of the splits, in alphabetical order."""
        return tuple(sorted({label.split for label in self.labels.values()}))

    @cached_property
    def code(self) -> str:
        """The dataset's code in the registry, as the release's documents name it.

        Raises `ValueError` where none of them does.
        """
        for document in NAMED_IN:
            file = self.folder / document
            found = _CODE.search(file.read_text(encoding="utf-8")) if file.is_file() else None
            if found:
                return found.group()
        raise ValueError(
            f"{self.folder}: neither of {', '.join(NAMED_IN)} says which dataset it is"
        )

    @cached_property
    def version(self) -> str:
        """The release's version, as `datacite.json` has it. Raises `ValueError` where it does not."""
        try:
            found = json.loads((self.folder / NAMED_IN[0]).read_text(encoding="utf-8"))
            return str(found["version"])
        except (OSError, ValueError, KeyError, TypeError):
            raise ValueError(f"{self.folder}: {NAMED_IN[0]} does not tell the version") from None

    @cached_property
    def members(self) -> Mapping[str, Member]:
        """Where the image of each unit lies."""
        # Where links lead was looked at when they were written; here only names are.
        return {
            member.unit_id: replace(member, path=plain(member.path), shard=plain(member.shard))
            for member in members(self.folder)
        }

    def frame(self) -> Any:
        """`metadata.csv` as a pandas frame, indexed by unit. Raises `ImportError` without pandas."""
        pandas = _optional("pandas", "frame")
        file = self.folder / METADATA
        # "None" and "NA" are words like any other; only an empty cell is not recorded.
        return pandas.read_csv(file, index_col=UNIT, keep_default_na=False, na_values=[""])

    def image_bytes(self, unit_id: str) -> bytes:
        """The image as it was published, JPEG or PNG.

        Raises `KeyError` for a unit that is not of the release, `FileNotFoundError` for one that was not
        fetched.
        """
        place = self._place(unit_id)
        if place is None:
            raise FileNotFoundError(f"{self.members[unit_id].path} was not fetched")
        file, at = place
        with file.open("rb") as opened:
            opened.seek(at)
            return opened.read(self.members[unit_id].bytes)

    def image(self, unit_id: str) -> "Image":
        """The image, decoded, RGB. Raises as `image_bytes`, and `ImportError` without Pillow."""
        opened = _optional("PIL.Image", "image").open(io.BytesIO(self.image_bytes(unit_id)))
        converted: Image = opened.convert("RGB")
        return converted

    def pictures(self, split: str | None = None, transform: Transform | None = None) -> "Pictures":
        """The pictures of a split (of all, by default), each with the index of its class in `classes`.

        Of a release that was fetched in part, those that were asked for.
        """
        return Pictures(self, self.fetched(split), transform)

    def torch(self, split: str | None = None, transform: Transform | None = None) -> Any:
        """The same as a PyTorch dataset for a `DataLoader`.

        Without a `transform` a picture is a float32 tensor (3, height, width) of 0 to 1. Raises
        `ImportError` without torch, `ValueError` for a split that is not of the release.
        """
        _optional("torch", "torch")
        dataset = import_module("client.datasets.torch_pictures").TorchPictures
        return dataset(self, self.fetched(split), transform)

    def units(self, split: str | None = None) -> tuple[str, ...]:
        """The units of a split in their order. Raises `ValueError` for one that is not of the release."""
        if split is not None and split not in self.splits:
            raise ValueError(f"no split {split!r}; there are: {', '.join(self.splits)}")
        return tuple(unit for unit, label in self.labels.items() if split in {None, label.split})

    def fetched(self, split: str | None = None) -> tuple[str, ...]:
        """The units of a split whose images were asked for; raises as `units`."""
        wanted = wanted_units(Record.read(self.folder), self.folder)
        return tuple(unit for unit in self.units(split) if wanted is None or unit in wanted)

    def _place(self, unit_id: str) -> tuple[Path, int] | None:
        """The file that has the image, and where in it the image begins."""
        member = self.members[unit_id]
        alone, shard = self.folder / member.path, self.folder / member.shard
        if alone.is_file():
            return alone, 0
        return (shard, member.offset) if shard.is_file() else None


class Pictures:
    """Pictures with the index of their class, by number: what PyTorch calls a map-style dataset."""

    def __init__(
        self, release: Release, units: Collection[str], transform: Transform | None
    ) -> None:
        self.release, self.units = release, tuple(units)
        self.transform = transform
        index = {name: number for number, name in enumerate(release.classes)}
        self.targets = tuple(index[release.labels[unit].class_] for unit in self.units)
        """The index of the class of each, for weights and stratification without decoding."""

    def __len__(self) -> int:
        return len(self.units)

    def __getitem__(self, number: int) -> tuple[Any, int]:
        picture = self.release.image(self.units[number])
        return (self.transform(picture) if self.transform else picture), self.targets[number]


def _optional(name: str, use: str) -> Any:
    """A package that only this use needs. Raises `ImportError` with what to install."""
    try:
        return import_module(name)
    except ImportError:
        package = {"PIL.Image": "pillow"}.get(name, name)
        raise ImportError(
            f"Для .{use}() нужен {package}: pip install {package}. "
            f".{use}() needs {package}: pip install {package}."
        ) from None

"""Checking that a folder holds what was published: every file by `SHA256SUMS`, every image by `files.csv`."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from client.datasets.contents import IMAGES, Member, holds, members, sums
from client.datasets.paths import inside, plain
from client.datasets.record import Record, wanted_units
from client.words import Stop, Text

_NO_RELEASE: Final = Text(
    "В папке {folder} нет выпуска, или он не читается: {why}.",
    "There is no release in {folder}, or it cannot be read: {why}.",
)


@dataclass
class Checked:
    """What a check has found."""

    files: int = 0
    images: int = 0
    left_out: int = 0
    """Images that nobody asked for."""
    wrong: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)

    @property
    def is_right(self) -> bool:
        return not (self.wrong or self.absent)


def verify(folder: Path, told: Callable[[], object] = lambda: None) -> Checked:
    """Read everything that was fetched once more. `told` hears of each file and image.

    Raises `Stop` where there is no release.
    """
    try:
        listed, images = sums(folder), list(members(folder))
        wanted = wanted_units(Record.read(folder), folder)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Stop(_NO_RELEASE, folder=folder, why=error) from None
    checked = Checked()
    of_members = {image.path for image in images}
    for path, sha256 in listed.items():
        file = inside(folder, path)
        is_needed = not path.startswith(f"{IMAGES}/") or wanted is None
        if path in of_members or not (file.exists() or is_needed):
            continue
        checked.files += 1
        _note(checked, path, file, holds(file, sha256=sha256))
        told()
    for image in images:
        places = _places(folder, image)
        if wanted is not None and image.unit_id not in wanted and not places:
            checked.left_out += 1
            continue
        checked.images += 1
        if not places:
            checked.absent.append(image.path)
        elif not all(_holds_image(image, file, at) for file, at in places):
            checked.wrong.append(image.path)
        told()
    return checked


def _note(checked: Checked, path: str, file: Path, is_right: bool) -> None:
    if not is_right:
        (checked.wrong if file.exists() else checked.absent).append(path)


def _places(folder: Path, image: Member) -> list[tuple[Path, int]]:
    """The files that have the image, and where in each it begins."""
    both = ((image.path, 0), (image.shard, image.offset))
    return [(inside(folder, path), at) for path, at in both if (folder / plain(path)).exists()]


def _holds_image(image: Member, file: Path, at: int) -> bool:
    return hashlib.sha256(read_piece(file, at, image.bytes)).hexdigest() == image.sha256


def read_piece(file: Path, at: int, size: int) -> bytes:
    """So many bytes of a file from `at` on; fewer where it ends before."""
    with file.open("rb") as opened:
        opened.seek(at)
        return opened.read(size)

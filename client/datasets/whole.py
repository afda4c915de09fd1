"""Fetching a file as a whole, from wherever an interrupted run left it."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from client.datasets.contents import holds, running_hash
from client.datasets.paths import PART, inside
from client.datasets.server import File, Links

TRIES: Final = 3
"""So often a file is fetched from its beginning when its bytes are not those that were published."""


class WrongBytes(Exception):
    """What came is not what was published, again and again; the path says of what."""


def fetch_whole(file: File, links: Links, folder: Path, told: Callable[[int], object]) -> None:
    """Bring a file into `folder`; one that lies there already is only checked.

    `told` hears how many bytes are there more (or, of wrong ones, fewer) than before. What is not complete
    has a name of its own, and goes on growing in the next run. Raises `WrongBytes`, `Stop`, `Stopped` and
    `OSError`.
    """
    target = inside(folder, file.path)
    if holds(target, sha256=file.sha256, size=file.bytes):
        told(file.bytes)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + PART)
    for _ in range(TRIES):
        if part.exists() and part.stat().st_size > file.bytes:
            part.unlink()
        running, size = running_hash(part)
        told(size)
        with part.open("ab") as growing:
            for chunk in links.stream(file.path, size, file.bytes):
                growing.write(chunk)
                running.update(chunk)
                size += len(chunk)
                told(len(chunk))
        if running.hexdigest() == file.sha256:
            part.replace(target)
            return
        told(-size)
        part.unlink()
    raise WrongBytes(file.path)

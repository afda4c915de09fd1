"""Where the files of a release may lie: inside its folder, whatever the server says."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from client.words import Stop, Text

try:
    import fcntl
except ImportError:  # Windows has no such locks
    fcntl = None  # type: ignore[assignment,unused-ignore]

PART: Final = ".part"
"""What a file is called behind its name until all of it is there."""
_NAME: Final = r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}"
_PATH: Final = re.compile(rf"{_NAME}(/{_NAME}){{0,3}}")
_OUTSIDE: Final = Text(
    "Сервер назвал файл {path}, который лёг бы мимо папки выпуска. Ничего не записано.",
    "The server named a file {path}, which would lie outside the release's folder. It was not written.",
)
_TAKEN: Final = Text(
    "В папку {folder} уже скачивает другая программа. Дождитесь её.",
    "Another program fetches into the folder {folder}. Wait for it.",
)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep the folder to this process until it ends, however it does. Raises `Stop` where another has it.

    Two that add to one file would spoil it. Where there are no locks it goes without.
    """
    if fcntl is None:
        yield
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Stop(_TAKEN, folder=folder) from None
        except OSError:
            pass  # a file system without locks
        yield
    finally:
        os.close(opened)


def inside(folder: Path, path: str) -> Path:
    """Where `path` of a release lies in `folder`. Raises `Stop` for any that leads out of it.

    A path is of plain names with `/` between them; none begins with a dot, so neither `..` nor our
    own notes can be meant. Symbolic links that lead out of the folder count as well.
    """
    found = folder / plain(path)
    if not found.resolve().is_relative_to(folder.resolve()):
        raise Stop(_OUTSIDE, path=repr(path))
    return found


def plain(path: str) -> str:
    """The path, when it is of plain names. Raises `Stop`."""
    if not _PATH.fullmatch(path) or path.endswith(PART):
        raise Stop(_OUTSIDE, path=repr(path))
    return path

"""Which pictures the shipped models were trained or validated on: no test of theirs may have one.

A list a model, written by `training.trained_on` and shipped with the code, since the function that
chooses a dataset's units carries no model. A line is the first 16 hexadecimal digits of a picture's hash
(`pixel_hash` of its intake): that one of ten million other pictures is taken for one of ten thousand
listed has a probability of 5 in a thousand million.
"""

import re
from functools import cache
from pathlib import Path
from typing import Final

from chalicelib.platform.runtime import Platform

DIGITS: Final = 16
FOLDER: Final = Path(__file__).with_name("training_images")
_LINE: Final = re.compile(rf"[0-9a-f]{{{DIGITS}}}")


class BadList(ValueError):
    """The file is no list of pictures; it names the line."""


def trained_on(platform: Platform) -> frozenset[str]:
    """The first `DIGITS` hexadecimal digits of the hash of every such picture, of all shipped models.

    Raises `BadList`. Read once a container.
    """
    return _all_lists(platform.settings.training_lists or FOLDER)


def read_list(path: Path) -> frozenset[str]:
    """The list in a file. Raises `BadList` unless every line is a hash, in order, each once."""
    lines = path.read_text(encoding="ascii", errors="replace").splitlines()
    for number, line in enumerate(lines, 1):
        if not _LINE.fullmatch(line):
            raise BadList(f"{path.name}, line {number}: not {DIGITS} hexadecimal digits")
        if number > 1 and line <= lines[number - 2]:
            raise BadList(f"{path.name}, line {number}: out of order, or there twice")
    return frozenset(lines)


@cache
def _all_lists(folder: Path) -> frozenset[str]:
    return frozenset().union(*(read_list(path) for path in sorted(folder.glob("*.txt"))))

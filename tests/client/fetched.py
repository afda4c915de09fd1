"""Fetching the release of a test, and what lies in the folder then."""

from pathlib import Path
from typing import Final

from client.datasets import __main__ as command
from tests.client.releases import CODE, Shop

UNITS: Final = 16
SHARD: Final = "images/3mo7uyr4-00001.zip"


def fetch(shop: Shop, folder: Path, *options: str) -> int:
    """What the command ends with."""
    arguments = ["fetch", CODE, "--server", shop.url, "--to", str(folder), "--language", "en"]
    return command.main([*arguments, *options])


def lying(folder: Path) -> dict[str, bytes]:
    """Every file but our own notes, by path."""
    found = (file for file in folder.rglob("*") if file.is_file() and file.name[0] != ".")
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in found}

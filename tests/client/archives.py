"""Archives made for a test: a table in the columns of HAM10000, and pictures."""

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests import pictures

COLUMNS = ("lesion_id", "image_id", "dx", "dx_type", "age", "sex", "localization")


def row(image_id: str, **changes: str) -> dict[str, str]:
    return {
        "lesion_id": f"lesion-{image_id}",
        "image_id": image_id,
        "dx": "nv",
        "dx_type": "histo",
        "age": "45.0",
        "sex": "male",
        "localization": "back",
        **changes,
    }


def table(rows: Sequence[Mapping[str, str]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def picture(seed: int) -> bytes:
    """A small photograph, another for each seed."""
    return pictures.jpeg(pictures.photograph(120, 90, seed=seed))


def folder(root: Path, rows: Sequence[Mapping[str, str]], files: Mapping[str, bytes]) -> Path:
    """An archive as a folder."""
    (root / "images").mkdir(parents=True)
    (root / "HAM10000_metadata.csv").write_bytes(table(rows))
    for name, data in files.items():
        (root / "images" / name).write_bytes(data)
    return root


def zipped(path: Path, rows: Sequence[Mapping[str, str]], files: Mapping[str, bytes]) -> Path:
    """The same as a zip."""
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("HAM10000_metadata.csv", table(rows))
        for name, data in files.items():
            made.writestr(f"images/{name}", data)
    return path

"""Which pictures a model was trained or validated on: `python -m training.trained_on --help`.

A list has the first 16 hexadecimal digits of each picture's hash, as the platform's intake forms it of
the decoded pixels, sorted, one a line. A hash shows nothing of a picture. Pictures of parts that are used
at another size (the full-size copies of HAM10000) are listed as well, and so are the phone photographs
that only taught what is not dermatoscopic; pictures that show no skin are not.
"""

import argparse
import csv
import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from chalicelib.classification.inference import gate
from chalicelib.classification.inference.picture import Declared, Limits
from chalicelib.classification.trained_on import DIGITS, FOLDER, read_list
from training.card import FILE, write_card
from training.data import (
    HOLD_OUT_SHARE,
    SPLIT_SEED,
    Photograph,
    position_of,
    read_ham10000,
    read_isic2017,
)
from training.strangers import serves_testing

HELD_OUT: Final = {"rodinka-1": 0.1}
"""The share of HAM10000's lesions that a model never met, where it is not today's."""
WITHOUT_PHOTOGRAPHS: Final = frozenset({"rodinka-1"})
TYPES: Final = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}


def pictures(
    model: str,
    *,
    ham10000: Path,
    fullsize: Path | None = None,
    isic2017: Path | None = None,
    photographs: Path | None = None,
) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every picture that `model` learned from, or was chosen by. Raises as the
    manifests' readers do."""
    held_out = HELD_OUT.get(model, HOLD_OUT_SHARE)
    listed = [p for p in read_ham10000(ham10000) if _met(p.lesion_id, held_out)]
    if isic2017:
        listed += read_isic2017(isic2017)
    yield from of_photographs(listed)
    if fullsize:
        with (fullsize / "manifest.csv").open(newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if _met(row["lesion_id"], held_out):
                    yield row["file"], (fullsize / row["file"]).read_bytes()
    if photographs and model not in WITHOUT_PHOTOGRAPHS:
        yield from of_strangers(photographs)


def of_photographs(photographs: Iterable[Photograph]) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of photographs in archives."""
    archives: dict[Path, zipfile.ZipFile] = {}
    for photograph in photographs:
        if photograph.archive not in archives:
            archives[photograph.archive] = zipfile.ZipFile(photograph.archive)
        yield photograph.member, archives[photograph.archive].read(photograph.member)


def of_strangers(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of the phone photographs that teach what is not dermatoscopic."""
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in TYPES and not serves_testing(path.name):
            yield path.name, path.read_bytes()


def hashes(pictures: Iterable[tuple[str, bytes]]) -> list[str]:
    """The list of these pictures: `DIGITS` hexadecimal digits each, sorted, each once. Raises `BadImage`
    for what the intake would not take either."""
    found = set()
    for name, data in pictures:
        declared = Declared(
            content_type=TYPES[Path(name).suffix.lower()],
            bytes=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
        )
        found.add(gate.inspect(data, declared=declared, limits=Limits()).pixel_hash[:DIGITS])
    return sorted(found)


def write_list(model: str, listed: list[str], folder: Path = FOLDER) -> dict[str, Any]:
    """Write the list of a model; what its card says of it."""
    path = folder / f"{model}.txt"
    content = "".join(f"{each}\n" for each in listed).encode()
    folder.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return {
        "file": path.name,
        "count": len(read_list(path)),
        "sha256": hashlib.sha256(content).hexdigest(),
        "hash": f"first {DIGITS} hexadecimal digits of SHA-256 over width, height and RGB bytes",
    }


def _met(lesion_id: str, held_out: float) -> bool:
    return position_of(lesion_id, seed=SPLIT_SEED) >= held_out


def main() -> None:
    """Write the list of a model, and name it on the model's card."""
    parser = argparse.ArgumentParser(prog="python -m training.trained_on", description=__doc__)
    parser.add_argument("--model", default=Path(FILE).stem)
    parser.add_argument("--data", type=Path, required=True, help="folder of HAM10000")
    parser.add_argument("--fullsize", type=Path, help="folder of the same pictures at full size")
    parser.add_argument("--isic2017", type=Path, help="folder of ISIC 2017")
    parser.add_argument("--photographs", type=Path, help="folder of phone photographs of lesions")
    parser.add_argument("--cards", type=Path, default=Path("layers/inference/model"))
    asked = parser.parse_args()
    found = pictures(
        asked.model,
        ham10000=asked.data,
        fullsize=asked.fullsize,
        isic2017=asked.isic2017,
        photographs=asked.photographs,
    )
    path = asked.cards / f"{asked.model}.json"
    card = json.loads(path.read_bytes())
    card["trained_on_images"] = write_list(asked.model, hashes(found))
    write_card(card, path)
    print(json.dumps(card["trained_on_images"], indent=1))


if __name__ == "__main__":
    main()

"""The list of a model has its pictures, and none of those that may test it."""

import hashlib
import io
import zipfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from PIL import Image

from chalicelib.classification.trained_on import FOLDER, read_list
from training.data import SPLIT_SEED, Part, Photograph, position_of, read_ham10000, select
from training.trained_on import hashes, write_list


def picture(shade: int) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (64, 64), (shade, 0, 0)).save(made, "PNG")
    return made.getvalue()


def test_a_list_is_sorted_has_each_picture_once_and_is_named_on_the_card(tmp_path: Path) -> None:
    found = hashes([("b.png", picture(200)), ("a.png", picture(100)), ("c.png", picture(200))])
    assert len(found) == 2
    assert found == sorted(found)
    pixels = (64).to_bytes(4, "big") * 2 + bytes((100, 0, 0)) * 64 * 64
    assert hashlib.sha256(pixels).hexdigest()[:16] in found
    told = write_list("made", found, tmp_path)
    assert (told["file"], told["count"]) == ("made.txt", 2)
    assert read_list(tmp_path / "made.txt") == set(found)


@pytest.mark.parametrize(("model", "held_out"), [("rodinka-1", 0.1), ("rodinka-2", 0.2)])
def test_trained_and_validated_pictures_are_listed_and_held_out_ones_are_not(
    ham10000: Path, model: str, held_out: float
) -> None:
    listed = read_list(FOLDER / f"{model}.txt")
    photographs = read_ham10000(ham10000)
    for part in (Part.TRAINING, Part.VALIDATION):
        assert listed.issuperset(hashes(islice(_read(select(photographs, part)), 20)))
    never = [p for p in photographs if position_of(p.lesion_id, seed=SPLIT_SEED) < held_out]
    assert listed.isdisjoint(hashes(islice(_read(never), 60)))


def _read(photographs: list[Photograph]) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(photographs[0].archive) as archive:
        for photograph in photographs:
            yield photograph.member, archive.read(photograph.member)

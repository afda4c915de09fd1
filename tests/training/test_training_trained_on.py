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
from training.strangers import serves_testing
from training.trained_on import hashes, pictures, write_list


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


def test_every_source_is_listed_but_for_held_out_lesions_and_files_kept_for_tests(
    tmp_path: Path,
) -> None:
    lesions = {"HAM_0000550": Part.TRAINING, "HAM_0003307": Part.VALIDATION}
    lesions["HAM_0001359"] = Part.HOLD_OUT
    rows = [f"{lesion}.png,{lesion}" for lesion in lesions]
    fields = "mask,image_id,isic2019_label,age,sex,localization"
    full = [f"{lesion}.png,{lesion},,{lesion},NV,,," for lesion in lesions]
    ham, fullsize, isic, photographs = (tmp_path / n for n in ("ham", "full", "isic", "photos"))
    for folder in (ham, fullsize, isic, photographs):
        folder.mkdir()
    (ham / "manifest.csv").write_text("\n".join([f"file,lesion_id,{fields}", *full]))
    (fullsize / "manifest.csv").write_text("\n".join(["file,lesion_id", *rows]))
    (isic / "manifest.csv").write_text(
        "file,image_id,label\nISIC-2017_Training_Data/1.png,1,nevus\n"
        "ISIC-2017_Validation_Data/2.png,2,nevus\n"
    )
    for folder, members in (
        (ham, [f"{lesion}.png" for lesion in lesions]),
        (isic, ["ISIC-2017_Training_Data/1.png", "ISIC-2017_Validation_Data/2.png"]),
    ):
        with zipfile.ZipFile(folder / "images.zip", "w") as archive:
            for member in members:
                archive.writestr(member, b"small")
    for lesion in lesions:
        (fullsize / f"{lesion}.png").write_bytes(b"large")
    names = [f"{n}.png" for n in range(20)]
    for name in (*names, "notes.txt"):
        (photographs / name).write_bytes(b"phone")
    taught = [name for name in names if not serves_testing(name)]
    assert 0 < len(taught) < len(names)
    met = ["HAM_0000550.png", "HAM_0003307.png"]
    common = {"ham10000": ham, "fullsize": fullsize, "isic2017": isic, "photographs": photographs}
    expected = sorted([*met, *met, "ISIC-2017_Training_Data/1.png"])
    assert sorted(name for name, _ in pictures("rodinka-1", **common)) == expected
    seen = [name for name, _ in pictures("rodinka-2", **common)]
    assert sorted(seen) == sorted([*expected, *taught])


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

"""Archives: folders and zips, tables found, and nothing read outside."""

import zipfile
from pathlib import Path

import pytest

from client.importer import archive
from client.importer.archive import Images, find_manifest, images_of
from client.importer.mapping import BadRow
from client.words import Stop
from tests.client.archives import folder, picture, row, zipped

PHOTO = picture(1)
NAMES = ("HAM10000_metadata.csv", "*.csv")


def reason_of(images: Images, name: str) -> str:
    with pytest.raises(BadRow) as bad:
        images.read(images.find(name, ""))
    return bad.value.reason


@pytest.mark.parametrize("how", ["folder", "zip"])
def test_an_archive_reads_the_same_as_folder_and_zip(tmp_path: Path, how: str) -> None:
    make = {"folder": folder, "zip": zipped}[how]
    path = make(tmp_path / "archive.zip", [row("a"), row("b")], {"a.jpg": PHOTO})
    manifest, images = find_manifest(path, NAMES), images_of(path, None)
    assert manifest.rows == 2
    assert [(line, told["image_id"]) for line, told in manifest] == [(2, "a"), (3, "b")]
    assert images.find("", "a") == images.find("images/a.jpg", "") == images.find("a.jpg", "x")
    read = images.read("images/a.jpg")
    assert (read.data, read.content_type) == (PHOTO, "image/jpeg")
    assert images.not_found_yet == 0


def test_images_may_lie_in_a_zip_within_the_folder_or_apart(tmp_path: Path) -> None:
    root = folder(tmp_path / "archive", [row("a")], {})
    inner = zipped(root / "images.zip", [], {"a.jpg": PHOTO})
    assert images_of(root, None).read("images/a.jpg").data == PHOTO
    apart = inner.rename(tmp_path / "apart.zip")
    assert images_of(root, apart).read("images/a.jpg").data == PHOTO


def test_nothing_outside_the_archive_is_ever_found(tmp_path: Path) -> None:
    (tmp_path / "secret.jpg").write_bytes(PHOTO)
    root = folder(tmp_path / "archive", [], {"a.jpg": PHOTO})
    (root / "images" / "link.jpg").symlink_to(tmp_path / "secret.jpg")
    images = images_of(root, None)
    for file in (
        "../secret.jpg",
        str(tmp_path / "secret.jpg"),
        "images/link.jpg",
        "..\\secret.jpg",
    ):
        with pytest.raises(BadRow):
            images.find(file, "")


def test_a_file_that_cannot_be_sent_says_why(tmp_path: Path) -> None:
    files = {"empty.jpg": b"", "gif.png": b"GIF89a", "big.jpg": PHOTO + bytes(archive.MAX_BYTES)}
    images = images_of(folder(tmp_path / "archive", [], files), None)
    assert reason_of(images, "empty.jpg") == "empty"
    assert reason_of(images, "gif.png") == "wrong_type"
    assert reason_of(images, "big.jpg") == "too_large"
    assert reason_of(images, "absent.jpg") == "no_file"


def test_a_damaged_entry_of_a_zip_is_refused_and_the_others_are_read(tmp_path: Path) -> None:
    path = zipped(tmp_path / "archive.zip", [], {"a.jpg": PHOTO, "b.jpg": PHOTO})
    data = bytearray(path.read_bytes())
    data[data.index(PHOTO) + 100] ^= 0xFF
    path.write_bytes(data)
    images = images_of(path, None)
    assert reason_of(images, "images/a.jpg") == "unreadable"
    assert images.read("images/b.jpg").data == PHOTO


def test_a_zip_that_would_unpack_to_gigabytes_is_read_no_further_than_the_limit(
    tmp_path: Path,
) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("bomb.jpg", PHOTO + bytes(2 * archive.MAX_BYTES))
    assert reason_of(images_of(path, None), "bomb.jpg") == "too_large"


def test_a_table_with_a_byte_order_mark_and_uneven_rows_is_read(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes("\ufeffimage_id,sex\r\na,male,surplus\r\nb\r\n".encode())
    rows = [told for _, told in find_manifest(tmp_path, NAMES)]
    assert rows == [{"image_id": "a", "sex": "male"}, {"image_id": "b", "sex": ""}]


def test_a_table_that_is_no_utf_8_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_bytes("image_id\nснимок\n".encode("cp1251"))
    with pytest.raises(Stop, match=r"table\.csv cannot be read as CSV in UTF-8"):
        find_manifest(tmp_path, NAMES)


def test_what_is_no_archive_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Stop, match="There is no table"):
        find_manifest(tmp_path, NAMES)
    with pytest.raises(Stop, match="There is no such"):
        find_manifest(tmp_path / "absent", NAMES)
    (tmp_path / "text.txt").write_text("text")
    with pytest.raises(Stop, match="neither a folder nor a zip"):
        find_manifest(tmp_path / "text.txt", NAMES)

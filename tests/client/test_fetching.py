"""Fetching a release: whole or in part, into a folder of its own, with a sentence where it cannot be."""

from pathlib import Path

import pytest

from client.datasets import __main__ as command
from client.datasets.contents import Member
from client.datasets.ranges import runs
from tests.client import releases
from tests.client.fetched import SHARD, UNITS, fetch, lying
from tests.client.releases import CODE, Shop


def test_a_release_is_fetched_whole_and_found_right(
    shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fetch(shop, tmp_path) == 0
    assert lying(tmp_path) == shop.files
    assert command.main(["verify", str(tmp_path), "--language", "en"]) == 0
    assert f"{UNITS} images; not asked for: 0" in capsys.readouterr().out


def test_what_is_there_is_checked_and_not_fetched_again(shop: Shop, tmp_path: Path) -> None:
    assert fetch(shop, tmp_path) == 0
    (tmp_path / SHARD).write_bytes(b"spoilt")
    shop.asked.clear()
    assert fetch(shop, tmp_path) == 0
    assert shop.asked == [(SHARD, "")]
    assert lying(tmp_path) == shop.files


def test_a_part_of_the_images_is_fetched_by_ranges_and_no_byte_twice(
    shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.wrong[SHARD] = 1
    assert fetch(shop, tmp_path, "--split", "test", "--class", "malignant") == 0
    chosen = [n for n in range(UNITS) if n // 2 % 4 == 3 and n % 2]
    images = {f"images/unit-{n:02}.jpg": releases.image_of(n) for n in chosen}
    shards = {path for path in shop.files if path.endswith(".zip")}
    assert lying(tmp_path) == {
        **{path: data for path, data in shop.files.items() if path not in shards},
        **images,
    }
    assert all(asked for path, asked in shop.asked if path in shards)
    shop.asked.clear()
    assert fetch(shop, tmp_path, "--split", "test") == 0
    assert len(lying(tmp_path)) == len(shop.files) - len(shards) + 2 * len(chosen)
    assert len(shop.asked) == len(chosen)
    assert command.main(["verify", str(tmp_path), "--language", "en"]) == 0
    assert f"not asked for: {UNITS - 2 * len(chosen)}" in capsys.readouterr().out
    (tmp_path / "images" / "unit-07.jpg").unlink()
    (tmp_path / "images" / "unit-06.jpg").write_bytes(b"spoilt")
    assert command.main(["verify", str(tmp_path), "--language", "en"]) == 1
    told = capsys.readouterr().err
    assert "images/unit-07.jpg" in told.split("Differs")[0]
    assert "images/unit-06.jpg" in told.split("Differs")[1]


def test_tables_alone_are_fetched_and_then_checked_alone(shop: Shop, tmp_path: Path) -> None:
    assert fetch(shop, tmp_path, "--no-images") == 0
    assert not (tmp_path / "images").exists()
    assert command.main(["verify", str(tmp_path)]) == 0


@pytest.mark.parametrize(
    "path", ["../README.md", "/tmp/README.md", "C:README.md", "images\\README.md", ".fetched.json"]
)
def test_a_server_cannot_name_a_file_outside_the_folder(
    shop: Shop, tmp_path: Path, path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.listed_as["README.md"] = path
    assert fetch(shop, tmp_path / "release") == 2
    assert "outside the release's folder" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_link_out_of_the_folder_is_not_followed(shop: Shop, tmp_path: Path) -> None:
    outside, folder = tmp_path / "outside", tmp_path / "release"
    outside.mkdir()
    assert fetch(shop, folder, "--no-images") == 0
    (folder / "images").symlink_to(outside)
    assert fetch(shop, folder) == 2
    assert list(outside.iterdir()) == []


def test_a_grant_goes_to_the_platform_and_is_read_from_a_file(
    shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.grant = "secret"
    assert fetch(shop, tmp_path / "release") == 2
    assert "There is no such dataset." in capsys.readouterr().err
    (tmp_path / "grant").write_text("secret\n", encoding="utf-8")
    shop.statuses = [403]  # so that links are asked for again, with the grant and of one version
    assert fetch(shop, tmp_path / "release", "--grant-file", str(tmp_path / "grant")) == 0
    assert {body["grant"] for body in shop.bodies[1:]} == {"secret"}
    assert [body["version"] for body in shop.bodies[1:]] == [None, "1.0.0", "1.0.0", "1.0.0"]


def test_a_folder_of_something_else_is_left_as_it_is(
    shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "README.md").write_bytes(b"mine")
    assert fetch(shop, tmp_path) == 2
    assert "has something else in it" in capsys.readouterr().err
    assert lying(tmp_path) == {"README.md": b"mine"}


def test_an_address_without_rodinka_gets_a_sentence(
    shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shop, "downloads", lambda body: (200, {"hello": "world"}))
    assert fetch(shop, tmp_path) == 2
    assert f"no Rodinka at {shop.url}" in capsys.readouterr().err


def test_another_release_is_not_mixed_into_a_folder(
    shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    note = '{"code": "DS_OTHER", "version": "2.0.0", "filters": []}'
    (tmp_path / ".fetched.json").write_text(note, encoding="utf-8")
    assert fetch(shop, tmp_path) == 2
    assert "DS_OTHER 2.0.0" in capsys.readouterr().err
    assert shop.asked == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--split", "tset"], "no tset. It has: test, train, validation"),
        (["--class", "melanoma"], "no melanoma. It has: benign, malignant"),
    ],
)
def test_a_split_that_is_not_there_is_told_with_those_that_are(
    shop: Shop, tmp_path: Path, options: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fetch(shop, tmp_path, *options) == 2
    assert said in capsys.readouterr().err
    assert fetch(shop, tmp_path) == 0


def test_a_deprecated_release_is_told_to_be_one(
    shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.state = "deprecated"
    assert fetch(shop, tmp_path, "--no-images") == 0
    assert "This release is deprecated" in capsys.readouterr().err


def test_the_registry_is_shown(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["list", "--server", shop.url, "--language", "ru"]) == 0
    assert capsys.readouterr().out == f"{CODE}\t1.0.0\tpublished\tpublic\t12\tНабор\n"


def test_near_images_are_read_by_one_request_and_far_ones_are_not() -> None:
    def at(offset: int, shard: str = "a") -> Member:
        return Member(f"images/{shard}{offset}.jpg", "", 10, shard, offset)

    found = [
        [member.offset for member in run.members]
        for run in runs([at(30), at(0), at(12), at(0, "b"), at(60)], near=8, longest=30)
    ]
    assert found == [[0, 12], [30], [60], [0]]

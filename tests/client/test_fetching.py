"""Fetching a release: every byte is the published one, whatever fails on the way."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from client import asking
from client.datasets import __main__ as command
from client.datasets.contents import Member
from client.datasets.ranges import runs
from tests.client import releases
from tests.client.releases import CODE, Shop, selling
from tests.stack import ROOT

UNITS = 16
SHARD = "images/images-00001.zip"


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return releases.make([releases.unit(n) for n in range(UNITS)])


@pytest.fixture
def shop(files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    # Signals are left to the tests' runner, and nobody waits for a server that fails on purpose.
    monkeypatch.setattr(command, "_stop_on_signals", lambda _: None)
    monkeypatch.setattr(asking, "LONGEST_PAUSE", 0.0)
    with selling(files) as shop:
        yield shop


def fetch(shop: Shop, folder: Path, *options: str) -> int:
    arguments = ["fetch", CODE, "--server", shop.url, "--to", str(folder), "--language", "en"]
    return command.main([*arguments, *options])


def lying(folder: Path) -> dict[str, bytes]:
    found = (file for file in folder.rglob("*") if file.is_file() and file.name[0] != ".")
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in found}


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


def test_cut_connections_busy_servers_and_links_that_ended_change_no_byte(
    shop: Shop, tmp_path: Path
) -> None:
    shop.cut_after = 3000
    shop.statuses = [500, 403, 503, 403, 429]
    assert fetch(shop, tmp_path) == 0
    assert lying(tmp_path) == shop.files
    assert shop.links in {
        2,
        3,
    }  # anew for a link that had ended, once for workers that met it together
    goes_on = [asked for path, asked in shop.asked if path == SHARD and asked]
    assert goes_on[0] == f"bytes=3000-{len(shop.files[SHARD]) - 1}"


def test_a_store_that_knows_no_ranges_gives_the_same_bytes(shop: Shop, tmp_path: Path) -> None:
    assert fetch(shop, tmp_path, "--no-images") == 0
    (tmp_path / "images").mkdir()
    (tmp_path / f"{SHARD}.part").write_bytes(shop.files[SHARD][:5000])
    shop.ranges = False
    assert fetch(shop, tmp_path) == 0
    assert lying(tmp_path) == shop.files


@pytest.mark.parametrize("there", [b"", b"torn by a power cut", None])
def test_a_part_goes_on_where_it_ended_and_a_wrong_one_is_begun_again(
    shop: Shop, tmp_path: Path, there: bytes | None
) -> None:
    begun = shop.files[SHARD][:5000] if there is None else there
    assert fetch(shop, tmp_path, "--no-images") == 0
    (tmp_path / "images").mkdir()
    (tmp_path / f"{SHARD}.part").write_bytes(begun)
    assert fetch(shop, tmp_path) == 0
    assert lying(tmp_path) == shop.files
    first = next(asked for path, asked in shop.asked if path == SHARD)
    assert first == (f"bytes={len(begun)}-{len(shop.files[SHARD]) - 1}" if begun else "")


def test_wrong_bytes_are_asked_for_again_and_never_kept(
    shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.wrong[SHARD] = 2
    assert fetch(shop, tmp_path) == 0
    assert lying(tmp_path) == shop.files
    (tmp_path / SHARD).unlink()
    shop.wrong[SHARD] = 99
    assert fetch(shop, tmp_path) == 1
    assert SHARD in capsys.readouterr().err
    assert lying(tmp_path).keys() == shop.files.keys() - {SHARD}


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


def test_links_that_are_always_refused_end_in_a_sentence(
    shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.statuses = [403] * 100
    assert fetch(shop, tmp_path, "--workers", "1") == 2
    assert "even by a fresh link (403)" in capsys.readouterr().err


def test_the_command_stops_at_a_signal_and_goes_on_when_it_is_repeated(
    shop: Shop, tmp_path: Path
) -> None:
    program = [sys.executable, "-m", "client.datasets", "fetch", CODE, "--server", shop.url]
    program += ["--to", str(tmp_path), "--language", "ru"]
    shop.statuses = [503] * 10_000
    with subprocess.Popen(program, cwd=ROOT, stderr=subprocess.PIPE, text=True) as running:
        started = threading.Event()
        while not shop.asked and running.poll() is None:
            started.wait(0.01)
        os.kill(running.pid, signal.SIGINT)
        _, said = running.communicate(timeout=30)
    assert running.returncode == 130
    assert "повторите ту же команду" in said
    shop.statuses = []
    assert fetch(shop, tmp_path) == 0
    assert lying(tmp_path) == shop.files


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

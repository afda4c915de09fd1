"""Fetching goes on: every byte is the published one, whatever fails on the way."""

import os
import resource
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from client.datasets.paths import alone
from tests.client.fetched import SHARD, fetch, lying
from tests.client.releases import CODE, Shop
from tests.stack import ROOT


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


def test_a_full_disk_is_told_and_the_same_command_goes_on(
    shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3000, limits[1]))
    try:
        assert fetch(shop, tmp_path) == 2
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert "Cannot write to" in capsys.readouterr().err
    assert fetch(shop, tmp_path) == 0
    assert lying(tmp_path) == shop.files


def test_a_note_that_a_full_disk_left_half_written_is_no_obstacle(
    shop: Shop, tmp_path: Path
) -> None:
    (tmp_path / ".fetched.json.part").write_bytes(b'{"code"')
    assert fetch(shop, tmp_path) == 0
    assert lying(tmp_path) == shop.files
    assert [file.name for file in tmp_path.glob(".*")] == [".fetched.json"]


def test_a_second_program_does_not_fetch_into_the_same_folder(
    shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with alone(tmp_path):
        assert fetch(shop, tmp_path) == 2
    assert "Another program fetches into" in capsys.readouterr().err
    assert shop.asked == []
    assert fetch(shop, tmp_path) == 0


def test_a_release_that_is_taken_down_while_it_is_fetched_says_why(
    shop: Shop,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    listed, down = shop.downloads, {"code": "taken_down", "message": "A patient took it back."}
    monkeypatch.setattr(
        shop, "downloads", lambda body: (409, {"error": down}) if shop.asked else listed(body)
    )
    shop.statuses = [404] * 100
    assert fetch(shop, tmp_path) == 2
    assert "The server says no: A patient took it back." in capsys.readouterr().err


def test_a_release_whose_bytes_changed_when_links_are_renewed_is_not_mixed(
    shop: Shop,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    listed = shop.downloads

    def changing(body: dict[str, Any]) -> tuple[int, Any]:
        if shop.asked:
            shop.files = {**shop.files, SHARD: b"other bytes under the same name"}
        return listed(body)

    monkeypatch.setattr(shop, "downloads", changing)
    shop.statuses = [403]
    assert fetch(shop, tmp_path, "--workers", "1") == 2
    assert f"The release changed while it was fetched: {SHARD}" in capsys.readouterr().err
    assert not [path for path in lying(tmp_path) if not path.endswith(".part")]

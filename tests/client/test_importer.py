"""The importer as a person runs it, against the real stack: none lost, none twice, and a report."""

import csv
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.client.archives import folder, picture, row, zipped
from tests.flows.cases import SHARED, poll
from tests.stack import PASSWORD, ROOT, RunningStack

GOOD = 6
ROWS = [
    *(row(f"good-{n}", lesion_id=f"lesion-{n // 2}") for n in range(GOOD)),
    row("good-0", dx="mel"),
    row("damaged"),
    row("missing"),
    row("text"),
    row("impossible", age="150"),
    row("elbow", localization="elbow"),
]
FILES = {
    **{f"good-{n}.jpg": picture(100 + n) for n in range(GOOD)},
    "damaged.jpg": picture(200)[:900],
    "text.jpg": b"no photograph",
    "impossible.jpg": picture(201),
    "elbow.jpg": picture(202),
    "not-in-the-table.jpg": picture(203),
}
OUTCOMES = {
    **{f"good-{n}": ("classified", "") for n in range(GOOD)},
    "elbow": ("classified", ""),
    "damaged": ("refused", "truncated"),
    "missing": ("refused", "no_file"),
    "text": ("refused", "wrong_type"),
    "impossible": ("refused", "invalid"),
}


def command(
    stack: RunningStack, archive: Path, *options: str, mapping: str = "ham10000"
) -> list[str]:
    state, report = archive.with_suffix(".journal"), archive.with_suffix(".csv")
    program = [sys.executable, "-m", "client.importer", str(archive), "--server", stack.url]
    program += ["--mapping", mapping, "--state", str(state), "--report", str(report)]
    return [*program, "--language", "en", *options]


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "RODINKA_PASSWORD": PASSWORD, **more}


def run(
    stack: RunningStack, archive: Path, *options: str, mapping: str = "ham10000"
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(stack, archive, *options, mapping=mapping),
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def reported(archive: Path) -> list[Mapping[str, str]]:
    with archive.with_suffix(".csv").open(encoding="utf-8", newline="") as report:
        return list(csv.DictReader(report))


def import_id_of(archive: Path) -> str:
    journal = sqlite3.connect(archive.with_suffix(".journal"))
    [(import_id,)] = journal.execute("SELECT value FROM meta WHERE name = 'import_id'").fetchall()
    journal.close()
    return str(import_id)


def sent(archive: Path) -> int:
    """How many images the journal has as sent by now; 0 while there is no journal."""
    path = archive.with_suffix(".journal")
    if not path.exists():
        return 0
    journal = sqlite3.connect(path)
    try:
        [(number,)] = journal.execute("SELECT COUNT(*) FROM image WHERE step = 'sent'").fetchall()
    except sqlite3.OperationalError:
        return 0  # its tables are just being made
    finally:
        journal.close()
    return int(number)


def on_the_server(stack: RunningStack, archive: Path) -> list[dict[str, Any]]:
    curator = stack.sign_in("curator")
    path = f"/api/v1/imports/{import_id_of(archive)}/images?limit=200"
    return list(curator.get(path).json()["items"])


def test_an_import_stopped_in_the_middle_goes_on_and_ends_with_none_lost_and_none_twice(
    stack: RunningStack, tmp_path: Path
) -> None:
    archive = folder(tmp_path / "archive", ROWS, FILES)
    first = subprocess.Popen(
        command(stack, archive, "--workers", "1"),
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    for _ in poll(60, every=0.01):
        if sent(archive):
            break
    first.send_signal(signal.SIGINT)
    said, _ = first.communicate(timeout=60)
    assert first.returncode == 130, said
    assert "repeat the same command" in said
    assert f"{len(ROWS)}  rows in all" in said
    assert 1 <= len(on_the_server(stack, archive)) < GOOD + 2

    second = run(stack, archive)
    assert second.returncode == 1, second.stderr
    rows = reported(archive)
    assert len(rows) == len(ROWS)
    by_id = {told["external_image_id"]: told for told in rows if told["reason"] != "duplicate_id"}
    found = {name: (told["outcome"], told["reason"]) for name, told in by_id.items()}
    assert found == OUTCOMES
    assert [told["line"] for told in rows if told["reason"] == "duplicate_id"] == [str(GOOD + 2)]
    assert by_id["elbow"]["unmapped"] == "site=elbow"
    images = {image["image_id"]: image["state"] for image in on_the_server(stack, archive)}
    assert len(images) == GOOD + 2, "the good ones, the elbow and the damaged one"
    assert images == {
        told["image_id"]: told["state"] for told in by_id.values() if told["image_id"]
    }
    for line in (
        f"{GOOD + 1}  classified",
        "5  refused",
        "1  site=elbow",
        "Files without a row in the table: 1.",
    ):
        assert line in second.stdout

    shutil.rmtree(archive / "images")
    third = run(stack, archive)
    assert {told["external_image_id"]: told["outcome"] for told in reported(archive)} == {
        told["external_image_id"]: told["outcome"] for told in rows
    }, "what is in needs no file any more: nothing is sent again"
    assert third.returncode == 1
    assert len(on_the_server(stack, archive)) == GOOD + 2


def test_labels_and_what_was_recorded_arrive_with_a_zip(
    stack: RunningStack, tmp_path: Path
) -> None:
    archive = zipped(
        tmp_path / "archive.zip",
        [row("one", dx="mel", dx_type="consensus", sex="unknown")],
        {"one.jpg": picture(300)},
    )
    done = run(stack, archive)
    assert done.returncode == 0, done.stderr
    [told] = reported(archive)
    image = stack.sign_in("curator").get(f"/api/v1/images/{told['image_id']}").json()
    assert image["state"] == "classified"
    assert image["label"] == {
        "diagnosis": "melanoma",
        "rule": "document",
        "verification": "medium",
        "retrospective": True,
        "confirmed_by": "consensus",
    }
    opened = stack.sign_in("curator").get(f"/api/v1/imports/{import_id_of(archive)}").json()
    assert (opened["name"], opened["licence"]) == ("HAM10000", "CC BY-NC 4.0")


def test_a_dry_run_sends_nothing_and_asks_for_no_server(tmp_path: Path) -> None:
    archive = folder(tmp_path / "archive", ROWS, FILES)
    program = [sys.executable, "-m", "client.importer", str(archive), "--mapping", "ham10000"]
    options = ["--server", "http://127.0.0.1:9", "--dry-run", "--language", "ru"]
    done = subprocess.run(
        [*program, *options], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1, done.stderr
    assert f"Можно отправить: {GOOD + 3}." in done.stdout
    assert not list(Path.cwd().glob("rodinka-import-*"))


def test_a_wrong_password_is_said_in_a_sentence(stack: RunningStack, tmp_path: Path) -> None:
    archive = folder(tmp_path / "archive", [row("a")], {"a.jpg": picture(1)})
    done = subprocess.run(
        command(stack, archive),
        cwd=ROOT,
        env=environment(RODINKA_PASSWORD="wrong"),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert "Signing in failed" in done.stderr


def test_an_account_that_is_no_curators_is_told_so(stack: RunningStack, tmp_path: Path) -> None:
    archive = folder(tmp_path / "archive", [row("a")], {"a.jpg": picture(1)})
    done = run(stack, archive, "--login", "doctor")
    assert done.returncode == 2
    assert "Your role may not do this." in done.stderr


def test_some_images_of_a_real_archive_come_in_whole(stack: RunningStack, tmp_path: Path) -> None:
    if not (SHARED / "ham10000" / "images.zip").is_file():
        pytest.skip("the shared research data are not here (ham10000)")
    archive = tmp_path / "ham10000"
    archive.symlink_to(SHARED / "ham10000")
    done = run(stack, archive, "--limit", "6")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "6  classified" in done.stdout

"""A hostile PDF takes its own process with it, and nothing else: 512 MB and 10 seconds are never near."""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest

from chalicelib.histology import sandbox
from chalicelib.histology.pdf import MEMORY, SECONDS
from chalicelib.histology.problems import ReportProblem
from chalicelib.histology.reports import MAX_REPORT_BYTES
from chalicelib.histology.sandbox import Refused, clean_pdf
from tests.histology import hostile
from tests.histology.papers import page, pdf, saved


def ended(data: bytes) -> str:
    """How it ended, within the promise (seconds of the processor)."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        made, _ = clean_pdf(data)
        word = "clean" if made.startswith(b"%PDF-") else "?"
    except Refused as refusal:
        word = refusal.code.value
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 10
    return word


def scan(pages: int, size: int) -> bytes:
    file = pikepdf.new()
    for _ in range(pages):
        made = page(file)
        made.obj.Contents = file.make_stream(os.urandom(size))
    return saved(file, compress_streams=False)


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (pdf, "clean"),
        (lambda: scan(10, MAX_REPORT_BYTES // 10 - 1000), "clean"),
        (lambda: scan(1, MAX_REPORT_BYTES - 4000), "clean"),
        (lambda: hostile.content_bomb(60_000_000), "clean"),
        (lambda: hostile.object_stream_bomb(10_000_000), "clean"),
        (lambda: hostile.object_stream_bomb(60_000_000), "damaged"),
        (lambda: hostile.table_bomb(60_000_000), "damaged"),
        (lambda: hostile.nested(100_000), "damaged"),
        (lambda: b"%PDF-1.5" + b" 1 0 obj" * 100_000, "damaged"),
        (lambda: b"no pdf", "wrong_type"),
    ],
)
def test_a_file_within_limits_keeps_to_memory_and_time(
    make: Callable[[], bytes], word: str
) -> None:
    data = make()
    assert len(data) <= MAX_REPORT_BYTES
    assert ended(data) == word


def test_the_process_is_held_to_less_than_is_promised() -> None:
    assert MEMORY + 150 * 1024 * 1024 < 512 * 1024 * 1024
    assert SECONDS < 10


def test_the_reader_of_strangers_files_has_no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[set[str]] = []
    real = subprocess.run

    def look(*given: Any, **named: Any) -> Any:
        seen.append(set(named["env"]))
        return real(*given, **named)

    monkeypatch.setattr(subprocess, "run", look)
    assert ended(pdf()) == "clean"
    assert seen == [{"PYTHONPATH"}]


@pytest.mark.parametrize(
    ("code", "patience"),
    [("os.kill(os.getpid(), 9)", 30), ("pass", 30), ("time.sleep(20)", 0.2)],
    ids=["killed", "silent", "late"],
)
def test_a_process_that_dies_or_hangs_refuses_the_file(
    monkeypatch: pytest.MonkeyPatch, code: str, patience: float
) -> None:
    real = subprocess.run

    def other(_: Any, **named: Any) -> Any:
        return real([sys.executable, "-c", f"import os, time; {code}"], **named)

    monkeypatch.setattr(sandbox, "PATIENCE", patience)
    monkeypatch.setattr(subprocess, "run", other)
    began = time.monotonic()
    with pytest.raises(Refused) as refusal:
        clean_pdf(pdf())
    assert refusal.value.code is ReportProblem.TOO_COMPLEX
    assert time.monotonic() - began < 15


def test_a_missing_package_is_our_fault_and_refuses_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "READER", "chalicelib.histology.nothing")
    with pytest.raises(ImportError):
        clean_pdf(pdf())

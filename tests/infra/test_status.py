"""The status line: on a terminal one line in place, elsewhere nothing; and what it counts."""

import fcntl
import io
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
import threading
from collections.abc import Iterator
from typing import Any, TextIO

import pytest

from infra.local.activity import DEPTHS_SECONDS, Activity, Depths, Queues
from infra.local.status import StatusLine, shown, wanted
from tests.stack import ROOT, START_SECONDS

COLUMNS = 40
CLEAR = "\r\x1b[K"
END = "<end>"


@pytest.fixture
def terminal() -> Iterator[tuple[TextIO, int]]:
    """A terminal of 40 columns: its writing end, and the descriptor of what appears on it."""
    shows, writes = pty.openpty()
    with os.fdopen(writes, "w") as stream:
        fcntl.ioctl(writes, termios.TIOCSWINSZ, struct.pack("HHHH", 24, COLUMNS, 0, 0))
        yield stream, shows
    os.close(shows)


def seen(terminal: tuple[TextIO, int]) -> str:
    """What has appeared on the terminal since."""
    stream, shows = terminal
    stream.write(END)
    stream.flush()
    told = ""
    while not told.endswith(END):
        told += os.read(shows, 100_000).decode()
    return told.removesuffix(END).replace("\r\n", "\n")


def test_the_line_is_drawn_over_itself_and_cut_to_the_width(terminal: tuple[TextIO, int]) -> None:
    stream, _ = terminal
    line = StatusLine(stream, lambda: "x" * 100)
    line.draw()
    assert seen(terminal) == "\r" + "x" * (COLUMNS - 1) + "\x1b[K"


def test_what_is_printed_goes_above_the_line_and_the_end_is_clean(
    terminal: tuple[TextIO, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    stream, _ = terminal
    monkeypatch.setattr(sys, "stdout", stream)
    errors = io.StringIO()
    monkeypatch.setattr(sys, "stderr", errors)
    with shown(lambda: "images 1") as line:
        line.draw()
        sys.stdout.write("Demo data: 1 of 6\n")
        sys.stdout.write("half a line")
        line.draw()  # nothing is drawn into the middle of a line
        sys.stdout.write(", its end\n")
        line.draw()
        sys.stderr.write("a failure\n")
        line.draw()
    assert sys.stdout is stream
    line.draw()  # a thread that was late
    drawn = "\rimages 1\x1b[K"
    assert seen(terminal) == (
        f"{drawn}{CLEAR}Demo data: 1 of 6\nhalf a line, its end\n{drawn}{CLEAR}{drawn}{CLEAR}"
    )
    assert errors.getvalue() == "a failure\n"


def test_a_stop_ends_the_drawing_with_a_cleared_line(terminal: tuple[TextIO, int]) -> None:
    stream, _ = terminal
    stop = threading.Event()

    def text() -> str:
        stop.set()
        return "images 1"

    StatusLine(stream, text).run(stop)
    assert seen(terminal) == f"\rimages 1\x1b[K{CLEAR}"


@pytest.mark.parametrize(
    ("environment", "drawn"),
    [
        ({"TERM": "xterm"}, True),
        ({"TERM": "dumb"}, False),
        ({}, False),
        ({"TERM": "xterm", "NO_STATUS": "1"}, False),
    ],
)
def test_a_line_is_wanted_on_terminals_that_can_and_may(
    terminal: tuple[TextIO, int], environment: dict[str, str], drawn: bool
) -> None:
    assert wanted(terminal[0], environment) is drawn
    assert not wanted(io.StringIO(), environment)


def test_the_line_counts_what_the_functions_note() -> None:
    now = [100.0]
    activity = Activity(lambda: now[0])
    assert activity.line(Depths(0, 0)) == (
        "images 0 · waiting 0 · classified 0 · to readers 0 · refused 0 · queue 0 · dead 0"
        " · 0.0/s · no sweep yet"
    )
    for _ in range(5):
        activity.stored()
    activity.noted("classify", {"UploadsTakenIn": 1, "ImagesClassified": 1})
    activity.noted("classify", {"UploadsTakenIn": 2, "PhotographsCleaned": 1, "ImagesRejected": 1})
    activity.noted("assign_reader", {"CasesOpened": 1, "AssignmentsMade": 2})
    activity.noted("sweep", {"Overdue": 0})
    now[0] += 4
    assert activity.line(Depths(4, 1)) == (
        "images 5 · waiting 2 · classified 2 · to readers 1 · refused 1 · queue 4 · dead 1"
        " · 0.3/s · last sweep 4 s ago"
    )
    now[0] += 6
    assert " · 0.0/s · " in activity.line(Depths(0, 0))


def test_the_queues_are_asked_once_in_some_seconds() -> None:
    now, asked = [100.0], []

    class Sqs:
        def get_queue_attributes(self, *, QueueUrl: str, AttributeNames: list[str]) -> Any:  # noqa: N803
            asked.append(QueueUrl)
            return {"Attributes": dict.fromkeys(AttributeNames, "2")}

    queues = Queues(Sqs(), "queue", ["dead1", "dead2"], lambda: now[0])
    assert queues.depths() == queues.depths() == Depths(4, 8)
    assert asked == ["queue", "dead1", "dead2"]
    now[0] += DEPTHS_SECONDS
    queues.depths()
    assert len(asked) == 6


def test_a_stack_on_a_terminal_shows_the_line_and_leaves_the_terminal_clean() -> None:
    shows, writes = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "infra.local", "--port", "0", "--no-demo"],
        cwd=ROOT,
        env={**os.environ, "TERM": "xterm"},
        stdout=writes,
        stderr=writes,
    )
    os.close(writes)
    raw = b""
    late = threading.Timer(START_SECONDS, process.kill)
    late.start()
    try:
        while "images 0 · waiting 0".encode() not in raw:
            raw += os.read(shows, 100_000)
        process.send_signal(signal.SIGINT)
        try:
            while more := os.read(shows, 100_000):
                raw += more
        except OSError:  # Linux says so when the last writer is gone
            pass
        assert process.wait() == 0
    finally:
        late.cancel()
        os.close(shows)
    told = raw.decode()
    assert re.search(r"Rodinka is ready: http://127\.0\.0\.1:\d+/", told)
    assert told.endswith(CLEAR), "nothing remains of the line"

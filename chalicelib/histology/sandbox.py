"""A stranger's PDF is read in a process of its own, with little memory and time and no credentials.

What kills that process (a bomb of object streams, a fault in the reader) kills nothing else: the file
is refused. The process limits itself before it reads a byte.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from chalicelib.histology.problems import OURS, ReportProblem

READER: Final = "chalicelib.histology.pdf"
PATIENCE: Final = 30
"""Seconds on the clock, of a process that waits for others."""


class Refused(Exception):
    """The file is not kept; `code` says why."""

    def __init__(self, code: ReportProblem) -> None:
        super().__init__(code.value)
        self.code = code


def clean_pdf(data: bytes) -> tuple[bytes, int]:
    """A PDF made anew, and its number of pages. Raises `Refused`."""
    root = str(Path(__file__).parents[2])
    try:
        done = subprocess.run(  # noqa: S603 — our own module, and no word of the file on the command line
            [sys.executable, "-m", READER],
            input=data,
            capture_output=True,
            cwd=root,
            env={"PYTHONPATH": os.pathsep.join([root, *sys.path])},
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Refused(ReportProblem.TOO_COMPLEX) from None
    line, _, made = done.stdout.partition(b"\n")
    word, _, pages = line.partition(b" ")
    if done.returncode == 0 and word == b"clean":
        return made, int(pages)
    if done.returncode == 0 and (code := word.decode("ascii", "replace")) in OURS:
        raise Refused(ReportProblem(code))
    if b"No module named" in done.stderr:
        raise ImportError(READER)
    raise Refused(ReportProblem.TOO_COMPLEX)

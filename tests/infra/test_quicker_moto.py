"""The shortcuts in moto change nothing of what it answers."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def _answers(*how: str) -> list[Any]:
    command = [sys.executable, "-m", "tests.infra.moto_answers", *how]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
    answers: list[Any] = json.loads(ran.stdout)
    return answers


def test_moto_answers_the_same_with_its_ways_cut_short() -> None:
    usual = _answers()
    assert _answers("shortened") == usual
    # The second look comes after the messages' end, or the comparison says nothing of it.
    assert usual[-1] == [["1", "2"], []]

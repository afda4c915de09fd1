"""Dawid and Skene beside crowd-kit, and the report on agreement over all cases of a large practice.

Both estimate the same readings, of 10,000 cases read by the platform's rule, in as many steps of EM, taking
turns; their answers must be the same. The report is made in a fresh process on one core, and
its seconds are the processor's, so that whatever else runs does not count.
"""

import json
import math
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, Final

import numpy as np

from benchmarks.table import Row
from chalicelib.labelling.consensus import Estimate, dawid_skene
from chalicelib.platform.lesion_classes import LesionClass
from tests.labelling.balloting import practice

ROOT = Path(__file__).parents[1]
CASES: Final = 10_000
STEPS: Final = 100
"""Of EM: crowd-kit's own limit."""
ROUNDS: Final = 3
FASTER: Final = 20.0
BALLOTS: Final = 20_000
SECONDS, MEGABYTES, KILOBYTES = 5.0, 512.0, 300.0

Readings = list[tuple[str, str, str]]

_REPORT: Final = """
import json, os, re, time
from datetime import UTC, datetime
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
from chalicelib.labelling.figures import report
from tests.labelling.balloting import practice
ballots = practice(%d, readers=18, clinics=8)
began = time.process_time()
text = report(ballots, now=datetime(2027, 1, 1, tzinfo=UTC), draw=1).model_dump_json()
took = time.process_time() - began
peak = int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) / 1024
print(json.dumps({"seconds": took, "megabytes": peak, "kilobytes": len(text) / 1000}))
"""


def rows() -> list[Row]:
    """How many times faster than crowd-kit; seconds, memory and size of the report."""
    theirs, ours = _taking_turns(_readings())
    done = subprocess.run(
        [sys.executable, "-c", _REPORT % BALLOTS], cwd=ROOT, capture_output=True, check=True
    )
    found = json.loads(done.stdout)
    report = f"report on {BALLOTS:,} cases"
    return [
        Row(f"crowd-kit / Dawid-Skene, {CASES:,} cases", theirs, ours, "s", FASTER, at_least=True),
        Row(report, found["seconds"], None, "s", SECONDS),
        Row(f"{report}, peak memory", found["megabytes"], None, "MB", MEGABYTES),
        Row(f"{report}, its size", found["kilobytes"], None, "KB", KILOBYTES),
    ]


def _readings() -> Readings:
    return [
        (ballot.image_id, vote.account_id, vote.diagnosis.value)
        for ballot in practice(CASES)
        for vote in ballot.votes
        if vote.probe is None and vote.diagnosis is not LesionClass.UNKNOWN
    ]


def _taking_turns(readings: Readings) -> tuple[float, float]:
    """Median seconds of crowd-kit and of ours."""
    import pandas
    from crowdkit.aggregation import DawidSkene

    frame = pandas.DataFrame(readings, columns=["task", "worker", "label"])
    took: tuple[list[float], list[float]] = ([], [])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of pandas, about crowd-kit
        for _ in range(ROUNDS):
            # Without a tolerance neither stops early.
            theirs = _timed(lambda: DawidSkene(STEPS, -math.inf).fit(frame), took[0])
            ours = _timed(
                lambda: dawid_skene(readings, iterations=STEPS, tolerance=-math.inf), took[1]
            )
    _compare(ours, theirs)
    return median(took[0]), median(took[1])


def _compare(ours: Estimate[str, str, str], theirs: Any) -> None:
    apart = ours.posterior - theirs.probas_.loc[ours.items, ours.classes].to_numpy()
    assert np.abs(apart).max() < 1e-6, "the two estimates differ"


def _timed(work: Callable[[], Any], took: list[float]) -> Any:
    began = perf_counter()
    done = work()
    took.append(perf_counter() - began)
    return done

"""The report of a test of 400 units, and DeLong's variance of 10,000, on one core.

The units are made: four diagnoses in three classes of a plan, subgroups and two readers. Seconds are the
processor's, so that whatever else runs does not count.
"""

from collections.abc import Callable
from statistics import median
from time import process_time
from typing import Final

import numpy as np

from benchmarks.table import Row
from chalicelib.evaluation.bootstrap import RESAMPLES
from chalicelib.evaluation.delong import delong
from chalicelib.evaluation.report import compute
from tests.evaluation.made_tests import plan, practice

UNITS: Final = 400
SCORES: Final = 10_000
ROUNDS: Final = 5
SECONDS, MILLISECONDS = 10.0, 50.0


def rows() -> list[Row]:
    """Seconds of a report, milliseconds of an area with its variance."""
    units = practice(UNITS)
    report = _taking(
        lambda: compute(units=units, plan=plan(), test="KlT-I", claimed={"auc": 0.9}, seed="bench")
    )
    draw = np.random.default_rng(0)
    scores, positive = draw.normal(size=SCORES), draw.random(SCORES) < 0.3
    area = 1000 * _taking(lambda: delong(scores, positive))
    return [
        Row(f"report of {UNITS} units, {RESAMPLES:,} resamples", report, None, "s", SECONDS),
        Row(f"DeLong, {SCORES:,} units", area, None, "ms", MILLISECONDS),
    ]


def _taking(work: Callable[[], object]) -> float:
    """Median seconds."""
    took = []
    for _ in range(ROUNDS):
        began = process_time()
        work()
        took.append(process_time() - began)
    return median(took)

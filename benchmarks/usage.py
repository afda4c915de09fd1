"""What one image's whole main job uses of AWS, act by act, and what stands there whatever the load.

`make cost` writes it to `usage.json`. Counts and request units are the same at each run; seconds are
of this machine, and bytes follow the lengths of measured numbers.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

from moto.moto_api._internal import mock_random as chance

from benchmarks.classification import photograph
from benchmarks.cold_start import ROOT
from benchmarks.dataset_job import DatasetJob
from benchmarks.main_job import READERS
from benchmarks.meter import metered
from infra.cost import standing
from infra.cost.usage import USAGE
from infra.permissions import FUNCTIONS
from tests.people.issuer import Issuer
from tests.world import new_world

SIZE: Final = (3000, 2000)
"""Pixels of the drawn photograph: 6 megapixels, a camera's on a dermatoscope."""
ROUNDS: Final = 7
STARTS: Final = 3
CASES: Final = 400
"""So many closed cases more tell what one of them adds to the figures."""
SESSION_TOKEN: Final = "t" * 1_100
"""A function's credentials carry a token of about this length. It stands in every form and link that
they sign, and a form is kept in its image's item: without it items would look a third as large."""

_COUNTED: Final = ("function", "calls", "write_units", "read_units", "metrics")

_LIGHT = """
import time
from app import app
from chalicelib.platform.runtime import platform
platform().cases
"""
_HEAVY = """
from pathlib import Path
from chalicelib.classification.inference.classifier import Classifier
Classifier.load(Path("layers/inference/model/rodinka-1.onnx"))
"""
_TOLD = "print(time.process_time())"
_NUMERIC: Final = """
from chalicelib.labelling.figures import report
"""
_MATCHING: Final = """
from chalicelib.duplicates.matching import Gallery
"""
_BUILDS: Final = """
from chalicelib.events import builds
"""
_REPORTS: Final = """
from chalicelib.events import evaluations
"""
_WITH_MODEL: Final = frozenset({"classify", "sweep"})


def measured(
    rounds: int = ROUNDS, size: tuple[int, int] = SIZE, cases: int = CASES
) -> dict[str, Any]:
    """The acts of one image of so many pixels, of a unit of a test, and of the clock. Seconds: the least of `rounds`,
    in which nothing else disturbed."""
    chance.seed(1)  # of the ids that the user pool gives, and of what follows from them
    with new_world() as world, ExitStack() as patches:
        session = world.platform._session
        session._session.set_credentials("testing", "testing", SESSION_TOKEN)
        meter = patches.enter_context(metered(session))
        for served in ("app.platform", "chalicelib.platform.http.routes.platform"):
            patches.enter_context(patch(served, lambda: world.platform))
        issuer = Issuer()
        keys = issuer.keys()
        patches.enter_context(patch("chalicelib.people.authorizer.issuer_keys", lambda _: keys))
        job = DatasetJob(world, meter, issuer, photograph(size))
        job.prepare()
        for _ in range(rounds):
            job.one_image()
            job.labelling()
            job.datasets()
        job.readers_are_short(rounds)
        return {
            "readers": READERS,
            "account_bytes": job.account_bytes,
            **job.one_case_more(cases),
            "acts": {name: act.as_json() for name, act in job.acts.items()},
            "megabytes": standing.megabytes(),
            "standing": asdict(standing.standing()),
        }


def counts(usage: Mapping[str, Any]) -> dict[str, Any]:
    """The part that is the same wherever it is measured: no seconds, no bytes."""
    acts = {name: {field: act[field] for field in _COUNTED} for name, act in usage["acts"].items()}
    same = {field: usage[field] for field in ("readers", "megabytes", "standing")}
    return {**same, "acts": acts}


def write(path: Path = USAGE) -> None:
    """Measure everything and write it down. Where the pages are not built, the figures of last time
    stay."""
    pages = standing.pages()
    before = json.loads(path.read_text("utf-8")) if path.exists() else {}
    if pages is None and "pages" not in before:
        raise SystemExit("The pages must be built once before their size can be known.")
    found = {
        **measured(),
        "start_ms": _start_milliseconds(),
        "pages": asdict(pages) if pages else before["pages"],
    }
    path.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


def _start_milliseconds() -> dict[str, float]:
    """From the start of a process to the first request it could take, by function."""
    light, heavy = _started(_LIGHT + _TOLD), _started(_LIGHT + _HEAVY + _TOLD)
    started = {name: heavy if name in _WITH_MODEL else light for name in FUNCTIONS}
    return started | {
        "measure_agreement": _started(_LIGHT + _NUMERIC + _TOLD),
        "compare_pictures": _started(_LIGHT + _MATCHING + _TOLD),
        "build_release": _started(_LIGHT + _BUILDS + _TOLD),
        "evaluate": _started(_LIGHT + _REPORTS + _TOLD),
    }


def _started(script: str) -> float:
    """Processor time of a fresh process, in milliseconds; the least of several."""
    settings = {"POWERTOOLS_DEV": "false", "PYDANTIC_DISABLE_PLUGINS": "true"}
    environment = {**os.environ, **settings, "PYTHONPATH": str(ROOT)}
    took = []
    for _ in range(STARTS):
        done = subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        took.append(float(done.stdout))
    return float(round(1000 * min(took), -1))

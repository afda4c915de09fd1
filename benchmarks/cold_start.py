"""Cold start of the HTTP function beside a bare Chalice app with as many routes and one client.

Each measurement is a fresh process: time from its start to the first answer, and its largest
resident memory. The two apps take turns, so that a noisy moment of the machine strikes both.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.table import Row

ROOT = Path(__file__).parents[1]
ROUNDS = 9
BOUND = 1.5

_ANSWER = """
import json, re, sys, time
event = {
    "requestContext": {"httpMethod": "GET", "resourcePath": "/v1/health", "identity": {}},
    "headers": {}, "multiValueQueryStringParameters": None, "pathParameters": None,
    "stageVariables": None, "body": None, "isBase64Encoded": False,
}
answer = app(event, None)
assert answer["statusCode"] == 200, answer
print(json.dumps({
    "seconds": time.time() - float(sys.argv[1]),
    # Not getrusage: its maximum includes the parent from before the exec.
    "megabytes": int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) / 1024,
}))
"""

_OURS = """
from app import app
from chalicelib.platform.runtime import platform
platform().cases
"""

_BARE = """
from chalice import Chalice
import boto3
app = Chalice(app_name="bare")
boto3.client("dynamodb")
def view(**path):
    return {{"status": "ok"}}
for number in range({routes}):
    app.route(f"/v1/thing{{number}}", name=f"view{{number}}")(view)
app.route("/v1/health", name="health")(view)
"""


def rows() -> list[Row]:
    """Time and memory, ours beside the bare app's: medians of `ROUNDS` processes each."""
    routes = _routes()
    scripts = {"ours": _OURS + _ANSWER, "bare": _BARE.format(routes=routes - 1) + _ANSWER}
    runs: dict[str, list[dict[str, float]]] = {"ours": [], "bare": []}
    for name, script in scripts.items():
        _run(script)  # the first run compiles and fills the disk's cache
        assert name in runs
    for _ in range(ROUNDS):
        for name, script in scripts.items():
            runs[name].append(_run(script))

    def row(figure: str, unit: str) -> Row:
        ours, bare = (median(run[figure] for run in runs[name]) for name in ("ours", "bare"))
        return Row(f"cold start, {figure} ({routes} routes)", ours, bare, unit, BOUND)

    return [row("seconds", "s"), row("megabytes", "MB")]


def _routes() -> int:
    import app

    return sum(len(methods) for methods in app.app.routes.values())


def _run(script: str) -> dict[str, float]:
    import time

    done = subprocess.run(
        [sys.executable, "-c", script, str(time.time())],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures

"""Cold start of the HTTP function beside a bare Chalice app with as many routes and one client.

Each measurement is a fresh process: time from its start to the first answer, and its largest
resident memory. The two apps take turns, and each run is set beside its neighbour of the other app:
a noisy moment of the machine strikes both.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.table import Row

ROOT = Path(__file__).parents[1]
ROUNDS = 15
BOUND = 1.5
FORM_BOUND = 2.0
"""Of a first request that also loads the largest part and checks its largest form."""

_ANSWER = """
import json, re, sys, time
event = {{
    "requestContext": {{
        "httpMethod": "{method}", "resourcePath": "{path}", "identity": {{}},
        "authorizer": {{"account_id": "a", "role": "doctor", "clinic_id": "c"}},
    }},
    "headers": {{}}, "multiValueQueryStringParameters": None, "pathParameters": None,
    "stageVariables": None, "body": "{{}}", "isBase64Encoded": False,
}}
answer = app(event, None)
assert answer["statusCode"] == {status}, answer
print(json.dumps({{
    "seconds": time.time() - float(sys.argv[1]),
    # Not getrusage: its maximum includes the parent from before the exec.
    "megabytes": int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) / 1024,
}}))
"""
_HEALTH = _ANSWER.format(method="GET", path="/v1/health", status=200)
_EMPTY_SURVEY = _ANSWER.format(method="POST", path="/v1/surveys", status=422)

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
    """Time and memory, ours beside the bare app's: of `ROUNDS` pairs the one of the median ratio."""
    routes = _routes()
    scripts = {
        "bare": _BARE.format(routes=routes - 1) + _HEALTH,
        "health": _OURS + _HEALTH,
        "survey": _OURS + _EMPTY_SURVEY,
    }
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in scripts}
    for script in scripts.values():
        _run(script)  # the first run compiles and fills the disk's cache
    for _ in range(ROUNDS):
        for name, script in scripts.items():
            runs[name].append(_run(script))

    def row(name: str, figure: str, unit: str, bound: float) -> Row:
        pairs = zip(runs[name], runs["bare"], strict=True)
        figures = sorted(
            ((o[figure], b[figure]) for o, b in pairs), key=lambda pair: pair[0] / pair[1]
        )
        ours, bare = figures[ROUNDS // 2]
        return Row(f"cold start to {name}, {figure}", ours, bare, unit, bound)

    return [
        row("health", "seconds", "s", BOUND),
        row("health", "megabytes", "MB", BOUND),
        row("survey", "seconds", "s", FORM_BOUND),
        row("survey", "megabytes", "MB", FORM_BOUND),
    ]


def _routes() -> int:
    import app

    return sum(len(methods) for methods in app.app.routes.values())


def _stage_environment() -> dict[str, str]:
    """What the configuration sets for every function, so that we measure what is deployed."""
    config = json.loads((ROOT / ".chalice" / "config.json").read_text())
    environment: dict[str, str] = config["environment_variables"]
    return environment


def _run(script: str) -> dict[str, float]:
    import time

    done = subprocess.run(
        [sys.executable, "-c", script, str(time.time())],
        cwd=ROOT,
        env={**os.environ, **_stage_environment(), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures

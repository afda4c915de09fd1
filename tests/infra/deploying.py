"""A rehearsal AWS in a process of its own, and deployments to it by the command that people use."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import boto3

ROOT = Path(__file__).parents[2]
DEPLOYING = ROOT / ".venv-deploy" / "bin" / "python"
"""The interpreter that `make test` prepares where there is a Python 3.12 or 3.13."""
STAGE = "drill"
NAME = f"rodinka-{STAGE}"
ACCOUNT = "123456789012"
REGION = "eu-central-1"


@dataclass(frozen=True)
class Rehearsal:
    """A rehearsal AWS at `url`."""

    url: str

    @property
    def environ(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "RODINKA_"))}
        return {
            **kept,
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "rehearsal",
            "AWS_SECRET_ACCESS_KEY": "rehearsal",
            "AWS_REGION": REGION,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }

    def deploy(self, *arguments: str, stage: str = STAGE) -> subprocess.CompletedProcess[str]:
        """`make deploy` without make; stdout and stderr together."""
        return subprocess.run(
            [str(DEPLOYING), "-m", "infra.deploy", stage, *arguments],
            cwd=ROOT,
            env=self.environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            umask=0o077,  # a careful person's
        )

    @cache  # noqa: B019 (as long as the tests of one module)
    def client(self, service: str) -> Any:
        make: Any = boto3.Session("rehearsal", "rehearsal", region_name=REGION).client
        return make(service, endpoint_url=self.url)


@contextmanager
def rehearsal() -> Iterator[Rehearsal]:
    """Start one, and stop it."""
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "infra.local.rehearsal", "--port", "0"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    try:
        ready = process.stdout.readline()
        yield Rehearsal(ready.split()[-1])
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()

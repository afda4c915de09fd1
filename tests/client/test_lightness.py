"""The client needs nothing but its own light dependencies, and nothing of the server."""

import subprocess
import sys

import pytest

from tests.stack import ROOT

OWN = {"client", "httpx", "tqdm"}


@pytest.mark.parametrize("program", ["importer", "datasets"])
def test_a_program_loads_neither_the_server_nor_anything_heavy(program: str) -> None:
    script = (
        f"import client.{program}.__main__, sys\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert loaded >= OWN
    assert not loaded & {"chalicelib", "chalice", "boto3", "pydantic", "numpy", "PIL", "infra"}
    assert not loaded & {"pandas", "torch"}


def test_the_requirements_name_what_it_loads_and_no_more() -> None:
    lines = (ROOT / "client" / "requirements.txt").read_text().splitlines()
    named = {line.partition("==")[0] for line in lines if line and not line.startswith("#")}
    assert named == OWN - {"client"}

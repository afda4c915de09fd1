"""Where the committed model lies, and the public photographs that are not in the repository."""

import json
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "layers" / "inference" / "model"
HAM10000 = ROOT.parent / "shared" / "data" / "ham10000"


@pytest.fixture(scope="session")
def model_folder() -> Path:
    return MODEL


@pytest.fixture(scope="session")
def card() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((MODEL / "rodinka-2.json").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="session")
def ham10000() -> Path:
    if not (HAM10000 / "manifest.csv").exists():
        pytest.skip("HAM10000 is not at ../shared/data/ham10000; see training/README.md")
    return HAM10000

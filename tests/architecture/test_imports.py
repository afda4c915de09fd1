"""What the HTTP functions load, measured in a fresh process, and what each part may import."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = {"numpy", "PIL", "onnxruntime", "matplotlib", "pikepdf", "typst"}
ONLY_FOR_TOKENS = {"jwt", "cryptography"}


def modules_after(code: str) -> set[str]:
    """The top-level modules that a fresh interpreter holds after running `code`."""
    script = f"{code}\nimport json, sys\nprint(json.dumps(sorted({{m.split('.')[0] for m in sys.modules}})))"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_importing_the_app_loads_nothing_that_reads_pixels_or_runs_models() -> None:
    assert modules_after("import app") & (HEAVY | ONLY_FOR_TOKENS) == set()


def test_answering_a_request_loads_none_of_it_either() -> None:
    code = """
from chalice.test import Client
import app
with Client(app.app) as client:
    for path in ("/v1/health", "/v1/config", "/v1/openapi.json", "/v1/vocabularies"):
        answer = client.http.get(path)
        assert answer.status_code == 200, (path, answer.body)
"""
    assert modules_after(code) & HEAVY == set()


def test_the_event_functions_do_load_it_so_the_test_can_fail() -> None:
    assert HEAVY - {"matplotlib", "pikepdf", "typst"} <= modules_after(
        "import app, chalicelib.events.uploads"
    )


def test_no_function_loads_the_reader_of_reports_into_its_own_process() -> None:
    for module in ("uploads", "schedule", "readers"):
        assert "pikepdf" not in modules_after(f"import app, chalicelib.events.{module}")
    assert "pikepdf" in modules_after("import chalicelib.histology.pdf")


def test_finding_readers_needs_no_inference_layer() -> None:
    assert modules_after("import app, chalicelib.events.readers") & HEAVY == set()


def test_only_the_documents_of_a_release_load_plots_and_typesetting() -> None:
    light = "import app, chalicelib.events.builds"
    assert modules_after(light) & HEAVY == set()
    documents = f"{light}, chalicelib.datasets.releases.documenting"
    assert modules_after(documents) >= {"matplotlib", "typst"}


def test_the_report_and_the_comparing_of_outlines_load_none_of_it() -> None:
    light = "import chalicelib.labelling.report, chalicelib.labelling.outlines"
    assert modules_after(light) & HEAVY == set()


def test_statistics_need_the_numeric_layer_and_no_other() -> None:
    numeric = "import chalicelib.labelling.figures, chalicelib.labelling.merging_outlines"
    assert modules_after(numeric) & HEAVY == {"numpy"}


def test_documents_need_the_documents_layer_and_their_numbers_alone_need_none() -> None:
    drawn = modules_after("import chalicelib.documents.readme, chalicelib.documents.report")
    assert {"matplotlib", "typst"} <= drawn
    assert modules_after("import chalicelib.documents.comparison") & HEAVY == set()


@pytest.mark.parametrize("word", ["utils", "helpers", "manager", "common", "misc"])
def test_no_file_has_a_name_that_says_nothing(word: str) -> None:
    named = [p for p in (ROOT / "chalicelib").rglob("*.py") if word in p.stem]
    assert named == []


def test_no_module_grows_past_three_hundred_lines() -> None:
    folders = [ROOT / name for name in ("chalicelib", "client", "infra", "training", "benchmarks")]
    long = {
        str(path.relative_to(ROOT)): lines
        for folder in folders
        for path in folder.rglob("*.py")
        if (lines := len(path.read_text().splitlines())) > 300
    }
    assert long == {}

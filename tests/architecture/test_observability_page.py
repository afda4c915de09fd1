"""docs/observability.md names every metric and every log line of the code, and no other."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "observability.md").read_text()


def first_arguments(*functions: str) -> Iterator[str]:
    """The texts that the code passes first to these functions, named as they are called."""
    for path in (ROOT / "chalicelib").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and node.args and ast.unparse(node.func) in functions:
                for part in ast.walk(node.args[0]):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        yield part.value


def listed(heading: str) -> set[str]:
    """The first column of the table below a heading of the page."""
    section = PAGE.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return set(re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE))


def test_every_metric_is_on_the_page_and_every_metric_on_the_page_is_written() -> None:
    written = first_arguments("count", "seconds", "metrics.count", "metrics.seconds")
    assert set(written) == listed("Metrics")


def test_every_log_line_is_on_the_page_and_every_line_on_the_page_is_written() -> None:
    assert set(first_arguments("logging.info", "logging.error")) == listed("Logs")

"""docs/observability.md names every metric, log line, alarm and picture of the code, and no other."""

import ast
import json
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

from infra import template as templates
from tests.infra.resolving import STAGE, Resolved

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "observability.md").read_text("utf-8")
OPERATIONS = ROOT / "docs" / "operations.md"
ALARMS = {
    str(alarm["AlarmName"]).removeprefix(f"rodinka-{STAGE}-"): alarm
    for alarm in Resolved(templates.WATCHING).of_type("AWS::CloudWatch::Alarm")
}


def first_arguments(*functions: str) -> Iterator[str]:
    """The texts that the code passes first to these functions, named as they are called."""
    for path in (ROOT / "chalicelib").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and node.args and ast.unparse(node.func) in functions:
                for part in ast.walk(node.args[0]):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        yield part.value


def rows(heading: str) -> list[list[str]]:
    """The cells of the table below a heading of the page; of the first, what is in backticks."""
    section = PAGE.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    found = re.findall(r"^\| `([^`]+)` \| (.*) \|$", section, re.MULTILINE)
    return [[name, *rest.split(" | ")] for name, rest in found]


def listed(heading: str) -> set[str]:
    """The first column of that table."""
    return {name for name, *_ in rows(heading)}


def test_every_metric_is_on_the_page_and_every_metric_on_the_page_is_written() -> None:
    written = first_arguments("count", "seconds", "metrics.count", "metrics.seconds")
    assert set(written) == listed("Metrics")


def test_every_log_line_is_on_the_page_and_every_line_on_the_page_is_written() -> None:
    assert set(first_arguments("logging.info", "logging.error")) == listed("Logs")


def rings_when(name: str, alarm: dict[str, Any]) -> str:
    metric = alarm.get("MetricName") or re.findall(r"SUM\((\w+)\)", str(alarm["Metrics"]))[0]
    over = "80% of the function's time" if name.startswith("duration-") else alarm["Threshold"]
    missing = " or missing" if alarm["TreatMissingData"] == "breaching" else ""
    times, periods = alarm["DatapointsToAlarm"], alarm["EvaluationPeriods"]
    when = "at once" if periods == 1 else f"{times} of {periods} periods"
    return f"`{metric}` over {over}{missing}, {when}"


def section_of(link: str) -> str:
    found = re.fullmatch(r"\[([^]]+)]\(operations\.md#([a-z-]+)\)", link)
    assert found is not None
    assert found[2] == found[1].lower().replace(" ", "-"), "the heading's own address"
    return found[1]


def test_the_page_says_of_every_alarm_when_it_rings_and_what_to_do_first_as_its_mail_does() -> None:
    table = rows("Alarms")
    for name, alarm in ALARMS.items():
        (row,) = (row for row in table if fnmatch(name, row[0]))
        _, when, first, link = row
        assert when == rings_when(name, alarm)
        said = alarm["AlarmDescription"].split(" First: ", 1)[1]
        assert said == f"{first}. (docs/operations.md, {section_of(link)})"
    for pattern, *_ in table:
        assert any(fnmatch(name, pattern) for name in ALARMS), pattern


@pytest.mark.skipif(not OPERATIONS.is_file(), reason="the operators' page is not written yet")
def test_the_section_that_an_alarm_points_to_is_on_the_operators_page() -> None:
    headings = set(re.findall(r"^#+ (.+)$", OPERATIONS.read_text("utf-8"), re.MULTILINE))
    assert {section_of(link) for *_, link in rows("Alarms")} <= headings


def test_the_page_names_every_picture_of_the_dashboard() -> None:
    body = Resolved(templates.WATCHING).properties("Dashboard")["DashboardBody"]
    titles = [widget["properties"]["title"] for widget in json.loads(body)["widgets"]]
    assert [title for title, _ in rows("The dashboard")] == titles

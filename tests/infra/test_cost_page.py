"""What is committed is what the code makes now: measured counts, the page, the plot."""

import json
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from benchmarks.usage import counts, measured
from infra.cost import page
from infra.cost.plot import digest, draw
from infra.cost.usage import USAGE
from tests.infra.costing import sources

SMALL = (600, 450)
"""Pixels; counts do not depend on them, and a small picture is soon drawn."""
AGAIN = "run `make cost`"


def test_the_committed_counts_are_those_of_a_fresh_measurement() -> None:
    written = json.loads(USAGE.read_text("utf-8"))
    # In a process of its own, as `make cost` measures: whatever ran before has drawn from chance.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as fresh:
        found = fresh.submit(measured, rounds=1, size=SMALL, cases=1).result()
    assert counts(found) == counts(written), AGAIN
    for name, act in written["acts"].items():
        for size in ("log_bytes", "answer_bytes"):
            assert found["acts"][name][size] == pytest.approx(act[size], rel=0.05), AGAIN
        stored = found["acts"][name]["stored_bytes"]
        assert stored == pytest.approx(act["stored_bytes"], rel=0.05), AGAIN


def test_the_page_says_what_the_code_computes() -> None:
    written = page.PAGE.read_text("utf-8")
    assert page.put(page.generated(sources()), written) == written, AGAIN


def test_the_page_keeps_what_people_wrote_around_the_generated_part() -> None:
    assert page.put("new", f"before\n{page.BEGIN}\nold\n{page.END}\nafter") == (
        f"before\n{page.BEGIN}\n\nnew\n\n{page.END}\nafter"
    )
    with pytest.raises(ValueError, match="marks"):
        page.put("new", "a page without them")


def test_the_plot_is_the_same_bytes_each_time_and_the_committed_one_shows_these_figures(
    tmp_path: Path,
) -> None:
    own = sources()
    first, second = tmp_path / "first.svg", tmp_path / "second.svg"
    draw(own, first)
    draw(own, second)
    assert first.read_bytes() == second.read_bytes()
    assert digest(own) in page.PLOT.read_text("utf-8"), AGAIN
    assert digest(own) in first.read_text("utf-8")

"""docs/bad-inputs.md names tests that exist, and leaves no row of the list out."""

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
PAGE = (TESTS.parent / "docs" / "bad-inputs.md").read_text("utf-8")
NAMED = re.compile(r"`([\w/]+\.py)::(test_\w+)`")


def test_every_test_that_the_page_names_exists() -> None:
    named = NAMED.findall(PAGE)
    assert len(named) > 60
    missing = [
        f"{file}::{name}"
        for file, name in named
        if f"\ndef {name}(" not in (TESTS / file).read_text("utf-8")
    ]
    assert missing == []


def test_every_row_names_a_test_or_says_that_it_comes_later() -> None:
    rows = re.findall(r"^\| (\d+) \|.*$", PAGE, re.MULTILINE)
    assert rows == [str(number) for number in range(1, 26)]
    for line in PAGE.splitlines():
        if re.match(r"\| \d+ \|", line):
            assert NAMED.search(line) or "later: " in line, line

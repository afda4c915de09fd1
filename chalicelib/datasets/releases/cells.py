"""CSV as every table of a release is written: UTF-8, a header, and the rest by RFC 4180.

A text that a spreadsheet would take for a formula gets an apostrophe before it (OWASP, "CSV Injection"), and
so does what comes after a semicolon, a tab or a line break: where decimals have commas, as in Russian,
spreadsheets divide cells there and mind no quotes. Numbers stay numbers, also negative ones.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Final

Cell = str | int | float | bool | None | Sequence[str]
"""None is an empty cell; several words stand with `|` between them."""

_FIRST: Final = frozenset("=+-@\t\r\n＝＋－＠")
"""How a formula, or what ends up as one, begins."""
_DIVIDES: Final = re.compile(r"[;\t\r\n]")
_FORMULA: Final = re.compile(rf"(^|{_DIVIDES.pattern})(?=[{re.escape(''.join(sorted(_FIRST)))}])")


def text_of(cell: Cell) -> str:
    """A value as it stands in its cell, before CSV's own quoting."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, (int, float)):
        return repr(cell)
    text = cell if isinstance(cell, str) else "|".join(cell)
    if text.isalnum():
        return text  # as most are, and a release of 100,000 units has five million
    # A byte of zero ends the file for some readers; it says nothing in any text of ours.
    text = text.replace("\0", "")
    if text[:1] in _FIRST or _DIVIDES.search(text):
        return _FORMULA.sub(r"\1'", text)
    return text


def lines(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Rows as lines of a CSV file."""
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\r\n").writerows(map(text_of, row) for row in rows)
    return written.getvalue().encode()

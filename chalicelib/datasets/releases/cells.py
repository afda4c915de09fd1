"""CSV as every table of a release is written: UTF-8, a header, and the rest by RFC 4180.

A text that a spreadsheet would take for a formula gets an apostrophe before it (OWASP, "CSV Injection").
Numbers stay numbers, also negative ones.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

Cell = str | int | float | bool | None | Sequence[str]
"""None is an empty cell; several words stand with `|` between them."""

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
"""How a formula, or what ends up as one, begins."""


def text_of(cell: Cell) -> str:
    """A value as it stands in its cell, before CSV's own quoting."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, (int, float)):
        return repr(cell)
    text = cell if isinstance(cell, str) else "|".join(cell)
    # A byte of zero ends the file for some readers; it says nothing in any text of ours.
    text = text.replace("\0", "")
    return f"'{text}" if text.startswith(FORMULA) else text


def lines(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Rows as lines of a CSV file."""
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\r\n").writerows(map(text_of, row) for row in rows)
    return written.getvalue().encode()

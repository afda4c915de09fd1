"""Blocks written as Markdown (CommonMark with tables). What people wrote stays what they wrote."""

import re
from collections.abc import Iterator, Sequence
from functools import singledispatch
from typing import Final

from chalicelib.documents.blocks import (
    Block,
    Cell,
    Code,
    Document,
    Drawing,
    Fields,
    Flow,
    Heading,
    Judgement,
    Listing,
    NewPage,
    Passage,
    Points,
    Table,
)

_MARKUP: Final = re.compile(r"[\\`*\[\]<>|$~&]|(?<![^\W_])_|_(?![^\W_])")
"""What means something anywhere in a line. An underscore within a word means nothing."""
_SPACE: Final = re.compile(r"[ \t\n\r\v\f\x85\u2028\u2029]+")
_LEADING: Final = re.compile(r"#|=|[+-](?=[ +-]|$)|\d+(?=[.)](?: |$))")
"""What means something only where a line begins."""
_MARKS: Final = {True: "✓", False: "✗"}


def written(document: Document) -> str:
    """The whole document."""
    parts = [
        escaped(document.kind),
        f"# {escaped(document.title)}",
        escaped(document.lead),
        *(text for block in document.blocks if (text := "\n".join(_lines(block)))),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def escaped(text: str) -> str:
    """`text` on one line, so that a reader of Markdown shows it letter for letter."""
    # Not `str.split()`: that parts at no-break spaces too, which are meant to hold.
    line = _MARKUP.sub(r"\\\g<0>", _SPACE.sub(" ", text).strip())
    leading = _LEADING.match(line)
    if leading is None:
        return line
    # A number is followed by what makes it a list, a sign makes one itself.
    at = leading.end() if leading[0].isdigit() else leading.start()
    return f"{line[:at]}\\{line[at:]}"


def cell(value: Cell) -> str:
    if not isinstance(value, Code):
        return escaped(value)
    text = " ".join(value.split())
    # A fence longer than any run of ticks inside (CommonMark 0.31, 6.1); a bar would part a table's cells.
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}".replace("|", "\\|")


@singledispatch
def _lines(block: Block) -> Iterator[str]:
    raise TypeError(f"Nobody wrote how {type(block).__name__} is written.")


@_lines.register
def _heading(block: Heading) -> Iterator[str]:
    yield f"{'#' * (block.level + 1)} {escaped(block.text)}"


@_lines.register
def _passage(block: Passage) -> Iterator[str]:
    paragraphs = [escaped(one) for one in block.text.splitlines() if one.strip()]
    yield "\n\n".join(paragraphs)


@_lines.register
def _points(block: Points) -> Iterator[str]:
    yield from (f"- {cell(item)}" for item in block.items)


@_lines.register
def _fields(block: Fields) -> Iterator[str]:
    yield "| | |"
    yield "| --- | --- |"
    yield from (f"| {escaped(name)} | {cell(value)} |" for name, value in block.rows)


@_lines.register
def _table(block: Table) -> Iterator[str]:
    yield f"**{escaped(block.caption)}**"
    yield ""
    yield _row([escaped(column.title) for column in block.columns])
    yield _row(["---:" if column.number else "---" for column in block.columns])
    for number, row in enumerate(block.rows):
        cells = [cell(value) for value in row]
        yield _row([f"**{one}**" if number in block.emphasised and one else one for one in cells])
    if block.note:
        yield ""
        yield escaped(block.note)


@_lines.register
def _listing(block: Listing) -> Iterator[str]:
    yield "```"
    yield from (line.replace("```", "'''") for line in block.lines)
    yield "```"


@_lines.register
def _drawing(block: Drawing) -> Iterator[str]:
    yield f"*{escaped(block.message)}* {escaped(block.note)}".rstrip()


@_lines.register
def _flow(block: Flow) -> Iterator[str]:
    step, dropped, left = block.columns
    yield f"**{escaped(block.caption)}**"
    yield ""
    yield _row([escaped(step), escaped(dropped), escaped(left)])
    yield _row(["---", "---:", "---:"])
    yield _row(["", "", escaped(block.start)])
    for drop in block.drops:
        yield _row([escaped(drop.reason), escaped(drop.dropped), escaped(drop.left)])
    if block.note:
        yield ""
        yield escaped(block.note)


@_lines.register
def _judgement(block: Judgement) -> Iterator[str]:
    yield f"**{escaped(block.line)}**"
    yield ""
    yield from (f"- {_MARKS[passed]} {escaped(text)}" for passed, text in block.reasons)


@_lines.register
def _new_page(block: NewPage) -> Iterator[str]:
    yield from ()


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"

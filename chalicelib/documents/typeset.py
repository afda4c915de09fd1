"""Blocks set as a PDF by Typst. The same document gives the same bytes, wherever it is set.

Everything that people wrote goes in as one JSON string, so `#import` or `$` in a plan is only text. No
font of the machine is used (Typst's own have Cyrillic), no package is fetched, and the date in the file is
the document's.
"""

import json
import re
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import typst

from chalicelib.documents.blocks import Block, Code, Document, Drawing, Fields, Points, Table
from chalicelib.documents.numbers import DASH

TEMPLATES: Final = Path(__file__).parent / "templates"
_LONGEST_WORD: Final = 24
"""Words of more letters without a place to break may be broken after half as many: else they run over the
edge. An address breaks at its slashes and stays whole when it is copied."""
_RUNNING: Final = 88
_UNBROKEN: Final = re.compile(rf"[^\s\u200b/-]{{{_LONGEST_WORD + 1},}}")
_EVERY: Final = re.compile(rf"(.{{{_LONGEST_WORD // 2}}})(?=.{{4}})")
_WIDTH: Final = re.compile(rb'<svg[^>]*?\swidth="([0-9.]+)pt"')
_WIDEST: Final = 459.0
"""The column's width in points: 162 mm."""


def pdf(document: Document) -> bytes:
    """The document as a tagged PDF. Raises `typst.TypstError` only where the template itself is wrong."""
    made = _compiler(document).compile(format="pdf", timestamp=_moment(document.at))
    if not isinstance(made, bytes):
        raise TypeError("A PDF is one file.")
    return made


def pages(document: Document, dots_per_inch: float = 80) -> list[bytes]:
    """Each page as a PNG, to be looked at."""
    made = _compiler(document).compile(format="png", ppi=dots_per_inch)
    return made if isinstance(made, list) else [made or b""]


def _compiler(document: Document) -> typst.Compiler:
    return typst.Compiler(
        input=str(TEMPLATES / "document.typ"),
        root=str(TEMPLATES),
        ignore_system_fonts=True,
        sys_inputs={"document": json.dumps(_data(document), ensure_ascii=False)},
    )


def _moment(at: str) -> datetime:
    """Whole seconds: Typst takes no parts of them."""
    moment = datetime.fromisoformat(at).replace(microsecond=0)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _data(document: Document) -> dict[str, Any]:
    moment = _moment(document.at)
    return {
        "language": document.language,
        "title": _breakable(document.title),
        "kind": document.kind,
        "running": _shortened(document.running),
        "lead": _breakable(document.lead),
        "date": [moment.year, moment.month, moment.day],
        "blocks": [_block(block) for block in document.blocks],
    }


def _block(block: Block) -> dict[str, Any]:
    kind = type(block).__name__
    match block:
        case Drawing():
            # As a string of its own: SVG is text, and stands in JSON as it is.
            width = _WIDTH.search(block.svg)
            return {
                "kind": kind,
                "svg": block.svg.decode(),
                "message": block.message,
                "note": block.note,
                "floats": block.floats,
                "width": min(float(width[1]), _WIDEST) if width else _WIDEST,
            }
        case Fields():
            return {"kind": kind, "rows": [[_value(one) for one in row] for row in block.rows]}
        case Points():
            return {"kind": kind, "items": [_value(item) for item in block.items]}
        case Table():
            return {
                "kind": kind,
                "caption": _breakable(block.caption),
                "columns": [asdict(column) for column in block.columns],
                "rows": [[_value(one) for one in row] for row in block.rows],
                "note": block.note,
                "emphasised": sorted(block.emphasised),
            }
        case _:
            return {"kind": kind, **_broken(asdict(block))}


def _value(value: str) -> str | dict[str, str]:
    if isinstance(value, Code):
        return {"code": _breakable(value)}
    return _breakable(value) or DASH


def _shortened(line: str) -> str:
    """What stands at the top of a page has one line."""
    return line if len(line) <= _RUNNING else line[: _RUNNING - 1].rstrip() + "…"


def _broken(value: Any) -> Any:
    match value:
        case str():
            return _breakable(value)
        case dict():
            return {key: _broken(one) for key, one in value.items()}
        case list() | tuple():
            return [_broken(one) for one in value]
        case _:
            return value


def _breakable(text: str) -> str:
    """With zero-width spaces in words too long for a line."""
    return _UNBROKEN.sub(lambda word: _EVERY.sub("\\1\u200b", word[0]), text)

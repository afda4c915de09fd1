"""Markdown says letter for letter what people wrote, as a reader of Markdown of another make shows it."""

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from chalicelib.documents import markdown
from chalicelib.documents.blocks import Code, Column, Document, Table
from tests.documents.awkward_samples import HOSTILE

READER = MarkdownIt("commonmark").enable("table").enable("strikethrough")
WRITTEN = st.text("#*_`[]()<>|$~&!+-=.:;\\ 12ab\nёЖ\u00a0@/", max_size=40)


def shown(text: str) -> str:
    """What a reader sees of the Markdown, if it is one paragraph of plain words."""
    tokens = READER.parse(text)
    kinds = [token.type for token in tokens]
    assert kinds in ([], ["paragraph_open", "inline", "paragraph_close"]), kinds
    parts = (tokens[1].children or []) if tokens else []
    assert {part.type for part in parts} <= {"text", "text_special"}, parts
    return "".join(part.content for part in parts)


@given(WRITTEN)
@example("1. item")
@example("- [ ] task")
@example("&amp; <b>x</b> ~~no~~")
@settings(max_examples=50, deadline=None)
def test_whatever_people_write_is_shown_as_they_wrote_it(text: str) -> None:
    assert shown(markdown.escaped(text)) == re.sub(r"[ \n]+", " ", text).strip()


def test_versions_and_codes_are_written_without_needless_marks() -> None:
    assert markdown.escaped("1.2.0, DS_CT-I_DSC") == "1.2.0, DS_CT-I_DSC"


def test_a_bar_in_a_cell_makes_no_further_cell() -> None:
    table = Table("t", [Column("a|b"), Column("c")], [("x|y", Code("p|q`r")), (HOSTILE, "z")])
    text = markdown.written(
        Document("en", "title", "kind", "running", "lead", "2026-11-26T10:00:00Z", [table])
    )
    tokens = READER.parse(text)
    cells = [
        "".join(part.content for part in tokens[number + 1].children or [])
        for number, token in enumerate(tokens)
        if token.type in ("td_open", "th_open")
    ]
    assert cells == ["a|b", "c", "x|y", "p|q`r", HOSTILE, "z"]

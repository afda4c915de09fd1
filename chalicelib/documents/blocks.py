"""What a document is made of, whatever it is written in: a list of blocks, one after the other.

Words in a block are plain text. Whoever writes the document (`markdown`, `typeset`) keeps them from being
read as markup.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal


class Code(str):
    """A word of machines (a file's name, a code, a link), set in a typewriter face."""

    __slots__ = ()


Cell = str | Code


@dataclass(frozen=True)
class Heading:
    text: str
    level: Literal[1, 2] = 1


@dataclass(frozen=True)
class Passage:
    """One or more paragraphs, parted by line breaks."""

    text: str


@dataclass(frozen=True)
class Points:
    items: Sequence[Cell]


@dataclass(frozen=True)
class Fields:
    """A table of two columns: what it is, and its value."""

    rows: Sequence[tuple[str, Cell]]


@dataclass(frozen=True)
class Column:
    title: str
    number: bool = False
    """Set to the right; not broken over lines."""
    share: float = 1.0
    """Of the width that columns of words divide among them."""


@dataclass(frozen=True)
class Table:
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    note: str = ""
    emphasised: frozenset[int] = frozenset()
    """Which rows are set in bold."""

    def __post_init__(self) -> None:
        """Raises ValueError for a row that has not as many cells as there are columns: all after it would
        slip."""
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"Each row of “{self.caption}” needs {len(self.columns)} cells.")


@dataclass(frozen=True)
class Listing:
    """Lines as they are, such as a tree of folders."""

    lines: Sequence[str]


@dataclass(frozen=True)
class Drawing:
    """A plot, with its message as the caption. Markdown tells the message alone."""

    svg: bytes
    message: str
    note: str = ""
    floats: bool = False
    """It may go to the next top of a page with room for it, while the words go on."""


@dataclass(frozen=True)
class Drop:
    """One step of a selection: how many left by it, and what remained."""

    reason: str
    dropped: str
    left: str


@dataclass(frozen=True)
class Flow:
    """A selection as a flow diagram: what it began with, and every step at which some were dropped."""

    caption: str
    start: str
    drops: Sequence[Drop]
    note: str = ""
    columns: tuple[str, str, str] = field(default=("", "", ""))
    """What Markdown heads its table with: step, dropped, left."""


@dataclass(frozen=True)
class Judgement:
    """A verdict in a frame: passed or not, in one line, and its reasons with a mark each."""

    passed: bool
    line: str
    reasons: Sequence[tuple[bool, str]]


@dataclass(frozen=True)
class NewPage:
    """What follows begins a page."""


Block = Heading | Passage | Points | Fields | Table | Listing | Drawing | Flow | Judgement | NewPage


@dataclass(frozen=True)
class Document:
    """`at` is its date as ISO 8601: it stands in the PDF, which else would have the time of making."""

    language: Literal["ru", "en"]
    title: str
    kind: str
    """What it is, above the title."""
    running: str
    """At the top of every further page."""
    lead: str
    """One or two sentences under the title."""
    at: str
    blocks: Sequence[Block]
